"""Marking a class in one pass: each line is computed from what a student wrote before it, and judged.

Where a student wrote a number it is carried on in place of ours (Known.told), so that everything after it is measured
by the student's own numbers. The students are the leading axis of every array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.asking.lines import Calculation, Line
from stepwise.asking.ways import Known, Way
from stepwise.checking.judging import TOO_FEW, WRONG, Codes, Flags, Given, Range, given_as, judge, off
from stepwise.checking.model import Answers
from stepwise.trace.arithmetic import digits_in

_FINE = 0.00051
"""Half a unit of the third decimal, and a little."""
Students = npt.NDArray[np.intp]


class Marking:
    """The answers of some students to one problem: what each wrote, what would follow, and the verdicts."""

    def __init__(self, whole: Calculation, way: Way, answers: Sequence[Answers]) -> None:
        self.whole = whole
        self.way = way
        self.count = len(answers)
        self._answers = answers
        self.given = _stacked(whole, answers, rounds=way.rounds)
        self.key: dict[str, Known] = {name: way.known(values) for name, values in whole.givens.items()}
        self.accepted: dict[str, Range] = {}
        self.carried: dict[str, Known] = dict(self.key)
        self.own: dict[str, Range] = {}
        """What follows from a student's own numbers, of every quantity that somebody wrote."""
        self.off: dict[str, Flags] = {}
        """Which students have something not right in a line, or on the way to it since they last wrote a number."""
        self.above: dict[str, Flags] = {}
        """The same of everything above a quantity that somebody wrote."""
        self.codes: dict[str, Codes] = {}
        self._nobody: Flags = np.zeros(self.count, dtype=bool)

    def run(self, wanted: Iterable[str]) -> None:
        """Work through all lines. Of the quantities in `wanted` the accepted range is kept though nobody wrote them."""
        kept = {*wanted, *self.given}
        with np.errstate(all="ignore"):
            for line in self.whole.lines:
                self.key[line.id] = self.way.line(line, line.tree, self.key.__getitem__)
                if line.id in kept:
                    self.accepted[line.id] = Range(*self.way.key(line, self.key[line.id]))
                same = all(self.carried[name] is self.key[name] for name in line.operands())
                expected = self.key[line.id] if same else self.way.line(line, line.tree, self.carried.__getitem__)
                self._take(line, expected)

    def _take(self, line: Line, expected: Known) -> None:
        above = self.off_above(line)
        given = self.given.get(line.id)
        if given is None:
            self.carried[line.id], self.off[line.id] = expected, above
            return
        self.above[line.id] = above
        same = expected is self.key[line.id]
        self.own[line.id] = self.accepted[line.id] if same else Range(*self.way.accepted(line, expected))
        self.codes[line.id] = judge(given, self.accepted[line.id], None if same else self.own[line.id], above)
        self.off[line.id] = off(self.codes[line.id], above)
        self.carried[line.id] = expected.told(given.values, given.halves)

    def off_above(self, line: Line) -> Flags:
        """Which students have something not right on the way to a line."""
        flags = [self.off[name] for name in line.operands() if name in self.off]
        return np.asarray(np.logical_or.reduce([self._nobody, *flags]))

    def texts(self, name: str, student: int) -> npt.NDArray[Any]:
        """A student's numbers as they were typed."""
        texts: npt.NDArray[Any] = self._answers[student].values[name].texts
        return texts

    def wrong(self, name: str) -> Students:
        """The students who have a wrong number in a quantity, and not zeros alone everywhere."""
        return np.flatnonzero((self.codes[name] == WRONG).any(axis=(1, 2)) & ~self._only_zeros)

    def short(self, name: str) -> Students:
        """The students who have nothing wrong in a quantity, but numbers with too few digits."""
        return np.flatnonzero(self.codes[name].max(axis=(1, 2), where=~self.given[name].blank, initial=0) == TOO_FEW)

    def blame(self, name: str, students: Students) -> None:
        """Take the numbers with too few digits of some students as wrong."""
        codes = self.codes[name][students]
        self.codes[name][students] = np.where(codes == TOO_FEW, WRONG, codes)

    @cached_property
    def writes_finely(self) -> Flags:
        """Who writes three decimals or more somewhere."""
        fine = [((one.halves <= _FINE) & np.isfinite(one.values)).any(axis=(1, 2)) for one in self.given.values()]
        return np.asarray(np.logical_or.reduce([self._nobody, *fine]))

    @cached_property
    def _only_zeros(self) -> Flags:
        """Who wrote nothing but zeros: there is no calculation in them that could be mistaken."""
        zeros = [(np.isnan(one.values) | (one.values == 0)).all(axis=(1, 2)) for one in self.given.values()]
        return np.asarray(np.logical_and.reduce(zeros))

    def put_off(self, name: str, students: Students, flags: Flags) -> None:
        """Say of some students whether what they carry on from a line is not right."""
        self.off[name] = self.off[name].copy()
        self.off[name][students] = flags

    def put_above(self, name: str, students: Students) -> None:
        """Say of some students that something above a quantity is not right."""
        self.above[name] = self.above[name].copy()
        self.above[name][students] = True

    def lookup(self, students: Students, changed: Mapping[str, Known]) -> _Lookup:
        """The numbers that some students carry, with some of them changed."""
        return _Lookup(self.carried, students, changed)

    def follow(
        self, students: Students, start: Line, changed: dict[str, Known], until: Line | None = None
    ) -> dict[str, Known]:
        """What the lines after `start` give for some students once the lines in `changed` are what they are there.

        With `until` only what leads to that line is computed. What a student wrote stays, and `changed` takes up what
        is carried on. Returns what is expected of each line that depends on the change.
        """
        index = self.whole.index
        lines = self.whole.lines[index[start.id] + 1 : None if until is None else index[until.id] + 1]
        lookup = self.lookup(students, changed)
        expected: dict[str, Known] = {}
        for line in lines:
            if not any(name in changed for name in line.operands()):
                continue
            expected[line.id] = known = self.way.line(line, line.tree, lookup)
            given = self.given.get(line.id)
            if given is None:
                changed[line.id] = known
                continue
            written = np.isfinite(given.take(students).values)
            if not written.all():
                changed[line.id] = known.with_written(self.carried[line.id].take(students), written)
        return expected


class _Lookup:
    """Quantities by id, cut down to some students once."""

    def __init__(self, carried: Mapping[str, Known], students: Students, changed: Mapping[str, Known]) -> None:
        self._carried, self._students, self._changed = carried, students, changed
        self._taken: dict[str, Known] = {}

    def __call__(self, name: str) -> Known:
        if name in self._changed:
            return self._changed[name]
        if name not in self._taken:
            self._taken[name] = self._carried[name].take(self._students)
        return self._taken[name]


def _stacked(whole: Calculation, answers: Sequence[Answers], *, rounds: bool) -> dict[str, Given]:
    """Every quantity that somebody wrote a number for, as one array for all students."""
    names = {name for one in answers for name, answer in one.values.items() if not np.isnan(answer.values).all()}
    digits = digits_in(whole.problem, whole.derivation)
    found = {}
    for line in whole.lines:
        if line.id in names:
            nothing: Any = np.full(line.shape, np.nan)
            zero: Any = np.zeros(line.shape)
            parts = [one.values.get(line.id) for one in answers]
            values = np.stack([nothing if part is None else part.values for part in parts])
            halves = np.stack([zero if part is None else part.halves for part in parts])
            found[line.id] = given_as(values, halves, digits(line.name), rounds=rounds)
    return found
