"""What a teacher wants to know of a class: how the marks lie, where errors start, which mistakes were made."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.checking.model import ClassReport, Marked
from stepwise.notation.numbers import round_half_up

MOST_MARKS = 20
"""Up to this total each mark is counted for itself, above in tenths of the total."""
_BINS = 10


class Bin(Struct, frozen=True):
    """How many students have at least `low` and less than `high` marks; in the last bin `high` is included.

    Where each mark is counted for itself both ends are that mark. Ends are in per cent of the total where `percent`.
    """

    low: float
    high: float
    students: int


class Hard(Struct, frozen=True):
    """A quantity in which errors start: how many students made one there, and which share of those who gave it."""

    quantity: str
    students: int
    share: float


class Frequent(Struct, frozen=True):
    """A known mistake, and how many students made it (where several explain a number, each counts)."""

    mistake: str
    students: int


class Summary(Struct, frozen=True):
    """A class in numbers. Mean, median and best are None where nobody could be marked."""

    students: int
    all_right: int
    of: float
    mean: float | None
    median: float | None
    best: float | None
    percent: bool
    distribution: tuple[Bin, ...]
    hardest: tuple[Hard, ...]
    """From the hardest on; quantities in which no error starts are not listed."""
    mistakes: tuple[Frequent, ...]
    """From the most frequent on."""


def summary_of(marked: ClassReport) -> Summary:
    """The summary of a class."""
    reports = marked.reports
    marks = np.array([report.marks for report in reports], dtype=float)
    totals = np.array([report.of for report in reports], dtype=float)
    total = float(totals.max()) if len(reports) else 0.0
    single = bool(len(reports)) and total <= MOST_MARKS and bool((marks == np.round(marks)).all())
    return Summary(
        students=len(reports),
        all_right=sum(report.all_right for report in reports),
        of=total,
        mean=_rounded(marks.mean()) if len(reports) else None,
        median=_rounded(np.median(marks)) if len(reports) else None,
        best=_rounded(marks.max()) if len(reports) else None,
        percent=not single,
        distribution=_each_mark(marks, total) if single else _tenths(marks, totals),
        hardest=_hardest(marked),
        mistakes=_mistakes(marked),
    )


def _rounded(value: float) -> float:
    return float(round_half_up(value, 2))


def _each_mark(marks: npt.NDArray[np.float64], total: float) -> tuple[Bin, ...]:
    values, counts = np.unique(marks, return_counts=True)
    found = dict(zip(values.tolist(), counts.tolist(), strict=True))
    highest = int(max(total, *found))
    lowest = int(min(0, *found))
    return tuple(Bin(mark, mark, found.get(mark, 0)) for mark in range(lowest, highest + 1))


def _tenths(marks: npt.NDArray[np.float64], totals: npt.NDArray[np.float64]) -> tuple[Bin, ...]:
    shares = np.divide(marks, totals, out=np.zeros_like(marks), where=totals > 0)
    # 0.7 · 10 marks must not fall below 70 % by float noise
    places = np.clip(np.floor(shares * _BINS + 1e-9), 0, _BINS - 1).astype(int)
    counts = np.bincount(places, minlength=_BINS).tolist()
    width = 100 // _BINS
    return tuple(Bin(place * width, (place + 1) * width, count) for place, count in enumerate(counts))


def _hardest(marked: ClassReport) -> tuple[Hard, ...]:
    wrong: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for report in marked.reports:
        for name, one in report.quantities.items():
            given[name] += one.verdict != "missing" or starts_error(one)
            wrong[name] += starts_error(one)
    found = [Hard(name, count, round(count / max(given[name], 1), 4)) for name, count in wrong.items() if count]
    order = {name: place for place, name in enumerate(marked.questions.quantities)}
    return tuple(sorted(found, key=lambda one: (-one.students, order.get(one.quantity, 0))))


def starts_error(one: Marked) -> bool:
    """Whether some entry is wrong; of those that lack others the verdict says only that they do."""
    return one.verdict == "wrong" or (one.verdict == "missing" and one.asked.rank > 0 and "wrong" in str(one.entries))


def _mistakes(marked: ClassReport) -> tuple[Frequent, ...]:
    found: Counter[str] = Counter()
    for report in marked.reports:
        found.update({made.name for one in report.quantities.values() for made in one.mistakes})
    return tuple(Frequent(name, count) for name, count in sorted(found.items(), key=lambda item: (-item[1], item[0])))
