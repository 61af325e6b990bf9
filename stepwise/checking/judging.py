"""The verdict on every number: against the key first, then against what follows from the student's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.checking.model import VERDICTS
from stepwise.notation.numbers import Digits, decimals_of

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

RIGHT, FOLLOWS, TOO_FEW, WRONG, MISSING = range(len(VERDICTS))
"""The verdicts as codes, from the best to the worst: places in `VERDICTS`."""

_SLACK, _LEAST = 1e-7, 1e-12
"""A calculator that cuts its eighth figure off, and float noise where terms cancel."""
_JUST_UNDER = 0.999
_SMALL = 0.02
"""Two units of the third figure, at the most."""
_FINE, _WHOLE = 0.0005, 0.5
"""Half a unit of the third decimal, and of a whole number."""


class Range(Struct, frozen=True, eq=False):
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

    def accepts(self, given: Given) -> Flags:
        """Which numbers are right: inside, or what something inside is when rounded to digits enough."""
        return np.asarray(self.holds(given.values) | (given.fine & self._meets(given.values, given.halves)))

    def roughly(self, given: Given) -> Flags:
        """Which numbers round, to the digits they have, what lies inside.

        A rounded number still has to say how large the number is, to a half of it, and a whole number to a tenth:
        1 is not 0.8 with too few digits, and 0 is only what 0.000 rounds.
        """
        share = np.where(given.halves < _WHOLE, 0.5, 0.1)
        zero = (given.values == 0) & (given.halves <= _FINE)
        least = np.where(zero, given.halves, share * np.abs(given.values))
        return self._meets(given.values, np.minimum(given.halves, least), to_even=True)

    def distance(self, values: Floats) -> Floats:
        """How far outside each number is."""
        return np.asarray(np.maximum(np.maximum(self.lo - values, values - self.hi), 0.0))

    def nearly(self, given: Given) -> Flags:
        """Which numbers are right but for a unit or two of their last digit.

        Not where the answer is a single number that needs no rounding: there nothing was rounded badly.
        """
        unit = 2 * given.halves
        exact = (self.hi - self.lo <= self._room()) & _multiple(self.lo, unit)
        near = self.distance(given.values) <= given.careless
        return np.asarray(near & (given.careless > 0) & ~exact)

    def _meets(self, values: Floats, room: Floats, *, to_even: bool = False) -> Flags:
        """What is half a unit away is a rounded number where that is away from zero: 0.13 for 0.125, and 0.12 is not
        (but where halves may be rounded `to_even`, as Python does)."""
        whole, under = room * (1 + _SLACK), room * (1 + _SLACK if to_even else _JUST_UNDER)
        below, above = np.where(values < 0, whole, under), np.where(values > 0, whole, under)
        return np.asarray((values >= self.lo - self._room() - below) & (values <= self.hi + self._room() + above))

    def _room(self) -> Floats:
        size = np.maximum(np.abs(self.lo), np.abs(self.hi))
        return np.asarray(_LEAST + _SLACK * np.where(np.isfinite(size), size, 0.0))


class Given(Struct, frozen=True, eq=False):
    """What students wrote for one quantity, students first. `fine`: with as many digits as are asked for."""

    values: Floats
    halves: Floats
    fine: Flags
    careless: Floats
    """How far beside an answer a number is only rounded badly: two units of its last digit, if these are small."""

    def take(self, students: npt.NDArray[Any]) -> Given:
        return Given(*(part[students] for part in (self.values, self.halves, self.fine, self.careless)))

    @property
    def blank(self) -> Flags:
        return np.asarray(np.isnan(self.values))


def _multiple(values: Floats, unit: Floats) -> Flags:
    """Whether numbers are written out in full in these units."""
    with np.errstate(all="ignore"):
        count = values / unit
        return np.asarray(np.abs(count - np.rint(count)) <= 1e-6)


def given_as(values: Floats, halves: Floats, digits: Digits, *, rounds: bool) -> Given:
    """What students wrote where the problem itself asks for `digits`; 3 decimals and 3 figures are always enough.

    Where it is measured by a tolerance (`rounds` is false) bad rounding is no excuse.
    """
    with np.errstate(all="ignore"):
        known = np.where(np.isfinite(values), values, 0.0)
        figures = 0.5 * np.power(10.0, -np.asarray(decimals_of(known, Digits(3, figures=True)), dtype=float))
        asked = 0.5 * np.power(10.0, -np.asarray(decimals_of(known, digits), dtype=float))
        usual = np.where(known == 0, 0.0, np.minimum(_FINE, figures))
        fine = halves <= np.maximum(usual, asked) * (1 + _SLACK)
        room = 4 * halves
        small = (halves < _WHOLE) & (room <= _SMALL * np.abs(known) * (1 + _SLACK))
    return Given(values, halves, np.asarray(fine), np.where(small & rounds, room * (1 + _SLACK), 0.0))


def judge(given: Given, key: Range, own: Range | None, off_above: Flags) -> Codes:
    """A code for every number. `own` is what follows from the student's own numbers (None: nothing else than the key);
    `off_above` says which students have something not right on the way to it."""
    with np.errstate(invalid="ignore"):
        short = key.roughly(given) | (key.nearly(given) & ~off_above[:, None, None])
        if own is not None:
            short = short | own.roughly(given) | own.nearly(given)
        codes = np.where(short, TOO_FEW, WRONG).astype(np.int8)
        if own is not None:
            follows = np.where(off_above, FOLLOWS, RIGHT)[:, None, None]
            codes = np.where(own.accepts(given), follows, codes).astype(np.int8)
        codes[key.accepts(given)] = RIGHT
    codes[given.blank] = MISSING
    return codes


def off(codes: Codes, above: Flags) -> Flags:
    """Which students carry something on that is not right: a number of theirs, or what they left blank below one."""
    bad = ((codes != RIGHT) & (codes != MISSING)).any(axis=(1, 2))
    return np.asarray(bad | (above & (codes == MISSING).any(axis=(1, 2))))
