"""The working of one line in letters or exact forms: its formula, one level of it written out, what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec.structs import replace

from stepwise.document.form_leaves import FormLeaves, typed
from stepwise.document.formula import ABOUT, EQUAL, Formula
from stepwise.document.lines import Working
from stepwise.document.working import Writer
from stepwise.expressions import (
    Cases,
    Const,
    Entry,
    Expr,
    contains,
    entry,
    leaves,
    rebuild,
    refs,
    settle,
    usual,
    walk,
)
from stepwise.expressions.fold import folded, rational_of
from stepwise.expressions.from_sympy import number_text
from stepwise.expressions.symbolic import approximation
from stepwise.notation.formulas import write
from stepwise.notation.layout import PAGE_WIDTH, Chain
from stepwise.notation.letters import is_letter, letter_latex
from stepwise.notation.matrices import bmatrix, cells, places
from stepwise.notation.numbers import number_latex, print_array
from stepwise.notation.symbols import Gradient, Letters, Partial, Symbol, below
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom, number
from stepwise.trace import Quantity, Trace

SHORT = 8.0
"""A number in exact form that is no wider than this (in em) is put in as it is; a longer one keeps its symbol."""
MOST_LEAVES = 400
"""An expression with more letters and numbers than this is not written out to the end."""


class FormWriter(Writer):
    """Writes the lines of a trace in letters or exact forms; `expand`: everything down to what is given."""

    def __init__(self, trace: Trace, detail: str, *, expand: bool) -> None:
        super().__init__(trace, detail)
        self.expand = expand
        self._times = Counter(
            str(text)
            for quantity in trace.quantities.values()
            if quantity.texts is not None and quantity.iteration is None
            for text in quantity.texts.flat
            if is_letter(str(text))
        )
        self.symbols = {name: self._lettered(name, symbol) for name, symbol in self.symbols.items()}
        self.approximate = trace.arithmetic == "forms" and not trace.problem.has_letters
        self._full: dict[tuple[str, Entry], Expr | None] = {}

    def _lettered(self, name: str, symbol: Symbol) -> Symbol:
        """Gradients and new values of a letter are written with that letter."""
        for kind in ("data_d", "d"):
            if isinstance(symbol, Gradient | Partial) and name.startswith(kind):
                letters = self._letters(name.removeprefix(kind), symbol)
                return symbol if letters is None else below(symbol, letters)
        if name.endswith("_new"):
            letters = self._letters(name.removesuffix("_new"), symbol)
            return symbol if letters is None else replace(letters, upper=(r"\mathrm{new}",))
        return symbol

    def _letters(self, name: str, symbol: Symbol) -> Letters | None:
        given = self.trace.quantities.get(name)
        if given is None or not given.given or given.texts is None:
            return None
        # a letter that stands in several places has several derivatives: those are named by their places
        cells = [[letter_latex(str(t)) if self._times[str(t)] == 1 else None for t in row] for row in given.texts]
        if not any(cell for row in cells for cell in row):
            return None
        return Letters(given.symbol or symbol, tuple(map(tuple, cells)))

    def held(self, tree: Expr, quantity: Quantity) -> Expr:
        """Letters cannot overflow: every formula in its usual form."""
        return usual(tree)

    @cached_property
    def decimals(self) -> bool:
        """Whether numbers are written as decimals where they end: as those of the file are."""
        problem = self.trace.problem
        givens = (problem.inputs, problem.labels, *problem.weights, *(problem.biases or ()))
        texts = [str(text) for given in givens if given and given.texts is not None for text in given.texts.flat]
        return any("." in text for text in texts) or (problem.lr is not None and "." in problem.lr.text)

    def _folded(self, tree: Expr) -> Expr:
        return folded(tree, decimals=self.decimals, letters=self.trace.arithmetic == "letters")

    def number(self, quantity: Quantity, name: str, row: int, column: int) -> float:
        """One number of an operand, as a decimal one."""
        value = self.operand(quantity, name).value
        assert value is not None
        return float(approximation(value[row, column]))

    def latex_of(self, quantity: Quantity) -> str:
        """A given quantity as a matrix of letters and numbers."""
        rows, columns = quantity.shape

        def cell(row: int, column: int) -> str:
            text = None if quantity.texts is None else str(quantity.texts[row, column])
            if text is None:
                known = self._number_left(quantity, row, column)
                return number_latex(known) if known is not None else self.placed(quantity, row, column, quantity.symbol)
            return letter_latex(text) if is_letter(text) else number_latex(text, typed=True)

        return cell(0, 0) if quantity.shape == (1, 1) else bmatrix(cells(rows, columns, cell))

    def working(self, quantity: Quantity) -> Working:
        """Formula and lines of one computed quantity."""
        assert quantity.step is not None
        tree = self.inlined(quantity.step.tree, quantity)
        formula = self.formula(quantity, tree)
        one = quantity.shape == (1, 1)
        apart = bool(quantity.step.head) or (not one and (formula.indexed or not self.by_entry))
        alone = formula.apart() if apart else None
        rows, columns = quantity.shape
        shown = [
            (i, j) for i in places(rows, columns) for j in places(columns, rows) if i is not None and j is not None
        ]
        lines = tuple(
            self._line(quantity, formula, row, column, named=alone is None or not one) for row, column in shown
        )
        return Working(
            () if alone is None else (alone,), lines, row_length=sum(j is not None for j in places(columns, rows))
        )

    # ---- one entry

    def _line(self, quantity: Quantity, formula: Formula, row: int, column: int, *, named: bool) -> Chain:
        assert quantity.step is not None
        stages: list[tuple[str, Written]] = []
        symbols = self._settled(usual(entry(formula.tree, row, column, formula.shapes)), quantity)
        symbol = self.symbols.get(quantity.name)
        left = self._written(symbols, quantity) if symbol is None else atom(symbol.entry(row, column, quantity.shape))
        if named and symbol is not None:
            stages.append((EQUAL, self._written(symbols, quantity)))
        place = Entry(quantity.name, row, column)
        put_in = list(self._put_in(symbols, quantity, place, left))
        shown = put_in if self.detail == "full" else put_in[-1:]
        stages += [(EQUAL, self._written(tree, quantity)) for tree in shown]
        if self.approximate:
            stages += self._rounded(quantity, row, column)
        return Chain(left.latex, _distinct(left, stages), left=left)

    def _put_in(self, symbols: Expr, quantity: Quantity, place: Entry, left: Written) -> Iterator[Expr]:
        once = self._once(symbols, quantity)
        decided = contains(once, Cases) and not leaves(once)
        if not decided and not any(self._is_expanded(node, quantity) for node in leaves(symbols)):
            # only numbers were put in: a line by itself
            yield once
        whole = self._whole(quantity, place) if self.expand else None
        if whole is not None and self._fits(whole, quantity, left):
            yield whole
            return
        found = self._folded(once)
        if self._fits(found, quantity, left):
            yield found
            return
        # where one level is too wide for the page, only numbers are put in
        yield self._folded(rebuild(symbols, lambda node: self._number_of(node, quantity)))

    def _number_of(self, node: Expr, quantity: Quantity) -> Expr | None:
        return self._given(node, quantity) if isinstance(node, Entry) else None

    def _fits(self, tree: Expr, quantity: Quantity, left: Written) -> bool:
        """Whether a formula can be broken into lines of the page, beside its left side: a fraction cannot."""
        beside = width(left.latex) if width(left.latex) <= PAGE_WIDTH / 2 else 1.0
        return max(width(part) for part in self._written(tree, quantity).parts) <= PAGE_WIDTH - 2.5 - beside

    def _is_expanded(self, node: Entry, quantity: Quantity) -> bool:
        operand = self.operand(quantity, node.name)
        return operand.step is not None and self._short(operand, node) is None

    def _once(self, tree: Expr, quantity: Quantity) -> Expr:
        """The numbers of the file put in, and every other operand by its own formula."""

        def change(node: Expr) -> Expr | None:
            if not isinstance(node, Entry):
                return None
            return self._given(node, quantity) or self._one_level(node, quantity)

        changed: Expr = rebuild(tree, change)
        return self._settled(changed, quantity)

    def _given(self, node: Entry, quantity: Quantity) -> Expr | None:
        operand = self.operand(quantity, node.name)
        if not operand.given:
            return None
        text = typed(operand, node)
        if text is not None:
            return node if is_letter(text) else Const(text)
        known = self._number_left(operand, int(node.row), int(node.column))
        return node if known is None else Const(known)

    def _number_left(self, quantity: Quantity, row: int, column: int) -> str | None:
        """What an iteration before left of a parameter, where that is a number."""
        value = None if quantity.value is None else quantity.value[row, column]
        if value is None or not value.is_Rational:
            return None
        return number_text(Fraction(int(value.p), int(value.q)), decimals=self.decimals)

    def placed(self, quantity: Quantity, row: int, column: int, symbol: Symbol | None) -> str:
        """A number by the symbol of its place; of some of the samples by its place among all of them."""
        shape = quantity.shape
        whole = self.trace.quantities.get(quantity.name)
        if quantity.value is not None and whole is not None and whole.value is not None and whole is not quantity:
            places = np.argwhere(whole.value == quantity.value[row, column])
            if quantity.value[row, column].is_Symbol and len(places) == 1:
                (row, column), shape, symbol = places[0].tolist(), whole.shape, whole.symbol or symbol
        return symbol.entry(row, column, shape) if symbol else ""

    def _one_level(self, node: Entry, quantity: Quantity) -> Expr:
        """An operand by its formula. The factors of the chain rule are mere names and are written out further."""
        operand = self.operand(quantity, node.name)
        step = operand.step
        if step is None or step.role == "new":
            # a parameter, as an update or an earlier iteration left it
            return node
        short = self._short(operand, node)
        if short is not None:
            return short
        inner = self._formula_of(operand, node)

        def change(part: Expr) -> Expr | None:
            if not isinstance(part, Entry):
                return None
            given = self._given(part, operand)
            if given is not None:
                return given
            below = self.operand(operand, part.name)
            is_name = below.step is not None and (below.step.symbol is None or isinstance(below.step.symbol, Partial))
            return self._one_level(part, operand) if is_name else self._short(below, part) or part

        changed: Expr = rebuild(inner, change)
        return self._folded(self._settled(changed, operand))

    def _formula_of(self, operand: Quantity, node: Entry) -> Expr:
        assert operand.step is not None
        tree = self.inlined(operand.step.tree, operand)
        return usual(entry(tree, int(node.row), int(node.column), self._shapes(operand, refs(tree))))

    def _short(self, operand: Quantity, node: Entry) -> Expr | None:
        """The exact form of an operand that has one, where it is a short one."""
        whole = self._whole(operand, node)
        if whole is None or leaves(whole):
            return None
        return whole if rational_of(whole) is not None or width(self._written(whole, operand).latex) <= SHORT else None

    def _whole(self, quantity: Quantity, node: Entry) -> Expr | None:
        """A quantity down to what is given; None where that would be too long."""
        key = (quantity.id, node)
        if key not in self._full:
            self._full[key] = self._spelt_out(quantity, node)
        return self._full[key]

    def _spelt_out(self, quantity: Quantity, node: Entry) -> Expr | None:
        if quantity.step is None:
            return self._given(node, quantity) if quantity.given and quantity.value is not None else None
        tree = self._formula_of(quantity, node)
        parts: dict[Entry, Expr] = {}
        for part in leaves(tree):
            given = self._given(part, quantity)
            inner = given if given is not None else self._whole(self.operand(quantity, part.name), part)
            if inner is None:
                return None
            parts[part] = inner
        if sum(_size(parts[part]) for part in leaves(tree)) > MOST_LEAVES:
            return None
        whole: Expr = rebuild(tree, lambda part: parts.get(part) if isinstance(part, Entry) else None)
        return self._folded(self._settled(whole, quantity))

    def _settled(self, tree: Expr, quantity: Quantity) -> Expr:
        """Cases that numbers alone decide."""
        if not contains(tree, Cases) or not self.approximate:
            return tree
        numbers = {node: self.number(quantity, node.name, int(node.row), int(node.column)) for node in leaves(tree)}
        return settle(tree, numbers).tree

    def _written(self, tree: Expr, quantity: Quantity) -> Written:
        return write(tree, FormLeaves(self, quantity, numbers=not leaves(tree)))

    def _rounded(self, quantity: Quantity, row: int, column: int) -> list[tuple[str, Written]]:
        """The decimal number, where the exact form is not one already."""
        assert quantity.value is not None
        value = quantity.value[row, column]
        near = float(approximation(value))
        digits = self.trace.digits(quantity.name)
        printed = print_array(np.array([[near]]), digits, trailing=self.trace.problem.rounding.trailing_zeros)
        if value.is_Rational and bool(printed.exact[0, 0]):
            return []
        return [(ABOUT, number(number_latex(str(printed.texts[0, 0]))))]


def _size(tree: Expr) -> int:
    return sum(isinstance(node, Entry | Const) for node in walk(tree))


def _distinct(left: Written, stages: list[tuple[str, Written]]) -> tuple[tuple[str, Written], ...]:
    """No stage twice in a row: `w x = w x` says nothing."""
    kept: list[tuple[str, Written]] = []
    last = left.latex
    for relation, written in stages:
        if written.latex != last:
            kept.append((relation, written))
            last = written.latex
    return tuple(kept) or tuple(stages[-1:])
