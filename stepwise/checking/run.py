"""Marking: answers to a problem, judged, explained and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from stepwise.asking import Questions
from stepwise.asking.key import way_of
from stepwise.asking.lines import Calculation, calculation
from stepwise.asking.questions import questions_of
from stepwise.asking.ways import Way, Within
from stepwise.checking.marking import Marking
from stepwise.checking.model import Answers, ClassReport, Report
from stepwise.checking.naming import name_mistakes
from stepwise.checking.reading.answers import answers_from
from stepwise.checking.reports import reports
from stepwise.checking.trivial import trivial
from stepwise.errors import AnswerError
from stepwise.problem.model import Problem
from stepwise.problem.numbers import NumberError, parse_number

_TOGETHER = 2_000_000
"""So many numbers are worked on together, counted over students and lines; larger classes go in parts."""


Given = Mapping[str, Any] | Answers
"""What one student wrote: numbers by quantity id, or what a file said."""


def check(
    problem: Problem | Questions,
    answers: Given,
    *,
    ask: Sequence[str] = (),
    tolerance: float | str | None = None,
    student: str = "",
) -> Report:
    """Mark one student's answers: a number, a list or nested lists for each quantity id, or what a file said.

    `tolerance` takes the place of what rounding with care can reach: 0.01, or "1%" of each number. Raises AnswerError
    where the answers cannot be read, UnsupportedError where the problem has no numbers to ask for.
    """
    questions = _questions(problem, ask)
    return check_class(questions, [_answers(answers, questions, student)], tolerance=tolerance).reports[0]


def check_class(
    problem: Problem | Questions,
    answers: Mapping[str, Given] | Iterable[Answers],
    *,
    ask: Sequence[str] = (),
    tolerance: float | str | None = None,
) -> ClassReport:
    """Mark the answers of many students at once: what each wrote by the student's name, or what files said.

    Takes what `check` takes, or in place of the problem its `questions_of`, and raises what it raises.
    """
    questions = _questions(problem, ask)
    if isinstance(answers, Mapping):
        answers = [_answers(given, questions, str(student)) for student, given in answers.items()]
    elif isinstance(answers, str | Answers) or not isinstance(answers, Iterable):
        raise TypeError(f"a class is a dict of students, or a list of answers from files, not {_a(answers)}")
    else:
        answers = list(answers)
    for one in answers:
        if not isinstance(one, Answers):
            raise TypeError(f'a list has answers from files in it, not {_a(one)} (name students: {{"Ada": {{…}}}})')
    whole = calculation(questions.problem)
    way = _way(whole, tolerance)
    size = sum(line.shape[0] * line.shape[1] for line in whole.lines)
    together = max(1, _TOGETHER // max(size, 1))
    done: list[Report] = []
    for start in range(0, len(answers), together):
        done += _marked(questions, whole, way, answers[start : start + together])
    return ClassReport(questions, done)


def _questions(problem: Problem | Questions, ask: Sequence[str]) -> Questions:
    ask = (ask,) if isinstance(ask, str) else ask
    if isinstance(problem, Questions):
        return questions_of(problem.problem, ask) if ask else problem
    if not isinstance(problem, Problem):
        raise TypeError(f'marking takes a problem, such as load_problem("xor-mlp"), not {_a(problem)}')
    return questions_of(problem, ask)


def _answers(given: object, questions: Questions, student: str) -> Answers:
    """What one student wrote; who wrote nothing has everything missing."""
    if isinstance(given, Answers):
        return replace(given, student=student) if student else given
    if not isinstance(given, Mapping):
        what = f"the answers of {student} are" if student else "answers are"
        raise TypeError(f'{what} given by quantity, such as {{"z1": [0.8, -0.3]}}, not as {_a(given)}')
    if not given:
        return Answers(student, "answers", {})
    try:
        return answers_from(given, questions, student)
    except AnswerError as error:
        raise AnswerError(f"{student}: {error}" if student else str(error)) from None


def _a(thing: object) -> str:
    """What kind of thing this is."""
    name = type(thing).__name__
    return "None" if thing is None else f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def _marked(questions: Questions, whole: Calculation, way: Way, answers: Sequence[Answers]) -> list[Report]:
    marking = Marking(whole, way, answers)
    marking.run(one.id for one in questions.asked)
    names = name_mistakes(marking)
    return list(reports(questions, marking, answers, names, trivial(marking)))


def _way(whole: Calculation, tolerance: float | str | None) -> Way:
    if tolerance is None:
        return way_of(whole)
    text = str(tolerance)
    try:
        number = parse_number(text)
    except NumberError as error:
        raise AnswerError(f"the tolerance {error} ({error.hint})") from None
    if number.value < 0:
        raise AnswerError(f"the tolerance {text} is negative (write 0.01, or 1% of each number)")
    return Within(number.value, relative=text.strip().endswith("%"))
