"""Exact fractions: what was typed, what comes of it, and how it is written; `fractions` and hand work say the same."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from stepwise.expressions import Case, Cases, Compare, Const, Func, Max, Sum, evaluate, ref
from stepwise.expressions.rationals import RationalArithmetic, exact_array, exact_text

WAY = RationalArithmetic()


def fractions(*texts: str) -> np.ndarray:
    made = np.empty((1, len(texts)), dtype=object)
    made[0, :] = [Fraction(text) for text in texts]
    return made


def test_nothing_is_lost() -> None:
    x = fractions("1/10", "1/5", "-3/10")
    assert evaluate(Sum(ref("x"), "columns"), {"x": x}, WAY)[0, 0] == 0
    assert evaluate(ref("x") / Const("0.3"), {"x": x}, WAY)[0].tolist() == [Fraction(1, 3), Fraction(2, 3), -1]
    assert evaluate(Max(ref("x"), Const("0.15")), {"x": x}, WAY)[0, 0] == Fraction(3, 20)


def test_cases_are_decided_entry_by_entry() -> None:
    x = fractions("-1/3", "0", "1/3")
    tree = Cases((Case(Compare(ref("x"), ">", Const("0")), Const("1/7")),), ref("x"))
    assert evaluate(tree, {"x": x}, WAY)[0].tolist() == [Fraction(-1, 3), 0, Fraction(1, 7)]


def test_what_is_not_rational_has_no_place() -> None:
    with pytest.raises(TypeError, match="exp is not rational"):
        evaluate(Func("exp", ref("x")), {"x": fractions("1")}, WAY)


def test_numbers_are_what_was_typed() -> None:
    values = np.array([[0.1, 1 / 3], [0.0, -2.5]])
    texts = np.array([["0.1", "1/3"], ["0e999999999", "-2.5"]], dtype=object)
    typed = exact_array(values, texts)
    assert typed.tolist() == [[Fraction(1, 10), Fraction(1, 3)], [0, Fraction(-5, 2)]]
    drawn = exact_array(values, None)
    assert drawn.tolist()[0][0] == Fraction(1, 10)
    # the decimal number that stands for the float, not the float itself
    assert drawn.tolist()[0][1] == Fraction("0.3333333333333333")
    assert drawn.tolist()[1] == [0, Fraction(-5, 2)]


@pytest.mark.parametrize(
    ("value", "plain", "decimal"),
    [
        ("3", "3", "3"),
        ("-4", "-4", "-4"),
        ("1/3", "1/3", "1/3"),
        ("-5/6", "-5/6", "-5/6"),
        ("1/4", "1/4", "0.25"),
        ("-1/4", "-1/4", "-0.25"),
        ("3/40", "3/40", "0.075"),
        ("1/80", "1/80", "0.0125"),
        ("7/5", "7/5", "1.4"),
        ("1/25", "1/25", "0.04"),
        ("-123/8", "-123/8", "-15.375"),
        ("1/1000", "1/1000", "0.001"),
    ],
)
def test_a_fraction_as_text(value: str, plain: str, decimal: str) -> None:
    assert exact_text(Fraction(value)) == plain
    assert exact_text(Fraction(value), decimal=True) == decimal


def test_a_decimal_that_is_too_long_stays_a_fraction() -> None:
    assert exact_text(Fraction("1/8"), decimal=True, most=3) == "0.125"
    assert exact_text(Fraction("1/8"), decimal=True, most=2) == "1/8"
    assert exact_text(Fraction("7"), decimal=True, most=0) == "7"
