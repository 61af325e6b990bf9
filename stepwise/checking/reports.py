"""From verdicts to reports: marks, and what a student and a teacher are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from stepwise.asking import Asked, Questions
from stepwise.checking.judging import FOLLOWS, Codes, Flags, Floats, Range
from stepwise.checking.marking import Marking
from stepwise.checking.model import VERDICTS, Answers, MadeMistake, Marked, Report
from stepwise.checking.naming import Names
from stepwise.problem.model import Scheme

_RIGHT = VERDICTS.index("right")
_WORDS = np.array(VERDICTS, dtype=object)


def reports(
    questions: Questions, marking: Marking, answers: Sequence[Answers], names: Names, empty: Mapping[str, Flags]
) -> Iterator[Report]:
    """One report for every student."""
    columns = [_Column(one, marking, empty, questions.problem.marking) for one in _shown(questions, marking)]
    for student, own in enumerate(answers):
        quantities = {
            column.asked.id: column.marked(student, own, names.get((column.asked.id, student), ()))
            for column in columns
            if column.asked.asked or own.values.get(column.asked.id) is not None
        }
        yield Report(own.student, own.source, quantities, notes=own.notes, code=own.code)


def _shown(questions: Questions, marking: Marking) -> list[Asked]:
    """What is asked for, or given by somebody."""
    return [one for one in questions.quantities.values() if one.asked or one.id in marking.given]


class _Judged(Struct, frozen=True, eq=False):
    """The verdicts on one quantity of all students, as lists."""

    codes: Codes
    worst: list[int]
    credit: list[float]
    empty: list[bool]
    above: list[bool]
    own: Range | None
    """What follows from each student's own numbers; None where that is the key for everybody."""


class _Column:
    """One quantity of all students."""

    def __init__(self, asked: Asked, marking: Marking, empty: Mapping[str, Flags], scheme: Scheme) -> None:
        self.asked = asked
        self._accepted = _pairs(asked, marking.accepted[asked.id])
        self._judged: _Judged | None = None
        if asked.id in marking.codes:
            codes, own = marking.codes[asked.id], marking.own[asked.id]
            self._judged = _Judged(
                codes,
                codes.reshape(len(codes), -1).max(axis=1).tolist(),
                _credits(codes, empty[asked.id], scheme).tolist(),
                empty[asked.id].tolist(),
                marking.above[asked.id].tolist(),
                own if own.lo.ndim == 3 else None,
            )

    def marked(self, student: int, own: Answers, mistakes: tuple[MadeMistake, ...]) -> Marked:
        asked, judged = self.asked, self._judged
        answer = own.values.get(asked.id)
        if judged is None or answer is None or np.isnan(answer.values).all():
            return self._missing()
        worst = judged.worst[student]
        expected = None
        if judged.own is not None and judged.above[student] and worst > _RIGHT:
            expected = _pairs(asked, judged.own.of(student))
        given = np.array(answer.texts)
        given[np.isnan(answer.values)] = None
        return Marked(
            asked,
            VERDICTS[worst],
            judged.credit[student] * asked.marks,
            asked.marks,
            asked.edge(given),
            self._accepted,
            None if expected == self._accepted else expected,
            asked.edge(_WORDS[judged.codes[student]]),
            mistakes,
            judged.empty[student],
        )

    def _missing(self) -> Marked:
        asked = self.asked
        nothing, missing = (asked.edge(np.full(asked.shape, one, dtype=object)) for one in (None, "missing"))
        return Marked(asked, "missing", 0.0, asked.marks, nothing, self._accepted, None, missing)


def _credits(codes: Codes, empty: Flags, scheme: Scheme) -> Floats:
    """The share of a quantity's marks that each student earns."""
    worth = np.array([1.0, scheme.follows, scheme.too_few_digits, 0.0, 0.0])
    each = worth[codes].reshape(len(codes), -1)
    each[empty[:, None] & (codes.reshape(len(codes), -1) == FOLLOWS)] = scheme.nothing_left
    return np.asarray(each.mean(axis=1) if scheme.by == "entry" else each.min(axis=1))


def _pairs(asked: Asked, bounds: Range) -> Any:
    """[low, high] for each entry, in the shape that a student sees."""
    both = np.stack([np.broadcast_to(end, asked.shape) for end in (bounds.lo, bounds.hi)], axis=-1)
    return both.reshape([(2,), (-1, 2), (*asked.shape, 2)][asked.rank]).tolist()
