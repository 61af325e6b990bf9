"""Rosters: the students of a class in a table, as a spreadsheet saves it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

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
_FORMULA = re.compile(r"'\s*[=+\-@＝＋－＠]")
"""An apostrophe that keeps a spreadsheet from running a text as a formula."""


@dataclass(frozen=True)
class Enrolled:
    """One row of a roster: the student, and the codes of the student's variants where the roster has them."""

    student: Student
    codes: tuple[str, ...]
    line: int


def read_roster(path: str | os.PathLike[str]) -> list[Student]:
    """The students of a roster, in its order. Raises what `read_enrolled` raises."""
    return [one.student for one in read_enrolled(path)]


def read_enrolled(path: str | os.PathLike[str]) -> list[Enrolled]:
    """The rows of a roster: a .csv with an id for each student, and perhaps a name and codes.

    A first row of names such as `student,name` or `学号,姓名` says which column is which, and other columns are passed
    over; without it the first column holds ids and the second names. Raises SpecError with one message: the file, the
    line, what is wrong and what to write instead.
    """
    source = os.fspath(path)
    rows = _rows(source)
    columns = _columns(rows[0][1])
    body = rows[1:] if columns else rows
    if not body:
        raise _fault(source, "there are no students in it", "write a row for each student: id,name")
    if columns and "id" not in columns:
        hint = "call the column of ids `student`, `id` or `学号`"
        raise _fault(source, "no column holds the ids of the students", hint, rows[0][0])
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
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        rows, _ = read_rows(text, separator_of(first))
    except DataError as error:
        raise _fault(source, str(error), error.hint) from None
    if not rows:
        raise _fault(source, "the file is empty", ROSTER.start)
    return rows


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
        if not student.id:
            who = f" of {student.name}" if student.name else ""
            raise _fault(source, f"the id{who} is missing", "it decides about the numbers: give everybody one", line)
        yield Enrolled(student, tuple(found.get("code", "").split()), line)


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
