"""A class as a table for a spreadsheet: one row a student."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from stepwise.checking.as_json import tidy
from stepwise.checking.by_hand import BY_HAND, Override, label, safe_cell
from stepwise.checking.model import ClassReport


def marks_csv(marked: ClassReport, kept: Sequence[Override] = ()) -> str:
    """`student,marks,of`, the verdict on each quantity, and last the total that was set by hand.

    A quantity that a student was not asked for and did not give is left empty. `kept` are totals set by hand of
    students who gave no answers.
    """
    present = {name for report in marked.reports for name in report.quantities}
    names = [name for name, asked in marked.sheet.quantities.items() if asked.asked or name in present]
    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(["student", "marks", "of", *names, BY_HAND])
    for report in marked.reports:
        found = report.quantities
        row = [found[name].verdict if name in found else "" for name in names]
        hand = "" if report.by_hand is None else tidy(report.by_hand)
        write([safe_cell(label(report)), tidy(report.marks), tidy(report.of), *row, hand])
    for one in kept:
        if not one.quantity:
            write([safe_cell(one.student), tidy(one.marks), "", *[""] * len(names), tidy(one.marks)])
    return stream.getvalue()
