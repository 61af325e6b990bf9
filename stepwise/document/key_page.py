"""What the key of a variant tells: every result, and between which numbers an answer is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property

from msgspec import Struct

from stepwise.asking import Asked
from stepwise.asking.ranges import number_text, printed_range
from stepwise.document.formula import EQUAL
from stepwise.document.operands import MOST_GUARD_DIGITS
from stepwise.document.phrases import Foreign, Math, Phrase, phrase
from stepwise.document.plain import marks_text
from stepwise.document.tables import Cell, Table
from stepwise.document.variant_page import VariantPage
from stepwise.document.wide_arrays import Block, Room, blocks, number_width
from stepwise.notation.numbers import number_latex

_NOISE = 1e-12
_MOST_LINES = 12
"""A quantity of more entries than this is a matrix below the table."""
_MOST_ROWS = 8
"""Rows of results with what is accepted under them, on one page."""
_SMALL = 0.75
"""The size of what stands under a result."""
_WIDTHS = (13, 25, 19, 31, 12)
_NOTHING = Foreign("")
_TIGHT = r" \\[-0.4em] "
_Entry = Callable[[int, int], str]


class LargeKey(Struct, frozen=True):
    """A quantity with many entries: the results, and under each of them what is accepted."""

    said: Phrase
    blocks: tuple[Block, ...]


class KeyPage(VariantPage):
    """A variant's results."""

    @property
    def table(self) -> Table:
        """A line for each entry; of a large quantity one line for all of it."""
        header = [phrase(f"key.column.{name}") for name in ("quantity", "id", "result", "accepted", "marks")]
        rows = [row for asked in self.variant.asked for row in self._rows(asked)]
        return Table(header, rows, _WIDTHS)

    def _rows(self, asked: Asked) -> Iterator[list[Cell]]:
        symbol, worth = Math(self.symbol(asked)), Foreign(marks_text(asked.marks))
        if _is_large(asked):
            below = phrase("key.below")
            yield [symbol, asked.id, below, below, worth]
            return
        entries = list(_entries(asked))
        result, ends = self._result(asked), self._accepted(asked)
        for row, column in entries:
            first = (row, column) == entries[0]
            name = asked.id if len(entries) == 1 else f"{asked.id}{_place(asked, row, column)}"
            printed, accepted = result(row, column), _range(*ends(row, column))
            shown = Math(printed) if printed else phrase("key.nowhere")
            yield [symbol if first else _NOTHING, name, shown, Math(accepted), worth if first else _NOTHING]

    def _result(self, asked: Asked) -> _Entry:
        """The printed result of an entry; "" where its iteration is not on the worked page."""
        quantity = self.quantity(asked)
        if quantity is None:
            return lambda row, column: ""
        low, high = self.variant.accepted[asked.id]
        finer = cache(lambda guard: self.cells_of(quantity, guard))

        def text(row: int, column: int) -> str:
            """As on the worked page; with more digits where that is too coarse to be right as an answer."""
            room = _NOISE * max(1.0, abs(float(high[row, column])))
            ends = float(low[row, column]) - room, float(high[row, column]) + room
            guards = (n for n in range(MOST_GUARD_DIGITS + 1) if ends[0] <= finer(n).value(row, column) <= ends[1])
            return finer(next(guards, 0))(row, column)

        return text

    def _accepted(self, asked: Asked) -> Callable[[int, int], list[str]]:
        """The lowest and the highest number that is right for an entry."""
        low, high = self.variant.accepted[asked.id]

        def ends(row: int, column: int) -> list[str]:
            both = printed_range(float(low[row, column]), float(high[row, column]))
            return [number_latex(number_text(end)) for end in both]

        return ends

    @cached_property
    def large(self) -> list[LargeKey]:
        """The quantities with many entries."""
        return [self._large(asked) for asked in self.variant.asked if _is_large(asked)]

    def _large(self, asked: Asked) -> LargeKey:
        result, ends = self._result(asked), self._accepted(asked)

        def cell(row: int, column: int) -> str:
            small = [rf"{{\scriptstyle {end}}}" for end in ends(row, column)]
            # an empty line at the end keeps the next row away
            return rf"\begin{{gathered}} {_TIGHT.join([result(row, column), *small, '{}'])} \end{{gathered}}"

        places = list(_entries(asked))
        widths = [number_width(result(*place)) for place in places]
        widths += [_SMALL * number_width(end) for place in places for end in ends(*place)]
        symbol = self.symbol(asked)
        found = blocks(f"{symbol} {EQUAL}", asked.shape, cell, Room(max(widths), _MOST_ROWS))
        return LargeKey(phrase("key.large", quantity=Math(symbol)), tuple(found))


def _range(low: str, high: str) -> str:
    """From one end to the other; a sign behind dots is in braces, as it is no difference."""
    if low == high:
        return low
    return rf"{low} \ldots {{{high}}}" if high.startswith("-") else rf"{low} \ldots {high}"


def _is_large(asked: Asked) -> bool:
    rows, columns = asked.shape
    return rows * columns > _MOST_LINES


def _entries(asked: Asked) -> Iterator[tuple[int, int]]:
    rows, columns = asked.shape
    return ((row, column) for row in range(rows) for column in range(columns))


def _place(asked: Asked, row: int, column: int) -> str:
    """[2] of a vector, [1,2] of a matrix, as in a table of answers."""
    return f"[{max(row, column) + 1}]" if asked.rank == 1 else f"[{row + 1},{column + 1}]"
