"""The elementary functions on intervals: between which ends a result lies when its operands lie between theirs.

Nothing is widened here. Each occurrence of an operand counts by itself, as in Moore, "Interval Analysis", 1966:
x − x is not 0 but from lo − hi to hi − lo.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.tree import Const

Array = npt.NDArray[Any]
_FLOATS = FloatArithmetic()
_EVEN = frozenset({"abs", "cosh"})
"""Falling below 0 and rising above."""
_WAVES = {"sin": 0.25, "cos": 0.0}
"""Where the first crest is, in turns."""


class Interval:
    """Numbers known to lie from `lo` to `hi`: two arrays whose last two axes are as on paper."""

    __slots__ = ("hi", "lo")
    __array_ufunc__ = None

    def __init__(self, lo: Any, hi: Any) -> None:
        self.lo = lo
        self.hi = hi

    def __repr__(self) -> str:
        return f"Interval({self.lo!r}, {self.hi!r})"

    def __getitem__(self, where: Any) -> Interval:
        return Interval(self.lo[where], self.hi[where])

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo)

    def __add__(self, other: Any) -> Interval:
        lo, hi = ends(other)
        return Interval(self.lo + lo, self.hi + hi)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Interval:
        lo, hi = ends(other)
        return Interval(self.lo - hi, self.hi - lo)

    def __rsub__(self, other: Any) -> Interval:
        lo, hi = ends(other)
        return Interval(lo - self.hi, hi - self.lo)

    def __mul__(self, other: Any) -> Interval:
        return _product(self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Interval:
        return _product(self, _inverse(other))

    def __rtruediv__(self, other: Any) -> Interval:
        return _product(_inverse(self), other)


def ends(value: Any) -> tuple[Any, Any]:
    """The two ends; a number that is known is both."""
    return (value.lo, value.hi) if isinstance(value, Interval) else (value, value)


def _product(left: Interval, right: Any) -> Interval:
    if not isinstance(right, Interval):
        one, other = left.lo * right, left.hi * right
        return Interval(np.minimum(one, other), np.maximum(one, other))
    corners = (left.lo * right.lo, left.lo * right.hi, left.hi * right.lo, left.hi * right.hi)
    # 0 × ∞ is taken as 0: an end that is infinite only says that nothing is known
    low = np.fmin(np.fmin(corners[0], corners[1]), np.fmin(corners[2], corners[3]))
    high = np.fmax(np.fmax(corners[0], corners[1]), np.fmax(corners[2], corners[3]))
    return Interval(low, high)


def _inverse(value: Any) -> Any:
    """1/value; without bounds where it may be 0."""
    if not isinstance(value, Interval):
        return 1 / value
    lo, hi = np.asarray(1 / np.asarray(value.hi)), np.asarray(1 / np.asarray(value.lo))
    around = (value.lo <= 0) & (value.hi >= 0)
    return Interval(np.where(around, -np.inf, lo), np.where(around, np.inf, hi))


class Truth:
    """Whether a condition holds: for certain, or possibly."""

    __slots__ = ("possible", "sure")

    def __init__(self, sure: Any, possible: Any) -> None:
        self.sure = sure
        self.possible = possible


class IntervalArithmetic:
    """Intervals, with ends in float64. A case that is not decided gives everything that its branches give."""

    name = "intervals"

    def constant(self, const: Const) -> float:
        return _FLOATS.constant(const)

    def function(self, name: str, value: Any) -> Interval:
        lo, hi = (_FLOATS.function(name, end) for end in ends(value))
        if name in _EVEN:
            least = _FLOATS.function(name, 0.0)
            around = (value.lo < 0) & (value.hi > 0)
            return Interval(np.where(around, least, np.minimum(lo, hi)), np.maximum(lo, hi))
        if name in _WAVES:
            return _wave(value, lo, hi, _WAVES[name])
        return Interval(lo, hi)

    def power(self, value: Any, exponent: int) -> Any:
        if exponent < 0:
            return _inverse(self.power(value, -exponent))
        if not isinstance(value, Interval):
            return value**exponent
        lo, hi = value.lo**exponent, value.hi**exponent
        if exponent % 2:
            return Interval(lo, hi)
        around = (value.lo < 0) & (value.hi > 0)
        return Interval(np.where(around, 0.0**exponent, np.minimum(lo, hi)), np.maximum(lo, hi))

    def maximum(self, left: Any, right: Any) -> Interval:
        (a, b), (c, d) = ends(left), ends(right)
        return Interval(np.maximum(a, c), np.maximum(b, d))

    def matmul(self, left: Any, right: Any) -> Interval:
        """Term by term: the ends of a product of two intervals are products of ends, but not of fixed ones."""
        if left.lo.shape[-1] != right.lo.shape[-2]:
            raise ValueError(f"a row of {left.lo.shape[-1]} does not fit a column of {right.lo.shape[-2]}")
        total: Any = None
        for k in range(left.lo.shape[-1]):
            term = left[..., :, k : k + 1] * right[..., k : k + 1, :]
            total = term if total is None else total + term
        assert isinstance(total, Interval)
        return total

    def transpose(self, value: Any) -> Interval:
        return Interval(np.swapaxes(value.lo, -1, -2), np.swapaxes(value.hi, -1, -2))

    def total(self, value: Any, axis: str, *, largest: bool) -> Interval:
        return Interval(*(_FLOATS.total(end, axis, largest=largest) for end in ends(value)))

    def shifted(self, value: Any, axis: str) -> Interval:
        return Interval(*(_FLOATS.shifted(end, axis) for end in ends(value)))

    def fill(self, value: Any, like: Any) -> Interval:
        return Interval(*(_FLOATS.fill(end, like.lo) for end in ends(value)))

    def diagonal(self, value: Any) -> Interval:
        return Interval(_FLOATS.diagonal(value.lo), _FLOATS.diagonal(value.hi))

    def compare(self, left: Any, relation: str, right: Any) -> Truth:
        (a, b), (c, d) = ends(left), ends(right)
        if relation in {"<", "<="}:
            return Truth(_FLOATS.compare(b, relation, c), _FLOATS.compare(a, relation, d))
        return Truth(_FLOATS.compare(a, relation, d), _FLOATS.compare(b, relation, c))

    def choose(self, when: Any, value: Callable[[], Any], otherwise: Callable[[], Any], *, rare: bool) -> Any:
        """Entry by entry; what is not decided gives both."""
        if rare and not np.any(when.possible):
            return otherwise()
        with np.errstate(all="ignore"):
            (a, b), (c, d) = ends(value()), ends(otherwise())
            low = np.where(when.sure, a, np.where(when.possible, np.fmin(a, c), c))
            return Interval(low, np.where(when.sure, b, np.where(when.possible, np.fmax(b, d), d)))

    def finish(self, quantity: str, value: Any) -> Any:
        return value


def _wave(value: Any, lo: Array, hi: Array, crest: float) -> Interval:
    """Sine or cosine: 1 where a crest lies inside, −1 where a trough does."""
    start, end = (np.asarray(one) / (2 * math.pi) - crest for one in ends(value))
    top = np.floor(end) >= np.ceil(start)
    bottom = np.floor(end - 0.5) >= np.ceil(start - 0.5)
    return Interval(np.where(bottom, -1.0, np.minimum(lo, hi)), np.where(top, 1.0, np.maximum(lo, hi)))
