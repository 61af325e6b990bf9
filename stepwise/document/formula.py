"""The general formula of a quantity: over whole arrays where it is matrix algebra, else for one entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from stepwise.derivation import Step
from stepwise.document.leaves import SymbolLeaves
from stepwise.expressions import (
    Add,
    Cases,
    Compare,
    Const,
    Diag,
    Div,
    Expr,
    Fill,
    Largest,
    MatMul,
    Mul,
    Neg,
    Ref,
    Sub,
    Sum,
    Total,
    Transpose,
    bind,
    contains,
    entry,
    generic,
    rebuild,
    shape_of,
    usual,
    walk,
    without_single_sums,
)
from stepwise.expressions.rewrite import REMEMBERED, decisions
from stepwise.notation.formulas import write
from stepwise.notation.layout import Chain
from stepwise.notation.symbols import Shape, Symbol
from stepwise.notation.written import Written, atom

MATRIX_ALGEBRA = (Ref, Const, Add, Sub, Mul, Div, Neg, MatMul, Transpose, Diag)
_OTHER_FORMS = ("shifted", "other_form", "series")
_ONLY_NUMBERS = ("clipped", "sure")
"""In symbols a clipped probability keeps its letter, and one next to 1: what is put in is another number."""
EQUAL, ABOUT = "=", r"\approx"
P = ParamSpec("P")
R = TypeVar("R")


def _once(method: Callable[Concatenate[Formula, P], R]) -> Callable[Concatenate[Formula, P], R]:
    """The same method, working out each of its answers only once."""

    @wraps(method)
    def kept(self: Formula, /, *args: P.args, **options: P.kwargs) -> R:
        key = (method.__name__, *args, *options.values())
        if key not in self.kept:
            self.kept[key] = method(self, *args, **options)
        found: R = self.kept[key]
        return found

    return kept


class Style(Struct, frozen=True, eq=False):
    """How formulas are written: with which symbols, for each entry or for the whole, with shapes below the factors."""

    symbols: Mapping[str, Symbol]
    by_entry: bool
    undersets: bool


class Formula:
    """The general formula of a quantity, over whole arrays where it is matrix algebra, else for one entry.

    It knows shapes but no numbers, so that it serves every page of the same lines. `tree` is the line in symbols with
    its `shapes`; `operands` are those of the line itself, `argument` that of what its function is applied to.
    """

    def __init__(
        self,
        style: Style,
        step: Step,
        shape: Shape,
        tree: Expr,
        shapes: Mapping[str, Shape],
        operands: Mapping[str, Shape],
        argument: Shape,
    ) -> None:
        self.style, self.step, self.shape = style, step, shape
        self.tree, self.shapes, self.operands, self.argument = tree, shapes, operands, argument
        self.scalar = all(shape == (1, 1) for shape in shapes.values())
        self.indexed = not self.scalar and _needs_indices(tree, shapes)
        self.kept: dict[Any, Any] = {}
        self.was_written = False
        self.layouts: dict[Any, Any] = {}
        """How the line was laid out for numbers of some signs and lengths."""

    def _leaves(self, *, undersets: bool = False) -> SymbolLeaves:
        return SymbolLeaves(self.style.symbols, self.shapes, undersets)

    @_once
    def left(self) -> Written:
        """The left side over whole arrays: the symbol, or for a line without one its formula."""
        symbol = self.step.symbol
        if symbol is None:
            return self.right()
        return atom(symbol.entry(0, 0, (1, 1)) if self.shape == (1, 1) else symbol.whole())

    @_once
    def right(self, *, undersets: bool = False) -> Written:
        """The right side, as general as `left`."""
        if self.scalar:
            return write(entry(self.tree, 0, 0, self.shapes), self._leaves())
        if self.indexed:
            return write(generic(self.tree, self.shapes, "i", "j"), self._leaves())
        tree = usual(self.tree, _ONLY_NUMBERS)
        algebra = all(isinstance(node, MATRIX_ALGEBRA) for node in walk(tree))
        tree = without_single_sums(tree, self.shapes)
        return write(tree, self._leaves(undersets=undersets and algebra))

    @_once
    def left_entry(self, row: int | str, column: int | str) -> str:
        symbol = self.step.symbol
        if symbol is None:
            return self.right_entry(row, column).latex
        return symbol.entry(row, column, self.shape)

    @_once
    def right_entry(self, row: int | str, column: int | str) -> Written:
        """The formula of one entry in symbols, with the case that holds for it."""
        scalar = (
            generic(self.tree, self.shapes, "i", "j")
            if isinstance(row, str)
            else entry(self.tree, row, column, self.shapes)
        )
        return write(scalar, self._leaves())

    @_once
    def in_symbols(self, row: int, column: int) -> tuple[Expr, Written | None]:
        """One entry in symbols, in its usual form where there is a sum to write; not written where numbers decide."""
        scalar = entry(self.tree, row, column, self.shapes)
        scalar = usual(scalar) if contains(scalar, Total) else usual(scalar, _ONLY_NUMBERS)
        return scalar, None if _is_open(scalar) else self.written(scalar)

    @_once
    def written(self, scalar: Expr) -> Written:
        """The tree of one entry in symbols."""
        return write(scalar, self._leaves())

    @_once
    def put_in(self, row: int, column: int) -> tuple[Expr, bool]:
        """The scalar tree of one entry of the line itself, and whether numbers decide its case."""
        scalar = entry(self.step.tree, row, column, self.operands)
        return scalar, _is_open(scalar)

    @_once
    def is_decided_by_numbers(self, entries: tuple[tuple[int, int], ...]) -> bool:
        """Whether for some entry the case depends on the numbers."""
        return any(self.put_in(*at)[1] or self.in_symbols(*at)[1] is None for at in entries)

    @_once
    def is_algebra(self) -> bool:
        """Whether the line itself is matrix algebra: nothing in it is done entry by entry."""
        tree, shapes = self.step.tree, self.operands
        for node in walk(tree):
            if not isinstance(node, MATRIX_ALGEBRA):
                return False
            # arrays are not divided, and a number is not added to one
            if isinstance(node, Div) and shape_of(node, shapes) != (1, 1):
                return False
            if isinstance(node, Add | Sub) and (shape_of(node.left, shapes) == (1, 1)) != (
                shape_of(node.right, shapes) == (1, 1)
            ):
                return False
        return True

    @_once
    def apart(self) -> Chain | None:
        """The formula as an equation of its own, where it cannot begin the line with the numbers."""
        if self.step.symbol is None:
            return None
        indexed = self.indexed or self.style.by_entry
        left = self.left_entry("i", "j") if indexed else self.left().latex
        shapes = self.style.undersets and contains(self.tree, MatMul)
        right = self.right_entry("i", "j") if indexed else self.right(undersets=shapes)
        stages = [(EQUAL, right)]
        if self.step.head:
            stages.insert(0, (EQUAL, atom(self._named(indexed))))
            if _bare(stages[0][1].latex) == _bare(right.latex):
                stages.pop()
        return Chain(left, tuple(stages))

    def _named(self, indexed: bool) -> str:
        """σ(z), σ(z_i), softmax(z)_i: the function by name."""
        suffix = "_new" if self.step.id.endswith("_new") else ""
        name = f"z{self.step.layer}{suffix}"
        symbol, shape = self.style.symbols[name], self.argument
        mixes = contains(usual(self.tree), Sum)
        if shape == (1, 1):
            return f"{self.step.head}({symbol.entry(0, 0, shape)})"
        if indexed and mixes:
            return f"{self.step.head}({symbol.whole()})_{{{'ij' if min(shape) > 1 else 'i' if shape[0] > 1 else 'j'}}}"
        return f"{self.step.head}({symbol.entry('i', 'j', shape) if indexed else symbol.whole()})"

    def by_shape(self) -> tuple[Chain, ...]:
        """The line where there are no numbers: the shape under every factor, the shape of the result."""
        rows, columns = self.shape
        result = rf"\in \mathbb{{R}}^{{{rows} \times {columns}}}"
        if self.indexed or self.scalar:
            left = self.left_entry("i", "j") if self.step.symbol else ""
            right = self.right()
            chain = Chain(left, ((EQUAL, right),)) if left else Chain(right.latex, ())
            if (rows, columns) == (1, 1):
                return (chain,)
            whole = self.step.symbol.whole() if self.step.symbol else ""
            return (
                Chain(
                    chain.lhs,
                    chain.stages,
                    rf",\qquad {whole} {result}" if whole else rf"\quad ({rows} \times {columns})",
                ),
            )
        if self.step.symbol is None:
            return (
                Chain(
                    self.right(undersets=True).latex, ((r"\in", atom(rf"\mathbb{{R}}^{{{rows} \times {columns}}}")),)
                ),
            )
        left = rf"\underset{{{rows} \times {columns}}}{{{self.left().latex}}}"
        return (Chain(left, ((EQUAL, self.right(undersets=True)),)),)


def _needs_indices(tree: Expr, shapes: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a formula has a sum or cases, which are written for one entry."""
    for node in walk(usual(tree)):
        if isinstance(node, Cases):
            return True
        if isinstance(node, Fill):
            return True
        if isinstance(node, Sum | Largest):
            rows, columns = shape_of(node.arg, shapes)
            if (node.axis != "columns" and rows > 1) or (node.axis != "rows" and columns > 1):
                return True
    return False


