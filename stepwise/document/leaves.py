"""How operands are written: by symbol, or by the numbers a trace has for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product
from math import inf
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from stepwise.document.holes import marked
from stepwise.expressions import Entry, Expr, Shapes, rational, shape_of
from stepwise.notation.matrices import bmatrix, cells, places
from stepwise.notation.numbers import Printed, leaning, number_latex
from stepwise.notation.symbols import Symbol
from stepwise.notation.widths import DIGITS
from stepwise.notation.written import Written, atom, number
from stepwise.trace import Quantity, Trace

_SHORT = 7
"""Characters of a number: sums and products of such numbers are far from one another, or the same."""


class SymbolLeaves(Struct, frozen=True):
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


class Looks(Struct, frozen=True):
    """Printed numbers row by row, and what they look like but for their digits: signs, lengths, powers of ten."""

    numbers: list[str]
    form: str


class View:
    """The printed part of a quantity: its first places and its last where it is large.

    `lean` prints rounded numbers away from zero (1) or towards it (−1) instead of to the nearest.
    """

    def __init__(self, trace: Trace, quantity: Quantity, guard: int, lean: int = 0) -> None:
        self.quantity = quantity
        rows, columns = quantity.shape
        self.rows, self.columns = _shown(rows, columns), _shown(columns, rows)
        self.whole = len(self.rows) == rows and len(self.columns) == columns
        self._trace, self._guard, self._lean = trace, guard, lean
        shown = quantity if self.whole else cut(quantity, np.ix_(list(self.rows), list(self.columns)))
        self.printed = self._print(shown)
        self._written: dict[tuple[int, int], Written] = {}

    @cached_property
    def looks(self) -> Looks:
        """The printed numbers as LaTeX."""
        typed = self.quantity.texts is not None
        numbers = [_number(text, typed).latex for text in self.printed.texts.ravel().tolist()]
        return Looks(numbers, " ".join(numbers).translate(DIGITS))

    @property
    def numbers(self) -> list[str]:
        """The printed numbers as LaTeX, row by row."""
        return self.looks.numbers

    @cached_property
    def range(self) -> tuple[float, float]:
        """The smallest printed number that is not zero and the largest, without their signs."""
        sizes = [abs(value) for value in self.printed.values.ravel().tolist()]
        return min(filter(None, sizes), default=inf), max(sizes, default=0.0)

    def marked(self, labels: Sequence[int]) -> View:
        """The same view, whose numbers are known again on the page: each is marked with its label."""
        found = copy(self)
        places = product(self.rows, self.columns)
        found._written = {at: self._marked(at, label) for at, label in zip(places, labels, strict=True)}
        return found

    def _marked(self, at: tuple[int, int], label: int) -> Written:
        written = self.written(*at)
        return replace(written, parts=(marked(label, written.latex),))

    def _at(self, row: int, column: int) -> tuple[Printed, tuple[int, int]]:
        """Where an entry is printed; one that the whole leaves out is printed by itself."""
        if row in self.rows and column in self.columns:
            return self.printed, (self.rows[row], self.columns[column])
        return self._print(cut(self.quantity, np.ix_([row], [column]))), (0, 0)

    def _print(self, small: Quantity) -> Printed:
        """Print a part of the quantity, so that the work does not grow with the data."""
        if self._lean and small.value is not None:
            digits = self._trace.digits(small.name).finer(self._guard)
            small = replace(small, value=leaning(small.value, digits, self._lean))
        return self._trace.printed(small, self._guard)

    def number(self, row: int, column: int) -> float:
        printed, at = self._at(row, column)
        return float(printed.values[at])

    def exactly(self, row: int, column: int) -> Fraction:
        """The number that is printed, to its last digit."""
        printed, at = self._at(row, column)
        # a zero may be typed with an exponent as large as one likes
        return rational(str(printed.texts[at])) if printed.values[at] else Fraction(0)

    @cached_property
    def is_long(self) -> bool:
        """Whether some number is printed with so many digits, or with a power of ten, that floats tell too little."""
        return any(map(_is_long, self.printed.texts.ravel().tolist()))

    def is_long_at(self, row: int, column: int) -> bool:
        """The same for one number."""
        printed, at = self._at(row, column)
        return _is_long(str(printed.texts[at]))

    def written(self, row: int, column: int) -> Written:
        """One number, as printed."""
        known = self._written.get((row, column))
        if known is None:
            printed, at = self._at(row, column)
            known = _number(str(printed.texts[at]), self.quantity.texts is not None)
            self._written[row, column] = known
        return known

    def text(self, row: int, column: int) -> str:
        """The number as LaTeX."""
        return self.written(row, column).latex

    def latex(self, *, transposed: bool = False) -> Written:
        rows, columns = self.quantity.shape
        if (rows, columns) == (1, 1):
            return self.written(0, 0)
        if transposed:
            return atom(bmatrix(cells(columns, rows, lambda i, j: self.text(j, i))))
        return atom(bmatrix(cells(rows, columns, self.text)))


def _is_long(text: str) -> bool:
    return len(text) > _SHORT or "e" in text


@lru_cache(maxsize=4096)
def _number(text: str, typed: bool) -> Written:
    return number(number_latex(text, typed=typed))


@lru_cache(maxsize=256)
def _shown(length: int, beside: int) -> Mapping[int, int]:
    """The places of an axis that are printed, and which of the printed ones each is."""
    shown = (place for place in places(length, beside) if place is not None)
    return MappingProxyType({place: at for at, place in enumerate(shown)})


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


class NumberLeaves(Struct, dict=True):
    """Operands by their printed numbers."""

    views: Mapping[str, View]
    product: str
    numbers: bool = True

    @cached_property
    def shapes(self) -> Shapes:
        return {name: view.quantity.shape for name, view in self.views.items()}

    def array(self, name: str, *, transposed: bool) -> Written:
        return self.views[name].latex(transposed=transposed)

    def entry(self, node: Entry) -> Written:
        return self.views[node.name].written(int(node.row), int(node.column))

    def is_scalar(self, tree: Expr) -> bool:
        return shape_of(tree, self.shapes) == (1, 1)
