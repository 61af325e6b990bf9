"""What the pages of a variant have in common: its calculation, its givens in full, the symbols of what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from msgspec.structs import replace

from stepwise.asking import Asked
from stepwise.document.formula import ABOUT, EQUAL
from stepwise.document.options import languages_of
from stepwise.document.page import Page, beside, given_group
from stepwise.document.phrases import Code, Math, Phrase, Slot
from stepwise.document.wide_arrays import Block, blocks
from stepwise.notation.numbers import number_latex
from stepwise.sheets.model import Paper, Variant
from stepwise.trace import Quantity, Trace, solve, symbol_text

_DATA = ("x", "x_raw", "y")


def paper_languages(papers: Sequence[Paper], language: str | None) -> tuple[str, ...]:
    """The languages that are asked for, else those of the first paper."""
    if not papers:
        return languages_of(language)
    return languages_of(language, papers[0].languages or papers[0].variants[0].problem.languages)


class VariantPage:
    """One variant; `number` is that of its question in an exam."""

    def __init__(self, variant: Variant, number: int = 1) -> None:
        self.variant = variant
        self.problem = variant.problem
        self.code = variant.code
        self.number = number

    @cached_property
    def trace(self) -> Trace:
        return solve(self.problem)

    @cached_property
    def page(self) -> Page:
        """The page of the worked solution, of which a sheet tells the beginning."""
        return Page(self.trace, "full")

    # ---- the givens

    @cached_property
    def givens(self) -> list[Block]:
        """The givens as on the worked page, but with every number of large arrays."""
        names = [name for name in self.trace.derivation.givens if name not in ("N", "t") and "fan_" not in name]
        quantities = self.trace.quantities
        found: list[Block] = []
        for _, group in groupby(sorted(names, key=given_group), key=given_group):
            found += self._beside([quantities[name] for name in group if name in quantities])
        return found

    def _beside(self, quantities: list[Quantity]) -> Iterator[Block]:
        """Arrays next to each other where they fit; one in several blocks stands alone."""
        waiting: list[str] = []
        for quantity in quantities:
            parts = self._blocks(quantity)
            if len(parts) == 1:
                waiting.append(parts[0].latex)
                continue
            yield from (Block(None, line) for line in beside(waiting))
            yield from parts
            waiting = []
        yield from (Block(None, line) for line in beside(waiting))

    def _blocks(self, quantity: Quantity) -> list[Block]:
        cells = self.cells_of(quantity)
        relation = EQUAL if cells.exact else ABOUT
        return list(blocks(f"{symbol_text(quantity)} {relation}", quantity.shape, cells))

    def cells_of(self, quantity: Quantity, guard: int = 0) -> Cells:
        """The printed entries of a quantity, none of them left out, with `guard` digits more than its own."""
        return Cells(self.trace, quantity, guard)

    def samples_of(self, iteration: int) -> list[Block]:
        """The samples of one iteration, where they are given and not computed."""
        names = [name for name in _DATA if name in self.trace.derivation.givens]
        quantities = [self.trace.quantities.get(f"t{iteration}.{name}") for name in names]
        return list(self._beside([one for one in quantities if one is not None and one.value is not None]))

    # ---- what is asked for

    def quantity(self, asked: Asked) -> Quantity | None:
        """What was asked for as it was computed; None in an iteration that is not kept."""
        return self.trace.quantities.get(asked.id)

    def symbol(self, asked: Asked) -> str:
        """The symbol of what is asked for, or its name where it has none."""
        quantity = self.quantity(asked)
        return name_latex(asked.id) if quantity is None or quantity.symbol is None else symbol_text(quantity)

    def in_symbols(self, what: Phrase, asked: Asked) -> Phrase:
        """The same sentence with symbols in place of the names of quantities."""
        return replace(what, slots={name: self._in_symbols(slot, asked) for name, slot in what.slots.items()})

    def _in_symbols(self, slot: Slot, asked: Asked) -> Slot:
        if isinstance(slot, Phrase):
            return self.in_symbols(slot, asked)
        if not isinstance(slot, Code):
            return slot
        quantities = self.trace.quantities
        found = quantities.get(f"t{asked.iteration}.{slot.text}") or quantities.get(slot.text)
        return slot if found is None or found.symbol is None else Math(symbol_text(found))


class Cells:
    """The printed entries of a quantity as LaTeX, by row and column."""

    def __init__(self, trace: Trace, quantity: Quantity, guard: int) -> None:
        printed = trace.printed(quantity, guard)
        self._texts, self._values = printed.texts, printed.values
        self.exact = bool(printed.exact.all())
        self._typed = quantity.texts is not None

    def value(self, row: int, column: int) -> float:
        """The number that is printed."""
        return float(self._values[row, column])

    def __call__(self, row: int, column: int) -> str:
        return number_latex(str(self._texts[row, column]), typed=self._typed)


def name_latex(name: str) -> str:
    """An id as mathematics."""
    return rf"\mathtt{{{name.replace('_', chr(92) + '_')}}}"
