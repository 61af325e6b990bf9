"""Tables of numbers as people type them or spreadsheets write them: .csv with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
import re
from typing import IO

import numpy as np
import numpy.typing as npt

from stepwise.problem.nodes import shortened
from stepwise.problem.numbers import NumberError, parse_number

MOST_TYPED = 100_000
"""Numbers of one table whose texts are kept; nobody types more."""
_TYPED = re.compile(r"[+−-]?(?=[0-9.]{1,13}$)(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
"""A number that a person may have typed: a program writes an exponent or some sixteen digits."""
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}

Row = tuple[int, list[str]]
"""A line of the file, counted from 1, and its cells without blanks around them."""


class DataError(ValueError):
    """Why a data file cannot be used; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def read_csv(file: IO[bytes]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_] | None]:
    """The numbers of a table, and their texts where all are numbers that somebody may have typed."""
    text = decoded_table(file.read())
    rows, separator = read_rows(text, separator_of(_last_line(text)))
    if rows and _is_header(*rows[0], separator):
        rows = rows[1:]
    width = len(rows[0][1]) if rows else 0
    for line, cells in rows:
        if len(cells) != width:
            count = f"{len(cells)} value{'s' * (len(cells) != 1)}"
            raise DataError(f"line {line} has {count} where line {rows[0][0]} has {width}", "make all rows alike")
    numbers = [[_number(line, place, cell) for place, cell in enumerate(cells, 1)] for line, cells in rows]
    values = np.array([[value for value, _ in row] for row in numbers], dtype=np.float64)
    if values.size > MOST_TYPED or not all(_TYPED.fullmatch(cell) for _, cells in rows for cell in cells):
        return values, None
    texts = np.empty(values.shape, dtype=np.object_)
    texts[...] = [[text for _, text in row] for row in numbers]
    return values, texts


def decoded_table(data: bytes) -> str:
    """The bytes of a table as text."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"is not UTF-8 (byte {error.start + 1})", "save it as UTF-8") from None


def read_rows(text: str, separator: str) -> tuple[list[Row], str]:
    """The rows that are not empty, and what stands between their values."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        line = reader.line_num
        raise DataError(f"line {line} is not part of a table with {_NAMES[separator]}: {error}") from None
    return rows, _NAMES[separator]


def separator_of(line: str) -> str:
    """What stands between the values of a line."""
    return next((sign for sign in (";", "\t") if sign in line), ",")


def _last_line(text: str) -> str:
    """A row of numbers, when the first may be a header."""
    return text.rstrip().rsplit("\n", 1)[-1].strip()


def _is_header(line: int, cells: list[str], separators: str) -> bool:
    """Whether the first row holds names alone."""
    if any(_is_number(cell) or _is_number(cell.replace(",", ".")) for cell in cells):
        return False
    for cell in cells:
        parts = re.split(r"[\s;,]+", cell)
        if len(parts) > 1 and all(map(_is_number, parts)):
            raise DataError(f"line {line}: {shortened(cell)!r} is more than one number", f"write {separators} between")
    return True


def _number(line: int, place: int, cell: str) -> tuple[float, str]:
    if not cell:
        raise DataError(f"line {line}: value {place} is empty", "write a number, or remove the separator")
    try:
        number = parse_number(cell)
    except NumberError as error:
        raise DataError(f"line {line}: {error}", error.hint) from None
    return number.value, number.text


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell)
    except NumberError:
        return False
    return True
