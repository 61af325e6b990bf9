"""Long equations in lines that fit the page."""

from __future__ import annotations

import re

import pytest

from stepwise.notation.layout import PAGE_WIDTH, Chain, rows_of
from stepwise.notation.widths import width
from stepwise.notation.written import SUM, Written, atom

LONG = [rf"+ \ln\left(\frac{{1}}{{1 + e^{{-0.{n}2345}}}}\right)" for n in range(9)]
SUM_OF_FRACTIONS = Written(tuple(LONG), SUM).parenthesised()


def test_a_long_sum_of_fractions_is_broken_inside_its_brackets() -> None:
    """LaTeX wants \\left and \\right on one line, so a pair that comes apart has signs of a fixed size."""
    rows = rows_of(Chain("L", (("=", SUM_OF_FRACTIONS),)))
    assert len(rows) > 1
    assert max(width(row) for row in rows) <= PAGE_WIDTH
    assert rows[0].startswith(r"L &= \Bigl(+ \ln\left(\frac")
    assert rows[-1].endswith(r"}}\right)\Bigr)")
    for row in rows:
        assert len(re.findall(r"\\left\b", row)) == len(re.findall(r"\\right\b", row)) > 0
    together = " ".join(row.removeprefix("L ").removeprefix("&").removeprefix(r"\quad ") for row in rows)
    assert together.replace("Bigl", "left").replace("Bigr", "right") == f"= {SUM_OF_FRACTIONS.latex}"


def test_what_fits_keeps_brackets_that_grow() -> None:
    short = Written(tuple(LONG[:2]), SUM).parenthesised()
    [row] = rows_of(Chain("L", (("=", short),)))
    assert "Big" not in row
    assert row == rf"L &= \left({' '.join(LONG[:2])}\right)"


@pytest.mark.parametrize("tall", [r"\begin{bmatrix} 1 \\ 2 \end{bmatrix}", r"\sum_{i=1}^{9} x_i"])
def test_what_no_fixed_size_fits_is_not_broken(tall: str) -> None:
    assert len(Written((tall, rf"+ {tall}"), SUM).parenthesised().parts) == 1


def test_a_pair_on_one_line_stays_between_two_that_came_apart() -> None:
    inner = Written((r"\left(\frac{1}{2}\right)", rf"+ {atom('x' * 60).parenthesised().latex}", r"+ \frac{1}{3}"), SUM)
    first, second, third = rows_of(Chain("L", (("=", inner.parenthesised()),)))
    assert first == r"L &= \Bigl(\left(\frac{1}{2}\right)"
    assert "Big" not in second
    assert third == r"&\quad + \frac{1}{3}\Bigr)"
