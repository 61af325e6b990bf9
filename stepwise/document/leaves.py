"""How operands are written: by symbol, or by the numbers a trace has for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from stepwise.expressions import Entry, Expr, Shapes, shape_of
from stepwise.notation.matrices import bmatrix, cells, places
from stepwise.notation.numbers import Printed, number_latex
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
    """The printed part of a quantity: its first places and its last where it is large."""

    def __init__(self, trace: Trace, quantity: Quantity, guard: int) -> None:
        self.quantity = quantity
        rows, columns = quantity.shape
        self.rows = {place: at for at, place in enumerate(p for p in places(rows, columns) if p is not None)}
        self.columns = {place: at for at, place in enumerate(p for p in places(columns, rows) if p is not None)}
        self.whole = len(self.rows) == rows and len(self.columns) == columns
        self.printed = _print(trace, quantity, np.ix_(list(self.rows), list(self.columns)), guard)
        self._trace, self._guard = trace, guard

    def _at(self, row: int, column: int) -> tuple[Printed, tuple[int, int]]:
        """Where an entry is printed; one that the whole leaves out is printed by itself."""
        if row in self.rows and column in self.columns:
            return self.printed, (self.rows[row], self.columns[column])
        return _print(self._trace, self.quantity, np.ix_([row], [column]), self._guard), (0, 0)

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


def _print(trace: Trace, quantity: Quantity, part: tuple[npt.NDArray[np.intp], ...], guard: int) -> Printed:
    """Print a part of a quantity, so that the work does not grow with the data."""

    def cut(array: npt.NDArray[np.generic] | None) -> npt.NDArray[np.generic] | None:
        return None if array is None else array[part]

    value = cut(quantity.value)
    assert value is not None
    small = Quantity(
        quantity.id,
        quantity.name,
        (value.shape[0], value.shape[1]),
        quantity.rank,
        quantity.symbol,
        value,  # type: ignore[arg-type]
        quantity.step,
        cut(quantity.texts),  # type: ignore[arg-type]
        cut(quantity.unrounded),  # type: ignore[arg-type]
        cut(quantity.true),  # type: ignore[arg-type]
        quantity.padding,
    )
    return trace.printed(small, guard)


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
