"""A problem with its numbers, as a variant: what it asks for, and what is right."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from stepwise.asking import Questions, calculation, questions_for
from stepwise.asking.key import accepted_ends
from stepwise.problem.model import Problem
from stepwise.sheets.model import Variant


def variant_of(problem: Problem, code: str, ask: Sequence[str] = (), marks: float | None = None) -> Variant:
    """The variant that `problem` is. `ask` as in `questions_of`; with `marks` the whole is worth so much.

    Raises UnsupportedError where the problem has no numbers to ask for.
    """
    whole = calculation(problem)
    questions = worth(questions_for(whole, ask), marks)
    wanted = [one.id for one in questions.asked]
    return Variant(problem, code, questions, lambda: accepted_ends(whole, wanted))


def worth(questions: Questions, marks: float | None) -> Questions:
    """The same questions, worth so many marks together."""
    total = sum(one.marks for one in questions.asked)
    if marks is None or not total:
        return questions
    share = marks / total
    quantities = {name: replace(one, marks=one.marks * share) for name, one in questions.quantities.items()}
    return Questions(questions.problem, quantities)
