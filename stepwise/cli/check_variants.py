"""Marking a class in which everybody has numbers of their own: whose answers belong to which code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stepwise.checking import ClassReport, Unreadable, check_class
from stepwise.errors import AnswerError, StepwiseError, UnsupportedError
from stepwise.problem import Problem
from stepwise.sheets.by_code import own_code
from stepwise.sheets.codes import read_code

if TYPE_CHECKING:
    from stepwise.asking import Questions
    from stepwise.checking import Report
    from stepwise.checking.model import Answers
    from stepwise.cli.check_roster import RosterCodes
    from stepwise.cli.chosen import Chosen


class Variants(Struct, frozen=True, dict=True):
    """Where codes come from beside the answer files: from `one` for all, or from a roster."""

    chosen: Chosen
    questions: Questions
    asked: Sequence[str] = ()
    one: str = ""
    roster: RosterCodes | None = None

    @property
    def problem(self) -> Problem:
        return self.questions.problem

    @cached_property
    def own(self) -> str:
        """The code of the problem file itself, which may be a variant."""
        return own_code(self.problem)

    def assigned(self, answers: Answers) -> Answers:
        """The answers with the code that they belong to, as it is printed. Raises AnswerError where that is unclear."""
        try:
            typed = read_code(answers.code).text if answers.code else ""
        except UnsupportedError as error:
            raise AnswerError(f"{answers.source}: {error}") from None
        if self.roster is not None:
            return self.roster.assigned(answers, typed)
        if typed and self.one and typed != self.one:
            hint = "leave --code out, or name the files of one sheet alone"
            raise AnswerError(f"{answers.source}: its code is {typed}, and --code says {self.one} ({hint})")
        if self.chosen.is_exam and not typed and not self.one:
            hint = "write it into the file: `code: …`, or say --roster or --code"
            raise AnswerError(f"{answers.source}: there is no code in it, and every paper has other numbers ({hint})")
        return replace(answers, code=typed or self.one)

    def questions_of(self, code: str) -> Questions:
        """What is asked with the numbers of a code. Raises UnsupportedError where it is not one of this problem."""
        if code in ("", self.own):
            return self.questions
        if self.own:
            hint = "take the file of that code, or the problem that both were drawn from"
            raise UnsupportedError(f"the code {code} is not of this file, whose code is {self.own} ({hint})")
        return self.chosen.questions(self.chosen.coded(code), self.asked)

    def marked(self, given: Sequence[Answers], tolerance: str | None) -> ClassReport:
        """The answers, each marked against their own numbers, in the order in which they were given."""
        groups: dict[str, list[tuple[int, Answers]]] = {}
        unreadable: list[Unreadable] = []
        for place, one in enumerate(given):
            try:
                answers = self.assigned(one)
            except AnswerError as error:
                unreadable.append(Unreadable(one.source, str(error)))
                continue
            groups.setdefault(answers.code, []).append((place, answers))
        if not groups:
            return replace(check_class(self.questions, [], tolerance=tolerance), unreadable=unreadable)
        questions = self.questions
        found: dict[int, Report] = {}
        for code, members in groups.items():
            try:
                questions = self.questions_of(code)
            except StepwiseError as error:
                unreadable += [Unreadable(one.source, f"{one.source}: {error}") for _, one in members]
                continue
            reports = check_class(questions, [one for _, one in members], tolerance=tolerance).reports
            found.update(zip((place for place, _ in members), reports, strict=True))
        whole = questions if len(groups) == 1 else self.questions
        reports_in_order = [found[place] for place in sorted(found)]
        odd = (*self._without_code(reports_in_order), *(self.roster.warnings(self.asked) if self.roster else ()))
        return ClassReport(whole, reports_in_order, unreadable, odd)

    def _without_code(self, reports: Sequence[Report]) -> tuple[str, ...]:
        """A warning for answers without a code among others that have one."""
        if not any(report.code for report in reports):
            return ()
        what = f"there is no code in it, and it was marked with the numbers of {self.problem.name} as they stand"
        return tuple(f"{report.source}: {what}" for report in reports if not report.code)


def variants_of(
    chosen: Chosen,
    asked: Sequence[str] = (),
    *,
    code: str | None = None,
    roster: str | None = None,
    seed: str | None = None,
) -> Variants:
    """From what the command line says. Raises StepwiseError for a code or a roster that cannot be read."""
    from stepwise.cli.check_roster import RosterCodes

    known = RosterCodes(roster, chosen, seed) if roster is not None else None
    one = read_code(code).text if code is not None else ""
    variants = Variants(chosen, chosen.questions(chosen.problem, asked), asked, one, known)
    return replace(variants, questions=variants.questions_of(one)) if one else variants
