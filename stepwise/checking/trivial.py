"""Answers that leave nothing to calculate: what follows from them earns nothing.

A wrong answer is trivial where it is all zeros, or no finite number. What follows from one is trivial where it comes
out as zeros that the key does not have, or stays the same however the wrong number is changed (the sigmoid of 100 is 1)
while the key would change; and so is everything that follows from a trivial quantity.
"""

from __future__ import annotations

import numpy as np

from stepwise.checking.judging import FOLLOWS, MISSING, RIGHT, WRONG, Flags, Floats
from stepwise.checking.marking import Marking, Students
from stepwise.checking.ways import float_value

_NUDGE = 1e-3
_SAME = 1e-9


def trivial(marking: Marking) -> dict[str, Flags]:
    """For every quantity that somebody wrote, which students' follow-through in it earns nothing."""
    found = {name: np.zeros(marking.count, dtype=bool) for name in marking.given}
    students = _concerned(marking)
    if students.size:
        with np.errstate(all="ignore"):
            for name, flags in _Nudged(marking, students).run().items():
                found[name][students] = flags
    return found


def _concerned(marking: Marking) -> Students:
    """The students who have something wrong, and something that follows."""
    has = [np.zeros(marking.count, dtype=bool), np.zeros(marking.count, dtype=bool)]
    for codes in marking.codes.values():
        for place, code in enumerate((WRONG, FOLLOWS)):
            has[place] |= (codes == code).any(axis=(1, 2))
    return np.flatnonzero(has[0] & has[1])


class _Nudged:
    """The numbers of some students, the same with their wrong ones a little changed, and both for the key."""

    def __init__(self, marking: Marking, students: Students) -> None:
        self.marking = marking
        self.students = students
        givens = dict(marking.whole.givens)
        self.own: dict[str, Floats] = dict(givens)
        self.own_nudged: dict[str, Floats] = dict(givens)
        self.key: dict[str, Floats] = dict(givens)
        self.key_nudged: dict[str, Floats] = dict(givens)
        self.spoilt: dict[str, Flags] = {}
        """Which students have nothing left to calculate in a line."""
        self.found: dict[str, Flags] = {}

    def run(self) -> dict[str, Flags]:
        for line in self.marking.whole.lines:
            above = np.zeros(len(self.students), dtype=bool)
            for name in line.operands():
                above |= self.spoilt.get(name, above)
            for values in (self.own, self.own_nudged, self.key, self.key_nudged):
                values[line.id] = float_value(line, line.tree, values.__getitem__)
            given = self.marking.given.get(line.id)
            self.spoilt[line.id] = above if given is None else self._spoilt(line.id, given.values[self.students], above)
        return self.found

    def _spoilt(self, name: str, values: Floats, above: Flags) -> Flags:
        """Judge a quantity that was written down, and carry the students' numbers on."""
        codes = self.marking.codes[name][self.students]
        key, own = (np.broadcast_to(one[name], values.shape) for one in (self.key, self.own))
        changes = ~_same(self.key_nudged[name], self.key[name]) & _same(self.own_nudged[name], self.own[name])
        zeros = (np.abs(own) <= _SAME) & (np.abs(key) > _SAME)
        follows = codes == FOLLOWS
        sound = (codes == RIGHT) & (np.abs(key) > _SAME)
        empty = follows.any(axis=(1, 2)) & ((changes | zeros) | ~follows).all(axis=(1, 2)) & ~sound.any(axis=(1, 2))
        self.found[name] = (empty | above) & follows.any(axis=(1, 2))
        written = np.isfinite(values)
        nothing = (codes == MISSING) | (values == 0) | ~(written | np.isnan(values))
        wrong = (codes == WRONG).any(axis=(1, 2)) & nothing.all(axis=(1, 2))
        wrong |= np.isinf(values).any(axis=(1, 2))
        self._carry(name, values, codes == WRONG)
        still = (codes != RIGHT).any(axis=(1, 2))
        return np.asarray(self.found[name] | wrong | (above & still))

    def _carry(self, name: str, values: Floats, wrong: Flags) -> None:
        written = np.isfinite(values)
        self.own[name] = np.where(written, values, self.own[name])
        self.own_nudged[name] = np.where(written, np.where(wrong, _nudged(values), values), self.own_nudged[name])
        key = np.broadcast_to(self.key[name], values.shape)
        self.key_nudged[name] = np.where(written, np.where(wrong, _nudged(key), key), self.key_nudged[name])


def _nudged(values: Floats) -> Floats:
    return values * (1 + _NUDGE) + _NUDGE


def _same(one: Floats, other: Floats) -> Flags:
    return np.asarray(np.abs(one - other) <= _SAME * np.maximum(1.0, np.abs(other)))
