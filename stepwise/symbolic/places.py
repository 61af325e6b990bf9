"""Steps with index letters, put into numbers: every number of classes, every place.

Sums over an index letter are proven for 2, 3 and 4 classes, with the index letters at every place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from stepwise.expressions import (
    Const,
    Entry,
    Expr,
    Index,
    Listing,
    OnDiagonal,
    Series,
    Total,
    Unknown,
    rebuild,
    walk,
)
from stepwise.symbolic.model import Step

CLASSES = (2, 3, 4)
"""How many classes a sum over C classes is proven for."""
INPUTS = "n"
"""The size of a layer's input."""
Places = Mapping[str, int]


def grounded(tree: Expr, classes: int, places: Places) -> Expr:
    """The tree with `classes` classes and every index letter at its place (counted from 0)."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Total):
            numbers = [k for k in range(_length(node.size, classes)) if not node.but or k != places[node.but]]
            terms = tuple(grounded(node.arg, classes, {**places, node.letter: k}) for k in numbers)
            return Series(terms) if terms else None
        if isinstance(node, Entry):
            row = places.get(node.row, node.row) if isinstance(node.row, str) else node.row
            column = places.get(node.column, node.column) if isinstance(node.column, str) else node.column
            return Entry(node.name, row, column)
        if isinstance(node, OnDiagonal):
            same = places.get(str(node.row), node.row) == places.get(str(node.column), node.column)
            return grounded(node.arg, classes, places) if same else Const("0")
        if isinstance(node, Unknown) and any(isinstance(arg, Listing) for arg in node.args):
            return Unknown(node.name, tuple(_listed(node.args, classes, places)))
        return None

    result: Expr = rebuild(tree, change)
    return result


def _listed(args: tuple[Expr, ...], classes: int, places: Places) -> Iterator[Expr]:
    for arg in args:
        if isinstance(arg, Listing):
            for k in range(_length(arg.size, classes)):
                yield grounded(arg.arg, classes, {**places, arg.letter: k})
        else:
            yield grounded(arg, classes, places)


def _length(size: Index, classes: int) -> int:
    """How many there are: of C classes or m outputs `classes`, of n inputs one more, so that no layer is square."""
    return size if isinstance(size, int) else classes + (size == INPUTS)


def index_letters(tree: Expr) -> set[str]:
    """The index letters that are free in a tree."""
    if isinstance(tree, Total | Listing):
        but = {tree.but} if isinstance(tree, Total) and tree.but else set()
        return (index_letters(tree.arg) - {tree.letter}) | but
    if isinstance(tree, Entry):
        return {place for place in (tree.row, tree.column) if isinstance(place, str)}
    found: set[str] = set()

    def look(node: Expr) -> Expr | None:
        if isinstance(node, Total | Listing | Entry):
            found.update(index_letters(node))
            return node
        if isinstance(node, OnDiagonal):
            found.update(place for place in (node.row, node.column) if isinstance(place, str))
        return None

    rebuild(tree, look)
    return found


def cases_of(step: Step) -> Iterator[tuple[Expr, ...]]:
    """All expressions of a step without index letters, once for each number of classes and each place."""
    trees = (step.left, *step.right)
    free = sorted(set().union(*(index_letters(tree) for tree in trees)))
    summed = any(isinstance(node, Total) for tree in trees for node in walk(tree))
    if not free and not summed:
        yield trees
        return
    for classes in CLASSES:
        for numbers in product(*(range(classes + (letter in step.facts.inputs)) for letter in free)):
            places = dict(zip(free, numbers, strict=True))
            if all(places.get(a) == places.get(b) for a, b in step.facts.same) and all(
                places.get(a) != places.get(b) for a, b in step.facts.different
            ):
                yield tuple(_summing_to_one(grounded(tree, classes, places), step, classes) for tree in trees)


def _summing_to_one(tree: Expr, step: Step, classes: int) -> Expr:
    """Where the entries of a letter add up to 1, the last of them is 1 minus the others."""
    letter = step.facts.sums_to_one

    def change(node: Expr) -> Expr | None:
        if letter and node == Entry(letter, classes - 1, 0):
            return Const("1") - Series(tuple(Entry(letter, k, 0) for k in range(classes - 1)))
        return None

    result: Expr = rebuild(tree, change)
    return result
