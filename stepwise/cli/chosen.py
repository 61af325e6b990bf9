"""What `solve`, `blank` and `check` work on: a problem, or one question of an exam with what the exam says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

if TYPE_CHECKING:
    from stepwise.asking import Questions
    from stepwise.problem import Problem
    from stepwise.sheets.series import Assignment, Question


class Chosen(Struct, frozen=True, eq=False):
    """One question of what is set; `place` is counted from 0."""

    assignment: Assignment
    place: int = 0

    @property
    def question(self) -> Question:
        return self.assignment.questions[self.place]

    @property
    def problem(self) -> Problem:
        return self.question.problem

    @property
    def vary(self) -> Mapping[str, Any] | None:
        return self.question.vary

    @property
    def is_exam(self) -> bool:
        return self.assignment.title is not None

    @property
    def command(self) -> str:
        """The option that names the question, where there are several."""
        return f" --question {self.place + 1}" if self.is_exam else ""

    def coded(self, code: str) -> Problem:
        """The problem with the numbers of a code. Raises what `sheets.by_code.coded` raises."""
        from stepwise.sheets.by_code import coded, own_code
        from stepwise.sheets.codes import read_code

        if read_code(code).text == own_code(self.problem):
            return self.problem
        return coded(self.problem, code, self.vary)

    def questions(self, problem: Problem, ask: Sequence[str] = ()) -> Questions:
        """What is asked of a problem with the numbers of this question, each quantity worth what it is on the paper."""
        from stepwise.asking import questions_of
        from stepwise.sheets.variants import worth

        own = questions_of(problem, self.question.ask)
        marks, whole = self.question.marks, sum(one.marks for one in own.asked)
        if not ask:
            return worth(own, marks)
        wanted = questions_of(problem, ask)
        if marks is None or not whole:
            return wanted
        return worth(wanted, marks * sum(one.marks for one in wanted.asked) / whole)


def chosen(problem: str, number: int | None = None, vary: str | None = None) -> Chosen:
    """The problem, or question `number` of an exam. Raises StepwiseError for a file or a `vary` that is faulty."""
    from stepwise.cli.solve import load
    from stepwise.errors import UnsupportedError
    from stepwise.problem.vary_text import read_vary_text
    from stepwise.sheets.exams import is_exam, read_exam
    from stepwise.sheets.series import Assignment, Question

    if number is None:
        one = load(problem)
        rules = None if vary is None else read_vary_text(vary)
        return Chosen(Assignment(one.name, (Question(one, rules),), None, one.languages))
    if vary is not None:
        raise click.UsageError("--vary is for one problem; in an exam every question has its own `vary`")
    if problem == "-" or not is_exam(problem):
        load(problem)
        raise UnsupportedError(f"{problem} is one problem, not an exam (leave --question out)")
    exam = read_exam(problem)
    if number > len(exam.questions):
        count = f"{len(exam.questions)} question{'s' * (len(exam.questions) != 1)}"
        raise UnsupportedError(f"{problem} has {count}, and no question {number} (they are counted from 1)")
    return Chosen(exam, number - 1)
