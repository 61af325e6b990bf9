"""What a practice sheet is made of: students, variants of problems, and papers that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from msgspec import Struct

from stepwise.asking import Asked, Questions
from stepwise.asking.key import Ends
from stepwise.problem.model import Problem


class Student(Struct, frozen=True):
    """One line of a roster: the id that seeds the student's numbers, and a name in any script ("": none)."""

    id: str
    name: str = ""

    @property
    def shown(self) -> str:
        """What stands on the paper."""
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


Measure = Callable[[], Mapping[str, Ends]]
"""What tells between which numbers answers are right; it may take its time, and is asked once at the most."""


class Variant(Struct, frozen=True, eq=False, dict=True):
    """A problem with numbers of its own. `code` draws the same numbers again; it also stands in the document."""

    problem: Problem
    code: str
    questions: Questions
    measure: Measure

    @cached_property
    def accepted(self) -> Mapping[str, Ends]:
        """The lowest and the highest numbers that are right, for every asked quantity (two axes, as on paper)."""
        return self.measure()

    @property
    def asked(self) -> tuple[Asked, ...]:
        return self.questions.asked

    @cached_property
    def marks(self) -> float:
        """What the whole variant is worth."""
        return float(sum(one.marks for one in self.asked))


class Paper(Struct, frozen=True, eq=False):
    """What one student gets: one variant, or one for each question of an exam.

    `name` names its file (the code of its variant; for an exam its number or the student's id). `title` is the exam's
    (language → text, "" for all languages); None where the paper is a single problem, which has a title of its own.
    """

    name: str
    variants: tuple[Variant, ...]
    student: Student | None = None
    title: Mapping[str, str] | None = None
    languages: tuple[str, ...] = ()
    """In which it is written where nobody says otherwise; where there are none, in those of its first problem."""

    @property
    def is_exam(self) -> bool:
        return self.title is not None

    @property
    def marks(self) -> float:
        return sum(one.marks for one in self.variants)
