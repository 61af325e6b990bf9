"""What writes the working of a trace: it finds the operands and the formula of each line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec.structs import replace

from stepwise.derivation.model import AFTER
from stepwise.document.formula import Formula, Style, bound, precautions, with_other_forms
from stepwise.document.lines import Lines, Working
from stepwise.document.operands import Operands, Views
from stepwise.expressions import (
    Cases,
    Compare,
    Expr,
    FloatArithmetic,
    Largest,
    contains,
    evaluate,
    rebuild,
    refs,
    usual,
)
from stepwise.trace import Quantity, Trace

_FLOATS = FloatArithmetic()
FORMULAS_KEPT = 1000
"""Formulas of one derivation that are kept from page to page."""
_FEW = 1000
"""So many numbers are all asked whether they need a precaution."""
_NEAR = 0.05
"""A number may be printed on the other side of a bound, but not by such a part of it."""
SHOWN_IN_FULL = 3
"""Of more iterations than this the first ones are worked in full; the rest is a table."""


class Writer:
    """Writes the lines of one trace."""

    def __init__(self, trace: Trace, detail: str) -> None:
        self.trace = trace
        self.detail = detail
        self.views = Views(trace)
        self.steps = trace.derivation.steps
        notation = trace.problem.notation
        self._held: dict[tuple[str, Expr], Expr] = {}
        self._may: dict[tuple[Compare, int | None], bool] = {}
        self._plain: set[str] = set()
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

    def _unfolded(self, tree: Expr) -> Expr:
        """The same with every form that numbers may decide."""
        names = [name for name in refs(tree) if name not in self.symbols and name in self.steps]
        return bound(tree, tuple((name, self._unfolded(self.steps[name].tree)) for name in names)) if names else tree

    def _shapes(self, quantity: Quantity, names: Iterable[str]) -> dict[str, tuple[int, int]]:
        return {name: self.operand(quantity, name).shape for name in names}

    # ---- precautions

    def _plainly(self, quantity: Quantity) -> Quantity:
        """The quantity without the precautions of its line, where its numbers are clearly ordinary ones."""
        step = quantity.step
        assert step is not None
        if quantity.value is None or any(self._may_hold(when, quantity) for when in self._precautions(step.tree)):
            return quantity
        kept = self.trace.derivation.formulas
        found = kept.get(("plain", step.id, step.tree))
        if found is None:
            tree = usual(step.tree)
            operands = tuple(name for name in step.operands if name in refs(tree))
            found = kept["plain", step.id, step.tree] = replace(step, tree=tree, operands=operands)
        self._plain.add(quantity.id)
        return replace(quantity, step=found)

    def _precautions(self, tree: Expr) -> tuple[Compare, ...]:
        """What decides the form of a line, and of the lines inside it that have no symbol of their own."""
        kept = self.trace.derivation.formulas
        found: tuple[Compare, ...] | None = kept.get(("precautions", tree))
        if found is None:
            inside = (name for name in refs(tree) if name not in self.symbols and name in self.steps)
            listed = [
                *precautions(tree),
                *(when for name in inside for when in self._precautions(self.steps[name].tree)),
            ]
            found = kept["precautions", tree] = tuple(dict.fromkeys(listed))
        return found

    def _may_hold(self, when: Compare, quantity: Quantity) -> bool:
        """Whether a precaution may be needed somewhere; of much data that is not asked of every number."""
        key = when, quantity.iteration
        found = self._may.get(key)
        if found is None:
            numbers = {name: self.operand(quantity, name).value for name in (*refs(when.left), *refs(when.right))}
            small = all(value is not None and value.size <= _FEW for value in numbers.values())
            found = self._may[key] = not small or _nearly_holds(when, numbers)
        return found

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
        plain = quantity.id in self._plain
        tree = kept.get(("inlined", step.id, step.tree, plain))
        if tree is None:
            tree = usual(self._unfolded(step.tree)) if plain else self.inlined(step.tree, quantity)
            if plain or not self._has_other_forms(step.tree):
                kept["inlined", step.id, step.tree, plain] = tree
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
        quantity = self._plainly(quantity)
        operands = Operands(self.views, quantity, self._operands(quantity))
        return Lines(self, quantity, self._formula(quantity), operands)

    def of_one(self, quantity: Quantity, tree: Expr, factors: Sequence[Expr] = ()) -> Working:
        """The line of a single number, whose formula in symbols is `tree`; a product of `factors` has only numbers."""
        formula = self.formula(quantity, tree)
        operands = Operands(self.views, quantity, self._operands(quantity))
        lines = Lines(self, quantity, formula, operands)
        return Working((), (lines.of_one(factors),), lines.notes, operands.guard > 0)


def _holds(when: Compare, numbers: Mapping[str, Any]) -> bool:
    """Whether all numbers fulfil a condition."""
    left, right = (evaluate(side, numbers, _FLOATS) for side in (when.left, when.right))
    return bool(np.all(_FLOATS.compare(left, when.relation, right)))


def _first(value: Any, when: Compare) -> Any:
    """A part of the numbers that a condition can be asked of by itself: a row, or a column where it looks down them."""
    return value[:, :1] if isinstance(when.left, Largest) and when.left.axis == "rows" else value[:1]


def _nearly_holds(when: Compare, numbers: Mapping[str, Any]) -> bool:
    """Whether a condition holds somewhere, or nearly."""
    left, right = (evaluate(side, numbers, _FLOATS) for side in (when.left, when.right))
    room = left - right if when.relation in (">", ">=") else right - left
    # what is no number may need anything
    return not bool(np.all(room < -_NEAR * np.abs(right)))
