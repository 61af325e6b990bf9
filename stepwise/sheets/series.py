"""What is set, and the papers that come of it: one problem or an exam of several, for a number of people or a roster.

    Assignment ──tickets──▶ which candidate for whom ──papers──▶ Paper

A ticket is small: it names the candidates. Papers are made of tickets anywhere, in any order, and come out the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from msgspec import Struct, field

from stepwise.asking import Questions
from stepwise.asking.key import Ends, accepted_ends
from stepwise.asking.lines import calculation
from stepwise.asking.sampled import ITERATIONS
from stepwise.asking.ways import Floats
from stepwise.problem.model import Problem
from stepwise.sheets.by_code import fingerprint
from stepwise.sheets.codes import Code, prefix_of
from stepwise.sheets.drawing import Candidates, candidates, drawn_problem
from stepwise.sheets.model import Measure, Paper, Student, Variant
from stepwise.sheets.search import Source, Tally, in_sight, search, source_of, work
from stepwise.sheets.variants import worth

_SIGHTED = 200
"""So many variants are looked at for how many mistakes show."""


class Question(Struct, frozen=True, eq=False):
    """One problem of an assignment; `marks` (None: as the problem says) is what it is worth as a whole."""

    problem: Problem
    vary: Mapping[str, Any] | None = None
    ask: tuple[str, ...] = ()
    marks: float | None = None


class Assignment(Struct, frozen=True, eq=False):
    """What is set. `title` is the exam's (language → text, "" for all); None where one problem stands for itself.

    It holds data only, so that it can be handed to another process.
    """

    name: str
    questions: tuple[Question, ...]
    title: Mapping[str, str] | None = None
    languages: tuple[str, ...] = ("en",)


class Ticket(Struct, frozen=True):
    """One paper: its name, the candidate of each question, and whose it is."""

    name: str
    counters: tuple[int, ...]
    student: Student | None = None


class Series(Struct, frozen=True, eq=False, dict=True):
    """An assignment, ready to be drawn."""

    assignment: Assignment
    tallies: list[Tally] = field(default_factory=list)
    """How the search went, for each question."""

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """Each question as a source of variants. Raises what `source_of` raises."""
        return tuple(source_of(one.problem, one.vary, one.ask) for one in self.assignment.questions)

    @cached_property
    def _fingerprints(self) -> tuple[str, ...]:
        return tuple(fingerprint(one.problem, one.vary) for one in self.assignment.questions)

    def code(self, number: int, counter: int) -> str:
        """The code of a candidate of one question (counted from 0)."""
        return Code(prefix_of(self.sources[number].problem.name), counter, self._fingerprints[number]).text

    def tickets(self, seed: str, count: int) -> Iterator[Ticket]:
        """`count` papers, no two with the same numbers in any question."""
        found = [search(source, own, count, tally) for source, tally, own in self._searches(seed)]
        width = len(str(count))
        for place, counters in enumerate(zip(*found, strict=True), 1):
            yield Ticket(self._name(counters, f"{place:0{width}d}"), counters)

    def tickets_for(self, students: Sequence[Student], seed: str) -> Iterator[Ticket]:
        """A paper for each student, which depends on the seed and the student's id alone."""
        searches = self._searches(seed)
        for student in students:
            counters = tuple(next(search(source, f"{own}/{student.id}", 1, tally)) for source, tally, own in searches)
            yield Ticket(self._name(counters, student.id), counters, student)

    def _searches(self, seed: str) -> list[tuple[Source, Tally, str]]:
        """Each question with its tally and its seed: a problem that is set once more gets other numbers.

        An exam has numbers of its own: nobody who has the homework of the same seed has seen them.
        """
        self.tallies[:] = [Tally() for _ in self.sources]
        names = [source.problem.name for source in self.sources]
        before = [names[:place].count(name) for place, name in enumerate(names)]
        own = seed if self.assignment.title is None else f"{seed}/{self.assignment.name}"
        seeds = [f"{own}/{count + 1}" if count else own for count in before]
        return list(zip(self.sources, self.tallies, seeds, strict=True))

    def _name(self, counters: Sequence[int], of_exam: str) -> str:
        return self.code(0, counters[0]) if self.assignment.title is None else f"{self.assignment.name}-{of_exam}"

    def papers(self, tickets: Sequence[Ticket]) -> list[Paper]:
        """The papers of some tickets; their lines are worked out together."""
        by_question = [
            self._variants(number, [ticket.counters[number] for ticket in tickets])
            for number in range(len(self.sources))
        ]
        title, languages = self.assignment.title, self.assignment.languages
        return [
            Paper(ticket.name, variants, ticket.student, title, languages)
            for ticket, variants in zip(tickets, zip(*by_question, strict=True), strict=True)
        ]

    def _variants(self, number: int, counters: Sequence[int]) -> list[Variant]:
        source, marks = self.sources[number], self.assignment.questions[number].marks
        drawn = candidates(source.problem, source.variation, counters)
        problems = [drawn_problem(drawn, row, self.code(number, one)) for row, one in enumerate(counters)]
        questions = worth(source.questions, marks)
        measures = _measures(source, drawn, problems)
        return [
            Variant(problem, str(problem.document["code"]), Questions(problem, questions.quantities), measure)
            for problem, measure in zip(problems, measures, strict=True)
        ]

    def in_sight(self, number: int, tickets: Sequence[Ticket]) -> tuple[int, int]:
        """How many known mistakes show in the variants of a question, of how many that can be made in them."""
        source = self.sources[number]
        counters = [ticket.counters[number] for ticket in tickets[:_SIGHTED]]
        return in_sight(source, candidates(source.problem, source.variation, counters))


def _measures(source: Source, drawn: Candidates, problems: Sequence[Problem]) -> Iterator[Measure]:
    """What tells the accepted numbers of each variant: of all at once by intervals, of long trainings one by one."""
    wanted = [one.id for one in source.questions.asked]
    if source.whole.iterations > ITERATIONS:
        yield from (partial(_accepted, problem, wanted) for problem in problems)
        return
    made = work(source, drawn)
    lines = {line.id: line for line in made.whole.lines}
    ends = {name: made.way.key(lines[name], made.known[name]) for name in wanted}
    yield from (partial(_row, ends, row) for row in range(len(problems)))


def _accepted(problem: Problem, wanted: Sequence[str]) -> Mapping[str, Ends]:
    return accepted_ends(calculation(problem), wanted)


def _row(ends: Mapping[str, Ends], row: int) -> Mapping[str, Ends]:
    """One candidate's part; what does not depend on the candidates has no axis for them."""

    def of(values: Floats) -> Floats:
        return values[row] if values.ndim == 3 else values

    return {name: (of(low), of(high)) for name, (low, high) in ends.items()}


def draw(
    problem: Problem,
    count: int = 1,
    seed: int | str = 1,
    *,
    vary: Mapping[str, Any] | None = None,
    ask: Sequence[str] = (),
) -> list[Variant]:
    """`count` variants of a problem, no two with the same numbers: what `stepwise sheet` draws from the same seed.

    `vary` is a block as in a problem file, in place of the problem's own; `ask` as in `questions_of`.
    Raises UnsupportedError where nothing can vary or too few pass the conditions, SpecError for a grid without numbers.
    """
    series = Series(Assignment(problem.name, (Question(problem, vary, tuple(ask)),)))
    return [paper.variants[0] for paper in series.papers(list(series.tickets(str(seed), count)))]
