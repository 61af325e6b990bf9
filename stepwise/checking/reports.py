"""From verdicts to reports: marks, and what a student and a teacher are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from stepwise.checking.judging import FOLLOWS, Codes, Flags, Range
from stepwise.checking.marking import Marking
from stepwise.checking.model import VERDICTS, Answers, Asked, Marked, Report, Sheet
from stepwise.checking.naming import Names
from stepwise.problem.model import Scheme

_CREDIT_RIGHT = VERDICTS.index("right")


def reports(
    sheet: Sheet, marking: Marking, answers: Sequence[Answers], names: Names, empty: Mapping[str, Flags]
) -> Iterator[Report]:
    """One report for every student."""
    columns = [_Column(one, marking, empty, sheet.problem.marking) for one in _shown(sheet, marking)]
    for student, own in enumerate(answers):
        quantities = {
            column.asked.id: column.marked(student, own, names.get((column.asked.id, student), ()))
            for column in columns
            if column.asked.asked or own.values.get(column.asked.id) is not None
        }
        yield Report(own.student, own.source, quantities, notes=own.notes)


def _shown(sheet: Sheet, marking: Marking) -> list[Asked]:
    """What is asked for, or given by somebody."""
    return [one for one in sheet.quantities.values() if one.asked or one.id in marking.given]


class _Column:
    """One quantity of all students."""

    def __init__(self, asked: Asked, marking: Marking, empty: Mapping[str, Flags], scheme: Scheme) -> None:
        self.asked = asked
        self._accepted = _pairs(asked, marking.accepted[asked.id])
        codes = marking.codes.get(asked.id)
        self._codes: Codes | None = codes
        if codes is None:
            return
        flat = codes.reshape(len(codes), -1)
        self._worst = flat.max(axis=1).tolist()
        self._credit = _credits(codes, empty[asked.id], scheme).tolist()
        self._empty = empty[asked.id].tolist()
        own = marking.own[asked.id]
        self._own = own if own.lo.ndim == 3 else None
        self._off = (codes > _CREDIT_RIGHT).any(axis=(1, 2)).tolist()

    def marked(self, student: int, own: Answers, mistakes: tuple[Any, ...]) -> Marked:
        asked = self.asked
        answer = own.values.get(asked.id)
        if self._codes is None or answer is None:
            nothing = np.full(asked.shape, None, dtype=object)
            missing = np.full(asked.shape, "missing", dtype=object)
            return Marked(
                asked, "missing", 0.0, asked.marks, asked.edge(nothing), self._accepted, None, asked.edge(missing)
            )
        expected = None
        if self._own is not None and self._off[student]:
            expected = _pairs(asked, self._own.take(np.array([student])))
        return Marked(
            asked,
            VERDICTS[self._worst[student]],
            _rounded(self._credit[student] * asked.marks),
            asked.marks,
            asked.edge(np.where(np.isnan(answer.values), None, answer.texts)),
            self._accepted,
            None if expected == self._accepted else expected,
            asked.edge(_WORDS[self._codes[student]]),
            mistakes,
            self._empty[student],
        )


_WORDS = np.array(VERDICTS, dtype=object)


def _credits(codes: Codes, empty: Flags, scheme: Scheme) -> np.ndarray:  # type: ignore[type-arg]
    """The share of a quantity's marks that each student earns."""
    worth = np.array([1.0, scheme.follows, scheme.too_few_digits, 0.0, 0.0])
    each = worth[codes].reshape(len(codes), -1)
    each[empty[:, None] & (codes.reshape(len(codes), -1) == FOLLOWS)] = 0.0
    return np.asarray(each.mean(axis=1) if scheme.by == "entry" else each.min(axis=1))


def _rounded(marks: float) -> float:
    """Marks have two decimals at most."""
    return round(marks * 100 + 1e-9) / 100


def _pairs(asked: Asked, bounds: Range) -> Any:
    """[low, high] for each entry, in the shape that a student sees."""
    lo, hi = (np.broadcast_to(end, (1, *asked.shape))[0] if end.ndim == 3 else end for end in (bounds.lo, bounds.hi))
    both = np.stack([np.broadcast_to(lo, asked.shape), np.broadcast_to(hi, asked.shape)], axis=-1)
    return both.reshape([(2,), (-1, 2), (*asked.shape, 2)][asked.rank]).tolist()
