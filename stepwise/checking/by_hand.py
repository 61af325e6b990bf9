"""Marks that a teacher set by hand: a table of them, and what they change."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stepwise.checking.model import ClassReport, Report
from stepwise.errors import AnswerError
from stepwise.problem.faults import suggestion
from stepwise.problem.nodes import shortened

BY_HAND = "by_hand"
"""The last column of our own table of marks, for the teacher's total."""
LARGEST = 5_000_000
"""Bytes of a table of marks."""

_LONG = ("student", "quantity", "marks")
_COLUMNS = (
    "write the columns student,quantity,marks (an empty quantity is the total), or fill the column by_hand of marks.csv"
)
_NUMBER = re.compile(r"\+?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_FORMULA = "=+-@\t\r＝＋－＠"
"""What a spreadsheet takes for the start of a formula."""
_SEPARATORS = ";\t"
_Columns = tuple[int, int | None, int]
"""Where the student, the quantity (None: all rows are totals) and the marks stand."""


@dataclass(frozen=True)
class Override:
    """Marks set by hand: of one quantity, or the total where `quantity` is ""."""

    student: str
    quantity: str
    marks: float
    line: int
    source: str = ""


def label(report: Report) -> str:
    """What a student is called in tables: the name, or the file where it has none."""
    return report.student or report.source


def safe_cell(text: str) -> str:
    """A text of somebody else for a spreadsheet: an apostrophe keeps it from being run as a formula."""
    starts = (text[:1], text.lstrip()[:1])
    return f"'{text}" if any(start and start in _FORMULA for start in starts) else text


def read_by_hand(path: Path | str) -> tuple[Override, ...]:
    """The marks in a table: rows `student,quantity,marks`, or our own marks.csv with the column `by_hand` filled in.

    Raises AnswerError, with the line, for anything that is not such a table.
    """
    path = Path(path)
    source = str(path)
    header, rows = _table(_text(path, source), source)
    if not header and not rows:
        raise AnswerError(f"{source}: the table is empty ({_COLUMNS})")
    if BY_HAND in header and "student" in header:
        columns: _Columns = (header.index("student"), None, header.index(BY_HAND))
    elif all(name in header for name in _LONG):
        columns = (header.index("student"), header.index("quantity"), header.index("marks"))
    else:
        raise AnswerError(f"{source}:1: these are not the columns of marks set by hand ({_COLUMNS})")
    return _once(_overrides(rows, columns, source))


def has_marks_by_hand(path: Path) -> bool:
    """Whether a file is a table of marks of ours with something in its last column; no other file is of interest.

    Raises AnswerError for a table of ours that cannot be read: there may be marks in it.
    """
    if not _is_ours(path):
        return False
    header, rows = _table(_text(path, str(path)), str(path))
    place = header.index(BY_HAND)
    return any(_cell(cells, place) for _, cells in rows)


def _is_ours(path: Path) -> bool:
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


Rows = list[tuple[int, list[str]]]


def _table(text: str, source: str) -> tuple[list[str], Rows]:
    """The header in lower case (of bare long rows: the one they would have) and the rows, each with its line."""
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
    header = [cell.casefold() for cell in rows[0][1]]
    if len(header) == len(_LONG) and _NUMBER.fullmatch(header[-1]):
        return list(_LONG), rows
    return header, rows[1:]


def _overrides(rows: Rows, columns: _Columns, source: str) -> Iterator[Override]:
    student_at, quantity_at, marks_at = columns
    for line, cells in rows:
        marks = _cell(cells, marks_at)
        if not marks and quantity_at is None:
            continue
        student = _name(_cell(cells, student_at))
        if not student:
            raise AnswerError(f"{source}:{line}: whose marks are these? The student is missing")
        quantity = "" if quantity_at is None else _cell(cells, quantity_at).strip("`")
        if len(cells) <= marks_at:
            raise AnswerError(f"{source}:{line}: has {len(cells)} cells; the marks stand in cell {marks_at + 1}")
        yield Override(student, quantity, _marks(marks, line, source), line, source)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _name(cell: str) -> str:
    """A name without the apostrophe of `safe_cell`."""
    return cell[1:] if cell[:1] == "'" and safe_cell(cell[1:]) == cell else cell


def _marks(text: str, line: int, source: str) -> float:
    if not _NUMBER.fullmatch(text):
        what = f"{shortened(text)!r} is not a number of marks" if text else "the marks are missing"
        raise AnswerError(f"{source}:{line}: {what} (write a number such as 3 or 2.5)")
    value = float(text.replace(",", "."))
    if not math.isfinite(value) or value > 1e9:
        raise AnswerError(f"{source}:{line}: {shortened(text)!r} is too large for marks")
    return value


def _once(found: Iterator[Override]) -> tuple[Override, ...]:
    known: dict[tuple[str, str], Override] = {}
    for one in found:
        earlier = known.setdefault((one.student, one.quantity), one)
        if earlier.marks != one.marks:
            what = f"`{one.quantity}`" if one.quantity else "the total"
            message = f"{what} of {one.student} is set a second time, to other marks than in line {earlier.line}"
            raise AnswerError(f"{one.source}:{one.line}: {message} (leave one of them)")
    return tuple(known.values())


def apply_by_hand(marked: ClassReport, overrides: Sequence[Override]) -> ClassReport:
    """The class with marks set by hand in place of ours. What fits no student or quantity becomes a warning."""
    by_student: dict[str, dict[str, Override]] = {}
    for one in overrides:
        by_student.setdefault(one.student, {})[one.quantity] = one
    names = {label(report) for report in marked.reports}
    warnings = [*marked.warnings]
    for student, ours in by_student.items():
        if student not in names:
            warnings.append(_unknown_student(next(iter(ours.values())), names))
    reports = []
    for report in marked.reports:
        ours = by_student.get(label(report), {})
        reports.append(_overridden(report, ours, warnings) if ours else report)
    return replace(marked, reports=tuple(reports), warnings=tuple(dict.fromkeys(warnings)))


def unclaimed(marked: ClassReport, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """The marks set by hand of students who gave no answers."""
    names = {label(report) for report in marked.reports}
    return tuple(one for one in overrides if one.student not in names)


def _overridden(report: Report, ours: Mapping[str, Override], warnings: list[str]) -> Report:
    quantities = dict(report.quantities)
    for name, one in ours.items():
        if name in quantities:
            quantities[name] = replace(quantities[name], marks=one.marks, by_hand=True)
            warnings += _too_many(one, quantities[name].of)
        elif name:
            near = suggestion(name, quantities)
            hint = f" (did you mean `{near}`?)" if near else ""
            warnings.append(f"{_place(one)}`{name[:40]}` is no quantity that {one.student} was asked for{hint}")
    total = ours.get("")
    if total is not None:
        warnings += _too_many(total, report.of)
    return replace(report, quantities=quantities, by_hand=report.by_hand if total is None else total.marks)


def _too_many(one: Override, of: float) -> list[str]:
    if one.marks <= of:
        return []
    what = f"`{one.quantity}` of {one.student}" if one.quantity else one.student
    return [f"{_place(one)}{what} has {one.marks:g} marks by hand, where there are {of:g}"]


def _unknown_student(one: Override, names: set[str]) -> str:
    near = suggestion(one.student, names)
    hint = f" (did you mean {near}?)" if near else ""
    return f"{_place(one)}marks set by hand for {one.student[:60]}, who gave no answers{hint}"


def _place(one: Override) -> str:
    return f"{one.source}:{one.line}: " if one.source else ""
