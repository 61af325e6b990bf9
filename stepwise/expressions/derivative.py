"""The derivative of a tree by one of its letters, found by sympy.

Where `max` or `abs` change over, the tree is cut into cases first, so that sympy only sees smooth functions. At a
corner the derivative is the one of the last case: 0 for max(0, z) at z = 0, as for ReLU, and 0 for |z|.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from stepwise.expressions.evaluate import evaluate
from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.rewrite import rebuild, refs, walk
from stepwise.expressions.symbolic import SymbolicArithmetic, exact
from stepwise.expressions.tree import (
    Add,
    Case,
    Cases,
    Compare,
    Const,
    Div,
    Expr,
    Func,
    Max,
    Neg,
    Power,
    Ref,
    Sub,
    rational,
)

MOST_CORNERS = 6
"""Different places with max, min or abs; each may double the cases."""
MOST_NODES = 400
"""Of a derivative that is written down."""
_FEW_OPERATIONS = 60
_VERY_FEW = 20
_FEW_TERMS = 2
_LOW_POWER = 6
_LONG_TERM = 24
_FLOATS = FloatArithmetic()
_ZERO = Const("0")
Range = tuple[float, float]


@lru_cache(maxsize=64)
def derivative(tree: Expr, by: str, values: tuple[tuple[str, str], ...] = ()) -> Expr:
    """∂tree/∂by as a tree. Raises ValueError where there is none that could be written down.

    `values` are the numbers of the other letters, as typed: on them it depends on which side of a corner one is.
    """
    if len(set(_corners(tree, by))) > MOST_CORNERS:
        raise ValueError(f"more than {MOST_CORNERS} different max, min and abs")
    found = _Differentiator(by, values).cut(tree, (-math.inf, math.inf))
    if sum(1 for _ in walk(found)) > MOST_NODES:
        raise ValueError("its derivative is too long to be written down")
    return found


def value_in_sympy(tree: Expr) -> Any:
    """The tree as a sympy expression of real letters."""
    import sympy

    letters = {name: sympy.Symbol(name, real=True) for name in refs(tree)}
    return evaluate(tree, letters, SymbolicArithmetic())


def _corners(tree: Expr, by: str) -> Iterator[Max | Func]:
    """The parts that have a corner, outer ones first."""
    for node in walk(tree):
        if (isinstance(node, Max) or (isinstance(node, Func) and node.name == "abs")) and by in refs(node):
            yield node


class _Differentiator:
    def __init__(self, by: str, values: tuple[tuple[str, str], ...]) -> None:
        self.by, self.values = by, dict(values)

    def cut(self, tree: Expr, within: Range) -> Expr:
        """The derivative for values of the letter `within` a range."""
        corners = list(_corners(tree, self.by))
        if not corners:
            return smooth(tree, self.by)
        innermost = corners[-1]
        while inner := [node for node in _corners(innermost, self.by) if node != innermost]:
            innermost = inner[-1]
        return (
            self.larger(tree, innermost, within) if isinstance(innermost, Max) else self.size(tree, innermost, within)
        )

    def larger(self, tree: Expr, corner: Max, within: Range) -> Expr:
        first, second = corner.left, corner.right
        if self.by not in refs(first):
            first, second = second, first
        when, place = self.solved(first, second)
        above, below = _parted(within, when, place)
        if above is None or below is None:
            side, rest = (second, below) if above is None else (first, above)
            return self.cut(_put(tree, corner, side), rest or within)
        value, otherwise = self.cut(_put(tree, corner, first), above), self.cut(_put(tree, corner, second), below)
        return value if value == otherwise else Cases((Case(when, value),), otherwise)

    def size(self, tree: Expr, corner: Func, within: Range) -> Expr:
        inside = corner.arg
        when, place = self.solved(inside, _ZERO)
        above, below = _parted(within, when, place)
        if above is None or below is None:
            side, rest = (Neg(inside), below) if above is None else (inside, above)
            return self.cut(_put(tree, corner, side), rest or within)
        plus, minus = self.cut(_put(tree, corner, inside), above), self.cut(_put(tree, corner, Neg(inside)), below)
        if plus == minus:
            return plus
        between = self.cut(_put(tree, corner, _ZERO), within)
        if place is not None and self.agree(place, plus, minus, between):
            return Cases((Case(when, plus),), minus)
        other: Literal["<", ">"] = "<" if when.relation == ">" else ">"
        return Cases((Case(when, plus), Case(Compare(when.left, other, when.right), minus)), between)

    def agree(self, place: float, *trees: Expr) -> bool:
        """Whether the derivatives from both sides and at the corner are the same number, so that there is none."""
        numbers = {name: float(rational(text)) for name, text in self.values.items()} | {self.by: place}
        try:
            with np.errstate(all="ignore"):
                # a slope that is not finite agrees with none
                values = [float(evaluate(tree, numbers, _FLOATS)) for tree in trees]
        except (KeyError, ZeroDivisionError, OverflowError):
            return False
        return all(math.isclose(value, values[0], rel_tol=1e-12, abs_tol=1e-12) for value in values)

    def solved(self, first: Expr, second: Expr) -> tuple[Compare, float | None]:
        """first > second; for a straight line solved for the letter, with the place where they meet."""
        import sympy

        from stepwise.expressions.from_sympy import tree_of

        difference = sympy.expand(value_in_sympy(first) - value_in_sympy(second))
        place, rising = _crossing(difference, sympy.Symbol(self.by, real=True))
        numbers = {sympy.Symbol(name, real=True): exact(text) for name, text in self.values.items()}
        number, rising = place.subs(numbers), rising.subs(numbers)
        if not number.is_Rational or not rising.is_Rational or rising == 0:
            if isinstance(first, Neg) and isinstance(second, Neg):
                return Compare(first.arg, "<", second.arg), None
            return Compare(first, ">", second), None
        written = tree_of(place, decimals=_typed_decimals(first) or _typed_decimals(second))
        return Compare(Ref(self.by), ">" if rising > 0 else "<", written), float(number)


def _crossing(difference: Any, letter: Any) -> tuple[Any, Any]:
    """Where a straight line, or a(e^{kz} − 1), is 0, and a number with the sign of its slope; nan for anything else."""
    import sympy

    slope = difference.coeff(letter, 1)
    rest = sympy.expand(difference - slope * letter)
    if slope != 0 and not rest.has(letter):
        return sympy.cancel(-rest / slope), slope
    rest, grown = difference.as_independent(letter, as_Add=True)
    factor, power = grown.as_independent(letter, as_Add=False)
    if isinstance(power, sympy.exp) and rest == -factor:
        speed = power.args[0].coeff(letter)
        if power.args[0] == speed * letter:
            return sympy.Integer(0), factor * speed
    return sympy.nan, sympy.nan


def _put(tree: Expr, corner: Expr, side: Expr) -> Expr:
    changed: Expr = rebuild(tree, lambda node: side if node == corner else None)
    return changed


def _parted(within: Range, when: Compare, place: float | None) -> tuple[Range | None, Range | None]:
    """The range where a condition holds, and the one where it does not; None for one that is empty."""
    low, high = within
    if place is None:
        return within, within
    left = (low, min(high, place)) if low < place else None
    right = (max(low, place), high) if place < high else None
    return (right, left) if when.relation == ">" else (left, right)


def smooth(tree: Expr, by: str) -> Expr:
    """The derivative of a function without corners: as sympy finds it, or a shorter form of it."""
    import sympy

    from stepwise.expressions.from_sympy import tree_of

    value = value_in_sympy(tree)
    raw = value.diff(sympy.Symbol(by, real=True))
    if any(one.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I) for one in (value, raw)):
        raise ValueError("it has no derivative")
    decimals = _typed_decimals(tree)
    found = tree_of(raw, decimals=decimals)
    functions = raw.atoms(sympy.Function)
    for other in _shorter(raw):
        if other.atoms(sympy.Function) <= functions:
            candidate = tree_of(other, decimals=decimals)
            if _length(candidate) < _length(found):
                found = candidate
    return found


def _shorter(raw: Any) -> Iterator[Any]:
    import sympy

    yield sympy.factor_terms(raw)
    high = any(power.exp.is_Integer and abs(power.exp) > _LOW_POWER for power in raw.atoms(sympy.Pow))
    if not high and raw.count_ops() <= _FEW_OPERATIONS:
        yield sympy.together(raw)
        yield sympy.factor_terms(sympy.together(raw))
        yield sympy.powsimp(raw)
        if raw.count_ops() <= _VERY_FEW and not _is_long_to_simplify(raw):
            yield sympy.simplify(raw)


def _is_long_to_simplify(raw: Any) -> bool:
    """sympy takes seconds over the tanh or sin of three terms, whose parts it writes by each other."""
    import sympy
    from sympy.functions.elementary.hyperbolic import HyperbolicFunction
    from sympy.functions.elementary.trigonometric import TrigonometricFunction

    waves = raw.atoms(HyperbolicFunction, TrigonometricFunction)
    return any(len(sympy.Add.make_args(sympy.expand(one.args[0]))) > _FEW_TERMS for one in waves)


def _length(tree: Expr) -> int:
    """How long a formula is to read; a fraction within a fraction is bad, and so is a term that is too long."""
    fractions = [node for node in walk(tree) if isinstance(node, Div)]
    nested = sum(isinstance(part, Div) for node in fractions for part in walk((node.left, node.right)))
    return _size(tree) + 4 * nested + max(0, max(_size(term) for term in _terms(tree)) - _LONG_TERM)


def _size(tree: Expr) -> int:
    return sum(2 if isinstance(node, Func | Power) else 1 for node in walk(tree))


def _terms(tree: Expr) -> list[Expr]:
    """The terms of a sum, between which a line may be broken."""
    if isinstance(tree, Add | Sub):
        return [*_terms(tree.left), *_terms(tree.right)]
    return [tree]


def _typed_decimals(tree: Expr) -> bool:
    return any(isinstance(node, Const) and "." in node.text for node in walk(tree))
