"""Tables of marks: what is in the file, whichever spreadsheet wrote it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from stepwise.errors import AnswerError

BY_HAND = "by_hand"
"""The last column of our own table of marks, for the teacher's total."""
LONG = ("student", "quantity", "marks")
"""The columns of a table of marks that a teacher writes."""
NUMBER = re.compile(r"\+?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
"""A number of marks as it is typed."""
LARGEST = 5_000_000
"""Bytes of a table of marks."""
Rows = list[tuple[int, list[str]]]
"""The cells of each row, with its line."""

_FORMULA = "=+-@\t\r＝＋－＠"
"""What a spreadsheet takes for the start of a formula."""
_SEPARATORS = ";\t"


def safe_cell(text: str) -> str:
    """A text of somebody else for a spreadsheet: an apostrophe keeps it from being run as a formula."""
    starts = (text[:1], text.lstrip()[:1])
    return f"'{text}" if any(start and start in _FORMULA for start in starts) else text


def name_in(cell: str) -> str:
    """A name without the apostrophe of `safe_cell`."""
    return cell[1:] if cell[:1] == "'" and safe_cell(cell[1:]) == cell else cell


def is_ours(path: Path) -> bool:
    """Whether the first line has our first and our last column, in whatever encoding a spreadsheet left them."""
    try:
        with path.open("rb") as stream:
            first = stream.readline(LARGEST).replace(b"\0", b"").lower()
    except OSError:
        return False
    return b"student" in first[:12] and BY_HAND.encode() in first


def _text(path: Path, source: str) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise AnswerError(f"{source}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST:
        raise AnswerError(f"{source}: is larger than {LARGEST // 1_000_000} MB, which no table of marks is")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise AnswerError(f"{source}:{line}: is not UTF-8 (save it as UTF-8)") from None
    if "\0" in text:
        raise AnswerError(f"{source}:{text[: text.index(chr(0))].count(chr(10)) + 1}: is not a table of text")
    return text


def table_in(path: Path) -> tuple[list[str], Rows]:
    """The header of a table (of bare long rows: the one they would have) and its rows, each with its line."""
    source = str(path)
    text = _text(path, source)
    first = text.lstrip().split("\n", 1)[0]
    separator = next((sign for sign in _SEPARATORS if sign in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: Rows = []
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise AnswerError(f"{source}:{reader.line_num}: is not part of a table: {error}") from None
    if not rows:
        return [], []
    header = rows[0][1]
    if len(header) == len(LONG) and NUMBER.fullmatch(header[-1]):
        return list(LONG), rows
    return header, rows[1:]


def cell_at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""
