"""Exact rational numbers: arrays of `Fraction`, for calculations of which not even the last place may be rounded."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.tree import Const, rational

FractionArray = npt.NDArray[Any]


class RationalArithmetic(FloatArithmetic):
    """Fractions in object arrays. What is not rational (exp, ln, …) has no place in it."""

    name = "rational"

    def constant(self, const: Const) -> Any:
        return rational(const.text)

    def function(self, name: str, value: Any) -> Any:
        raise TypeError(f"{name} is not rational")

    def choose(self, when: Any, value: Callable[[], Any], otherwise: Callable[[], Any], *, rare: bool) -> Any:
        return np.where(np.asarray(when, dtype=bool), value(), otherwise())


def exact_array(values: npt.NDArray[np.float64], texts: npt.NDArray[np.object_] | None) -> FractionArray:
    """The numbers as fractions: what was typed (0.1 is 1/10), or the decimal number that stands for a float."""
    result = np.empty(values.shape, dtype=object)
    for at in np.ndindex(values.shape):
        # a zero may be typed with an exponent as large as one likes
        text = "0" if values[at] == 0 else repr(float(values[at])) if texts is None else str(texts[at])
        result[at] = rational(text)
    return result


def exact_text(value: Fraction, *, decimal: bool = False, most: int | None = None) -> str:
    """A fraction as text, never rounded: `3`, `1/3`; with `decimal` 0.25 instead of 1/4 where it ends.

    `most`: with more decimals than this it stays a fraction.
    """
    if value.denominator == 1 or not decimal:
        return str(value)
    rest, places = value.denominator, 0
    for factor in (2, 5):
        count = 0
        while rest % factor == 0:
            rest, count = rest // factor, count + 1
        places = max(places, count)
    if rest != 1 or (most is not None and places > most):
        return str(value)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
