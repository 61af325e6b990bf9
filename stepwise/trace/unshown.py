"""The iterations of training that nobody is shown: worked in place, in memory that each of them uses again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.derivation import Derivation
from stepwise.expressions import refs
from stepwise.expressions.inplace import InPlace
from stepwise.expressions.lightened import lightened
from stepwise.problem.model import Problem
from stepwise.trace.arithmetic import not_finite
from stepwise.trace.givens import Start

FloatArray = npt.NDArray[np.float64]


class Unshown:
    """Iterations from `numbers` on. `parameters` are what is trained: copies, which every iteration writes over."""

    def __init__(
        self, problem: Problem, derivation: Derivation, starts: Mapping[str, Start], numbers: Mapping[str, Any]
    ) -> None:
        self.problem = problem
        self.derivation = derivation
        self.parameters: dict[str, FloatArray] = {name: numbers[name].copy() for name in derivation.carried}
        self._lines = [(step.id, step.tree) for step in derivation.each]
        own = {name for name, _ in self._lines}
        self._operands = dict.fromkeys(name for _, tree in self._lines for name in refs(tree) if name not in own)
        given = {name: starts[name].values for name in self._operands if name in ("x", "y")}
        self._samples: dict[str, FloatArray] = {name: values for name, values in given.items() if values is not None}
        self._axis = 1 if problem.layout == "column" else 0
        self._held = {name: numbers[name] for name in self._operands if name not in (*self._samples, "t", "N")}
        self._held |= self.parameters
        self._by_samples: dict[int, InPlace] = {}

    def work(self, number: int, chosen: slice) -> Mapping[str, FloatArray]:
        """The results of one iteration; the next one writes over them."""
        where = (slice(None), chosen) if self._axis == 1 else (chosen, slice(None))
        moving = {name: values[where] for name, values in self._samples.items()}
        if "t" in self._operands:
            moving["t"] = np.array([[float(number)]])
        count = moving["x"].shape[self._axis]
        if count not in self._by_samples:
            self._by_samples[count] = self._prepared(count, moving)
        lines = self._by_samples[count]
        failed = lines.work(moving)
        if failed is not None:
            raise not_finite(self.derivation.steps[failed], self.problem)
        return lines.results

    def _prepared(self, count: int, moving: Mapping[str, FloatArray]) -> InPlace:
        """The lines for so many samples: the last batch of an epoch may be short."""
        held = self._held | ({"N": np.array([[float(count)]])} if "N" in self._operands else {})
        shapes = {name: (array.shape[0], array.shape[1]) for name, array in moving.items()}
        into = {new: self.parameters[name] for name, new in self.derivation.carried.items()}
        wanted = {*into, *self.derivation.history}
        given = {name: (array.shape[0], array.shape[1]) for name, array in held.items()} | shapes
        return InPlace(lightened(self._lines, given, wanted), held, shapes, into, wanted)


def can_be_worked_in_place(derivation: Derivation) -> bool:
    """Whether no line of an iteration needs a parameter after its new value is there."""
    old = {new: name for name, new in derivation.carried.items()}
    gone: set[str] = set()
    for step in derivation.each:
        if not gone.isdisjoint(refs(step.tree)):
            return False
        gone.add(old.get(step.id, ""))
    return True


@cache
def keep_freed_memory() -> None:
    """Once a block of this size was given back, glibc keeps smaller ones for the next array: fresh pages from the
    system cost as much as the arithmetic in them. Nothing is written into the block, so it costs nothing itself."""
    np.empty(2**21)
