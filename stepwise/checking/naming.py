"""Which mistake explains a wrong answer.

Where an error starts, the known mistakes of that line are tried, and of every line above it that the student did not
write down: the mistaken line is computed from the student's own numbers and what follows of it compared with what the
student wrote. Of several that explain the number those stay that leave the fewest later lines wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from stepwise.checking.judging import MISSING, WRONG, Codes, Flags, Range, judge
from stepwise.checking.lines import Line
from stepwise.checking.marking import Marking, Students, off
from stepwise.checking.model import MadeMistake
from stepwise.checking.slips import slips
from stepwise.checking.ways import Known
from stepwise.operations.operation import Mistake

Names = dict[tuple[str, int], tuple[MadeMistake, ...]]
"""The mistakes by quantity and student."""


@dataclass(eq=False)
class _Option:
    """One way to explain a wrong quantity, and for which of the students who have it wrong it does."""

    made: MadeMistake
    explains: Flags
    line: Line | None = None
    """The line above in which the mistake was made, and what came out of it; None: the quantity's own line."""
    mistaken: Known | None = None
    place: tuple[int, ...] = ()
    costs: list[float] = field(default_factory=list)


def name_mistakes(marking: Marking) -> Names:
    """Name every error that a known mistake explains; what else such a mistake explains downstream then follows."""
    found: Names = {}
    with np.errstate(all="ignore"):
        for line in marking.whole.lines:
            if line.id in marking.given:
                students = marking.wrong(line.id)
                if students.size:
                    found |= _Naming(marking, line, students).names()
    return found


