"""The elementary functions in sympy: letters and exact numbers, in object arrays. A constant is the rational as typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from typing import Any

import numpy as np

from stepwise.expressions.tree import Const, rational

_AXES: dict[str, int | tuple[int, int]] = {"rows": -2, "columns": -1, "all": (-2, -1)}


class UndecidedError(Exception):
    """A letter would have to decide which case holds; `condition` is what is not known."""

    def __init__(self, condition: Any) -> None:
        self.condition = condition
        super().__init__(str(condition))


def exact(text: str) -> Any:
    """A typed number as a sympy rational; `pi` and `e` as the constants."""
    import sympy

    if text in ("pi", "e"):
        return sympy.pi if text == "pi" else sympy.E
    fraction = rational(text)
    return sympy.Rational(fraction.numerator, fraction.denominator)


@cache
def normal_distribution() -> Any:
    """Φ as a sympy function of its own, so that it stays Φ and is not spelt out as an error function."""
    import sympy

    class Phi(sympy.Function):  # type: ignore[misc]
        """The standard normal distribution function; Φ′(x) = e^{−x²/2}/√(2π)."""

        nargs = 1

        def fdiff(self, argindex: int = 1) -> Any:
            return sympy.exp(-(self.args[0] ** 2) / 2) / sympy.sqrt(2 * sympy.pi)

        @classmethod
        def eval(cls, x: Any) -> Any:
            # None leaves the function as it is
            return sympy.Rational(1, 2) if x.is_zero else None

        def _eval_evalf(self, prec: int) -> Any:
            return ((1 + sympy.erf(self.args[0] / sympy.sqrt(2))) / 2)._eval_evalf(prec)

        def _eval_is_real(self) -> bool | None:
            return True if self.args[0].is_real else None

        def _eval_is_positive(self) -> bool | None:
            return True if self.args[0].is_real else None

    return Phi


@cache
def _functions() -> dict[str, Callable[[Any], Any]]:
    import sympy

    return {
        "exp": sympy.exp,
        "ln": sympy.log,
        "tanh": sympy.tanh,
        "sqrt": sympy.sqrt,
        "Phi": normal_distribution(),
        "sin": sympy.sin,
        "cos": sympy.cos,
        "sinh": sympy.sinh,
        "cosh": sympy.cosh,
        "arctan": sympy.atan,
        "erf": sympy.erf,
        "abs": sympy.Abs,
    }


def _each(function: Callable[..., Any], *values: Any) -> Any:
    """`function` of every entry, or of single numbers."""
    if any(isinstance(value, np.ndarray) for value in values):
        return np.asarray(np.frompyfunc(function, len(values), 1)(*values), dtype=object)
    return function(*values)


class SymbolicArithmetic:
    """sympy objects, nothing rounded. `decide`: a case that depends on a letter is an error, not a case distinction."""

    name = "letters"

    def __init__(self, *, decide: bool = False) -> None:
        self._decide = decide

    def constant(self, const: Const) -> Any:
        return exact(const.text)

    def function(self, name: str, value: Any) -> Any:
        return _each(_functions()[name], value)

    def power(self, value: Any, exponent: int) -> Any:
        return value**exponent

    def maximum(self, left: Any, right: Any) -> Any:
        import sympy

        def larger(a: Any, b: Any) -> Any:
            found = sympy.Max(a, b)
            if self._decide and found.has(sympy.Max):
                raise UndecidedError(sympy.Gt(a, b))
            return found

        return _each(larger, left, right)

    def matmul(self, left: Any, right: Any) -> Any:
        return left @ right

    def transpose(self, value: Any) -> Any:
        return np.swapaxes(value, -1, -2)

    def total(self, value: Any, axis: str, *, largest: bool) -> Any:
        if not largest:
            return np.sum(value, axis=_AXES[axis], keepdims=True)
        axes = _AXES[axis] if isinstance(_AXES[axis], tuple) else (_AXES[axis],)
        for one in axes:  # type: ignore[union-attr]
            value = np.expand_dims(reduce(self.maximum, np.moveaxis(value, one, 0)), one)
        return value

    def fill(self, value: Any, like: Any) -> Any:
        return np.full(np.shape(like), value, dtype=object) if isinstance(like, np.ndarray) else value

    def compare(self, left: Any, relation: str, right: Any) -> Any:
        import sympy

        relations = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}
        return _each(relations[relation], left, right)

    def choose(self, when: Any, value: Callable[[], Any], otherwise: Callable[[], Any], *, rare: bool) -> Any:
        """Entry by entry; a precaution (`rare`) is taken only where a number surely needs it."""
        import sympy

        if rare and not np.any(_each(lambda condition: condition == True, when)):  # noqa: E712 (sympy's true)
            return otherwise()

        def one(condition: Any, first: Any, second: Any) -> Any:
            if condition in (sympy.true, sympy.false):
                return first if condition == sympy.true else second
            if rare:
                return second
            if self._decide:
                raise UndecidedError(condition)
            return sympy.Piecewise((first, condition), (second, True))

        return _each(one, when, value(), otherwise())

    def finish(self, quantity: str, value: Any) -> Any:
        return value
