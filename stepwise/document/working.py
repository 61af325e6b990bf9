"""The working of one line: its formula, the numbers put in, its result, as chains of equations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stepwise.derivation.model import AFTER
from stepwise.document.formula import ABOUT, EQUAL, MATRIX_ALGEBRA, Formula
from stepwise.document.leaves import NumberLeaves, SymbolLeaves
from stepwise.document.operands import Operands, Views
from stepwise.expressions import (
    Add,
    Cases,
    Compare,
    Div,
    Expr,
    FloatArithmetic,
    MatMul,
    Ref,
    Sub,
    Total,
    bind,
    contains,
    entry,
    evaluate,
    leaves,
    rebuild,
    refs,
    settle,
    usual,
    walk,
)
from stepwise.notation.formulas import product_of, write, write_condition
from stepwise.notation.layout import PAGE_WIDTH, Chain
from stepwise.notation.matrices import bmatrix, cells
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom, number
from stepwise.trace import Quantity, Trace

_OTHER_FORMS = ("shifted", "other_form")
_FLOATS = FloatArithmetic()
SHOWN_IN_FULL = 3
"""Of more iterations than this the first ones are worked in full; the rest is a table."""


@dataclass(frozen=True)
class Working:
    """What is written for one quantity: the general formula (where it stands apart), then the numbers."""

    formula: tuple[Chain, ...]
    lines: tuple[Chain, ...]
    notes: frozenset[str] = frozenset()
    guarded: bool = False
    """Whether operands were printed with more digits than their results."""
    row_length: int = 1
    """How many lines belong to one row of the quantity, where they are listed entry by entry."""


class Writer:
    """Writes the lines of one trace."""

    def __init__(self, trace: Trace, detail: str) -> None:
        self.trace = trace
        self.detail = detail
        self.views = Views(trace)
        self.steps = trace.derivation.steps
        notation = trace.problem.notation
        self.by_entry = notation.style == "elementwise"
        self.product = notation.product
        self.undersets = trace.problem.layout == "row"
        self.symbols = {
            name: symbol
            for name, symbol in (
                *((name, given.symbol) for name, given in trace.derivation.givens.items()),
                *((name, step.symbol) for name, step in self.steps.items()),
            )
            if symbol is not None
        }

    def full(self, quantity: Quantity) -> bool:
        """Whether the numbers are put in; after a long run the last forward pass is only summed up."""
        long_run = quantity.phase == AFTER and self.trace.iterations > SHOWN_IN_FULL
        summed_up = long_run and quantity.step is not None and quantity.step.role != "reduced_loss"
        return self.detail == "full" and not summed_up

    # ---- operands

    def operand(self, quantity: Quantity, name: str) -> Quantity:
        """The quantity that `name` is in the iteration of `quantity`."""
        prefixed = f"t{quantity.iteration}.{name}"
        return self.trace.quantities.get(prefixed) or self.trace.quantities[name]

    def number(self, quantity: Quantity, name: str, row: int, column: int) -> float:
        """One number of an operand, unrounded."""
        value = self.operand(quantity, name).value
        assert value is not None
        return float(value[row, column])

    def _operands(self, quantity: Quantity) -> dict[str, Quantity]:
        assert quantity.step is not None
        return {name: self.operand(quantity, name) for name in quantity.step.operands}

    def held(self, tree: Expr, quantity: Quantity) -> Expr:
        """The tree in the form that all numbers needed: e^{z − max z} where e^z would overflow."""

        def change(node: Expr) -> Expr | None:
            if not isinstance(node, Cases) or node.note not in _OTHER_FORMS or quantity.value is None:
                return None
            for case in node.cases:
                names = [*refs(case.when.left), *refs(case.when.right)]
                numbers = {name: self.operand(quantity, name).value for name in names}
                sides = [evaluate(side, numbers, _FLOATS) for side in (case.when.left, case.when.right)]
                if np.all(_FLOATS.compare(sides[0], case.when.relation, sides[1])):
                    return self.held(case.value, quantity)
            return None

        changed: Expr = rebuild(tree, change)
        return changed

    def inlined(self, tree: Expr, quantity: Quantity) -> Expr:
        """The formula with the lines that have no symbol of their own written out."""
        tree = self.held(tree, quantity)
        names = {
            node.name: self.inlined(self.steps[node.name].tree, quantity)
            for node in walk(tree)
            if isinstance(node, Ref) and node.name not in self.symbols
        }
        return bind(tree, dict(names)) if names else tree

    def _shapes(self, quantity: Quantity, tree: Expr) -> dict[str, tuple[int, int]]:
        return {name: self.operand(quantity, name).shape for name in refs(tree)}

    # ---- one quantity

    def working(self, quantity: Quantity) -> Working:
        """Formula, numbers put in and result of one computed quantity."""
        assert quantity.step is not None
        tree = self.inlined(quantity.step.tree, quantity)
        shapes = self._shapes(quantity, tree)
        formula = Formula(self, quantity, tree, shapes)
        if quantity.value is None:
            return Working(formula.by_shape(), ())
        operands = Operands(self.views, quantity, self._operands(quantity))
        lines = _Lines(self, quantity, formula, operands)
        apart, chains = lines.chains()
        row_length = len(operands.result.columns)
        return Working(apart, chains, frozenset(lines.notes), operands.guard > 0, row_length)

    def of_one(self, quantity: Quantity, tree: Expr, factors: Sequence[Expr] = ()) -> Working:
        """The line of a single number, whose formula in symbols is `tree`; a product of `factors` has only numbers."""
        formula = Formula(self, quantity, tree, self._shapes(quantity, tree))
        operands = Operands(self.views, quantity, self._operands(quantity))
        lines = _Lines(self, quantity, formula, operands)
        return Working((), (lines.of_one(factors),), frozenset(lines.notes), operands.guard > 0)


class _Lines:
    """The lines with numbers of one quantity."""

    def __init__(self, writer: Writer, quantity: Quantity, formula: Formula, operands: Operands) -> None:
        assert quantity.step is not None
        self.writer, self.quantity, self.formula, self.operands = writer, quantity, formula, operands
        self.tree = quantity.step.tree
        self.full = writer.full(quantity)
        self.numbers = NumberLeaves(operands.views, writer.product)
        self.notes: set[str] = set()
        self.relation = EQUAL if operands.exact else ABOUT
        self._substituted = {at: self._substitution(*at) for at in operands.entries()}

    def chains(self) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
        """The formula that stands apart, and the lines."""
        step = self.quantity.step
        assert step is not None
        one, by_entry = self.quantity.shape == (1, 1), self.writer.by_entry
        listed = not one and (by_entry or self._has_conditions() or not self._fits())
        has_parts = self.formula.tree != self.writer.held(self.tree, self.quantity)
        general = step.role != "new" if by_entry else True
        apart = bool(step.head) or (self.formula.indexed and not one) or (has_parts and general)
        apart = apart or (listed and not by_entry)
        formula = self.formula.apart() if apart else None
        alone = () if formula is None else (formula,)
        if listed:
            entries = tuple(self._entry_chain(*at) for at in self.operands.entries())
            # of a Jacobian everybody wants to see the matrix
            whole = step.role == "jacobian" and not by_entry
            matrix = (Chain(self.formula.left().latex, ((self.relation, self.operands.result.latex()),)),)
            return alone, entries + matrix if whole else entries
        return alone, (self._whole_chain(formula_stage=formula is None or by_entry),)

    # ---- the whole array in one equation

    def _whole_chain(self, *, formula_stage: bool) -> Chain:
        if self.writer.by_entry:
            return self._entry_chain(0, 0)
        stages: list[tuple[str, Written]] = []
        if formula_stage and self.quantity.step and self.quantity.step.symbol is not None:
            shapes = self.writer.undersets and contains(self.tree, MatMul)
            stages.append((EQUAL, self.formula.right(undersets=shapes)))
        if self.full:
            stages += self._put_in()
        stages.append((self.relation, self.operands.result.latex()))
        conditions = self._conditions(0, 0) if self.quantity.shape == (1, 1) else ""
        left = self.formula.left()
        return Chain(left.latex, _without_repeats(stages), conditions, left)

    def _put_in(self) -> list[tuple[str, Written]]:
        stages = []
        scalar = all(view.quantity.shape == (1, 1) for view in self.operands.views.values())
        algebra = all(isinstance(node, MATRIX_ALGEBRA) for node in walk(self.tree)) and not _entry_by_entry(
            self.tree, self.numbers
        )
        if algebra and not scalar and not isinstance(self.tree, Ref):
            stages.append((EQUAL, write(self.tree, self.numbers)))
        rows, columns = self.quantity.shape
        if (rows, columns) == (1, 1):
            stages.append((EQUAL, self._substituted[0, 0][0]))
        elif not isinstance(self.tree, Ref):
            texts = {at: written.latex for at, (written, _) in self._substituted.items()}
            stages.append((EQUAL, atom(bmatrix(cells(rows, columns, lambda i, j: texts[i, j])))))
        return stages

    def _fits(self) -> bool:
        """Whether the matrix of written-out entries fits the page."""
        if not self.full or isinstance(self.tree, Ref):
            return True
        rows, columns = self.quantity.shape
        texts = {at: written.latex for at, (written, _) in self._substituted.items()}
        left = width(self.formula.left().latex)
        room = PAGE_WIDTH - (left if left <= PAGE_WIDTH / 2 else 1.0) - 1.6
        stages = [written for _, written in self._put_in()]
        return all(width(written.latex) <= room for written in stages) and bool(
            width(bmatrix(cells(rows, columns, lambda i, j: texts[i, j]))) <= room
        )

    # ---- entry by entry

    def of_one(self, factors: Sequence[Expr]) -> Chain:
        """A single number: symbol, formula, numbers put in, result."""
        chain = self._entry_chain(0, 0)
        if not factors or not self.full:
            return chain
        return replace(chain, stages=((EQUAL, product_of(factors, self.numbers)), chain.stages[-1]))

    def _entry_chain(self, row: int, column: int) -> Chain:
        stages: list[tuple[str, Written]] = []
        step = self.quantity.step
        assert step is not None
        if self.writer.by_entry and step.symbol is not None:
            stages.append((EQUAL, self._symbols(row, column)))
        if self.full:
            stages.append((EQUAL, self._substituted[row, column][0]))
        stages.append((self._relation(row, column), number(self.operands.result.text(row, column))))
        left = atom(self.formula.left_entry(row, column)) if step.symbol else self._symbols(row, column)
        return Chain(left.latex, _without_repeats(stages), self._conditions(row, column), left)

    def _symbols(self, row: int, column: int) -> Written:
        """The entry in symbols, with the case that holds for it; a long sum is cut."""
        scalar = entry(self.formula.tree, row, column, self.formula.shapes)
        scalar = usual(scalar) if contains(scalar, Total) else _without_clipping(scalar)
        if contains(scalar, Cases) and not contains(scalar, Total):
            numbers = {
                node: self.writer.number(self.quantity, node.name, int(node.row), int(node.column))
                for node in leaves(scalar)
            }
            scalar = settle(scalar, numbers).tree
        return write(scalar, SymbolLeaves(self.writer.symbols, self.formula.shapes))

    def _relation(self, row: int, column: int) -> str:
        """= or ≈ for one entry."""
        if self.relation == EQUAL:
            return EQUAL
        view = self.operands.result
        at = view.rows[row], view.columns[column]
        unrounded = self.quantity.unrounded
        kept = bool(unrounded[row, column]) if unrounded is not None else bool(view.printed.exact[at])
        redone = self.operands.redone
        again = redone is None or abs(redone[at] - view.printed.values[at]) <= 1e-12 * abs(view.printed.values[at])
        return EQUAL if kept and again and not self.operands.loses_a_term else ABOUT

    def _substitution(self, row: int, column: int) -> tuple[Written, tuple[Compare, ...]]:
        """One entry with the numbers put in, and the conditions that decided its case."""
        scalar = entry(self.tree, row, column, self.operands.shapes)
        if contains(scalar, Cases) and not contains(scalar, Total):
            settled = settle(scalar, self.operands.numbers(leaves(scalar)))
            self.notes |= settled.notes
            return write(settled.tree, self.numbers), settled.conditions
        return write(scalar, self.numbers), ()

    def _has_conditions(self) -> bool:
        return any(conditions for _, conditions in self._substituted.values())

    def _conditions(self, row: int, column: int) -> str:
        conditions = self._substituted[row, column][1]
        if not conditions or not self.full:
            return ""
        return rf"\quad ({write_condition(conditions[-1], self.numbers)})"


def _without_clipping(tree: Expr) -> Expr:
    """In symbols a clipped probability keeps its letter; the number put in is the clipped one."""

    def change(node: Expr) -> Expr | None:
        return node.otherwise if isinstance(node, Cases) and node.note == "clipped" else None

    changed: Expr = rebuild(tree, change)
    return changed


def _entry_by_entry(tree: Expr, numbers: NumberLeaves) -> bool:
    """Whether arrays are divided, or a number is added to one, which matrices have no sign for."""
    for node in walk(tree):
        if isinstance(node, Div) and not numbers.is_scalar(node):
            return True
        if isinstance(node, Add | Sub) and numbers.is_scalar(node.left) != numbers.is_scalar(node.right):
            return True
    return False


def _without_repeats(stages: list[tuple[str, Written]]) -> tuple[tuple[str, Written], ...]:
    """`= 1 = 1` says the same thing twice."""
    kept: list[tuple[str, Written]] = []
    for relation, written in stages:
        if kept and kept[-1][1].latex == written.latex:
            kept.pop()
        kept.append((relation, written))
    return tuple(kept)
