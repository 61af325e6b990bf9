"""The elementary functions in float64: what exact and hand arithmetic compute with."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.expressions.tree import Const, rational

FloatArray = npt.NDArray[np.float64]

AXES: dict[str, int | tuple[int, int]] = {"rows": -2, "columns": -1, "all": (-2, -1)}
_MANY = 64
_CONSTANTS = {"pi": math.pi, "e": math.e}
NOISE = 1e-12
"""Relative difference below which two results of float arithmetic are the same number."""
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _phi(value: Any) -> Any:
    """The standard normal distribution function Φ."""
    return np.asarray(np.frompyfunc(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), 1, 1)(value), dtype=float)


def _erf(value: Any) -> Any:
    return np.asarray(np.frompyfunc(math.erf, 1, 1)(value), dtype=float)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp,
    "ln": np.log,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "Phi": _phi,
    "sin": np.sin,
    "cos": np.cos,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "arctan": np.arctan,
    "erf": _erf,
    "abs": np.abs,
}


@cache
def _number(text: str) -> float:
    return _CONSTANTS[text] if text in _CONSTANTS else float(rational(text))


def all_finite(values: FloatArray) -> bool:
    """Whether all numbers are finite: of many, the sum of their squares is found sooner than each is looked at."""
    if values.size > _MANY and values.flags.c_contiguous:
        listed = values.reshape(-1)
        if math.isfinite(np.dot(listed, listed)):
            return True
    # a square may be too large where no number is
    return bool(np.count_nonzero(np.isfinite(values)) == values.size)


def on_diagonal(value: Any, zero: Any) -> Any:
    """Square matrices with rows or columns of numbers on their diagonals, and `zero` beside them."""
    listed = value.reshape((*value.shape[:-2], -1))
    made = np.full((*listed.shape, listed.shape[-1]), zero, dtype=value.dtype)
    places = np.arange(listed.shape[-1])
    made[..., places, places] = listed
    return made


def moved_up(value: Any, axis: str, zero: Any) -> Any:
    """The entries one place nearer to the start along `rows` or `columns`, and `zero` at the end."""
    place = -2 if axis == "rows" else -1
    made = np.roll(value, -1, axis=place)
    made[(..., -1, slice(None)) if place == -2 else (..., -1)] = zero
    return made


class FloatArithmetic:
    """float64, nothing rounded. Values are arrays whose last two axes are as on paper, or single numbers."""

    name = "exact"

    def constant(self, const: Const) -> float:
        return _number(const.text)

    def function(self, name: str, value: Any) -> Any:
        return FUNCTIONS[name](value)

    def power(self, value: Any, exponent: int) -> Any:
        return value**exponent

    def maximum(self, left: Any, right: Any) -> Any:
        return np.maximum(left, right)

    def matmul(self, left: Any, right: Any) -> Any:
        return left @ right

    def transpose(self, value: Any) -> Any:
        return np.swapaxes(value, -1, -2)

    def total(self, value: Any, axis: str, *, largest: bool) -> Any:
        return (np.max if largest else np.sum)(value, axis=AXES[axis], keepdims=True)

    def shifted(self, value: Any, axis: str) -> Any:
        return moved_up(value, axis, 0.0)

    def fill(self, value: Any, like: Any) -> Any:
        return np.full_like(like, value)

    def diagonal(self, value: Any) -> Any:
        return on_diagonal(value, 0.0)

    def compare(self, left: Any, relation: str, right: Any) -> Any:
        """Two numbers that differ by float noise alone are equal: 0.3 + 0.6 + 0.1 is not less than 1."""
        found = COMPARE[relation](left, right)
        if np.ndim(right) == 0 and right == 0:
            return found
        equal = np.abs(left - right) <= NOISE * np.maximum(np.abs(left), np.abs(right))
        return found | equal if relation in ("<=", ">=") else found & ~equal

    def choose(self, when: Any, value: Callable[[], Any], otherwise: Callable[[], Any], *, rare: bool) -> Any:
        """Entry by entry; a precaution (`rare`) is not computed where nothing needs it."""
        if rare and not np.any(when):
            return otherwise()
        with np.errstate(all="ignore"):
            return np.where(when, value(), otherwise())

    def finish(self, quantity: str, value: Any) -> Any:
        return value
