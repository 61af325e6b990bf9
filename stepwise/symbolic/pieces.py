"""A function with corners (max, |·|, cases) as cases of functions without."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from msgspec import Struct

from stepwise.errors import UnsupportedError
from stepwise.expressions import Case, Cases, Compare, Const, Expr, Func, Max, Neg, Ref, Sub, rebuild, walk
from stepwise.expressions.from_sympy import number_text
from stepwise.symbolic.atoms import Atoms, depends

MOST_PLACES = 12
"""Corners of one function."""


class _BentError(Exception):
    """A condition that is no straight line in the letter."""


class Line(Struct, frozen=True):
    """left − right of a condition: slope·z + rest."""

    slope: Fraction
    rest: Fraction

    def sign(self, at: Fraction, *, before: bool) -> int:
        """The sign at a place; where it is zero, the one just `before`, or 0."""
        value = self.slope * at + self.rest
        if value == 0 and before:
            value = -self.slope
        return (value > 0) - (value < 0)


class Pieces:
    """The corners of one function of `by`."""

    def __init__(self, by: Ref, atoms: Atoms) -> None:
        self._by, self._atoms = by, atoms
        self._lines: dict[tuple[Expr, Expr], Line] = {}
        self._places: set[Fraction] = set()

    def of(self, tree: Expr) -> Expr:
        """The function as cases without corners inside; itself where it has none."""
        corners = list(self._corners(tree))
        if not corners:
            return tree
        self._places = set()
        try:
            return self._cases(tree, self._all_places(tree))
        except _BentError:
            return self._bent(tree, corners)

    def _corners(self, tree: Expr) -> Iterator[Expr]:
        for node in walk(tree):
            bent = isinstance(node, Max | Cases) or (isinstance(node, Func) and node.name == "abs")
            if bent and depends(node, self._by):
                yield node

    # ---- straight conditions: intervals

    def _all_places(self, tree: Expr) -> list[Fraction]:
        """Where a condition changes over; each place may bring inner conditions to light."""
        known: set[Fraction] | None = None
        while known != self._places:
            known = set(self._places)
            for at in _between(sorted(known)):
                self._decided(tree, at)
            if len(self._places) > MOST_PLACES:
                raise UnsupportedError(f"a function with more than {MOST_PLACES} corners is not derived")
        return sorted(self._places)

    def _cases(self, tree: Expr, places: list[Fraction]) -> Expr:
        if not places:
            return self._decided(tree, Fraction(0))
        parts = [self._decided(tree, at) for at in _between(places)]
        at_places = [self._decided(tree, at) for at in places]
        if len(places) == 1 and at_places[0] not in parts:
            above, below = (Compare(self._by, sign, self._number(places[0])) for sign in (">", "<"))
            return Cases((Case(above, parts[1]), Case(below, parts[0])), at_places[0])
        cases = []
        for number in range(len(places), 0, -1):
            after, here, before = parts[number], at_places[number - 1], parts[number - 1]
            if after == here == before:
                continue
            if here not in (after, before):
                raise UnsupportedError("a value at a single place among several corners cannot be derived")
            relation: Any = ">" if here == before else ">="
            cases.append(Case(Compare(self._by, relation, self._number(places[number - 1])), after))
        return Cases(tuple(cases), parts[0]) if cases else parts[0]

    def _number(self, value: Fraction) -> Expr:
        text = number_text(abs(value), decimals=True)
        return Neg(Const(text)) if value < 0 else Const(text)

    def _decided(self, tree: Expr, at: Fraction) -> Expr:
        """The function as it is around a place (at a corner of max or |·|: just before it)."""
        if not any(True for _ in self._corners(tree)):
            return tree
        found = self._side(tree, at)
        return found if isinstance(tree, Max | Cases) and found in _values(tree) else self._atoms.tidied(found)

    def _side(self, tree: Expr, at: Fraction) -> Expr:
        def change(node: Expr) -> Expr | None:
            if not depends(node, self._by):
                return node
            if isinstance(node, Max):
                left, right = self._side(node.left, at), self._side(node.right, at)
                return left if self._sign(left, right, at, before=True) > 0 else right
            if isinstance(node, Func) and node.name == "abs":
                inner = self._side(node.arg, at)
                return inner if self._sign(inner, Const("0"), at, before=True) > 0 else Neg(inner)
            return self._case(node, at) if isinstance(node, Cases) else None

        result: Expr = rebuild(tree, change)
        return result

    def _case(self, node: Cases, at: Fraction) -> Expr:
        for case in node.cases:
            left, right = self._side(case.when.left, at), self._side(case.when.right, at)
            if _holds(self._sign(left, right, at, before=False), case.when.relation):
                return self._side(case.value, at)
        return self._side(node.otherwise, at)

    def _sign(self, left: Expr, right: Expr, at: Fraction, *, before: bool) -> int:
        if (left, right) not in self._lines:
            self._lines[left, right] = self._line(left, right)
        line = self._lines[left, right]
        if line.slope:
            self._places.add(-line.rest / line.slope)
        return line.sign(at, before=before)

    def _line(self, left: Expr, right: Expr) -> Line:
        import sympy

        letter = self._atoms.symbol(self._by)
        difference = sympy.expand(self._atoms.value(left) - self._atoms.value(right))
        slope = difference.coeff(letter, 1)
        rest = difference - slope * letter
        if not (slope.is_Rational and rest.is_Rational):
            raise _BentError
        return Line(Fraction(int(slope.p), int(slope.q)), Fraction(int(rest.p), int(rest.q)))

    # ---- any other condition: one corner

    def _bent(self, tree: Expr, corners: list[Expr]) -> Expr:
        distinct = list(dict.fromkeys(corners))
        if len(distinct) > 1:
            raise UnsupportedError("of several max, min and abs the corners must be at places that can be solved for")
        match distinct[0]:
            case Max(left, right):
                if not depends(left, self._by):
                    left, right = right, left
                when = Compare(left, ">", right)
                if isinstance(left, Sub) and right == Const("0") and not depends(left.left, self._by):
                    # 1 − ts > 0 is ts < 1
                    when = Compare(left.right, "<", left.left)
                return self._with(tree, distinct[0], (Case(when, left),), right)
            case Func(_, arg):
                return self._with(tree, distinct[0], (Case(Compare(arg, ">", Const("0")), arg),), Neg(arg))
            case Cases(cases, otherwise):
                return self._with(tree, distinct[0], cases, otherwise)
        raise TypeError(tree)

    def _with(self, tree: Expr, corner: Expr, cases: tuple[Case, ...], otherwise: Expr) -> Expr:
        def put(value: Expr) -> Expr:
            if tree == corner:
                return value
            found: Expr = rebuild(tree, lambda node: value if node == corner else None)
            return self._atoms.tidied(found)

        return Cases(tuple(Case(case.when, put(case.value)) for case in cases), put(otherwise))


def _between(places: list[Fraction]) -> list[Fraction]:
    """A number of each interval between places."""
    if not places:
        return [Fraction(0)]
    return [places[0] - 1, *((a + b) / 2 for a, b in pairwise(places)), places[-1] + 1]


def _values(corner: Expr) -> list[Expr]:
    if isinstance(corner, Cases):
        return [*(case.value for case in corner.cases), corner.otherwise]
    return [corner.left, corner.right] if isinstance(corner, Max) else []


def _holds(sign: int, relation: str) -> bool:
    return {">": sign > 0, ">=": sign >= 0, "<": sign < 0, "<=": sign <= 0}[relation]
