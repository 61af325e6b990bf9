"""The noise of terms that cancel is taken away, and nothing that a person typed is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Func, Sum, ref, shown_as
from stepwise.trace.noise import without_noise

A, B, C = ref("a"), ref("b"), ref("c")


def cleaned(tree: Expr, result: float, **operands: float) -> float:
    arrays = {name: np.array([[number]]) for name, number in operands.items()}
    with np.errstate(all="ignore"):
        return float(without_noise(tree, np.array([[result]]), arrays)[0, 0])


def test_a_sum_that_is_zero_is_zero() -> None:
    noisy = 0.8 - 1 + 0.2
    assert noisy != 0
    assert cleaned(A - B + C, noisy, a=0.8, b=1.0, c=0.2) == 0


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 1e3, 1e6])
def test_at_every_size(scale: float) -> None:
    a, b, c = 0.8 * scale, 1.0 * scale, 0.2 * scale
    assert cleaned(A - B + C, a - b + c, a=a, b=b, c=c) == 0


def test_a_small_difference_that_was_typed_stays_and_loses_its_noise() -> None:
    assert cleaned(A - B, 1.000015 - 1, a=1.000015, b=1.0) == 0.000015
    assert 1.000015 - 1 != 0.000015
    assert cleaned(A - B, 1 - 0.9999999999, a=1.0, b=0.9999999999) == 1e-10


def test_the_fourteenth_digit_is_the_last_that_may_have_been_typed() -> None:
    assert cleaned(A - B, 1.00000000000003 - 1, a=1.00000000000003, b=1.0) == 3e-14
    # four units of the fifteenth are what is left of terms about 1
    assert cleaned(A - B, 4e-15, a=1.0, b=1.0) == 0


def test_what_did_not_cancel_is_not_touched() -> None:
    # a twentieth of the operands has lost no digit that anybody prints
    result = 0.3 - 0.2
    assert cleaned(A - B, result, a=0.3, b=0.2) == result
    assert cleaned(A - B, 1 / 3, a=1.0, b=2 / 3) == 1 / 3


def test_only_sums_cancel() -> None:
    tiny = 5.6e-17
    assert cleaned(A * B, tiny, a=1.0, b=tiny) == tiny
    assert cleaned(Func("exp", A - B), tiny, a=1.0, b=38.4) == tiny
    assert cleaned((A - B) ** 2, tiny, a=1.0, b=1.0) == tiny


def test_the_size_of_the_terms_counts_and_not_that_of_the_operands() -> None:
    # 1e-9·(a − b): the terms are as small as the result
    result = 1e-9 * 0.75
    assert cleaned(Const("1e-9") * A + B, result, a=0.75, b=0.0) == result


def test_terms_are_taken_without_their_signs() -> None:
    noisy = -0.1 - 0.2 + 0.3
    assert noisy != 0
    assert cleaned(-A - B + C, noisy, a=0.1, b=0.2, c=0.3) == 0
    assert cleaned(-(A + B) + C, noisy, a=0.1, b=0.2, c=0.3) == 0


def test_every_entry_by_itself_and_sums_over_an_axis() -> None:
    a = np.array([[0.1, 0.2, -0.3], [1.0, 2.0, 4.0]])
    sums = np.array([[0.1 + 0.2 - 0.3], [7.0]])
    assert sums[0, 0] != 0
    assert without_noise(Sum(A, "columns"), sums, {"a": a}).tolist() == [[0.0], [7.0]]
    b = np.array([[1.0], [1.0], [1.0]])
    assert without_noise(A @ B, sums, {"a": a, "b": b}).tolist() == [[0.0], [7.0]]


def test_nothing_that_is_not_finite_is_made_finite() -> None:
    assert cleaned(A - B, 1.0, a=math.inf, b=1.0) == 1.0
    assert math.isnan(cleaned(A - B, math.nan, a=math.inf, b=math.inf))
    # units below the smallest floats, and above 1
    assert cleaned(A - B, 1e-310, a=1e-300, b=1e-300) == 1e-310
    assert cleaned(A - B, 3.3, a=1e16, b=1e16) == 3.3


LAST = 0.999999999999999
"""1 but for its last places."""
ABOVE = Cases((Case(Compare(A, ">", Const("0")), 1 - A),), A + 1)


@pytest.mark.parametrize(
    ("tree", "result", "operands", "wanted"),
    [
        (-Func("ln", A), -math.log(LAST), {"a": LAST}, 0.0),
        (ABOVE, 1 - LAST, {"a": LAST}, 0.0),
        (ABOVE, 1 - LAST, {"a": -LAST}, 0.0),
        # further away than the last places
        (-Func("ln", A), 3e-14, {"a": 1 - 3e-14}, 3e-14),
        # as small, and not because something cancels
        (A * Func("ln", B), 1e-15 * math.log(2), {"a": 1e-15, "b": 2.0}, 1e-15 * math.log(2)),
        (Func("exp", A), 1e-15, {"a": -34.5}, 1e-15),
        (-Func("ln", A), 0.0, {"a": 1.0}, 0.0),
        (-Func("ln", A), math.log(2), {"a": 0.5}, math.log(2)),
    ],
)
def test_what_is_left_next_to_one_is_nothing(
    tree: Expr, result: float, operands: dict[str, float], wanted: float
) -> None:
    assert cleaned(tree, result, **operands) == wanted


def test_each_entry_is_looked_at_by_itself() -> None:
    a, b = np.array([[1.0], [1e-15], [1.0]]), np.array([[LAST], [2.0], [1.0]])
    found = without_noise(A * Func("ln", B), a * np.log(b), {"a": a, "b": b})
    assert found.ravel().tolist() == [0.0, 1e-15 * math.log(2), 0.0]


def test_terms_below_zero_cancel_as_well() -> None:
    assert cleaned(A - B, 4e-15, a=-1.0, b=-1.0) == 0
    assert math.copysign(1, cleaned(A - B, -4e-15, a=1.0, b=1.0)) == 1


@pytest.mark.parametrize(
    ("result", "size", "wanted"),
    [
        (1.07 - 1, 1.0, 1.07 - 1),
        (1040.1 - 1000, 1000.0, 40.1),
        (3.3e-14, 1.0, 3.3e-14),
        (3.00005e-10, 1000.0, 3e-10),
        (3.05, 1e14, 3.05),
    ],
)
def test_how_far_a_result_is_moved_and_where(result: float, size: float, wanted: float) -> None:
    assert cleaned(A - B, result, a=size, b=size) == wanted


def test_where_a_precaution_gave_another_form_nothing_is_taken_away() -> None:
    """1.00000001e-14 is no noise of 1 − 1 where it was calculated by itself; 5.5e-17 is some of 0.8 − 0.8."""
    a, y = ref("a"), ref("y")
    tree = shown_as(a - y, Compare(a, ">", Const("0.999999")), ref("r"), "sure")
    one, two = np.array([[1.0], [0.8]]), np.array([[1.00000001e-14], [0.0]])
    found = without_noise(tree, np.array([[1.00000001e-14], [5.5e-17]]), {"a": one, "y": one, "r": two})
    assert found.tolist() == [[1.00000001e-14], [0.0]]