class _Naming:
    """The errors of some students in one quantity."""

    def __init__(self, marking: Marking, line: Line, students: Students) -> None:
        self.marking = marking
        self.line = line
        self.students = students
        self.given = marking.given[line.id].take(students)
        self.codes = marking.codes[line.id][students]
        self._blank = self.codes == MISSING
        self._wrong = self.codes == WRONG

    def names(self) -> Names:
        options = [*self._whole(), *self._slips()]
        none = ~np.logical_or.reduce([np.zeros(len(self.students), dtype=bool), *(one.explains for one in options)])
        if none.any():
            options += self._parts(none)
        if not options:
            return {}
        costs = self._costs(options)
        best = costs.min(axis=0)
        chosen = (costs == best) & np.isfinite(best)
        self._adopt(options, chosen)
        found: Names = {}
        for place, student in enumerate(self.students.tolist()):
            made = [option.made for option, here in zip(options, chosen[:, place], strict=True) if here]
            if made:
                found[self.line.id, student] = tuple(dict.fromkeys(made))
        return found

    # ---- what may have been done

    def _whole(self) -> list[_Option]:
        """Mistakes that explain everything the student wrote for the quantity."""
        options = []
        for line, mistake in self._candidates():
            known = self._mistaken(line, mistake)
            if known is None:
                continue
            result = known if line is self.line else self._followed(line, known)
            if result is None:
                continue
            explains = (self._fits(result) | self._blank).all(axis=(1, 2))
            if explains.any():
                own = line is self.line
                made = MadeMistake(mistake.name, line.id)
                options.append(_Option(made, explains, None if own else line, None if own else known))
        return options

    def _parts(self, students: Flags) -> list[_Option]:
        """Mistakes of the line itself that explain only the numbers that are wrong: made in one entry, not in all."""
        options = []
        step = self.line.step
        for mistake in step.mistakes if step is not None else ():
            known = self._mistaken(self.line, mistake)
            if known is not None:
                explains = (self._fits(known) | ~self._wrong).all(axis=(1, 2)) & students
                if explains.any():
                    options.append(_Option(MadeMistake(mistake.name, self.line.id), explains))
        return options

    def _slips(self) -> list[_Option]:
        """Slips of the pen, against the key and against the student's own numbers."""
        marking, name = self.marking, self.line.id
        ranges = (marking.accepted[name], marking.own[name].take(self.students))
        found: dict[str, Flags] = {}
        for place in range(len(self.students)):
            here = np.array([place])
            for slip in slips(self.given.values[place], self._wrong[place], [one.take(here) if one.lo.ndim == 3 else one for one in ranges], self._texts(place)):
                found.setdefault(slip, np.zeros(len(self.students), dtype=bool))[place] = True
        return [_Option(MadeMistake(slip, name), explains) for slip, explains in found.items()]

    def _texts(self, place: int) -> np.ndarray:  # type: ignore[type-arg]
        return self.marking.texts(self.line.id, int(self.students[place]))

    def _candidates(self) -> Iterator[tuple[Line, Mistake]]:
        """The mistakes of the line, and of the lines above it that not all of the students wrote down."""
        waiting, seen = [self.line], {self.line.id}
        iterations = {None, self.line.iteration or self.marking.whole.iterations, self.line.iteration}
        while waiting:
            line = waiting.pop(0)
            if line.step is not None and line.tree is line.step.tree:
                yield from ((line, mistake) for mistake in line.step.mistakes)
            for name in line.operands():
                place = self.marking.whole.index.get(name)
                if place is None or name in seen or self._all_wrote(name):
                    continue
                above = self.marking.whole.lines[place]
                if above.iteration in iterations:
                    seen.add(name)
                    waiting.append(above)

    def _all_wrote(self, name: str) -> bool:
        given = self.marking.given.get(name)
        return given is not None and bool(np.isfinite(given.values[self.students]).all())

    def _mistaken(self, line: Line, mistake: Mistake) -> Known | None:
        """What a line gives with a mistake, from the students' own numbers; None where it cannot be made here."""
        lookup = self.marking.lookup(self.students, {})
        try:
            known = self.marking.way.line(line, mistake.tree, lookup)
        except (KeyError, ValueError):
            return None
        given = self.marking.given.get(line.id)
        if given is None or line is self.line:
            return known
        part = given.take(self.students)
        return known.told(part.values, part.halves)

    def _followed(self, line: Line, known: Known) -> Known | None:
        """What the quantity becomes once a line above it is mistaken."""
        changed = {line.id: known}
        return self.marking.follow(self.students, line, changed, self.line).get(self.line.id)

    def _fits(self, known: Known) -> Flags:
        found = Range(*self.marking.way.accepted(self.line, known))
        return np.asarray(found.holds(self.given.values) & np.isfinite(found.lo) & np.isfinite(found.hi))

    # ---- which of them was done

    def _costs(self, options: Sequence[_Option]) -> np.ndarray:  # type: ignore[type-arg]
        """How many later quantities stay wrong, by option and student; without end where it explains nothing."""
        costs = np.full((len(options), len(self.students)), np.inf)
        later = self._later()
        base = self._count_wrong(later, {}, np.arange(len(self.students)))
        for number, option in enumerate(options):
            at = np.flatnonzero(option.explains)
            costs[number, at] = base[at]
            if option.line is not None and later:
                codes, _, _ = self._rejudged(option, at)
                costs[number, at] = self._count_wrong(later, codes, at)
        return costs

    def _later(self) -> list[str]:
        place = self.marking.whole.index[self.line.id]
        return [line.id for line in self.marking.whole.lines[place + 1 :] if line.id in self.marking.given]

    def _count_wrong(self, later: Sequence[str], codes: dict[str, Codes], at: Students) -> np.ndarray:  # type: ignore[type-arg]
        count = np.zeros(len(at))
        for name in later:
            judged = codes[name] if name in codes else self.marking.codes[name][self.students[at]]
            count += (judged == WRONG).any(axis=(1, 2))
        return count

    def _rejudged(
        self, option: _Option, at: Students
    ) -> tuple[dict[str, Codes], dict[str, Known], dict[str, Known]]:
        """The verdicts on the lines after a mistaken one, what is expected of them and what is carried on."""
        assert option.line is not None and option.mistaken is not None
        marking, students = self.marking, self.students[at]
        changed = {option.line.id: option.mistaken.take(at) if option.mistaken.each else option.mistaken}
        expected = marking.follow(students, option.line, changed)
        codes: dict[str, Codes] = {}
        everybody = np.ones(len(students), dtype=bool)
        for name, known in expected.items():
            if name in marking.given and name != self.line.id:
                line = marking.whole.lines[marking.whole.index[name]]
                own = Range(*marking.way.accepted(line, known))
                codes[name] = judge(marking.given[name].take(students), marking.accepted[name], own, everybody)
        return codes, expected, changed

    def _adopt(self, options: Sequence[_Option], chosen: Flags) -> None:
        """Carry the first of the chosen mistakes on, where it was made in a line that the student did not write."""
        first = chosen.argmax(axis=0)
        for number, option in enumerate(options):
            at = np.flatnonzero(chosen[number] & (first == number))
            if option.line is None or not at.size:
                continue
            codes, expected, changed = self._rejudged(option, at)
            self._put(self.students[at], codes, expected, changed)

    def _put(
        self, students: Students, codes: dict[str, Codes], expected: dict[str, Known], changed: dict[str, Known]
    ) -> None:
        marking = self.marking
        for name, known in changed.items():
            marking.carried[name] = marking.carried[name].put(students, marking.count, known)
            marking.off[name] = marking.off[name].copy()
            marking.off[name][students] = True
        for name, judged in codes.items():
            line = marking.whole.lines[marking.whole.index[name]]
            marking.codes[name][students] = judged
            own = Range(*marking.way.accepted(line, expected[name]))
            marking.own[name] = marking.own[name].put(students, marking.count, own)
            marking.off[name] = marking.off[name].copy()
            marking.off[name][students] = off(judged, np.ones(len(students), dtype=bool))
