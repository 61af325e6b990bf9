"""The verdict on every number: against the key first, then against what follows from the student's own numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.checking.model import VERDICTS

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

RIGHT, FOLLOWS, TOO_FEW, WRONG, MISSING = range(len(VERDICTS))
"""The verdicts as codes, from the best to the worst: places in `VERDICTS`."""

_SLACK, _LEAST = 1e-9, 1e-12
"""Float noise: relative, and where terms cancel."""
_FINE, _WHOLE = 0.0005, 0.5
"""Half a unit of the third decimal, and of a whole number."""


@dataclass(frozen=True, eq=False, slots=True)
class Range:
    """Between which numbers an answer is accepted."""

    lo: Floats
    hi: Floats

    def of(self, student: int) -> Range:
        """For one student."""
        return Range(*(end[student] if end.ndim == 3 else end for end in (self.lo, self.hi)))

    def limits(self, place: tuple[int, ...]) -> tuple[float, float]:
        """Between which numbers one entry is accepted, for one student."""
        lo, hi = float(self.lo[place]), float(self.hi[place])
        room = _LEAST + _SLACK * max(abs(lo), abs(hi))
        return lo - room, hi + room

    def take(self, students: npt.NDArray[Any]) -> Range:
        return Range(*(end[students] if end.ndim == 3 else end for end in (self.lo, self.hi)))

    def put(self, students: npt.NDArray[Any], count: int, other: Range) -> Range:
        """The same with the range of some of `count` students replaced."""

        def replaced(old: Floats, new: Floats) -> Floats:
            whole = np.array(np.broadcast_to(old, (count, *old.shape[-2:])))
            whole[students] = new
            return whole

        return Range(replaced(self.lo, other.lo), replaced(self.hi, other.hi))

    def holds(self, values: Floats) -> Flags:
        """Which numbers lie inside."""
        room = self._room()
        return np.asarray((values >= self.lo - room) & (values <= self.hi + room))

    def meets(self, values: Floats, halves: Floats) -> Flags:
        """Which numbers round, to the digits they have, what lies inside.

        A rounded number still has to say how large the number is, to a half of it, and a whole number to a quarter:
        1 is not 0.6 with too few digits, and 0 is only what 0.000 rounds.
        """
        share = np.where(halves < _WHOLE, 0.5, 0.25)
        least = np.where((values == 0) & (halves <= _FINE), halves, share * np.abs(values))
        room = self._room() + np.minimum(halves, least)
        return np.asarray((values >= self.lo - room) & (values <= self.hi + room))

    def _room(self) -> Floats:
        size = np.maximum(np.abs(self.lo), np.abs(self.hi))
        return np.asarray(_LEAST + _SLACK * np.where(np.isfinite(size), size, 0.0))


@dataclass(frozen=True, eq=False, slots=True)
class Given:
    """What students wrote for one quantity, students first."""

    values: Floats
    halves: Floats

    def take(self, students: npt.NDArray[Any]) -> Given:
        return Given(self.values[students], self.halves[students])

    @property
    def blank(self) -> Flags:
        return np.asarray(np.isnan(self.values))


def judge(given: Given, key: Range, own: Range | None, off_above: Flags) -> Codes:
    """A code for every number. `own` is what follows from the student's own numbers (None: nothing else than the key);
    `off_above` says which students have something not right on the way to it."""
    with np.errstate(invalid="ignore"):
        codes = np.where(key.meets(given.values, given.halves), TOO_FEW, WRONG).astype(np.int8)
        if own is not None:
            codes[own.meets(given.values, given.halves)] = TOO_FEW
            follows = np.where(off_above, FOLLOWS, RIGHT)[:, None, None]
            codes = np.where(own.holds(given.values), follows, codes).astype(np.int8)
        codes[key.holds(given.values)] = RIGHT
    codes[given.blank] = MISSING
    return codes


def off(codes: Codes, above: Flags) -> Flags:
    """Which students carry something on that is not right: a number of theirs, or what they left blank below one."""
    bad = ((codes != RIGHT) & (codes != MISSING)).any(axis=(1, 2))
    return np.asarray(bad | (above & (codes == MISSING).any(axis=(1, 2))))
