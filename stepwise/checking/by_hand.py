"""Marks that a teacher set by hand: a table of them, and what they change."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from stepwise.checking.marks_table import BY_HAND, LONG, NUMBER, Rows, cell_at, is_ours, name_in, table_in
from stepwise.checking.model import ClassReport, Report
from stepwise.errors import AnswerError
from stepwise.problem.faults import suggestion
from stepwise.problem.nodes import shortened

_FEW = 5
"""So many students without answers are named in a warning."""

_COLUMNS = (
    "write the columns student,quantity,marks (an empty quantity is the total), or fill the column by_hand of marks.csv"
)
_Columns = tuple[int, int | None, int]
"""Where the student, the quantity (None: all rows are totals) and the marks stand."""


class Override(Struct, frozen=True):
    """Marks set by hand: of one quantity, or the total where `quantity` is "".

    A total in our own table belongs to one row: it is the `turn`th of `rows` rows of this student. A `turn` of 0 is for
    everything that the student handed in.
    """

    student: str
    quantity: str
    marks: float
    line: int
    source: str = ""
    turn: int = 0
    rows: int = 0


def label(report: Report) -> str:
    """What a student is called in tables: the name, or the file where it has none."""
    return report.student or report.source


def read_by_hand(path: Path | str) -> tuple[Override, ...]:
    """The marks in a table: rows `student,quantity,marks`, or our own marks.csv with the column `by_hand` filled in.

    Raises AnswerError, with the line, for anything that is not such a table.
    """
    path = Path(path)
    source = str(path)
    header, rows = table_in(path)
    header = [cell.casefold() for cell in header]
    if not header and not rows:
        raise AnswerError(f"{source}: the table is empty ({_COLUMNS})")
    if BY_HAND in header and "student" in header:
        columns: _Columns = (header.index("student"), None, header.index(BY_HAND))
    elif all(name in header for name in LONG):
        columns = (header.index("student"), header.index("quantity"), header.index("marks"))
    else:
        raise AnswerError(f"{source}:1: these are not the columns of marks set by hand ({_COLUMNS})")
    found = _overrides(rows, columns, source)
    return _once(found if columns[1] is not None else _in_turn(found, rows, columns[0]))


def has_marks_by_hand(path: Path) -> bool:
    """Whether a file is a table of marks of ours with something in its last column; no other file is of interest.

    Raises AnswerError for a table of ours that cannot be read: there may be marks in it.
    """
    if not is_ours(path):
        return False
    header, rows = table_in(path)
    header = [cell.casefold() for cell in header]
    if BY_HAND not in header:
        raise AnswerError(f"{path}:1: these are not the columns of marks set by hand ({_COLUMNS})")
    place = header.index(BY_HAND)
    return any(cell_at(cells, place) for _, cells in rows)


def _overrides(rows: Rows, columns: _Columns, source: str) -> Iterator[Override]:
    student_at, quantity_at, marks_at = columns
    for line, cells in rows:
        marks = cell_at(cells, marks_at)
        if not marks and quantity_at is None:
            continue
        student = name_in(cell_at(cells, student_at))
        if not student:
            raise AnswerError(f"{source}:{line}: whose marks are these? The student is missing")
        quantity = "" if quantity_at is None else cell_at(cells, quantity_at).strip("`")
        if len(cells) <= marks_at:
            raise AnswerError(f"{source}:{line}: has {len(cells)} cells; the marks stand in cell {marks_at + 1}")
        yield Override(student, quantity, _marks(marks, line, source), line, source)


def _in_turn(found: Iterable[Override], rows: Rows, student_at: int) -> Iterator[Override]:
    """The totals of our own table, each with its place among the rows of its student."""
    lines: dict[str, list[int]] = {}
    for line, cells in rows:
        lines.setdefault(name_in(cell_at(cells, student_at)), []).append(line)
    for one in found:
        own = lines[one.student]
        yield replace(one, turn=own.index(one.line) + 1, rows=len(own))


def _marks(text: str, line: int, source: str) -> float:
    if not NUMBER.fullmatch(text):
        what = f"{shortened(text)!r} is not a number of marks" if text else "the marks are missing"
        raise AnswerError(f"{source}:{line}: {what} (write a number such as 3 or 2.5)")
    value = float(text.replace(",", "."))
    if not math.isfinite(value) or value > 1e9:
        raise AnswerError(f"{source}:{line}: {shortened(text)!r} is too large for marks")
    return value


def _once(found: Iterable[Override]) -> tuple[Override, ...]:
    known: dict[tuple[str, str, int], Override] = {}
    for one in found:
        earlier = known.setdefault((one.student, one.quantity, one.turn), one)
        if earlier.marks != one.marks:
            what = f"`{one.quantity}`" if one.quantity else "the total"
            message = f"{what} of {one.student} is set a second time, to other marks than in line {earlier.line}"
            raise AnswerError(f"{one.source}:{one.line}: {message} (leave one of them)")
    return tuple(known.values())


def over(earlier: Iterable[Override], later: Iterable[Override]) -> list[Override]:
    """The marks of two tables together, where the later one counts."""
    found = {(one.student, one.quantity, one.turn): one for one in later}
    for_all = {(one.student, one.quantity) for one in found.values() if not one.turn}
    before = {
        (one.student, one.quantity, one.turn): one for one in earlier if (one.student, one.quantity) not in for_all
    }
    return list((before | found).values())


def apply_by_hand(marked: ClassReport, overrides: Sequence[Override], others: Collection[str] = ()) -> ClassReport:
    """The class with marks set by hand in place of ours. What fits no student or quantity becomes a warning.

    `others` are students who gave no answers and are known all the same: of them there is no warning.
    """
    by_student: dict[str, list[Override]] = {}
    for one in overrides:
        by_student.setdefault(one.student, []).append(one)
    times = Counter(map(label, marked.reports))
    absent = [ours[0] for student, ours in by_student.items() if student not in times and student not in others]
    warnings = [*marked.warnings, *_absent(absent, times)]
    for student in by_student.keys() & times.keys():
        given = [report for report in marked.reports if label(report) == student]
        warnings += _elsewhere(by_student[student], given)
    reports = []
    turns: Counter[str] = Counter()
    for report in marked.reports:
        turns[label(report)] += 1
        fitting = [one for one in by_student.get(label(report), ()) if one.turn in (0, turns[label(report)])]
        ours = {one.quantity: one for one in sorted(fitting, key=lambda one: one.turn)}
        reports.append(_overridden(report, ours, warnings) if ours else report)
    return replace(marked, reports=tuple(reports), warnings=tuple(dict.fromkeys(warnings)))


def _elsewhere(ours: Sequence[Override], given: Sequence[Report]) -> Iterator[str]:
    """Where the totals of a student went whose rows in the table are not as many as the answers."""
    for one in ours:
        if not one.turn or one.rows == len(given):
            continue
        rows = f"the table has {one.rows} row{'' if one.rows == 1 else 's'} of {one.student}, and here "
        rows += "is 1 answer" if len(given) == 1 else f"are {len(given)} answers"
        went = f"went to {given[one.turn - 1].source}" if one.turn <= len(given) else "went to none of the answers"
        yield f"{_place(one)}the total {one.marks:g} set by hand for {one.student} {went} ({rows})"


def unclaimed(marked: ClassReport, overrides: Sequence[Override]) -> tuple[Override, ...]:
    """The marks set by hand of students who gave no answers, or gave fewer than the table has rows."""
    times = Counter(map(label, marked.reports))
    return tuple(one for one in overrides if one.student not in times or one.turn > times[one.student])


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


def _absent(absent: Sequence[Override], names: Collection[str]) -> list[str]:
    """One warning a table of those who gave no answers; of one student with the name that was perhaps meant."""
    sources: dict[str, list[Override]] = {}
    for one in absent:
        sources.setdefault(one.source, []).append(one)
    found = []
    for source, ones in sources.items():
        if len(ones) == 1:
            found.append(_unknown_student(ones[0], names))
            continue
        few = f": {', '.join(one.student[:60] for one in ones)}" if len(ones) <= _FEW else ""
        found.append(f"{len(ones)} students of {source or 'the marks set by hand'} gave no answers here{few}")
    return found


def _unknown_student(one: Override, names: Collection[str]) -> str:
    near = suggestion(one.student, names)
    hint = f" (did you mean {near}?)" if near else ""
    return f"{_place(one)}marks set by hand for {one.student[:60]}, who gave no answers{hint}"


def _place(one: Override) -> str:
    return f"{one.source}:{one.line}: " if one.source else ""
