"""How the quantities that are asked for are put to a student: in parts, with their shapes and digits in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from stepwise.asking import Asked, Questions
from stepwise.derivation.model import AFTER
from stepwise.document.phrases import Phrase, Slot, phrase
from stepwise.notation.numbers import Digits
from stepwise.trace.arithmetic import digits_rule

_OF_SAMPLES = frozenset({"bias_grads", "hinge", "losses", "margin", "score", "yhat"})
"""Vectors with one number for each sample."""
_OF_PARAMETERS = frozenset({"dW", "jacobian", "new", "reg_dW", "step", "total_dW"})
"""Matrices that do not have a row or a column for each sample."""


def parts_of(questions: Questions) -> Iterator[tuple[Phrase, list[Asked]]]:
    """What is asked for in parts with headings: the phases, or the iterations where there are several."""
    last = max((one.iteration or 1 for one in questions.quantities.values()), default=1)

    def heading(one: Asked) -> tuple[str, int]:
        several = last > 1 and one.step.phase not in {AFTER, "preparation"}
        if several and one.iteration is not None:
            return "section.iteration", one.iteration
        return ("section.after_all" if several or (last > 1 and one.step.phase == AFTER) else one.step.phase), 0

    for (name, number), group in groupby(questions.asked, heading):
        slots: dict[str, Slot] = {"total": last, **({"number": number} if number else {})}
        yield phrase(name, **slots) if "." in name else phrase(f"section.{name}"), list(group)


def shape_words(one: Asked, questions: Questions) -> Phrase:
    """The shape of a quantity, and what its rows and columns are."""
    rows, columns = one.shape
    role, several = one.step.role, not questions.problem.single
    if rows * columns == 1:
        return phrase("blank.shape.number")
    if one.rank == 2:
        kind = f"samples_{questions.problem.layout}" if several and role not in _OF_PARAMETERS else "matrix"
        return phrase(f"blank.shape.{kind}", rows=rows, columns=columns)
    kind = "samples" if several and role in _OF_SAMPLES else "vector"
    return phrase(f"blank.shape.{kind}", count=rows * columns)


def precision(questions: Questions) -> Phrase:
    """How precisely answers are to be given."""
    rounding = questions.problem.rounding
    if not rounding.carry:
        return phrase("blank.digits")
    digits = digits_words(digits_of(None, questions))
    return phrase("note.hand_some" if rounding.quantities else "note.hand", digits=digits)


def digits_of(one: Asked | None, questions: Questions) -> Digits:
    """The digits of a quantity, or those of the whole problem."""
    same_as = {asked.name: asked.step.digits_of for asked in questions.quantities.values()}
    rule = digits_rule(questions.problem.rounding, lambda name: same_as.get(name, ""))
    return rule("" if one is None else one.name)


def own_digits(one: Asked, questions: Questions) -> Phrase | None:
    """The digits of a quantity for which the problem sets others than for the rest."""
    digits = digits_of(one, questions)
    other = questions.problem.rounding.carry and digits != digits_of(None, questions)
    return digits_words(digits) if other else None


def digits_words(digits: Digits) -> Phrase:
    """So many decimals, or significant figures."""
    kind = "figures" if digits.figures else "decimals"
    return phrase(f"note.{kind}_one") if digits.count == 1 else phrase(f"note.{kind}", count=digits.count)
