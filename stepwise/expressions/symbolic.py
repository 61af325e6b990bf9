"""The elementary functions in sympy: letters and exact numbers, in object arrays; constants are rationals as typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, reduce
from typing import Any

import numpy as np

from stepwise.expressions.floats import moved_up, on_diagonal
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
            return sympy.Rational(1, 2) if x == 0 else None

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


_SMALL = 40
"""An expression of no more parts than this is brought into sympy's own form."""
_TINY = "1e-25"
"""A number nearer to zero than this is zero: the forms are computed with 30 digits."""


@lru_cache(maxsize=100_000)
def approximation(expression: Any) -> Any:
    """A number in exact form as a decimal one of 30 digits; None where there is a letter in it.

    Each part is computed once, however often it occurs: a form grows with every line, its parts do not.
    """
    import sympy

    if expression.is_Symbol or not isinstance(expression, sympy.Expr):
        return None
    if not expression.args:
        return expression if expression.is_Rational else expression.evalf(30)
    parts = [approximation(part) for part in expression.args]
    if any(part is None for part in parts):
        return None
    value = expression.func(*parts)
    return value if value.is_Rational else sympy.N(value, 30)


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
        self._forms: dict[Any, Any] = {}
        self._spelt: dict[Any, Any] = {}
        self._sizes: dict[Any, int] = {}

    # ---- results that are calculated on with

    def stands_for(self, form: Any) -> Any:
        """A letter for a result, to calculate on with; `form` may hold earlier ones.

        sympy looks into all parts of whatever it meets, for signs and common factors; of a letter it asks nothing.
        """
        import sympy

        letter = sympy.Symbol(f"form {len(self._forms)}", real=True)
        self._forms[letter] = self.spelt_out(form)
        return letter

    def spelt_out(self, expression: Any) -> Any:
        """The expression with those letters replaced by their forms again; a large one is not worked out."""
        if not self._forms or expression.is_Atom:
            return self._forms.get(expression, expression)
        if expression not in self._spelt:
            self._spelt[expression] = self._with_forms(expression)
        return self._spelt[expression]

    def _with_forms(self, expression: Any) -> Any:
        import sympy
        from sympy.functions.elementary.piecewise import ExprCondPair

        parts = [self.spelt_out(part) for part in expression.args]
        if all(new is old for new, old in zip(parts, expression.args, strict=True)):
            return expression
        if sum(map(self._size, parts)) < _SMALL:
            return expression.func(*parts)
        if isinstance(expression, sympy.Piecewise | ExprCondPair):
            # their own constructors look into the conditions, however large
            return sympy.Basic.__new__(expression.func, *parts)
        return expression.func(*parts, evaluate=False)

    def _size(self, expression: Any) -> int:
        """The number of parts, as often as they are written."""
        if expression not in self._sizes:
            self._sizes[expression] = 1 + sum(map(self._size, expression.args))
        return self._sizes[expression]

    def sign(self, expression: Any) -> int | None:
        """The sign of a number in exact form; None where a letter leaves it open."""
        value = approximation(self.spelt_out(expression))
        if value is None:
            return None
        return 0 if abs(value) < rational(_TINY) else 1 if value > 0 else -1

    # ---- the elementary functions

    def constant(self, const: Const) -> Any:
        return exact(const.text)

    def function(self, name: str, value: Any) -> Any:
        return _each(_functions()[name], value)

    def power(self, value: Any, exponent: int) -> Any:
        return value**exponent

    def maximum(self, left: Any, right: Any) -> Any:
        import sympy

        def larger(a: Any, b: Any) -> Any:
            sign = self.sign(a - b)
            if sign is not None:
                return a if sign >= 0 else b
            if self._decide:
                raise UndecidedError(sympy.Gt(a, b, evaluate=False))
            return sympy.Max(a, b, evaluate=False)

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

    def shifted(self, value: Any, axis: str) -> Any:
        return moved_up(value, axis, exact("0"))

    def fill(self, value: Any, like: Any) -> Any:
        return np.full(np.shape(like), value, dtype=object) if isinstance(like, np.ndarray) else value

    def diagonal(self, value: Any) -> Any:
        return on_diagonal(value, exact("0"))

    def compare(self, left: Any, relation: str, right: Any) -> Any:
        import sympy

        relations = {"<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge}

        def one(a: Any, b: Any) -> Any:
            sign = self.sign(a - b)
            return relations[relation](a, b, evaluate=False) if sign is None else relations[relation](sign, 0)

        return _each(one, left, right)

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
            return sympy.Piecewise((first, condition), (second, True), evaluate=False)

        return _each(one, when, value(), otherwise())

    def finish(self, quantity: str, value: Any) -> Any:
        return value
