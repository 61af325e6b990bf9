"""The lines of one quantity: the formula in symbols, the numbers put in, the result, as chains of equations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stepwise.document.formula import ABOUT, EQUAL, Formula
from stepwise.document.holes import unmarked
from stepwise.document.leaves import NumberLeaves, View
from stepwise.document.operands import Operands
from stepwise.expressions import Compare, Expr, MatMul, Ref, Settled, contains, leaves, settle
from stepwise.notation.formulas import product_of, write, write_condition
from stepwise.notation.layout import PAGE_WIDTH, Chain
from stepwise.notation.matrices import bmatrix, cells
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom
from stepwise.trace import Quantity

if TYPE_CHECKING:
    from stepwise.document.working import Writer


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

    @property
    def by_series(self) -> bool:
        return self.settled is not None and "series" in self.settled.notes

    @property
    def put_in_otherwise(self) -> bool:
        """Whether the numbers are put into another form than the one that is written in symbols."""
        return self.settled is not None and "sure" in self.settled.notes


class Lines:
    """The lines with numbers of one quantity."""

    def __init__(self, writer: Writer, quantity: Quantity, formula: Formula, operands: Operands) -> None:
        assert quantity.step is not None
        self.writer, self.quantity, self.formula, self.operands = writer, quantity, formula, operands
        self.tree = quantity.step.tree
        self.full = writer.full(quantity)
        self.decisions = self._decisions()
        """By entry, what the numbers decided, where they had to (the case of a ReLU)."""
        # e^{−26} beside 26 is not nothing, however many digits are compared
        otherwise = any(one.put_in_otherwise for one in self.decisions.values())
        self.relation = EQUAL if operands.exact and not otherwise else ABOUT

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
        listed = not one and (by_entry or self._has_conditions() or self._in_several_forms or not self._fits())
        has_parts = self.formula.tree != self.held
        general = step.role != "new" if by_entry else True
        apart = bool(step.head) or (self.formula.indexed and not one) or (has_parts and general)
        apart = apart or (listed and not by_entry)
        formula = self.formula.apart() if apart else None
        alone = () if formula is None else (_about(formula, -1) if self._by_series else formula,)
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
        chain = Chain(left.latex, _without_repeats(stages), conditions, left)
        return self._nearly(chain, self.decisions.values())

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
        chain = Chain(left.latex, _without_repeats(stages), self._conditions(row, column), left)
        decision = self.decisions.get((row, column))
        return chain if decision is None else self._nearly(chain, [decision])

    @property
    def _in_several_forms(self) -> bool:
        """Whether a line that has only its formula for a name would name some entries by the formula of others."""
        notes = {one.settled.notes if one.settled else frozenset() for one in self.decisions.values()}
        return self.quantity.step is not None and self.quantity.step.symbol is None and len(notes) > 1

    @property
    def _by_series(self) -> bool:
        """Whether all numbers needed the terms of a series instead of the formula, which shows them."""
        return bool(self.decisions) and all(
            one.by_series and not one.put_in_otherwise for one in self.decisions.values()
        )

    def _nearly(self, chain: Chain, decisions: Iterable[Decision]) -> Chain:
        """The chain with ≈ before the terms of a series: in symbols, or where the numbers are put in."""
        series = [one for one in decisions if one.by_series]
        if not series:
            return chain
        return _about(chain, max(0, len(chain.stages) - 2) if any(one.put_in_otherwise for one in series) else 0)

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
        if (row, column) in self.decisions and self.decisions[row, column].put_in_otherwise:
            return ABOUT
        view = self.operands.result
        at = view.rows[row], view.columns[column]
        unrounded = self.quantity.unrounded
        kept = bool(unrounded[row, column]) if unrounded is not None else bool(view.printed.exact[at])
        redone = self.operands.redone
        again = redone is None or abs(redone[at] - view.printed.values[at]) <= 1e-12 * abs(view.printed.values[at])
        if not kept or not again or self.operands.loses_a_term_at(row, column):
            return ABOUT
        long = self.operands.has_long and self.operands.has_long_at(row, column)
        return EQUAL if not long or self.operands.is_exactly_at(row, column) else ABOUT

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


def _about(chain: Chain, stage: int) -> Chain:
    """The chain with ≈ before a stage: the terms of a series are nearly what they stand for, and not the same."""
    stages = list(chain.stages)
    stages[stage] = (ABOUT, stages[stage][1])
    return replace(chain, stages=tuple(stages))


def _without_repeats(stages: list[tuple[str, Written]]) -> tuple[tuple[str, Written], ...]:
    """`= 1 = 1` says the same thing twice."""
    kept: list[tuple[str, Written]] = []
    for relation, written in stages:
        if kept and unmarked(kept[-1][1].latex) == unmarked(written.latex):
            kept.pop()
        kept.append((relation, written))
    return tuple(kept)
