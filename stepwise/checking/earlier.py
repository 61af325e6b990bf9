"""The table of marks that an earlier run wrote: the rows of students who are not in this run stay in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from stepwise.asking import Questions
from stepwise.checking.as_json import tidy
from stepwise.checking.by_hand import Override, label
from stepwise.checking.marks_table import BY_HAND, is_ours, name_in, table_in
from stepwise.checking.model import ClassReport
from stepwise.errors import AnswerError

_FIRST = ("student", "marks", "of")
_INSTEAD = "give another file name, or move the old table away"


class EarlierRow(Struct, frozen=True):
    """One student's row: the cells by column, and that it is the `turn`th row of this student."""

    student: str
    turn: int
    line: int
    cells: Mapping[str, str]


class Earlier(Struct, frozen=True):
    """An earlier table: its rows, or those that stay, and its students from the top."""

    rows: tuple[EarlierRow, ...] = ()
    order: tuple[str, ...] = ()
    source: str = ""


def earlier_marks(path: Path, questions: Questions) -> Earlier:
    """What stands in a table of ours; nothing where there is no file, or nothing in it.

    Raises AnswerError for any other file, and for a table of other quantities: both would be lost.
    """
    if not path.is_file() or not path.read_bytes().strip():
        return Earlier()
    if not is_ours(path):
        raise AnswerError(f"{path} is there, and is no table of marks written by check ({_INSTEAD})")
    header, rows = table_in(path)
    columns = [cell.casefold() if cell.casefold() in (*_FIRST, BY_HAND) else cell for cell in header]
    _same_quantities(path, columns, questions)
    turns: Counter[str] = Counter()
    found = []
    for line, cells in rows:
        beside = [cell for place, cell in enumerate(cells) if place >= len(columns) or not columns[place]]
        if any(beside):
            raise AnswerError(f"{path}:{line}: something stands beside the columns of the table ({_INSTEAD})")
        named = dict(zip(columns, cells, strict=False))
        student = name_in(named.get("student", ""))
        turns[student] += 1
        found.append(EarlierRow(student, turns[student], line, named))
    return Earlier(tuple(found), tuple(turns), str(path))


def _same_quantities(path: Path, columns: Sequence[str], questions: Questions) -> None:
    """What is asked for has a column; others may be of what a student gave beyond that."""
    own = [name for name in columns if name and name not in (*_FIRST, BY_HAND)]
    missing = [one.id for one in questions.asked if one.id not in own]
    unknown = [name for name in own if name not in questions.quantities]
    missing += [name for name in (*_FIRST, BY_HAND) if name not in columns]
    if not missing and not unknown and len(set(own)) == len(own):
        return
    if missing or unknown:
        what = f"has no column `{missing[0]}`" if missing else f"has the column `{unknown[0][:40]}`"
    else:
        what = f"has the column `{next(name for name in own if own.count(name) > 1)}` twice"
    raise AnswerError(f"{path} {what}: it is a table of other quantities than are marked here ({_INSTEAD})")


def kept_marks(earlier: Earlier, marked: ClassReport, overrides: Sequence[Override]) -> Earlier:
    """The rows of students who are not in this run; a total set by hand is their marks, as everywhere.

    Of a student who handed in less often than before, a surplus row stays where its total was set by hand.
    """
    times = Counter(map(label, marked.reports))
    of = sum(one.marks for one in marked.questions.asked)
    found = []
    for row in earlier.rows:
        if row.student in times and (row.turn <= times[row.student] or not row.cells.get(BY_HAND)):
            continue
        before = _number(row.cells.get("of", ""))
        if before is not None and abs(before - of) > 1e-6:
            message = f"{row.student} was marked out of {before:g}, and here the total is {of:g}"
            raise AnswerError(f"{earlier.source}:{row.line}: {message} ({_INSTEAD})")
        found.append(_with_total(row, overrides))
    return replace(earlier, rows=tuple(found))


def _with_total(row: EarlierRow, overrides: Sequence[Override]) -> EarlierRow:
    """The row with numbers as we write them, and the total that is set by hand for it."""
    cells = dict(row.cells)
    for name in ("marks", "of", BY_HAND):
        number = _number(cells.get(name, ""))
        cells[name] = cells.get(name, "") if number is None else str(tidy(number))
    totals = [one for one in overrides if one.student == row.student and not one.quantity]
    for one in sorted(totals, key=lambda one: one.turn):
        if one.turn in (0, row.turn):
            cells["marks"] = cells[BY_HAND] = str(tidy(one.marks))
    return replace(row, cells=cells)


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
