"""The printed inequalities of a proof, read as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from tests.rendering import markdown

TERM = re.compile(
    r"([+-]?)\s*(?:\\frac\{(?P<over>\d+)\}\{(?P<under>\d+)\}|(?P<number>\d+(?:\.\d+)?))?\s*(w(?:_\{(?P<place>\d)\})?|b)"
)
ROW = re.compile(r"^(?:(?P<times>\d+) \\times )?\((?P<point>\d+)\) :\\quad (?P<left>.*) (?P<sign>>|\\le) 0$")
CONDITION = re.compile(
    r"^\((?P<point>\d+)\) \\quad (?P<put_in>.*) (>|\\le) 0 \\;\\Rightarrow\\; (?P<left>.*) (?P<sign>>|\\le) 0$"
)
TOTAL = re.compile(r"^(?P<left>[^:0].*) (?P<sign>>|\\le) 0$")
END = re.compile(r"^0 < (?P<left>.*) \\le 0$")


def displayed_lines(text: str) -> Iterator[str]:
    """The displayed lines of a page, those put together that were broken."""
    for piece in markdown.formulas(text):
        if piece.kind == "display":
            body = re.sub(r"\\(begin|end)\{aligned\}", "", piece.text)
            rows: list[str] = []
            for row in re.split(r"\\\\(?:\[0\.4em\])?\n", body.strip()):
                if row.strip().startswith((r"&\quad +", r"&\quad -", r"& \quad", r"&\;\Rightarrow")) and rows:
                    rows[-1] += row
                else:
                    rows.append(row)
            yield from (re.sub(r"\s+", " ", re.sub(r"&(\\quad (?=[+-]))?", " ", row)).strip() for row in rows)


def linear(text: str, size: int) -> list[Fraction]:
    """`2 w_{1} - w_{2} + b` as the coefficients of w₁, w₂, …, b; nothing may be left over."""
    found = [Fraction(0)] * (size + 1)
    assert TERM.sub("", text).strip() == "", text
    for term in TERM.finditer(text):
        number = Fraction(int(term["over"]), int(term["under"])) if term["over"] else Fraction(term["number"] or 1)
        place = size if term[5] == "b" else int(term["place"] or 1) - 1
        assert found[place] == 0
        found[place] = -number if term[1] == "-" else number
    return found
