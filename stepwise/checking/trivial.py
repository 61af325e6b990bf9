"""Answers that leave nothing to calculate: what follows from them without any work earns nothing.

It starts where a wrong answer is all zeros or no finite number, where a function is constant at the wrong number while
it is not at the right one (the sigmoid of 100, a unit or a hinge that is switched off), or where a factor has become 0.
From there on what comes out as zeros, or leaves a parameter as it was, earns nothing; everything that still has to be
calculated does.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from stepwise.asking.lines import Line
from stepwise.asking.ways import float_value
from stepwise.checking.judging import FOLLOWS, MISSING, RIGHT, WRONG, Codes, Flags, Floats
from stepwise.checking.marking import Marking, Students
from stepwise.expressions import MatMul, Mul

_NUDGE = 1e-3
_SAME = 1e-9
_CLASSES = frozenset({"yhat"})
"""Quantities that are classes: 0 is one of them."""


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
        """Who has got something in a line that is nothing to calculate with."""
        self.found: dict[str, Flags] = {}

    def run(self) -> dict[str, Flags]:
        for line in self.marking.whole.lines:
            for values in (self.own, self.own_nudged, self.key, self.key_nudged):
                values[line.id] = float_value(line, line.tree, values.__getitem__)
            empty = self._comes_to_nothing(line)
            given = self.marking.given.get(line.id)
            if given is None:
                self.spoilt[line.id] = empty
            else:
                self._written(line, given.values[self.students], empty)
        return self.found

    def _comes_to_nothing(self, line: Line) -> Flags:
        """Who gets nothing out of a line that gives something in the key."""
        own, key = self.own[line.id], self.key[line.id]
        above = self._any(self.spoilt.get(name) for name in line.operands())
        constant = _same(self.own_nudged[line.id], own) & ~_same(self.key_nudged[line.id], key)
        moves = self._any(self._moves(name) for name in line.operands())
        zero = (np.abs(own) <= _SAME) & (np.abs(key) > _SAME)
        # a factor of 0; a perceptron that is right does not learn, which is its rule
        product = isinstance(line.tree, Mul | MatMul) and self.marking.whole.problem.model != "perceptron"
        nothing = (constant & moves[:, None, None]) | (zero & (above | product)[:, None, None])
        unchanged = self._unchanged(line)
        nothing |= unchanged & ~_same(own, key) & above[:, None, None]
        same = _same(own, key)
        # what is as in the key shows nothing either way where it is 0, or a parameter as it was
        sound = same & (np.abs(key) > _SAME) & ~unchanged
        flags = np.broadcast_to((nothing | same) & ~sound, (len(self.students), *line.shape)).all(axis=(1, 2))
        return np.asarray(flags & np.broadcast_to(nothing, (len(self.students), *line.shape)).any(axis=(1, 2)))

    def _unchanged(self, line: Line) -> Flags:
        """Where an update leaves a parameter as it was."""
        if line.step is None or line.step.role != "new":
            return np.zeros((1, 1, 1), dtype=bool)
        return _same(self.own[line.id], self.own[line.operands()[0]])

    def _moves(self, name: str) -> Flags | None:
        """Whose number changes when their wrong ones do."""
        if name not in self.own_nudged:
            return None
        changed = ~_same(self.own_nudged[name], self.own[name])
        return np.asarray(np.broadcast_to(changed, (len(self.students), *changed.shape[-2:])).any(axis=(1, 2)))

    def _any(self, flags: Iterable[Flags | None]) -> Flags:
        found = np.zeros(len(self.students), dtype=bool)
        for one in flags:
            if one is not None:
                found |= one
        return found

    def _written(self, line: Line, values: Floats, empty: Flags) -> None:
        """Judge a quantity that was written down, and carry the students' numbers on."""
        codes = self.marking.codes[line.id][self.students]
        follows = (codes == FOLLOWS).any(axis=(1, 2))
        self.found[line.id] = empty & follows
        right = (codes == RIGHT).all(axis=(1, 2))
        self.spoilt[line.id] = (empty & ~right) | self._worthless(line, values, codes)
        wrong, written = codes == WRONG, np.isfinite(values)
        self.own[line.id] = np.where(written, values, self.own[line.id])
        changed = np.where(wrong, _nudged(values), values)
        self.own_nudged[line.id] = np.where(written, changed, self.own_nudged[line.id])
        key = np.broadcast_to(self.key[line.id], values.shape)
        changed = np.where(wrong, _nudged(key), key)
        self.key_nudged[line.id] = np.where(written, changed, self.key_nudged[line.id])

    def _worthless(self, line: Line, values: Floats, codes: Codes) -> Flags:
        """Who wrote zeros alone where the key has more, or something that is no finite number."""
        endless = np.isinf(values).any(axis=(1, 2))
        if line.step is not None and line.step.role in _CLASSES:
            return np.asarray(endless)
        nothing = ((codes == MISSING) | (values == 0) | np.isinf(values)).all(axis=(1, 2))
        return np.asarray(endless | ((codes == WRONG).any(axis=(1, 2)) & nothing))


def _nudged(values: Floats) -> Floats:
    return values * (1 + _NUDGE) + _NUDGE


def _same(one: Floats, other: Floats) -> Flags:
    return np.asarray(np.abs(one - other) <= _SAME * np.maximum(1.0, np.abs(other)))
