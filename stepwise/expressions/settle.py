"""The tree of one entry with every case decided: what is written once the numbers are known."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from stepwise.expressions.evaluate import evaluate
from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.rewrite import decisions, rebuild, usual
from stepwise.expressions.tree import Case, Cases, Compare, Const, Entry, Expr, Series

_FLOATS = FloatArithmetic()
_NOTHING = Const("0")
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Settled(Struct, frozen=True):
    """A scalar tree without cases, the conditions that decided it, and the notes of the precautions it needed."""

    tree: Expr
    conditions: tuple[Compare, ...]
    notes: frozenset[str]


def settle(tree: Expr, numbers: Mapping[Entry, float]) -> Settled:
    """Decide every case of a scalar tree by the numbers of its entries."""
    cases = decisions(tree)
    if all(node.note for node in cases) and not any(_holds(case, numbers) for node in cases for case in node.cases):
        # the precautions are nearly always in vain
        return Settled(usual(tree), (), frozenset())
    conditions: list[Compare] = []
    notes: set[str] = set()

    def decide(node: Cases) -> Expr:
        for case in node.cases:
            if _holds(case, numbers):
                if not node.note:
                    conditions.append(_decided(case.when))
                elif not (isinstance(case.value, Cases) and case.value.note == node.note):
                    # of several conditions for one precaution the last one tells
                    notes.add(node.note)
                return case.value
        if not node.note:
            conditions.extend(_left(tuple(_decided(opposite(case.when)) for case in node.cases)))
        return node.otherwise

    def _decided(when: Compare) -> Compare:
        return Compare(rebuild(when.left, change), when.relation, rebuild(when.right, change))

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Series):
            kept = [term for term in node.terms if term is None or not gone(term)]
            return _sum_of(tuple(None if term is None else rebuild(term, change) for term in kept))
        return rebuild(decide(node), change) if isinstance(node, Cases) else None

    def gone(term: Expr) -> bool:
        """Whether a term is left out of its sum."""
        return isinstance(term, Cases) and bool(term.note) and decide(term) == _NOTHING

    settled: Expr = rebuild(tree, change)
    return Settled(settled, tuple(conditions), frozenset(notes))


def _left(conditions: tuple[Compare, ...]) -> tuple[Compare, ...]:
    """What is left by the cases before: neither below nor above is at."""
    if {when.relation for when in conditions} != {"<=", ">="} or len({(w.left, w.right) for w in conditions}) > 1:
        return conditions
    return (Compare(conditions[0].left, "=", conditions[0].right),)


def _sum_of(terms: tuple[Expr | None, ...]) -> Expr:
    """The sum of these terms."""
    return terms[0] if len(terms) == 1 and terms[0] is not None else Series(terms)


def opposite(when: Compare) -> Compare:
    """The condition that holds where `when` does not."""
    return Compare(when.left, _OPPOSITE[when.relation], when.right)  # type: ignore[arg-type]


def _holds(case: Case, numbers: Mapping[Entry, float]) -> bool:
    left, right = (evaluate(side, numbers, _FLOATS) for side in (case.when.left, case.when.right))
    return bool(_FLOATS.compare(left, case.when.relation, right))
