"""One entry of an array expression as a scalar expression: what a person writes for that one number.

The same function gives the entry in numbers (`entry(tree, 0, 1, …)`) and the general formula (`generic`), where the
places are index letters and a sum stays a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache, reduce
from typing import Any

from stepwise.expressions.paper import Derivative, Matrix, Named, Unknown
from stepwise.expressions.rewrite import REMEMBERED, rebuild, walk
from stepwise.expressions.tree import (
    Add,
    Case,
    Cases,
    Compare,
    Const,
    Diag,
    Div,
    Entry,
    Expr,
    Fill,
    Func,
    Index,
    Largest,
    MatMul,
    Max,
    Mul,
    Neg,
    OnDiagonal,
    Power,
    Ref,
    Series,
    Shifted,
    Sub,
    Sum,
    Total,
    Transpose,
)

Shape = tuple[int, int]
Shapes = Mapping[str, Shape]

LENGTH_SHOWN = 10
"""A longer axis is printed in part, and so is a sum of more terms."""
LENGTH_BESIDE_LONG = 5
"""The same for an axis beside one that is printed in part."""


def shown_whole(length: int, *others: int) -> bool:
    """Whether an axis is printed whole, next to axes of the lengths `others`."""
    return length <= (LENGTH_SHOWN if max(others, default=1) <= LENGTH_SHOWN else LENGTH_BESIDE_LONG)


def shape_of(tree: Expr, shapes: Shapes) -> Shape:
    """The shape of a tree's value."""
    match tree:
        # the usual nodes first: every pattern before the one that fits is tried
        case Ref(name):
            return shapes[name]
        case Add(left, right) | Mul(left, right) | Sub(left, right) | Div(left, right) | Max(left, right):
            parts = [left, right]
        case Const() | Entry() | Series() | Total() | OnDiagonal() | Derivative() | Unknown():
            return (1, 1)
        case Matrix(lines):
            return (len(lines), len(lines[0]))
        case Named(_, meaning):
            return shape_of(meaning, shapes)
        case MatMul(left, right):
            first, second = shape_of(left, shapes), shape_of(right, shapes)
            if first[1] != second[0]:
                raise ValueError(f"shapes {first} and {second} do not fit: {tree}")
            return (first[0], second[1])
        case Transpose(arg):
            rows, columns = shape_of(arg, shapes)
            return (columns, rows)
        case Diag(arg):
            rows, columns = shape_of(arg, shapes)
            if min(rows, columns) > 1:
                raise ValueError(f"only a row or a column can be a diagonal: {tree}")
            return (rows * columns, rows * columns)
        case Sum(arg, axis) | Largest(arg, axis):
            rows, columns = shape_of(arg, shapes)
            return (1 if axis in ("rows", "all") else rows, 1 if axis in ("columns", "all") else columns)
        case Cases(cases, otherwise):
            parts = [otherwise, *(part for case in cases for part in (case.value, case.when.left, case.when.right))]
        case Neg(arg) | Power(arg) | Func(_, arg) | Fill(_, arg) | Shifted(arg):
            parts = [arg]
        case _:
            raise TypeError(tree)
    every = [shape_of(part, shapes) for part in parts]
    if all(one == every[0] for one in every):
        return every[0]
    shape = (_common(tree, {rows for rows, _ in every}), _common(tree, {columns for _, columns in every}))
    if shape not in every:
        raise ValueError(f"a column and a row do not fit: {tree}")
    return shape


def _common(tree: Expr, lengths: set[int]) -> int:
    """The length of an axis where several arrays meet: an axis of length one is repeated."""
    longer = lengths - {1}
    if len(longer) > 1:
        raise ValueError(f"lengths {sorted(lengths)} do not fit: {tree}")
    return longer.pop() if longer else 1


