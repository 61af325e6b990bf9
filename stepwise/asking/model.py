"""What a problem can ask for: its computed quantities as a student sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy.typing as npt
from msgspec import Struct

from stepwise.derivation import Step
from stepwise.problem.model import Problem


class Asked(Struct, frozen=True, eq=False):
    """A computed quantity of a problem, as a student may be asked for it.

    `shape` is as on paper (two axes); `rank` says how many axes the student sees: 0 a number, 1 a vector, 2 a matrix.
    """

    id: str
    """With its iteration where there are several: `t2.dW1`."""
    name: str
    iteration: int | None
    shape: tuple[int, int]
    rank: int
    step: Step
    asked: bool
    """Whether it is asked for. Other quantities may be given too; they are judged, and count no marks."""
    marks: float

    def edge(self, array: npt.NDArray[Any]) -> Any:
        """An array as the student sees it: a number, a list or a list of rows."""
        return array.reshape([(), (-1,), self.shape][self.rank]).tolist()


class Questions(Struct, frozen=True, eq=False):
    """Everything that can be asked of a problem, in the order of the calculation, and which of it is."""

    problem: Problem
    quantities: Mapping[str, Asked]

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.quantities.values() if one.asked)
