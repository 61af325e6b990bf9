"""Which mistake explains a wrong answer.

Where an error starts, the known mistakes of that line are tried, and of every line above it that the student did not
write down: the mistaken line is computed from the student's own numbers, and what follows from it is compared with what
the student wrote. Of several that explain the number those stay that leave the fewest later quantities wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from stepwise.asking.lines import Line
from stepwise.asking.ways import Known
from stepwise.checking.judging import MISSING, TOO_FEW, WRONG, Codes, Flags, Floats, Range, judge, off
from stepwise.checking.marking import Marking, Students
from stepwise.checking.model import MadeMistake
from stepwise.checking.slips import LAST_DIGIT_OFF, slips
from stepwise.operations.operation import Mistake

Names = dict[tuple[str, int], tuple[MadeMistake, ...]]
"""The mistakes by quantity and student."""


class _Option(Struct, frozen=True, eq=False):
    """One way to explain a wrong quantity, and for which of the students who have it wrong it does.

    Where the mistake was made in another `line` than the quantity's own, `mistaken` is what came out of that.
    """

    made: MadeMistake
    explains: Flags
    line: Line | None = None
    mistaken: Known | None = None


class _Rejudged(Struct, frozen=True, eq=False):
    """What a mistake in a line that was not written down makes of the lines after it."""

    codes: dict[str, Codes]
    own: dict[str, Range]
    carried: dict[str, Known]


def name_mistakes(marking: Marking) -> Names:
    """Name every error that a known mistake explains; what else such a mistake explains downstream then follows."""
    found: Names = {}
    with np.errstate(all="ignore"):
        for line in marking.whole.lines:
            if line.id in marking.given:
                found |= _short_numbers(marking, line)
                students = marking.wrong(line.id)
                if students.size:
                    found |= _Naming(marking, line, students).names()
    return found


def _short_numbers(marking: Marking, line: Line) -> Names:
    """Say which numbers are only rounded badly; and take those as wrong that are just what a mistake gives.

    Whoever writes 0.3 for 0.289 and more digits elsewhere has not rounded, but written the weight as it was.
    """
    students = marking.short(line.id)
    if not students.size:
        return {}
    naming = _Naming(marking, line, students)
    careless = naming.careless()
    explained = np.logical_or.reduce([naming.nobody(), *(one.explains for one in naming.own_mistakes())])
    marking.blame(line.id, students[explained & ~careless & marking.writes_finely[students]])
    made = (MadeMistake(LAST_DIGIT_OFF, line.id),)
    return dict.fromkeys(((line.id, student) for student in students[careless].tolist()), made)


class _Naming:
    """The errors of some students in one quantity. `at` in its methods are places among these students."""

    def __init__(self, marking: Marking, line: Line, students: Students) -> None:
        self.marking = marking
        self.line = line
        self.students = students
        self.given = marking.given[line.id].take(students)
        codes = marking.codes[line.id][students]
        self._blank = codes == MISSING
        self._wrong = codes == WRONG
        self._short = codes == TOO_FEW
        self._lost = self.nobody()
        """Who has an error in an iteration before that nobody sees: where this one starts, cannot be said."""

    def names(self) -> Names:
        whole = list(self._whole())
        options = [replace(one, explains=one.explains & ~self._lost) for one in whole]
        options += self._slips(self._unexplained(options))
        options += self._parts(self._unexplained(options) & ~self._lost)
        if not options:
            return {}
        costs = self._costs(options)
        best = costs.min(axis=0)
        chosen = (costs == best) & np.isfinite(best)
        self._adopt(options, chosen)
        found: Names = {}
        for place in np.flatnonzero(chosen.any(axis=0)).tolist():
            made = [option.made for option, here in zip(options, chosen[:, place], strict=True) if here]
            found[self.line.id, int(self.students[place])] = tuple(dict.fromkeys(made))
        return found

    def nobody(self) -> Flags:
        return np.zeros(len(self.students), dtype=bool)

    def own_mistakes(self) -> Iterator[_Option]:
        """Mistakes of the quantity's own line that explain everything the student wrote for it."""
        return self._whole(above=False)

    def careless(self) -> Flags:
        """Whose numbers with too few digits are all right but for a unit or two of the last digit."""
        key, own = (self.marking.accepted[self.line.id], self.marking.own[self.line.id].take(self.students))
        nearly = key.nearly(self.given) | own.nearly(self.given)
        return np.asarray((~self._short | nearly).all(axis=(1, 2)))

    def _unexplained(self, options: Sequence[_Option]) -> Flags:
        return np.asarray(~np.logical_or.reduce([self.nobody(), *(one.explains for one in options)]))

    # ---- what may have been done

    def _whole(self, *, above: bool = True) -> Iterator[_Option]:
        """Mistakes that explain everything the student wrote for the quantity."""
        for line, mistake, at in self._candidates(above=above):
            known = self._mistaken(line, mistake, at)
            if known is None:
                continue
            own = line is self.line
            result = known if own else self._followed(line, known, at)
            if result is None:
                continue
            explains = self.nobody()
            explains[at] = (self._fits(result, at) | self._blank[at]).all(axis=(1, 2))
            if explains.any():
                made = MadeMistake(mistake.name, line.id)
                if own:
                    yield _Option(made, explains)
                else:
                    everybody = known.spread(at, len(self.students))
                    yield _Option(made, explains, line, everybody)

    def _parts(self, among: Flags) -> Iterator[_Option]:
        """Mistakes of the line itself that explain just the numbers that are wrong: made in some entries."""
        at = np.flatnonzero(among)
        step = self.line.step
        for mistake in step.mistakes if step is not None and at.size else ():
            known = self._mistaken(self.line, mistake, at)
            if known is not None:
                explains = self.nobody()
                explains[at] = (self._fits(known, at) | ~self._wrong[at]).all(axis=(1, 2))
                if explains.any():
                    yield _Option(MadeMistake(mistake.name, self.line.id), explains)

    def _slips(self, unexplained: Flags) -> Iterator[_Option]:
        """Slips of the pen, against the key and against the student's own numbers.

        The same slip in several entries is no slip where a mistake explains it: δ with the other sign.
        """
        name = self.line.id
        bounds = (self.marking.accepted[name], self.marking.own[name].take(self.students))
        found: dict[str, Flags] = {}
        for place, student in enumerate(self.students.tolist()):
            texts = self.marking.texts(name, student)
            own = [one.of(place) for one in bounds]
            once = int(self._wrong[place].sum()) == 1
            for slip in slips(self.given.values[place], self._wrong[place], own, texts):
                if once or unexplained[place] or slip == "entries_exchanged":
                    found.setdefault(slip, self.nobody())[place] = True
        for slip, explains in found.items():
            yield _Option(MadeMistake(slip, name), explains)

    def _candidates(self, *, above: bool) -> Iterator[tuple[Line, Mistake, Students]]:
        """The mistakes of the line and of the lines above it, with the students who did not write anything between."""
        whole = self.marking.whole
        last = self.line.iteration or whole.iterations
        reach: dict[str, Flags] = {self.line.id: ~self.nobody()}
        for line in reversed(whole.lines[: whole.index[self.line.id] + 1]):
            if line.id not in reach:
                continue
            students = reach[line.id] if line is self.line else reach[line.id] & ~self._wrote(line.id)
            if line.iteration not in {None, self.line.iteration, last}:
                self._lost |= students & self.marking.off[line.id][self.students]
                continue
            if not students.any():
                continue
            at = np.flatnonzero(students)
            if line.step is not None and line.is_written:
                yield from ((line, mistake, at) for mistake in line.step.mistakes)
            if not above:
                return
            for name in line.operands():
                if name in whole.index:
                    reach[name] = reach[name] | students if name in reach else students

    def _wrote(self, name: str) -> Flags:
        """Who wrote the whole of a quantity."""
        given = self.marking.given.get(name)
        if given is None:
            return self.nobody()
        return np.asarray(np.isfinite(given.values[self.students]).all(axis=(1, 2)))

    def _mistaken(self, line: Line, mistake: Mistake, at: Students) -> Known | None:
        """What a line gives with a mistake, from the students' own numbers; None where it cannot be made here."""
        students = self.students[at]
        try:
            known = self.marking.way.line(line, mistake.tree, self.marking.lookup(students, {}))
        except (KeyError, ValueError):
            # the problem has no such quantity, or the shapes do not fit
            return None
        given = self.marking.given.get(line.id)
        if given is None or line is self.line:
            return known
        part = given.take(students)
        return known.told(part.values, part.halves)

    def _followed(self, line: Line, known: Known, at: Students) -> Known | None:
        """What the quantity becomes once a line above it is mistaken."""
        changed = {line.id: known}
        return self.marking.follow(self.students[at], line, changed, self.line).get(self.line.id)

    def _fits(self, known: Known, at: Students) -> Flags:
        found = Range(*self.marking.way.accepted(self.line, known))
        return np.asarray(found.accepts(self.given.take(at)) & np.isfinite(found.lo) & np.isfinite(found.hi))

    # ---- which of them was done

    def _costs(self, options: Sequence[_Option]) -> Floats:
        """How many later quantities stay wrong, by option and student; without end where it explains nothing."""
        costs = np.full((len(options), len(self.students)), np.inf)
        later = self._later()
        before = self._count_wrong(later, {}, np.arange(len(self.students)))
        for number, option in enumerate(options):
            at = np.flatnonzero(option.explains)
            costs[number, at] = before[at]
            if option.line is not None and later:
                costs[number, at] = self._count_wrong(later, self._rejudged(option, at).codes, at)
        return costs

    def _later(self) -> list[str]:
        place = self.marking.whole.index[self.line.id]
        return [line.id for line in self.marking.whole.lines[place + 1 :] if line.id in self.marking.given]

    def _count_wrong(self, later: Sequence[str], codes: dict[str, Codes], at: Students) -> Floats:
        count = np.zeros(len(at))
        for name in later:
            judged = codes[name] if name in codes else self.marking.codes[name][self.students[at]]
            count += (judged == WRONG).any(axis=(1, 2))
        return count

    def _rejudged(self, option: _Option, at: Students) -> _Rejudged:
        """The verdicts on the lines after a mistaken one that was not written down."""
        assert option.line is not None
        assert option.mistaken is not None
        marking, students = self.marking, self.students[at]
        changed = {option.line.id: option.mistaken.take(at)}
        expected = marking.follow(students, option.line, changed)
        codes: dict[str, Codes] = {}
        own: dict[str, Range] = {}
        below_a_mistake = np.ones(len(students), dtype=bool)
        for name, known in expected.items():
            if name in marking.given and name != self.line.id:
                line = marking.whole.lines[marking.whole.index[name]]
                own[name] = Range(*marking.way.accepted(line, known))
                given = marking.given[name].take(students)
                codes[name] = judge(given, marking.accepted[name], own[name], below_a_mistake)
        return _Rejudged(codes, own, changed)

    def _adopt(self, options: Sequence[_Option], chosen: Flags) -> None:
        """Carry the first of the chosen mistakes on, where it was made in a line that the student did not write."""
        first = chosen.argmax(axis=0)
        for number, option in enumerate(options):
            at = np.flatnonzero(chosen[number] & (first == number))
            if option.line is not None and at.size:
                self._put(self.students[at], self._rejudged(option, at))

    def _put(self, students: Students, made: _Rejudged) -> None:
        marking = self.marking
        for name, known in made.carried.items():
            marking.carried[name] = marking.carried[name].put(students, marking.count, known)
            marking.put_off(name, students, np.ones(len(students), dtype=bool))
        for name, codes in made.codes.items():
            marking.codes[name][students] = codes
            marking.own[name] = marking.own[name].put(students, marking.count, made.own[name])
            marking.put_above(name, students)
            marking.put_off(name, students, off(codes, np.ones(len(students), dtype=bool)))