def without_single_sums(tree: Expr, shapes: Shapes) -> Expr:
    """The tree without the sums that have one term only."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sum | Largest):
            rows, columns = shape_of(node.arg, shapes)
            if (node.axis == "columns" or rows == 1) and (node.axis == "rows" or columns == 1):
                return without_single_sums(node.arg, shapes)
        return None

    result: Expr = rebuild(tree, change)
    return result


def entry(tree: Expr, row: Index, column: Index, shapes: Shapes, *, letters: str = "kjmn") -> Expr:
    """The scalar tree of the entry at `row`, `column`; `letters` are free for sums in general formulas."""

    def at(part: Expr) -> Expr:
        return entry(part, row, column, shapes, letters=letters)

    match tree:
        case Ref(name):
            rows, columns = shapes[name]
            return Entry(name, 0 if rows == 1 else row, 0 if columns == 1 else column)
        case Const() | Entry() | Series() | Total() | OnDiagonal():
            return tree
        case Fill(value):
            return value
        case Diag(arg):
            return _on_diagonal(arg, row, column, shapes, letters)
        case Sub(Diag(), right) if row != column and _are_places(row, column):
            return Neg(at(right))
        case Add(left, right) | Sub(left, right) | Mul(left, right) | Div(left, right) | Max(left, right):
            return type(tree)(at(left), at(right))
        case Neg(arg):
            return Neg(at(arg))
        case Power(arg, exponent):
            return Power(at(arg), exponent)
        case Func(name, arg):
            return Func(name, at(arg))
        case Cases(cases, otherwise, note):
            return Cases(tuple(Case(_condition(case.when, at), at(case.value)) for case in cases), at(otherwise), note)
        case Transpose(arg):
            return entry(arg, column, row, shapes, letters=letters)
        case MatMul(left, right):
            (outer, inner), columns = shape_of(left, shapes), shape_of(right, shapes)[1]

            def product(k: Index, free: str) -> Expr:
                a = entry(left, row, k, shapes, letters=free)
                return Mul(a, entry(right, k, column, shapes, letters=free))

            return _along(inner, product, row, column, letters, whole=shown_whole(inner, outer, columns))
        case Sum(arg, axis) | Largest(arg, axis):
            return _sum(arg, axis, row, column, shapes, letters, largest=isinstance(tree, Largest))
    raise TypeError(tree)


def _on_diagonal(arg: Expr, row: Index, column: Index, shapes: Shapes, letters: str) -> Expr:
    """The entry of a diagonal matrix: 0 beside the diagonal."""
    if row != column and _are_places(row, column):
        return Const("0")
    rows, columns = shape_of(arg, shapes)
    place: tuple[Index, Index] = (row, 0) if columns == 1 else (0, row)
    number = entry(arg, *place, shapes, letters=letters)
    return number if row == column or rows == columns else OnDiagonal(row, column, number)


def _are_places(*indices: Index) -> bool:
    return all(isinstance(index, int) for index in indices)


def generic(tree: Expr, shapes: Shapes, rows: str, columns: str) -> Expr:
    """The general formula of an entry, with the index letters `rows` and `columns`."""
    free = "".join(letter for letter in "kjmn" if letter not in (rows, columns))
    return entry(tree, rows, columns, shapes, letters=free)


def _condition(when: Compare, at: Callable[[Expr], Expr]) -> Compare:
    return Compare(at(when.left), when.relation, at(when.right))


def _sum(arg: Expr, axis: str, row: Index, column: Index, shapes: Shapes, letters: str, *, largest: bool) -> Expr:
    rows, columns = shape_of(arg, shapes)

    def down(j: Index) -> Callable[[Index, str], Expr]:
        return lambda k, free: entry(arg, k, j, shapes, letters=free)

    if axis == "rows":
        whole = shown_whole(rows, columns)
        return _along(rows, down(column), row, column, letters, largest=largest, whole=whole)

    def across(k: Index, free: str) -> Expr:
        return entry(arg, row, k, shapes, letters=free)

    if axis == "columns":
        whole = shown_whole(columns, rows)
        return _along(columns, across, row, column, letters, largest=largest, whole=whole)
    if isinstance(row, str) or isinstance(column, str) or max(rows, columns) > LENGTH_SHOWN:

        def over_columns(i: Index, free: str) -> Expr:
            def term(k: Index, rest: str) -> Expr:
                return entry(arg, i, k, shapes, letters=rest)

            return _along(columns, term, row, column, free, largest=largest, whole=shown_whole(columns, rows))

        return _along(rows, over_columns, row, column, letters, largest=largest, whole=shown_whole(rows, columns))
    terms = [entry(arg, i, k, shapes, letters=letters) for i in range(rows) for k in range(columns)]
    return terms[0] if len(terms) == 1 else Series(tuple(terms))


def _along(
    size: int,
    term: Callable[[Index, str], Expr],
    row: Index,
    column: Index,
    letters: str,
    *,
    whole: bool,
    largest: bool = False,
) -> Expr:
    """A sum over `size` terms: in general formulas a Σ, with numbers written out, and cut where it is long."""
    if size == 1:
        return term(0, letters)
    if isinstance(row, str) or isinstance(column, str) or (largest and not whole):
        return Total(letters[0], size, term(letters[0], letters[1:]), largest)
    if largest:
        return reduce(Max, (term(k, letters) for k in range(size)))
    if whole:
        return Series(tuple(term(k, letters) for k in range(size)))
    return Series((term(0, letters), term(1, letters), None, term(size - 1, letters)))


@lru_cache(maxsize=REMEMBERED)
def leaves(tree: Any) -> tuple[Entry, ...]:
    """The numbers that stand in a scalar tree, in the order they are written."""
    return tuple(node for node in walk(tree) if isinstance(node, Entry))
