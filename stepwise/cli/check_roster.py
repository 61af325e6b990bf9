"""Which student of a roster has which code: as the roster says, or as `sheet --roster` draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from stepwise.errors import AnswerError, UnsupportedError
from stepwise.problem import Problem
from stepwise.problem.nodes import shortened
from stepwise.sheets.codes import prefix_of, read_code
from stepwise.sheets.roster import Enrolled, read_enrolled
from stepwise.sheets.series import Assignment, Question, Series

if TYPE_CHECKING:
    from stepwise.checking.model import Answers

DEFAULT_SEED = "1"


class RosterCodes:
    """A roster, as marking asks it."""

    def __init__(
        self, path: str, problem: Problem, vary: Mapping[str, Any] | None, ask: tuple[str, ...], seed: str | None
    ) -> None:
        self._path = path
        self._problem = problem
        self._enrolled = read_enrolled(path)
        self._seed = DEFAULT_SEED if seed is None else seed
        self._series = Series(Assignment(problem.name, (Question(problem, vary, ask),), None, problem.languages))
        self._codes: dict[str, tuple[str, ...]] = {}

    def assigned(self, answers: Answers, typed: str) -> Answers:
        """The answers with their student's code; `typed` is the one in the file, as it is printed ("": none)."""
        if not answers.student:
            return self._by_code(answers, typed)
        one = self._student(answers)
        codes = self._codes_of(one)
        if typed and typed not in codes:
            own = f"that of {one.student.shown} is {' '.join(codes) or 'another'}"
            hint = "correct the code in the file, or leave --roster out to mark it by that code"
            raise AnswerError(f"{answers.source}: its code is {typed}, and {own} ({hint})")
        if not typed and len(codes) != 1:
            raise AnswerError(f"{answers.source}: {self._no_code(one, codes)}")
        return replace(answers, code=typed or codes[0])

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
        word = _plain(answers.student)
        found = self._by_id.get(word) or self._by_name.get(word, [])
        if len(found) == 1:
            return found[0]
        if found:
            ids = ", ".join(one.student.id for one in found[:5])
            message = f"{len(found)} students of {self._path} are called {shortened(answers.student)}: {ids}"
            raise AnswerError(f"{answers.source}: {message} (write the id for `student`)")
        message = f"{shortened(answers.student)} is not in {self._path}"
        raise AnswerError(f"{answers.source}: {message} (write the id or the name as it stands there)")

    @cached_property
    def _by_id(self) -> dict[str, list[Enrolled]]:
        return {_plain(one.student.id): [one] for one in self._enrolled}

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
        return tuple(code.text for code in codes if code.prefix == prefix)

    def _drawn(self, one: Enrolled) -> str:
        (ticket,) = self._series.tickets_for([one.student], self._seed)
        return self._series.code(0, ticket.counters[0])


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
