"""What a report tells: of each student the verdicts and what to look at again, of a class the summary. No words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from msgspec import Struct

from stepwise.asking import Questions
from stepwise.checking.model import ClassReport, Marked, Report
from stepwise.checking.summary import Bin, Summary, starts_error, summary_of
from stepwise.document.marking_notes import accepted_rows, answer_text, notes, verdicts
from stepwise.document.phrases import Foreign, Phrase, phrase
from stepwise.document.plain import marks_text
from stepwise.document.tables import Cell, Table

_MOST_LISTED = 5
"""The hardest quantities and the most frequent mistakes that are listed, and the ids in one cell."""
_MOST_ENTRIES = 6
"""The entries of one quantity whose accepted numbers are listed."""
_IN_TABLE = re.compile(r"(?P<source>.+) line (?P<line>[0-9]+)", re.DOTALL)
"""Where a student's answers stand who is a row of a table."""


class Feedback(Struct, frozen=True):
    """What is said of one quantity, or of several in a row of which the same is to be said."""

    quantities: tuple[str, ...]
    said: Sequence[Phrase]


class StudentPage:
    """One student: the total, a table of verdicts, and what is said of each quantity that is not simply right."""

    def __init__(self, report: Report, questions: Questions, teacher: bool) -> None:
        self._report = report
        self._questions = questions
        self._teacher = teacher
        self.all_right = report.all_right
        self.total_by_hand = report.by_hand is not None

    @property
    def heading(self) -> Phrase:
        report = self._report
        return phrase("check.student", student=_name(report), marks=marks_text(report.marks), of=marks_text(report.of))

    @property
    def code(self) -> Phrase | None:
        """Which variant the student has."""
        return phrase("check.code", code=Foreign(self._report.code)) if self._report.code else None

    @property
    def accepted(self) -> Table | None:
        """For the teacher, what is accepted of this student."""
        return _accepted([self._report], self._questions) if self._teacher else None

    @property
    def verdicts(self) -> Table:
        """Quantity, verdict, marks, what was given."""
        header = [phrase(f"check.column.{name}") for name in ("quantity", "verdict", "marks", "given")]
        rows = [[name, _verdict(one), _marks(one), _given(one)] for name, one in self._report.quantities.items()]
        return Table(header, rows)

    @property
    def feedback(self) -> list[Feedback]:
        pairs = [(name, notes(one, self._questions, self._teacher)) for name, one in self._report.quantities.items()]
        groups = groupby((pair for pair in pairs if pair[1]), key=lambda pair: pair[1])
        return [Feedback(tuple(name for name, _ in group), said) for said, group in groups]


def _name(report: Report) -> Foreign | Phrase:
    """The name; where there is none, in which file it should stand."""
    if report.student:
        return Foreign(report.student)
    if row := _IN_TABLE.fullmatch(report.source):
        return phrase("check.nameless.row", source=Foreign(row["source"]), line=int(row["line"]))
    if report.source:
        return phrase("check.nameless.file", source=Foreign(report.source))
    return phrase("check.nameless.nowhere")


def _verdict(one: Marked) -> Phrase:
    kind: str = one.verdict
    if one.trivial:
        kind = "trivial"
    elif kind == "missing" and set(verdicts(one).values()) != {"missing"}:
        kind = "incomplete"
    return phrase(f"check.verdict.{kind}")


def _marks(one: Marked) -> Cell:
    return Foreign(f"{marks_text(one.marks)}/{marks_text(one.of)}") if one.asked.asked else phrase("check.unmarked")


def _given(one: Marked) -> Foreign:
    return Foreign("" if set(verdicts(one).values()) == {"missing"} else answer_text(one.given))


