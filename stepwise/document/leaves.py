"""How operands are written: by symbol, or by the numbers a trace has for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from stepwise.expressions import Entry, Expr, Shapes, shape_of
from stepwise.notation.matrices import bmatrix, cells, places
from stepwise.notation.numbers import Printed, leaning, number_latex
from stepwise.notation.symbols import Symbol
from stepwise.notation.written import Written, atom, number
from stepwise.trace import Quantity, Trace


@dataclass(frozen=True)
class SymbolLeaves:
    """Operands by symbol; with `undersets`, the shape under each factor."""

    symbols: Mapping[str, Symbol]
    shapes: Shapes
    undersets: bool = False
    numbers: bool = False
    product: str = "times"

    def array(self, name: str, *, transposed: bool) -> Written:
        shape = self.shapes[name]
        symbol = self.symbols[name]
        if shape == (1, 1):
            return atom(symbol.entry(0, 0, shape))
        text = symbol.whole(transposed=transposed)
        if not self.undersets:
            return atom(text)
        rows, columns = reversed(shape) if transposed else shape
        return atom(rf"\underset{{{rows} \times {columns}}}{{{text}}}")

    def entry(self, node: Entry) -> Written:
        return atom(self.symbols[node.name].entry(node.row, node.column, self.shapes[node.name]))

    def is_scalar(self, tree: Expr) -> bool:
        return shape_of(tree, self.shapes) == (1, 1)


class View:
    """The printed part of a quantity: its first places and its last where it is large.

    `lean` prints rounded numbers away from zero (1) or towards it (−1) instead of to the nearest.
    """

    def __init__(self, trace: Trace, quantity: Quantity, guard: int, lean: int = 0) -> None:
        self.quantity = quantity
        rows, columns = quantity.shape
        self.rows = {place: at for at, place in enumerate(p for p in places(rows, columns) if p is not None)}
        self.columns = {place: at for at, place in enumerate(p for p in places(columns, rows) if p is not None)}
        self.whole = len(self.rows) == rows and len(self.columns) == columns
        self._trace, self._guard, self._lean = trace, guard, lean
        self.printed = self._print(np.ix_(list(self.rows), list(self.columns)))

    def _at(self, row: int, column: int) -> tuple[Printed, tuple[int, int]]:
        """Where an entry is printed; one that the whole leaves out is printed by itself."""
        if row in self.rows and column in self.columns:
            return self.printed, (self.rows[row], self.columns[column])
        return self._print(np.ix_([row], [column])), (0, 0)

    def _print(self, part: tuple[npt.NDArray[np.intp], ...]) -> Printed:
        """Print a part of the quantity, so that the work does not grow with the data."""
        small = cut(self.quantity, part)
        if self._lean and small.value is not None:
            digits = self._trace.digits(small.name).finer(self._guard)
            small = replace(small, value=leaning(small.value, digits, self._lean))
        return self._trace.printed(small, self._guard)

    def number(self, row: int, column: int) -> float:
        printed, at = self._at(row, column)
        return float(printed.values[at])

    def text(self, row: int, column: int) -> str:
        """The number as LaTeX."""
        printed, at = self._at(row, column)
        return number_latex(str(printed.texts[at]), typed=self.quantity.texts is not None)

    def latex(self, *, transposed: bool = False) -> Written:
        rows, columns = self.quantity.shape
        if (rows, columns) == (1, 1):
            return number(self.text(0, 0))
        if transposed:
            return atom(bmatrix(cells(columns, rows, lambda i, j: self.text(j, i))))
        return atom(bmatrix(cells(rows, columns, self.text)))


def cut(quantity: Quantity, part: tuple[npt.NDArray[np.intp], ...]) -> Quantity:
    """A quantity of some of the entries."""
    assert quantity.value is not None
    value = quantity.value[part]
    return replace(
        quantity,
        shape=(value.shape[0], value.shape[1]),
        value=value,
        texts=None if quantity.texts is None else quantity.texts[part],
        unrounded=None if quantity.unrounded is None else quantity.unrounded[part],
        true=None if quantity.true is None else quantity.true[part],
    )


@dataclass
class NumberLeaves:
    """Operands by their printed numbers."""

    views: Mapping[str, View]
    product: str
    numbers: bool = True
    shapes: Shapes = field(init=False)

    def __post_init__(self) -> None:
        self.shapes = {name: view.quantity.shape for name, view in self.views.items()}

    def array(self, name: str, *, transposed: bool) -> Written:
        return self.views[name].latex(transposed=transposed)

    def entry(self, node: Entry) -> Written:
        return number(self.views[node.name].text(int(node.row), int(node.column)))

    def is_scalar(self, tree: Expr) -> bool:
        return shape_of(tree, self.shapes) == (1, 1)
