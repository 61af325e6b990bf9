"""The arithmetic of everybody who rounds with care: each line lies in an interval, and rounding moves its ends.

Whoever rounds a line to some decimals rounds a number between the ends; rounding is monotone, so the result lies
between the rounded ends. Nothing else widens the interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stepwise.expressions.intervals import Interval, IntervalArithmetic, ends
from stepwise.notation.numbers import Digits, decimals_of, round_half_up

DECIMALS = (3, 4, 5, 6)
"""A careful person rounds a line to so many decimals, or not at all …"""
FIGURES = 3
"""… and never to fewer significant figures."""


class CarefulArithmetic(IntervalArithmetic):
    """Intervals that hold what comes out when every line is rounded to 3, 4, 5 or 6 decimals, or not at all."""

    name = "careful"

    def finish(self, quantity: str, value: Any) -> Interval:
        lo, hi = (np.asarray(end, dtype=float) for end in ends(value))
        both = np.stack([lo, hi])
        finite = np.isfinite(both)
        known = np.where(finite, both, 0.0)
        # three figures of the smaller numbers need more decimals
        least = decimals_of(known, Digits(FIGURES, figures=True))
        shape = (len(DECIMALS), *(1,) * both.ndim)
        rounded = round_half_up(
            np.broadcast_to(known, (len(DECIMALS), *both.shape)), np.maximum(np.reshape(DECIMALS, shape), least)
        )
        low = np.where(finite[0], np.minimum(rounded[:, 0].min(axis=0), lo), lo)
        return Interval(low, np.where(finite[1], np.maximum(rounded[:, 1].max(axis=0), hi), hi))