class MarkingPage:
    """Everything the story of a report needs, computed when it asks for it."""

    def __init__(self, marked: ClassReport, teacher: bool) -> None:
        self._marked = marked
        self._teacher = teacher
        self.several = teacher and (len(marked.reports) != 1 or bool(marked.unreadable))

    @cached_property
    def students(self) -> list[StudentPage]:
        """Who gets a section: of a class a teacher reads only what is not all right."""
        pages = [StudentPage(report, self._marked.questions, self._teacher) for report in self._marked.reports]
        return [page for page in pages if not (self.several and page.all_right and not page.total_by_hand)]

    @cached_property
    def _summary(self) -> Summary:
        return summary_of(self._marked)

    @property
    def figures(self) -> list[Phrase]:
        """The class in a few short lines."""
        found = self._summary
        said = [phrase("check.summary.students", count=found.students)]
        if self._marked.unreadable:
            said.append(phrase("check.summary.unreadable", count=len(self._marked.unreadable)))
        if found.mean is None or found.median is None or found.best is None:
            return said
        said.append(phrase("check.summary.all_right", count=found.all_right))
        mean, median, best, of = map(marks_text, (found.mean, found.median, found.best, found.of))
        return [*said, phrase("check.summary.marks", mean=mean, median=median, best=best, of=of)]

    @property
    def tables(self) -> list[tuple[Phrase, Table]]:
        """How the marks lie, where errors start, which mistakes were made."""
        found = [("distribution", self._distribution), ("hardest", self._hardest), ("mistakes", self._mistakes)]
        return [(phrase(f"check.summary.{name}"), table) for name, table in found if table.rows]

    @property
    def _distribution(self) -> Table:
        """Without the marks below the worst student."""
        bins = list(self._summary.distribution) if self._summary.students else []
        while bins and not bins[0].students:
            bins.pop(0)
        rows = [[Foreign(self._bin(one)), Foreign(str(one.students))] for one in reversed(bins)]
        return _table(("marks", "students"), rows)

    def _bin(self, one: Bin) -> str:
        if not self._summary.percent:
            return marks_text(one.low)
        return f"{one.low:g}%–{one.high if one.high == 100 else one.high - 1:g}%"

    @property
    def _hardest(self) -> Table:
        rows: list[list[Cell]] = [
            [one.quantity, Foreign(str(one.students)), Foreign(f"{one.share:.0%}")]
            for one in self._summary.hardest[:_MOST_LISTED]
        ]
        return _table(("quantity", "students", "share"), rows)

    @property
    def _mistakes(self) -> Table:
        found = self._summary.mistakes[:_MOST_LISTED]
        return _table(
            ("mistake", "students"),
            [[phrase(f"mistake.{one.mistake}.name"), Foreign(str(one.students))] for one in found],
        )

    @property
    def roll(self) -> Table:
        """A line a student."""
        rows: list[list[Cell]] = []
        for report in self._marked.reports:
            starts = [key for key, one in report.quantities.items() if starts_error(one)]
            missing = [key for key, one in report.quantities.items() if one.verdict == "missing"]
            rows.append(
                [
                    _name(report),
                    Foreign(f"{marks_text(report.marks)}/{marks_text(report.of)}"),
                    phrase("check.all_right") if report.all_right else _ids(starts),
                    _ids(missing),
                ]
            )
        return _table(("student", "marks", "starts", "missing"), rows)

    @property
    def has_variants(self) -> bool:
        """Whether what is accepted differs from student to student."""
        return self._marked.has_variants

    @property
    def accepted(self) -> Table | None:
        """For the teacher, what is accepted of everybody."""
        known = self._teacher and not self.has_variants
        return _accepted(self._marked.reports, self._marked.questions) if known else None


def _accepted(reports: Sequence[Report], questions: Questions) -> Table | None:
    """Between which numbers answers are accepted, a line an entry."""
    ranked: dict[str, Marked] = {}
    for report in reports:
        ranked.update({name: one for name, one in report.quantities.items() if name not in ranked})
    if not ranked:
        return None
    rows: list[list[Cell]] = []
    for name in (name for name in questions.quantities if name in ranked):
        lines = accepted_rows(name, ranked[name])
        rows += [[entry, Foreign(low), Foreign(high)] for entry, low, high in lines[:_MOST_ENTRIES]]
        rows += [[Foreign("…"), Foreign(""), Foreign("")]] if len(lines) > _MOST_ENTRIES else []
    return _table(("quantity", "from", "to"), rows)


def _ids(names: Sequence[str]) -> Cell:
    """Quantities in a cell; of many the first."""
    more = (Foreign("…"),) if len(names) > _MOST_LISTED else ()
    return (*names[:_MOST_LISTED], *more)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    return Table([phrase(f"check.column.{name}") for name in columns], rows)
