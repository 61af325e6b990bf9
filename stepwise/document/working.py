"""The working of one line: its formula, the numbers put in, its result, as chains of equations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from stepwise.derivation.model import AFTER
from stepwise.document.formula import ABOUT, EQUAL, Formula, Style, bound, with_other_forms
from stepwise.document.holes import unmarked
from stepwise.document.leaves import NumberLeaves, View
from stepwise.document.operands import Operands, Views
from stepwise.expressions import (
    Cases,
    Compare,
    Expr,
    FloatArithmetic,
    Largest,
    MatMul,
    Ref,
    Settled,
    contains,
    evaluate,
    leaves,
    rebuild,
    refs,
    settle,
)
from stepwise.notation.formulas import product_of, write, write_condition
from stepwise.notation.layout import PAGE_WIDTH, Chain
from stepwise.notation.matrices import bmatrix, cells
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom
from stepwise.trace import Quantity, Trace

_FLOATS = FloatArithmetic()
FORMULAS_KEPT = 1000
"""Formulas of one derivation that are kept from page to page."""
SHOWN_IN_FULL = 3
"""Of more iterations than this the first ones are worked in full; the rest is a table."""


class Working(Struct, frozen=True):
    """What is written for one quantity: the general formula (where it stands apart), then the numbers."""

    formula: tuple[Chain, ...]
    lines: tuple[Chain, ...]
    notes: frozenset[str] = frozenset()
    guarded: bool = False
    """Whether operands were printed with more digits than their results."""
    row_length: int = 1
    """How many lines belong to one row of the quantity, where they are listed entry by entry."""


class Decision(Struct, frozen=True):
    """What the numbers of one entry decided: its case with the numbers put in, and in symbols (None: nothing)."""

    settled: Settled | None
    symbols: Expr | None


class Writer:
    """Writes the lines of one trace."""

    def __init__(self, trace: Trace, detail: str) -> None:
        self.trace = trace
        self.detail = detail
        self.views = Views(trace)
        self.steps = trace.derivation.steps
        notation = trace.problem.notation
        self._held: dict[tuple[str, Expr], Expr] = {}
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
        quantities = self.trace.quantities
        if quantity.iteration is None:
            # what several iterations left was made of what is in the last of them
            return quantities.get(name) or quantities[f"t{self.trace.iterations}.{name}"]
        return quantities.get(f"t{quantity.iteration}.{name}") or quantities[name]

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
        if quantity.value is None or not contains(tree, Cases):
            return tree
        found = self._held.get((quantity.id, tree))
        if found is None:
            found = self._held[quantity.id, tree] = self._in_needed_form(tree, quantity)
        return found

    def _in_needed_form(self, tree: Expr, quantity: Quantity) -> Expr:
        needed = {node: form for node in with_other_forms(tree) if (form := self._needed(node, quantity)) is not None}
        if not needed:
            return tree

        def change(node: Expr) -> Expr | None:
            return self.held(needed[node], quantity) if node in needed else None

        changed: Expr = rebuild(tree, change)
        return changed

    def _needed(self, node: Cases, quantity: Quantity) -> Expr | None:
        """The form that all numbers needed instead of the usual one."""
        for case in node.cases:
            names = [*refs(case.when.left), *refs(case.when.right)]
            numbers = {name: self.operand(quantity, name).value for name in names}
            # of many samples one that does not need it is enough, and the first one nearly always is that
            if len(names) == 1 and not _holds(case.when, {names[0]: _first(numbers[names[0]], case.when)}):
                continue
            if _holds(case.when, numbers):
                return case.value
        return None

    def inlined(self, tree: Expr, quantity: Quantity) -> Expr:
        """The formula with the lines that have no symbol of their own written out."""
        tree = self.held(tree, quantity)
        names = [name for name in refs(tree) if name not in self.symbols and name in self.steps]
        if not names:
            return tree
        return bound(tree, tuple((name, self.inlined(self.steps[name].tree, quantity)) for name in names))

    def _shapes(self, quantity: Quantity, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        return {name: self.operand(quantity, name).shape for name in names}

    # ---- one quantity

    def formula(self, quantity: Quantity, tree: Expr) -> Formula:
        """The formula of a quantity, which in symbols is `tree`."""
        step = quantity.step
        assert step is not None
        argument = f"z{step.layer}{'_new' if step.id.endswith('_new') else ''}"
        shape = self.operand(quantity, argument).shape if step.head else (1, 1)
        style = Style(self.symbols, self.by_entry, self.undersets)
        shapes, operands = self._shapes(quantity, refs(tree)), self._shapes(quantity, step.operands)
        return Formula(style, step, quantity.shape, tree, shapes, operands, shape)

    def _formula(self, quantity: Quantity) -> Formula:
        """The same for a line of the derivation, whose formulas are kept for the next page."""
        step = quantity.step
        assert step is not None
        kept = self.trace.derivation.formulas
        # a path has lines of its own under the ids of others
        tree = kept.get(("inlined", step.id, step.tree))
        if tree is None:
            tree = self.inlined(step.tree, quantity)
            if not self._has_other_forms(step.tree):
                kept["inlined", step.id, step.tree] = tree
        shapes = self._shapes(quantity, (*refs(tree), *step.operands))
        key = (step.id, self.by_entry, tree, quantity.shape, tuple(shapes.values()))
        found: Formula | None = kept.get(key)
        if found is None:
            if len(kept) >= FORMULAS_KEPT:
                kept.clear()
            found = kept[key] = self.formula(quantity, tree)
        return found

    def _has_other_forms(self, tree: Expr) -> bool:
        """Whether numbers decide in which form a formula is written."""
        if with_other_forms(tree):
            return True
        inside = (name for name in refs(tree) if name not in self.symbols and name in self.steps)
        return any(self._has_other_forms(self.steps[name].tree) for name in inside)

    def working(self, quantity: Quantity) -> Working:
        """Formula, numbers put in and result of one computed quantity."""
        if quantity.value is None:
            return Working(self._formula(quantity).by_shape(), ())
        return self.lines(quantity).working()

    def lines(self, quantity: Quantity) -> Lines:
        """The lines with numbers of one computed quantity."""
        operands = Operands(self.views, quantity, self._operands(quantity))
        return Lines(self, quantity, self._formula(quantity), operands)

    def of_one(self, quantity: Quantity, tree: Expr, factors: Sequence[Expr] = ()) -> Working:
        """The line of a single number, whose formula in symbols is `tree`; a product of `factors` has only numbers."""
        formula = self.formula(quantity, tree)
        operands = Operands(self.views, quantity, self._operands(quantity))
        lines = Lines(self, quantity, formula, operands)
        return Working((), (lines.of_one(factors),), lines.notes, operands.guard > 0)


class Lines:
    """The lines with numbers of one quantity."""

    def __init__(self, writer: Writer, quantity: Quantity, formula: Formula, operands: Operands) -> None:
        assert quantity.step is not None
        self.writer, self.quantity, self.formula, self.operands = writer, quantity, formula, operands
        self.tree = quantity.step.tree
        self.full = writer.full(quantity)
        self.decisions = self._decisions()
        """By entry, what the numbers decided, where they had to (the case of a ReLU)."""
        self.relation = EQUAL if operands.exact else ABOUT

    @cached_property
    def held(self) -> Expr:
        """The line in the form that all numbers needed."""
        return self.writer.held(self.tree, self.quantity)

    @cached_property
    def numbers(self) -> NumberLeaves:
        """How the operands are written where numbers are put in."""
        return NumberLeaves(self.operands.views, self.writer.product)

    def with_views(self, views: Sequence[View]) -> Lines:
        """The same lines of other views of the operands, in their order, and of the result."""
        found, operands = copy(self), copy(self.operands)
        operands.views, operands.result = dict(zip(operands.views, views, strict=False)), views[-1]
        found.operands = operands
        found.__dict__.pop("numbers", None)
        return found

    @cached_property
    def _substituted(self) -> dict[tuple[int, int], tuple[Written, tuple[Compare, ...]]]:
        return {at: self._substitution(*at) for at in self.operands.entries()}

    @property
    def relations(self) -> tuple[str, ...]:
        """= or ≈ before the whole result, and before each of its entries."""
        if self.relation == EQUAL:
            return (EQUAL,)
        return (ABOUT, *(self._relation(*at) for at in self.operands.entries()))

    @property
    def notes(self) -> frozenset[str]:
        """The precautions that the numbers needed."""
        return frozenset().union(*(one.settled.notes for one in self.decisions.values() if one.settled))

    def _decisions(self) -> Mapping[tuple[int, int], Decision]:
        entries = self.operands.entries()
        if not self.formula.is_decided_by_numbers(entries):
            return {}
        return {at: self._decision(*at) for at in entries}

    def _decision(self, row: int, column: int) -> Decision:
        scalar, is_open = self.formula.put_in(row, column)
        settled = settle(scalar, self.operands.numbers(leaves(scalar))) if is_open else None
        general, written = self.formula.in_symbols(row, column)
        if written is not None:
            return Decision(settled, None)
        numbers = {
            node: self.writer.number(self.quantity, node.name, int(node.row), int(node.column))
            for node in leaves(general)
        }
        return Decision(settled, settle(general, numbers).tree)

    def working(self) -> Working:
        """The lines as chains, and what is to be said of them."""
        apart, chains = self.chains()
        row_length = len(self.operands.result.columns)
        return Working(apart, chains, self.notes, self.operands.guard > 0, row_length)

    def chains(self) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
        """The formula that stands apart, and the lines."""
        step = self.quantity.step
        assert step is not None
        one, by_entry = self.quantity.shape == (1, 1), self.writer.by_entry
        listed = not one and (by_entry or self._has_conditions() or not self._fits())
        has_parts = self.formula.tree != self.held
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
            stages += self._put_in
        stages.append((self.relation, self.operands.result.latex()))
        conditions = self._conditions(0, 0) if self.quantity.shape == (1, 1) else ""
        left = self.formula.left()
        return Chain(left.latex, _without_repeats(stages), conditions, left)

    @cached_property
    def _put_in(self) -> list[tuple[str, Written]]:
        stages = []
        scalar = all(view.quantity.shape == (1, 1) for view in self.operands.views.values())
        rows, columns = self.quantity.shape
        single = (rows, columns) == (1, 1)
        if not scalar and not isinstance(self.tree, Ref) and self.formula.is_algebra():
            product = write(self.tree, self.numbers)
            # a row times a column that is too wide is left to the sum it stands for, which can be broken
            if not single or width(product.latex) <= self._room:
                stages.append((EQUAL, product))
        if single:
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
        stages = [written for _, written in self._put_in]
        return all(width(written.latex) <= self._room for written in stages) and bool(
            width(bmatrix(cells(rows, columns, lambda i, j: texts[i, j]))) <= self._room
        )

    @cached_property
    def _room(self) -> float:
        """How wide a matrix beside the left side may be."""
        left = width(self.formula.left().latex)
        return PAGE_WIDTH - (left if left <= PAGE_WIDTH / 2 else 1.0) - 1.6

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
        stages.append((self._relation(row, column), self.operands.result.written(row, column)))
        left = atom(self.formula.left_entry(row, column)) if step.symbol else self._symbols(row, column)
        return Chain(left.latex, _without_repeats(stages), self._conditions(row, column), left)

    def _symbols(self, row: int, column: int) -> Written:
        """The entry in symbols, with the case that holds for it; a long sum is cut."""
        written = self.formula.in_symbols(row, column)[1]
        if written is None:
            chosen = self.decisions[row, column].symbols
            assert chosen is not None
            written = self.formula.written(chosen)
        return written

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
        if not kept or not again or self.operands.loses_a_term:
            return ABOUT
        return EQUAL if not self.operands.has_long or self.operands.is_exactly_at(row, column) else ABOUT

    def _substitution(self, row: int, column: int) -> tuple[Written, tuple[Compare, ...]]:
        """One entry with the numbers put in, and the conditions that decided its case."""
        scalar, is_open = self.formula.put_in(row, column)
        settled = self.decisions[row, column].settled if is_open else None
        if settled is None:
            return write(scalar, self.numbers), ()
        return write(settled.tree, self.numbers), settled.conditions

    def _has_conditions(self) -> bool:
        return any(conditions for _, conditions in self._substituted.values())

    def _conditions(self, row: int, column: int) -> str:
        conditions = self._substituted[row, column][1]
        if not conditions or not self.full:
            return ""
        return rf"\quad ({write_condition(conditions[-1], self.numbers)})"


def _without_repeats(stages: list[tuple[str, Written]]) -> tuple[tuple[str, Written], ...]:
    """`= 1 = 1` says the same thing twice."""
    kept: list[tuple[str, Written]] = []
    for relation, written in stages:
        if kept and unmarked(kept[-1][1].latex) == unmarked(written.latex):
            kept.pop()
        kept.append((relation, written))
    return tuple(kept)


def _holds(when: Compare, numbers: Mapping[str, Any]) -> bool:
    """Whether all numbers fulfil a condition."""
    left, right = (evaluate(side, numbers, _FLOATS) for side in (when.left, when.right))
    return bool(np.all(_FLOATS.compare(left, when.relation, right)))


def _first(value: Any, when: Compare) -> Any:
    """A part of the numbers that a condition can be asked of by itself: a row, or a column where it looks down them."""
    return value[:, :1] if isinstance(when.left, Largest) and when.left.axis == "rows" else value[:1]
