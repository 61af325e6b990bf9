"""Arrays that are printed with every entry: where they are too large for a line or a page, in blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from stepwise.document.phrases import Phrase, phrase
from stepwise.notation.layout import PAGE_WIDTH
from stepwise.notation.matrices import bmatrix
from stepwise.notation.widths import width

Cell = Callable[[int, int], str]
"""The LaTeX of the entry in a row and a column."""
_MOST_COLUMNS = 10
"""amsmath makes no wider matrices."""
_MOST_ROWS = 24
_BRACKETS = 1.2
_BETWEEN = 1.0
"""What the brackets and the gap between two columns take, in em."""
_SIGN = 0.78


class Block(Struct, frozen=True):
    """A part of an array as a display formula, and which part it is (None: all of it)."""

    part: Phrase | None
    latex: str


class Room(Struct, frozen=True):
    """How wide the entries of an array are (0: as wide as they are written), and how many rows there may be."""

    entry: float = 0.0
    rows: int = _MOST_ROWS


def blocks(left: str, shape: tuple[int, int], cell: Cell, room: Room | None = None) -> Iterator[Block]:
    """`left = [every entry]`, `left` with its relation; a single number without brackets."""
    room = room or Room()
    rows, columns = shape
    if shape == (1, 1):
        yield Block(None, f"{left} {cell(0, 0)}")
        return
    texts = [[cell(row, column) for column in range(columns)] for row in range(rows)]
    entry = room.entry or max(number_width(text) for row in texts for text in row)
    abreast = int((PAGE_WIDTH - width(left) - _BRACKETS + _BETWEEN) // (entry + _BETWEEN))
    abreast = _even(columns, max(min(abreast, _MOST_COLUMNS), 1))
    together = _even(rows, room.rows)
    for top in range(0, rows, together):
        for first in range(0, columns, abreast):
            part = [row[first : first + abreast] for row in texts[top : top + together]]
            ends = (top, min(top + together, rows), first, min(first + abreast, columns))
            yield Block(_part(shape, ends), f"{left} {bmatrix(part)}")


def number_width(latex: str) -> float:
    """The width of an entry: a sign in front is narrower than one between two numbers."""
    return _SIGN + width(latex[1:]) if latex.startswith("-") else width(latex)


def _even(length: int, most: int) -> int:
    """Blocks of at most `most`, all of nearly one size."""
    count = -(-length // most)
    return -(-length // count)


def _part(shape: tuple[int, int], ends: tuple[int, int, int, int]) -> Phrase | None:
    rows, columns = shape
    top, bottom, first, last = ends
    in_rows, in_columns = bottom - top < rows, last - first < columns
    if in_rows and in_columns:
        names = {"first_row": top + 1, "last_row": bottom, "first_column": first + 1, "last_column": last}
        return phrase("paper.block", **names)
    if in_rows:
        return phrase("paper.rows", first=top + 1, last=bottom)
    return phrase("paper.columns", first=first + 1, last=last) if in_columns else None
