"""Marking: answers to a problem, judged, explained and counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepwise.checking.answers import answers_from
from stepwise.checking.asked import sheet_of
from stepwise.checking.lines import Calculation, calculation
from stepwise.checking.marking import Marking
from stepwise.checking.model import Answers, ClassReport, Report, Sheet
from stepwise.checking.naming import name_mistakes
from stepwise.checking.reports import reports
from stepwise.checking.sampled import ITERATIONS, Sampled
from stepwise.checking.trivial import trivial
from stepwise.checking.ways import Careful, Way, Within
from stepwise.errors import AnswerError
from stepwise.problem.model import Problem
from stepwise.problem.numbers import NumberError, parse_number

_TOGETHER = 2_000_000
"""So many numbers are worked on together, counted over students and lines; larger classes go in parts."""


def check(
    problem: Problem,
    answers: Mapping[str, Any] | Answers,
    *,
    ask: Sequence[str] = (),
    tolerance: float | str | None = None,
    student: str = "",
) -> Report:
    """Mark one student's answers: a number, a list or nested lists for each quantity id, or what a file said.

    `tolerance` takes the place of what rounding with care can reach: 0.01, or "1%" of each number. Raises AnswerError
    where the answers cannot be read, UnsupportedError where the problem has no numbers to ask for.
    """
    sheet = sheet_of(problem, ask)
    given = answers if isinstance(answers, Answers) else answers_from(answers, sheet, student)
    return check_class(sheet, [given], tolerance=tolerance).reports[0]


def check_class(sheet: Sheet, answers: Sequence[Answers], *, tolerance: float | str | None = None) -> ClassReport:
    """Mark the answers of many students at once."""
    whole = calculation(sheet.problem)
    way = _way(whole, tolerance)
    size = sum(line.shape[0] * line.shape[1] for line in whole.lines)
    together = max(1, _TOGETHER // max(size, 1))
    done: list[Report] = []
    for start in range(0, len(answers), together):
        done += _marked(sheet, whole, way, answers[start : start + together])
    return ClassReport(sheet, done)


def _marked(sheet: Sheet, whole: Calculation, way: Way, answers: Sequence[Answers]) -> list[Report]:
    marking = Marking(whole, way, answers)
    marking.run(one.id for one in sheet.asked)
    names = name_mistakes(marking)
    return list(reports(sheet, marking, answers, names, trivial(marking)))


def _way(whole: Calculation, tolerance: float | str | None) -> Way:
    if tolerance is None:
        return Sampled(whole) if whole.iterations > ITERATIONS else Careful(whole)
    text = str(tolerance)
    try:
        number = parse_number(text)
    except NumberError as error:
        raise AnswerError(f"the tolerance {error} ({error.hint})") from None
    if number.value < 0:
        raise AnswerError(f"the tolerance {text} is negative (write 0.01, or 1% of each number)")
    return Within(number.value, relative=text.strip().endswith("%"))