@lru_cache(maxsize=REMEMBERED)
def with_other_forms(tree: Expr) -> tuple[Cases, ...]:
    """The parts of a tree whose formula may be written in another form."""
    found: list[Cases] = []

    def look(node: Expr) -> Expr | None:
        if isinstance(node, Cases) and node.note in _OTHER_FORMS:
            found.append(node)
        return node if isinstance(node, Cases) and node.note in _ONLY_NUMBERS else None

    rebuild(tree, look)
    return tuple(found)


@lru_cache(maxsize=REMEMBERED)
def precautions(tree: Expr) -> tuple[Compare, ...]:
    """What decides whether a part of a tree is taken in another form than usual."""
    noted = (node for node in decisions(tree) if node.note)
    return tuple(dict.fromkeys(case.when for node in noted for case in node.cases))


@lru_cache(maxsize=REMEMBERED)
def bound(tree: Expr, names: tuple[tuple[str, Expr], ...]) -> Expr:
    """The tree with operands replaced by name: always the same tree for the same parts."""
    return bind(tree, dict(names))


def _is_open(scalar: Expr) -> bool:
    return contains(scalar, Cases) and not contains(scalar, Total)


def _bare(latex: str) -> str:
    """A formula without spaces and parentheses: tanh(z) = tanh z says nothing."""
    return re.sub(r"[\s()]|\\left|\\right", "", latex)
