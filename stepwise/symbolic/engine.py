"""The trees that the engine computes with, in the letters of a derivation: no formula is typed twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stepwise.expressions import Derivative, Entry, Expr, Index, Line, Ref, Sum, Total, orient, rebuild, usual

Letters = Mapping[str, Callable[[Index], Expr]]
"""What an operand is at a place: `y` → y_i."""


def of_unit(tree: Expr, letters: Letters, at: Index, *, size: Index = "C", summed: str = "k") -> Expr:
    """A tree for one unit of a layer, without precautions: operands at the place `at`, sums over the units as Σ."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Line):
            return of_unit(node.arg, letters, at, size=size, summed=summed)
        if isinstance(node, Sum):
            return Total(summed, size, of_unit(node.arg, letters, summed, size=size))
        return letters[node.name](at) if isinstance(node, Ref) else None

    result: Expr = rebuild(usual(tree), change)
    return result


def of_one(tree: Expr, letters: Mapping[str, Expr]) -> Expr:
    """A tree for a layer of a single unit, without precautions: a sum over the units is its only term.

    A part that is a line of its own may have a letter too.
    """

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Line | Sum):
            own = letters.get(node.name) if isinstance(node, Line) else None
            return own or of_one(node.arg, letters)
        return letters.get(node.name) if isinstance(node, Ref) else None

    result: Expr = rebuild(usual(tree), change)
    return result


def entry(letter: str) -> Callable[[Index], Expr]:
    """The entries of a vector: z → z_i."""
    return lambda place: Entry(letter, place, 0)


def partial(above: Expr, below: Expr) -> Derivative:
    """∂above/∂below"""
    return Derivative(above, below, partial=True)


def of_layer(tree: Expr, letters: Mapping[str, Expr]) -> Expr:
    """A tree for the columns of a whole layer, without precautions."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Line):
            return of_layer(node.arg, letters)
        return letters.get(node.name) if isinstance(node, Ref) else None

    result: Expr = rebuild(orient(usual(tree), "column"), change)
    return result
