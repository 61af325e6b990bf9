"""Rosters: the students of a class in a table, as a spreadsheet saves it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from stepwise.errors import Fault, SpecError
from stepwise.problem.filekind import ROSTER
from stepwise.problem.load import decoded, gbk_text, read_bytes
from stepwise.problem.nodes import shortened
from stepwise.problem.tables import DataError, Row, read_rows, separator_of
from stepwise.sheets.model import Student

_ID = ("student", "student id", "student number", "id", "number", "学号", "编号", "学生", "学生编号")
_NAME = ("name", "student name", "full name", "姓名", "名字", "学生姓名")
_CODE = ("code", "codes", "试卷代码", "代码", "编码")
_COLUMNS: Mapping[str, Sequence[str]] = {"id": _ID, "name": _NAME, "code": _CODE}
"""What each column is called; of several the first name of these counts."""
MOST_STUDENTS = 50_000
_LONGEST = 100
"""Characters of an id or a name."""
_TITLES = 5
"""Rows that may stand above the names of the columns."""
_CALL = "call the column of ids `student`, `id` or `学号`"
_FORMULA = re.compile(r"'\s*[=+\-@＝＋－＠]")
"""An apostrophe that keeps a spreadsheet from running a text as a formula."""


class Enrolled(Struct, frozen=True):
    """One row of a roster: the student, and the codes of the student's variants where the roster has them."""

    student: Student
    codes: tuple[str, ...]
    line: int


def read_roster(path: str | os.PathLike[str]) -> list[Student]:
    """The students of a roster, in its order. Raises what `read_enrolled` raises."""
    return [one.student for one in read_enrolled(path)]


def read_enrolled(path: str | os.PathLike[str]) -> list[Enrolled]:
    """The rows of a roster: a .csv with an id for each student, and perhaps a name and codes.

    A row of names such as `student,name` or `学号,姓名`, at the top or below a title, says which column is which, and
    other columns are passed over; without it the first column holds ids and the second names. Raises SpecError with one
    message: the file, the line, what is wrong and what to write instead.
    """
    source = os.fspath(path)
    rows = _rows(source)
    header = _header(rows, source)
    columns = {} if header is None else _columns(rows[header][1])
    body = rows if header is None else rows[header + 1 :]
    if not body:
        raise _fault(source, "there are no students in it", "write a row for each student: id,name")
    if header is not None and "id" not in columns:
        raise _fault(source, "no column holds the ids of the students", _CALL, rows[header][0])
    if header is None and _stands_out(rows[0][1], [cells for _, cells in rows[1:]]):
        what = f"{shortened(' '.join(filter(None, rows[0][1])))!r} is neither a student nor the names of the columns"
        raise _fault(source, what, _CALL, rows[0][0])
    if len(body) > MOST_STUDENTS:
        raise _fault(source, f"{len(body):,} students are too many (at most {MOST_STUDENTS:,})", "take several rosters")
    return list(_once(_enrolled(body, columns or {"id": 0, "name": 1}, source), source))


def _rows(source: str) -> list[Row]:
    data = read_bytes(Path(source), source, ROSTER)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise _fault(source, "this is no table of text", ROSTER.encoding)
    try:
        text = decoded(data, source, ROSTER)
    except SpecError:
        text = gbk_text(data)
        if not text:
            raise
    try:
        rows, _ = read_rows(text, _separator(text))
    except DataError as error:
        raise _fault(source, str(error), error.hint) from None
    if not rows:
        raise _fault(source, "the file is empty", ROSTER.start)
    return [(line, _cells(cells)) for line, cells in rows]


def _separator(text: str) -> str:
    """What stands between the cells of the first row that is more than a title."""
    lines = [line for line in text.splitlines() if line.strip()][: _TITLES + 1]
    return next((sign for line in lines if (sign := separator_of(line)) in line), ",")


def _cells(cells: list[str]) -> list[str]:
    """The cells of a row, also where the commas between them are those of a Chinese keyboard."""
    whole = "".join(cells)
    return [cell.strip() for cell in whole.split("，")] if "，" in whole and whole in cells else cells


def _header(rows: Sequence[Row], source: str) -> int | None:
    """Which row names the columns; above it there may be titles, of one cell each."""
    for place, (line, cells) in enumerate(rows[: _TITLES + 1]):
        columns = _columns(cells)
        if place == 0 and columns:
            return 0
        if "id" in columns:
            above = next((number for number, cells in rows[:place] if len([*filter(None, cells)]) > 1), None)
            if above is not None:
                hint = f"take it away, or put the row of names (line {line}) above it"
                raise _fault(source, "this row stands above the names of the columns", hint, above)
            return place
    return None


def _stands_out(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a first row, where no names of columns are known, is unlike all others: a title, or other names."""
    if not others:
        return False
    alone = len([*filter(None, first)]) == 1 and all(len([*filter(None, cells)]) > 1 for cells in others)
    no_number = not _has_digit(first[0]) and all(_has_digit(cells[0]) for cells in others)
    return no_number or (alone and not first[0].isascii())


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Which column is which; nothing where the first row is no header."""
    names = [re.sub(r"[\s_]+", " ", cell).casefold() for cell in cells]
    found = {}
    for column, known in _COLUMNS.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None:
            found[column] = place
    return found


def _enrolled(rows: Sequence[Row], columns: Mapping[str, int], source: str) -> Iterator[Enrolled]:
    for line, cells in rows:
        found = {name: cells[place] if place < len(cells) else "" for name, place in columns.items()}
        for name, text in found.items():
            if "\n" in text:
                raise _fault(source, "a quotation mark is not closed", "write every student on one line", line)
            if len(text) > _LONGEST * (name != "code" or 10):
                raise _fault(source, f"{shortened(text)!r} is longer than {_LONGEST} characters", "shorten it", line)
            if not text.isprintable():
                raise _fault(source, f"{shortened(text)!r} has a character that cannot be printed", "remove it", line)
        student = Student(_plain(found["id"]), _plain(found.get("name", "")))
        if "，" in student.id:
            what = f"there is a comma of a Chinese keyboard in the id {shortened(student.id)!r}"
            raise _fault(source, what, "write `,` between the columns", line)
        if not student.id:
            who = f" of {student.name}" if student.name else ""
            raise _fault(source, f"the id{who} is missing", "it decides about the numbers: give everybody one", line)
        yield Enrolled(student, tuple(found.get("code", "").split()), line)


def _has_digit(text: str) -> bool:
    return any(sign.isdecimal() for sign in text)


def _plain(cell: str) -> str:
    return cell[1:] if _FORMULA.match(cell) else cell


def _once(found: Iterable[Enrolled], source: str) -> Iterator[Enrolled]:
    """Everybody once; a table of files may have several files of one paper."""
    known: dict[str, Enrolled] = {}
    for one in found:
        earlier = known.setdefault(one.student.id, one)
        if earlier is one:
            yield one
        elif not one.codes or replace(earlier, line=one.line) != one:
            message = f"the id {one.student.id} stands in line {earlier.line} already"
            raise _fault(source, message, "give every student an id of their own", one.line)


def _fault(source: str, message: str, hint: str, line: int | None = None) -> SpecError:
    return SpecError(source, [Fault(message, line=line, hint=hint)])
