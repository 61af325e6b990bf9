"""A class as a table for a spreadsheet: one row a student."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from stepwise.checking.as_json import tidy
from stepwise.checking.by_hand import Override, label
from stepwise.checking.earlier import Earlier, EarlierRow
from stepwise.checking.marks_table import BY_HAND, safe_cell
from stepwise.checking.model import ClassReport, Report

Row = tuple[str, list[object]]
"""Whose row it is, and its cells."""


def marks_csv(marked: ClassReport, kept: Sequence[Override] = (), earlier: Earlier | None = None) -> str:
    """`student,marks,of`, the verdict on each quantity, and last the total that was set by hand.

    A quantity that a student was not asked for and did not give is left empty. `kept` are totals set by hand of
    students who gave no answers. The rows of `earlier` stay, and its students keep their order; new ones follow.
    """
    earlier = earlier or Earlier()
    names = _columns(marked, earlier.rows)
    rows = [(label(report), _row(report, names)) for report in marked.reports]
    rows += [(row.student, _earlier_row(row, names)) for row in earlier.rows]
    for one in kept:
        if not one.quantity:
            marks = tidy(one.marks)
            rows.append((one.student, [safe_cell(one.student), marks, "", *[""] * len(names), marks]))
    order = {student: place for place, student in enumerate(earlier.order)}
    rows.sort(key=lambda row: order.get(row[0], len(order)))
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["student", "marks", "of", *names, BY_HAND])
    for _, cells in rows:
        write(cells)
    return stream.getvalue()


def _columns(marked: ClassReport, earlier: Iterable[EarlierRow]) -> list[str]:
    """What is asked for, and what somebody gave beyond that."""
    present = {name for report in marked.reports for name in report.quantities}
    present |= {name for row in earlier for name, cell in row.cells.items() if cell}
    return [name for name, asked in marked.questions.quantities.items() if asked.asked or name in present]


def _row(report: Report, names: Sequence[str]) -> list[object]:
    found = report.quantities
    verdicts = [found[name].verdict if name in found else "" for name in names]
    hand = "" if report.by_hand is None else tidy(report.by_hand)
    return [safe_cell(label(report)), tidy(report.marks), tidy(report.of), *verdicts, hand]


def _earlier_row(row: EarlierRow, names: Sequence[str]) -> list[object]:
    return [safe_cell(row.student), *(row.cells.get(name, "") for name in ("marks", "of", *names, BY_HAND))]
