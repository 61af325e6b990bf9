"""The meaning of an expression of a derivation in sympy, and whether two of them are equal."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from stepwise.expressions import (
    At,
    Const,
    Derivative,
    Entry,
    Expr,
    Matrix,
    Named,
    Ref,
    Unknown,
    evaluate,
    rational,
    rebuild,
    walk,
)
from stepwise.expressions.symbolic import SymbolicArithmetic
from stepwise.symbolic.model import Facts, Step
from stepwise.symbolic.places import cases_of
from stepwise.symbolic.unknown import unknown_function

_WAY = SymbolicArithmetic()


def value(tree: Expr, facts: Facts = Facts()) -> Any:  # noqa: B008 (frozen)
    """The sympy expression that a tree without index letters stands for; its letters are real."""
    return _Meaning(facts).of(tree)


class _Meaning:
    """Letters of one step as sympy symbols, with what is known of them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[Any, Any] = {}

    def of(self, tree: Expr) -> Any:
        plain = self._plain(tree, {})
        for node in walk(plain):
            if isinstance(node, Ref | Entry) and node.name not in self._known:
                self._symbol(node)
        return evaluate(plain, {self._key(node): self._symbol(node) for node in _letters(plain)}, _WAY)

    def _key(self, node: Ref | Entry) -> Any:
        return node.name if isinstance(node, Ref) else node

    def _symbol(self, node: Ref | Entry) -> Any:
        import sympy

        key = self._key(node)
        if key not in self._known:
            text = node.name if isinstance(node, Ref) else f"{node.name}_{node.row}_{node.column}"
            known = {"positive": node.name in self._facts.positive, "negative": node.name in self._facts.negative}
            self._known[key] = sympy.Symbol(text, real=True, **{word: True for word, holds in known.items() if holds})
        return self._known[key]

    def _plain(self, tree: Expr, variables: Mapping[Expr, Ref]) -> Expr:
        """The tree with names spelt out and derivatives taken; `variables` are names that stand for themselves."""

        def change(node: Expr) -> Expr | None:
            if isinstance(node, Named):
                return variables.get(node.symbol) or self._plain(node.meaning, variables)
            if isinstance(node, Derivative):
                return self._derivative(node, variables)
            if isinstance(node, At):
                value = self.of(self._plain(node.value, variables))
                return self._stand_in(self._at(self.of(self._plain(node.arg, variables)), Ref(node.letter), value))
            if isinstance(node, Matrix):
                return self._matrix(node, variables)
            if isinstance(node, Unknown):
                values = [_scalar(self.of(self._plain(arg, variables))) for arg in node.args]
                return self._stand_in(unknown_function(node.name)(*values))
            return None

        result: Expr = rebuild(tree, change)
        return result

    def _derivative(self, node: Derivative, variables: Mapping[Expr, Ref]) -> Expr:
        import sympy

        if isinstance(node.by, Named):
            variable, meaning = Ref(f"variable {len(self._known)}"), self.of(node.by.meaning)
            inner, by = self._plain(node.arg, {**variables, node.by.symbol: variable}), self._symbol(variable)
        else:
            assert isinstance(node.by, Ref | Entry)
            inner, by, meaning = self._plain(node.arg, variables), self._symbol(node.by), None
        taken = sympy.diff(_without_corners(_scalar(self.of(inner))), by)
        return self._stand_in(taken if meaning is None else taken.subs(by, _scalar(meaning)))

    def _at(self, value: Any, letter: Ref, place: Any) -> Any:
        return _scalar(value).subs(self._symbol(letter), _scalar(place))

    def _matrix(self, node: Matrix, variables: Mapping[Expr, Ref]) -> Expr:
        import numpy as np

        cells = [[_scalar(self.of(self._plain(cell, variables))) for cell in row] for row in node.rows]
        array = np.empty((len(cells), len(cells[0])), dtype=object)
        array[:] = cells
        return self._stand_in(array)

    def _stand_in(self, value: Any) -> Ref:
        """A letter for a value that is known."""
        stand_in = Ref(f"known {len(self._known)}")
        self._known[stand_in.name] = value
        return stand_in


def _scalar(value: Any) -> Any:
    """The number in a matrix of one entry."""
    return value.item() if hasattr(value, "item") else value


def _without_corners(expression: Any) -> Any:
    """max and |·| as cases, so that their derivatives are cases too."""
    import sympy

    return expression.rewrite(sympy.Piecewise) if expression.has(sympy.Max, sympy.Abs) else expression


def _letters(tree: Expr) -> list[Ref | Entry]:
    return [node for node in walk(tree) if isinstance(node, Ref | Entry)]


def equal(left: Any, right: Any) -> bool:
    """Whether sympy can show that two values are the same."""
    import sympy

    if getattr(left, "size", 1) > 1 or getattr(right, "size", 1) > 1:
        same_shape = getattr(left, "shape", None) == getattr(right, "shape", None)
        return same_shape and all(equal(one, other) for one, other in zip(left.flat, right.flat, strict=True))
    difference = sympy.piecewise_fold(_without_corners(_scalar(left) - _scalar(right)))
    # what is a fraction of powers and exponentials is decided by its numerator, much faster than simplify does it
    numerator, _ = sympy.fraction(sympy.together(difference))
    if sympy.expand(numerator) == 0:
        return True
    return not _differs(difference) and bool(sympy.simplify(difference) == 0)


def _differs(difference: Any) -> bool:
    """Whether two values surely are not the same: they differ at a point, which is quicker to see than to simplify."""
    import sympy

    letters = sorted(difference.free_symbols, key=str)
    point = {one: sympy.Rational(3 * k + 2, 7) * (-1 if one.is_negative else 1) for k, one in enumerate(letters)}
    there = difference.subs(point).evalf(30)
    return bool(there.is_Number and there.is_finite and abs(there) > sympy.Rational(1, 10**20))


def unproven(step: Step) -> list[str]:
    """The equalities of a step that sympy cannot show, each with the two values; a rounded number is only near."""
    found = []
    for trees in cases_of(step):
        meaning = _Meaning(step.facts)
        values = [meaning.of(tree) for tree in trees]
        last = len(values) - 1
        for place, (one, other) in enumerate(pairwise(values), 1):
            rounded = place in step.rounded or (step.about and place == last)
            near = rounded and (_near(one, trees[place], other) or _near(one, trees[-1], other))
            if not (near if rounded else equal(one, other)):
                found.append(f"{step.rule}: {one} is not {other}")
    return found


def _near(value: Any, tree: Expr, printed: Any) -> bool:
    """Whether a printed number is a value rounded to the decimals it is printed with."""
    decimals = max(_decimals(node.text) for node in walk(tree) if isinstance(node, Const))
    half = rational("1/2") / 10**decimals
    if getattr(value, "size", 1) > 1:
        pairs = zip(value.flat, printed.flat, strict=True)
        return value.shape == printed.shape and all(abs(one.evalf(30) - other) <= half for one, other in pairs)
    return bool(abs(_scalar(value).evalf(30) - _scalar(printed)) <= half)


def _decimals(text: str) -> int:
    """How many decimals a typed number has: 2 for 0.25, 6 for 4.5e-5, none for 1/3."""
    digits, _, ten = text.partition("e")
    return max(len(digits.partition(".")[2]) - int(ten or 0), 0) if text != "e" else 0
