"""The tree of one entry with every case decided: what is written once the numbers are known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from stepwise.expressions.evaluate import evaluate
from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.rewrite import REMEMBERED, rebuild, usual, walk
from stepwise.expressions.tree import Case, Cases, Compare, Entry, Expr

_FLOATS = FloatArithmetic()
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Settled(Struct, frozen=True):
    """A scalar tree without cases, the conditions that decided it, and the notes of the precautions it needed."""

    tree: Expr
    conditions: tuple[Compare, ...]
    notes: frozenset[str]


def settle(tree: Expr, numbers: Mapping[Entry, float]) -> Settled:
    """Decide every case of a scalar tree by the numbers of its entries."""
    cases = _cases(tree)
    if all(node.note for node in cases) and not any(_holds(case, numbers) for node in cases for case in node.cases):
        # the precautions are nearly always in vain
        return Settled(usual(tree), (), frozenset())
    conditions: list[Compare] = []
    notes: set[str] = set()

    def decide(node: Cases) -> Expr:
        for case in node.cases:
            if _holds(case, numbers):
                if node.note:
                    notes.add(node.note)
                else:
                    conditions.append(_decided(case.when))
                return case.value
        if not node.note:
            conditions.extend(_decided(opposite(case.when)) for case in node.cases)
        return node.otherwise

    def _decided(when: Compare) -> Compare:
        return Compare(rebuild(when.left, change), when.relation, rebuild(when.right, change))

    def change(node: Expr) -> Expr | None:
        return rebuild(decide(node), change) if isinstance(node, Cases) else None

    settled: Expr = rebuild(tree, change)
    return Settled(settled, tuple(conditions), frozenset(notes))


@lru_cache(maxsize=REMEMBERED)
def _cases(tree: Expr) -> tuple[Cases, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, Cases))


def opposite(when: Compare) -> Compare:
    """The condition that holds where `when` does not."""
    return Compare(when.left, _OPPOSITE[when.relation], when.right)  # type: ignore[arg-type]


def _holds(case: Case, numbers: Mapping[Entry, float]) -> bool:
    left, right = (evaluate(side, numbers, _FLOATS) for side in (case.when.left, case.when.right))
    return bool(_FLOATS.compare(left, case.when.relation, right))
