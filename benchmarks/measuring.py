"""Interleaved pairs of runs, and what their ratios say about a target."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Work = Callable[[], object]

PAIRS = 9
"""Fewer pairs say too little about a median."""


@dataclass(frozen=True)
class Row:
    """One row of the table: what was measured, the target, and what came of each pair.

    With `at_least` the target is a lower bound. `measured` is empty where something is missing here; `note` says what,
    or what the number means.
    """

    what: str
    target: float
    measured: tuple[float, ...]
    unit: str = "×"
    at_least: bool = False
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.measured)

    def met(self, slack: float = 1.0) -> bool:
        """Whether the median is within the target, or within `slack` times it."""
        return self.median >= self.target / slack if self.at_least else self.median <= self.target * slack


def seconds(work: Work, times: int = 1) -> float:
    """The wall-clock time of some runs in a row, without the collector of garbage in between."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for _ in range(times):
            work()
        return time.perf_counter() - start
    finally:
        gc.enable()


def ratios(ours: Work, theirs: Work, pairs: int, times: int = 1) -> tuple[float, ...]:
    """Ours ÷ theirs, pair by pair; who goes first changes from pair to pair, and a first pair is not counted."""
    found = []
    for pair in range(pairs + 1):
        if pair % 2:
            own, other = seconds(ours, times), seconds(theirs, times)
        else:
            other, own = seconds(theirs, times), seconds(ours, times)
        found.append(own / other)
    return tuple(found[1:])


def missing(what: str, target: float, reason: str, *, at_least: bool = False) -> Row:
    """A row that cannot be measured here."""
    return Row(what, target, (), at_least=at_least, note=reason)


def best_of(candidates: Sequence[tuple[str, Work]], times: int = 3) -> tuple[str, Work]:
    """The quickest of some ways to do the same."""
    return min(candidates, key=lambda pair: min(seconds(pair[1]) for _ in range(times)))
