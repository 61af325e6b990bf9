"""Which student of a roster has which code: as the roster says, or as `sheet --roster` draws them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stepwise.errors import AnswerError, UnsupportedError
from stepwise.problem.nodes import shortened
from stepwise.sheets.codes import prefix_of, read_code
from stepwise.sheets.roster import Enrolled, read_enrolled
from stepwise.sheets.series import Series

if TYPE_CHECKING:
    from stepwise.checking.model import Answers
    from stepwise.cli.chosen import Chosen

DEFAULT_SEED = "1"


class RosterCodes:
    """A roster, as marking asks it."""

    def __init__(self, path: str, chosen: Chosen, seed: str | None) -> None:
        self._path = path
        self._chosen = chosen
        self._problem = chosen.problem
        self._enrolled = read_enrolled(path)
        self._seed = DEFAULT_SEED if seed is None else seed
        # as `sheet` draws: what is asked for decides which numbers pass, so that an `--ask` of marking has no say here
        self._series = Series(chosen.assignment)
        self._codes: dict[str, tuple[str, ...]] = {}
        self._relied: dict[str, Enrolled] = {}
        """Those whose answers have no code: nothing but the draw says which numbers are theirs."""

    def assigned(self, answers: Answers, typed: str) -> Answers:
        """The answers with their student's code; `typed` is the one in the file, as it is printed ("": none)."""
        if not answers.student:
            return self._by_code(answers, typed)
        one = self._student(answers)
        codes = self._codes_of(one)
        if typed and typed not in codes:
            own = f"that of {one.student.shown} is {' '.join(codes) or 'another'}"
            hint = "correct the code in the file, or leave --roster out to mark it by that code"
            if not one.codes:
                hint += "; sheets made with --ask, --prediction or another seed: give their variants.csv as --roster"
            raise AnswerError(f"{answers.source}: its code is {typed}, and {own} ({hint})")
        if not typed and len(codes) != 1:
            raise AnswerError(f"{answers.source}: {self._no_code(one, codes)}")
        if not typed and not one.codes:
            self._relied[one.student.id] = one
        return replace(answers, code=typed or codes[0], notes=(*answers.notes, *self._other_names(answers, one)))

    def _no_code(self, one: Enrolled, codes: tuple[str, ...]) -> str:
        if codes:
            hint = "write into the file which of them it answers: `code: …`"
            return f"{one.student.shown} has {len(codes)} codes of {self._problem.name}: {' '.join(codes)} ({hint})"
        hint = "take the table that was written with the sheets of this problem"
        return f"{self._path} has no code of {self._problem.name} for {one.student.shown} ({hint})"

    def _by_code(self, answers: Answers, typed: str) -> Answers:
        """Answers without a name, but perhaps with a code that is one student's alone."""
        whose = [one for one in self._enrolled if typed and typed in self._codes_of(one)]
        if len(whose) != 1:
            what = "no name is in it" + (f", and its code {typed} is not one student's alone" if typed else "")
            raise AnswerError(f"{answers.source}: {what} (write the id of the student: `student: …`)")
        note = f"there is no name in it; its code is that of {whose[0].student.shown}"
        return replace(answers, student=whose[0].student.id, code=typed, notes=(*answers.notes, note))

    def _student(self, answers: Answers) -> Enrolled:
        """The one student whom a file names, by id, by name, or as it stands on the paper."""
        named = [found for text in (answers.student, *answers.also) if (found := self._called(text))]
        for found in named:
            if len(found) == 1:
                return found[0]
        if named:
            found = named[0]
            ids = ", ".join(one.student.id for one in found[:5])
            message = f"{len(found)} students of {self._path} are called {shortened(answers.student)}: {ids}"
            raise AnswerError(f"{answers.source}: {message} (write the id for `student`)")
        message = f"{shortened(answers.student)} is not in {self._path}"
        raise AnswerError(f"{answers.source}: {message} (write the id or the name as it stands there)")

    def _called(self, text: str) -> list[Enrolled]:
        return self._by_id.get(_plain(text)) or self._by_name.get(_plain(text), [])

    @cached_property
    def _by_id(self) -> dict[str, list[Enrolled]]:
        found: dict[str, list[Enrolled]] = {}
        for one in self._enrolled:
            found.setdefault(_plain(one.student.id), []).append(one)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Enrolled]]:
        found: dict[str, list[Enrolled]] = {}
        for one in self._enrolled:
            for name in {one.student.name, one.student.shown} - {""}:
                found.setdefault(_plain(name), []).append(one)
        return found

    def _codes_of(self, one: Enrolled) -> tuple[str, ...]:
        """The codes of a student that are of this problem; others are of other questions of an exam."""
        name = one.student.id
        if name not in self._codes:
            self._codes[name] = self._noted(one) if one.codes else (self._drawn(one),)
        return self._codes[name]

    def _noted(self, one: Enrolled) -> tuple[str, ...]:
        try:
            codes = [read_code(text) for text in one.codes]
        except UnsupportedError as error:
            raise AnswerError(f"{self._path}:{one.line}: {error}") from None
        prefix = prefix_of(self._problem.name)
        if self._chosen.is_exam and len(codes) == len(self._chosen.assignment.questions):
            # the codes of a paper stand in the order of its questions, and two may be of one problem
            codes = [codes[self._chosen.place]]
        return tuple(code.text for code in codes if code.prefix == prefix)

    def _drawn(self, one: Enrolled) -> str:
        (ticket,) = self._series.tickets_for([one.student], self._seed)
        return self._series.code(self._chosen.place, ticket.counters[self._chosen.place])

    def warnings(self, asked: Sequence[str]) -> tuple[str, ...]:
        """What to look at where the sheets may have been made with the `--ask` of the marking."""
        if not asked or self._chosen.is_exam or not self._relied:
            return ()
        question = replace(self._chosen.question, ask=tuple(asked))
        series = Series(replace(self._chosen.assignment, questions=(question,)))
        tickets = series.tickets_for([one.student for one in self._relied.values()], self._seed)
        if all(
            self._codes[ticket.student.id] == (series.code(0, *ticket.counters),)
            for ticket in tickets
            if ticket.student
        ):
            return ()
        hint = "give their variants.csv as --roster, or write the codes into the answers"
        return (f"{self._path}: the numbers are those of sheets made without --ask; were they made with it, {hint}",)

    def _other_names(self, answers: Answers, one: Enrolled) -> list[str]:
        """A note for each name or id in the answers that is another student's."""
        others = [self._called(text) for text in (answers.student, *answers.also)]
        names = dict.fromkeys(found[0].student.shown for found in others if found and one not in found)
        return [f"it names {one.student.shown}, for whom it is marked, and {name}, too" for name in names]


def _plain(text: str) -> str:
    """A name or an id, whatever the keyboard: full-width digits are digits, and case does not count."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
