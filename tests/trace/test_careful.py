"""Between which ends a line lies that people round in their own ways: to 3, 4, 5 or 6 decimals, or not at all."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from stepwise.expressions.intervals import Interval
from stepwise.trace.careful import CarefulArithmetic


def people(value: float) -> list[float]:
    """What careful people write for a number, worked in decimal: never fewer than three significant figures."""
    number = Decimal(repr(value))
    if not number:
        return [0.0]
    figures = 2 - number.adjusted()
    every = [max(decimals, figures) for decimals in (3, 4, 5, 6)]
    return [value, *(float(number.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP)) for count in every)]


VALUES = [0.0, 0.12345678, -0.12345678, 0.0005, -0.00049996, 2.0 / 3, 12345.67891, -7.5, 1e-7 / 3, 0.9995]
AWAY = [0.1236, 0.12306, 0.123006, 0.1230006]
"""What 3 decimals alone move away from 0, what 4 alone do, 5 alone, 6 alone."""


@pytest.mark.parametrize("value", [*VALUES, *AWAY, *(-value for value in AWAY)])
def test_a_known_number_spreads_over_what_people_write(value: float) -> None:
    made = CarefulArithmetic().finish("z1", np.array([[value]]))
    assert made.lo.tolist() == [[min(people(value))]]
    assert made.hi.tolist() == [[max(people(value))]]


def test_an_interval_spreads_at_both_ends() -> None:
    lo, hi = np.array([[0.12345678, -2.0 / 3]]), np.array([[0.2345678, 2e-5 / 3]])
    made = CarefulArithmetic().finish("z1", Interval(lo, hi))
    assert made.lo[0].tolist() == [min(people(one)) for one in lo[0].tolist()]
    assert made.hi[0].tolist() == [max(people(one)) for one in hi[0].tolist()]


def test_an_end_without_bounds_stays_so() -> None:
    made = CarefulArithmetic().finish("z1", Interval(np.array([[-math.inf, 0.12345678]]), np.array([[1.0, math.inf]])))
    assert made.lo.tolist() == [[-math.inf, 0.123]]
    assert made.hi.tolist() == [[1.0, math.inf]]
