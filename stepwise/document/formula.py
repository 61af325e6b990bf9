"""The general formula of a quantity: over whole arrays where it is matrix algebra, else for one entry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from stepwise.document.leaves import SymbolLeaves
from stepwise.expressions import (
    Add,
    Cases,
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
    Transpose,
    contains,
    entry,
    generic,
    shape_of,
    usual,
    walk,
    without_single_sums,
)
from stepwise.notation.formulas import write
from stepwise.notation.layout import Chain
from stepwise.notation.written import Written, atom
from stepwise.trace import Quantity

if TYPE_CHECKING:
    from stepwise.document.working import Writer

MATRIX_ALGEBRA = (Ref, Const, Add, Sub, Mul, Div, Neg, MatMul, Transpose, Diag)
EQUAL, ABOUT = "=", r"\approx"


class Formula:
    """The general formula of a quantity, over whole arrays where it is matrix algebra, else for one entry."""

    def __init__(self, writer: Writer, quantity: Quantity, tree: Expr, shapes: Mapping[str, tuple[int, int]]) -> None:
        assert quantity.step is not None
        self.writer, self.quantity, self.step = writer, quantity, quantity.step
        self.tree, self.shapes = tree, shapes
        self.scalar = all(shape == (1, 1) for shape in shapes.values())
        self.indexed = not self.scalar and _needs_indices(tree, shapes)

    def _leaves(self, *, undersets: bool = False) -> SymbolLeaves:
        return SymbolLeaves(self.writer.symbols, self.shapes, undersets)

    def left(self) -> Written:
        """The left side over whole arrays: the symbol, or for a line without one its formula."""
        symbol = self.step.symbol
        if symbol is None:
            return self.right()
        return atom(symbol.entry(0, 0, (1, 1)) if self.quantity.shape == (1, 1) else symbol.whole())

    def right(self, *, undersets: bool = False) -> Written:
        """The right side, as general as `left`."""
        if self.scalar:
            return write(entry(self.tree, 0, 0, self.shapes), self._leaves())
        if self.indexed:
            return write(generic(self.tree, self.shapes, "i", "j"), self._leaves())
        algebra = all(isinstance(node, MATRIX_ALGEBRA) for node in walk(self.tree))
        tree = without_single_sums(self.tree, self.shapes)
        return write(tree, self._leaves(undersets=undersets and algebra))

    def left_entry(self, row: int | str, column: int | str) -> str:
        symbol = self.step.symbol
        if symbol is None:
            return self.right_entry(row, column).latex
        return symbol.entry(row, column, self.quantity.shape)

    def right_entry(self, row: int | str, column: int | str) -> Written:
        """The formula of one entry in symbols, with the case that holds for it."""
        scalar = (
            generic(self.tree, self.shapes, "i", "j")
            if isinstance(row, str)
            else entry(self.tree, row, column, self.shapes)
        )
        return write(scalar, self._leaves())

    def apart(self) -> Chain | None:
        """The formula as an equation of its own, where it cannot begin the line with the numbers."""
        if self.step.symbol is None:
            return None
        indexed = self.indexed or self.writer.by_entry
        left = self.left_entry("i", "j") if indexed else self.left().latex
        shapes = self.writer.undersets and contains(self.tree, MatMul)
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
        symbol = self.writer.symbols[name]
        shape = self.writer.operand(self.quantity, name).shape
        mixes = contains(usual(self.tree), Sum)
        if shape == (1, 1):
            return f"{self.step.head}({symbol.entry(0, 0, shape)})"
        if indexed and mixes:
            return f"{self.step.head}({symbol.whole()})_{{{'ij' if min(shape) > 1 else 'i' if shape[0] > 1 else 'j'}}}"
        return f"{self.step.head}({symbol.entry('i', 'j', shape) if indexed else symbol.whole()})"

    def by_shape(self) -> tuple[Chain, ...]:
        """The line where there are no numbers: the shape under every factor, the shape of the result."""
        rows, columns = self.quantity.shape
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


def _bare(latex: str) -> str:
    """A formula without spaces and parentheses: tanh(z) = tanh z says nothing."""
    return re.sub(r"[\s()]|\\left|\\right", "", latex)
