"""What marking reads and what it gives: asked quantities, a student's answers, the verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from stepwise.asking.model import Asked, Questions

Verdict = Literal["right", "follows", "wrong", "missing", "too_few_digits"]
VERDICTS: tuple[Verdict, ...] = ("right", "follows", "too_few_digits", "wrong", "missing")
"""From the best to the worst; a quantity's verdict is the worst of its entries'."""


class Answer(Struct, frozen=True, eq=False):
    """The numbers that a student wrote for one quantity, as on paper (two axes).

    `values` is NaN where nothing is written (and infinite where something is that is no finite number: `nan`, `inf`);
    `halves` is half a unit of each number's last typed digit (0 for a fraction such as 1/3); `texts` is what was typed.
    """

    values: npt.NDArray[np.float64]
    halves: npt.NDArray[np.float64]
    texts: npt.NDArray[np.object_]


class Answers(Struct, frozen=True, eq=False):
    """One student's answers, by quantity id. `student` is "" where the file does not say."""

    student: str
    source: str
    values: Mapping[str, Answer]
    notes: tuple[str, ...] = ()
    """What is odd about the file but does not keep it from being marked."""
    code: str = ""
    """Of which sheet these are the answers, as it is typed; "" where the file does not say."""
    also: tuple[str, ...] = ()
    """What the file calls the student beside `student`: a name beside an id."""


class MadeMistake(Struct, frozen=True):
    """A known mistake that explains a wrong answer: its name, and the line in which it was made.

    `place` is the entry of the quantity where only one is explained by it, counted from 1, else ().
    """

    name: str
    line: str
    place: tuple[int, ...] = ()


class Marked(Struct, frozen=True, eq=False):
    """One quantity of one student. Arrays have the shape that the student sees, as nested lists.

    `accepted` holds [low, high] for each entry: the answers that are right. `expected` is the same from the student's
    own earlier answers; None where these are all right. `given` holds the typed texts, None where nothing was typed.
    """

    asked: Asked
    verdict: Verdict
    marks: float
    of: float
    given: Any
    accepted: Any
    expected: Any
    entries: Any
    mistakes: tuple[MadeMistake, ...] = ()
    """Those that explain the answer; of several, each gives this same number. Empty: unknown, or nothing is wrong."""
    trivial: bool = False
    """It follows from an earlier answer that left nothing to calculate, and earns nothing."""
    by_hand: bool = False
    """The marks were set by hand."""


class Report(Struct, frozen=True, eq=False):
    """One student's answers, marked. `report["delta2"].verdict` is the verdict on a quantity."""

    student: str
    source: str
    quantities: Mapping[str, Marked]
    """Every quantity that is asked for or given, in the order of the calculation."""
    by_hand: float | None = None
    """The total that was set by hand."""
    notes: tuple[str, ...] = ()
    code: str = ""
    """Of the variant whose numbers the student has; "" where these are the problem's own."""

    def __getitem__(self, name: str) -> Marked:
        return self.quantities[name]

    def __contains__(self, name: object) -> bool:
        return name in self.quantities

    @property
    def marks(self) -> float:
        return self.by_hand if self.by_hand is not None else sum(one.marks for one in self.quantities.values())

    @property
    def of(self) -> float:
        return sum(one.of for one in self.quantities.values())

    @property
    def all_right(self) -> bool:
        return all(one.verdict == "right" for one in self.quantities.values())


class Unreadable(Struct, frozen=True, eq=False):
    """Answers that could not be read, and why: one message."""

    source: str
    message: str


class ClassReport(Struct, frozen=True, eq=False):
    """The answers of a class, marked. Where students have variants, `questions` has the numbers of none of them."""

    questions: Questions
    reports: Sequence[Report]
    unreadable: Sequence[Unreadable] = ()
    warnings: Sequence[str] = field(default_factory=tuple)
    """Two files of one student, a file without a name."""

    @property
    def all_right(self) -> bool:
        return all(report.all_right for report in self.reports)

    @property
    def has_variants(self) -> bool:
        """Whether not all students have the same numbers."""
        return len({report.code for report in self.reports}) > 1
