"""What a verification found, as data: gradients compared, things counted, and every miss. No words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["holds", "misses", "corner", "jumps", "clipped", "overflows", "unclear", "drowned", "skipped"]
"""`corner`: the two sides of a corner of the loss differ, and what is printed lies between them; `jumps`: beside the
parameter the loss is another at once; `clipped`: a logarithm was clipped, so that the printed gradient is of another
loss; `overflows`: the loss beside the parameter is no finite number; `unclear`: too few digits are left in float64;
`drowned`: a wrong gradient would be lost in the rounding of the loss; `skipped`: not compared at all."""
Kind = Literal["outputs", "rule", "proof", "equalities", "operands", "sizes", "finite"]
Reason = Literal["", "cut", "letters", "shapes", "nothing"]
"""Why something was skipped: only a part of the page is written, letters have no digits, there are only shapes, or
there is nothing of the kind."""


@dataclass(frozen=True)
class Compared:
    """One gradient by one method: how many of its numbers were compared, and the largest relative error."""

    verdict: Verdict
    compared: int = 0
    worst: float | None = None


@dataclass(frozen=True)
class GradientCheck:
    """The gradient with respect to one parameter, by central differences and by symbolic differentiation."""

    quantity: str
    size: int
    differences: Compared
    symbolic: Compared


@dataclass(frozen=True)
class Counted:
    """A check that counts: how many things were compared, how many exempt, and why nothing was."""

    kind: Kind
    verdict: Verdict
    counted: int = 0
    exempt: int = 0
    reason: Reason = ""


@dataclass(frozen=True)
class Missed:
    """One miss. `what` says which kind; `place` is a number of a quantity (`dW1[1,2]`), `line` a line of the page."""

    what: Literal["gradient", "value", "shape", "finite", "proof", "equality", "operand", "unreadable"]
    place: str = ""
    found: str = ""
    expected: str = ""
    line: int = 0
    formula: str = ""


@dataclass(frozen=True)
class Verification:
    """Everything that was checked of one problem.

    `exact_instead`: the page is of hand arithmetic, whose gradients are those of rounded lines, so that the gradients
    are checked of the same problem in exact arithmetic. `letters`: what was put in for the letters of the problem.
    `kept`: so many of the iterations are kept whole, and were checked.
    """

    name: str
    gradients: tuple[GradientCheck, ...]
    counts: tuple[Counted, ...]
    misses: tuple[Missed, ...]
    exact_instead: bool = False
    letters: tuple[tuple[str, str], ...] = ()
    iterations: int = 1
    kept: int = 1

    @property
    def holds(self) -> bool:
        """Whether nothing was missed."""
        return not self.misses

    def count(self, kind: Kind) -> Counted:
        """What was counted under a name. Raises KeyError where that was not among the checks."""
        for one in self.counts:
            if one.kind == kind:
                return one
        raise KeyError(kind)
