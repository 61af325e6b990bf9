"""A variant put as a question for a learning system: what is given, what is asked for part by part, and the key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from stepwise.asking import Asked
from stepwise.document.answer_ranges import Entry, Place, entries_of, plain
from stepwise.document.html import HTML, block, element, escape_html, table
from stepwise.document.phrases import Foreign, Phrase, phrase
from stepwise.document.sheet_page import SheetPage, Task
from stepwise.document.titles import title_texts
from stepwise.document.variant_page import paper_languages
from stepwise.document.voice import Voice
from stepwise.document.wide_arrays import Block
from stepwise.notation.numbers import number_latex
from stepwise.sheets.model import Paper, Variant

FieldMaker = Callable[[Asked, Place, Entry], Markup]
"""What stands where a number is to be typed."""
WORDS = "check+sheet"
"""The kinds of words that are needed to put a question."""
_BREAK = Markup("<br/>")
_EQUAL = Markup(" =")


class Numbered(Struct, frozen=True, eq=False):
    """All variants of one question of an exam, or of the one problem of a sheet: a course draws one at random."""

    number: int
    questions: tuple[Question, ...]
    exam: str
    """The exam's title, "" where there is no exam."""

    @property
    def title(self) -> str:
        """The title of the problem."""
        return self.questions[0].title


def numbered(papers: Sequence[Paper], language: str | None) -> list[Numbered]:
    """The questions of all papers with their variants, each code once, in the languages that are asked for."""
    found: list[dict[str, Variant]] = []
    for paper in papers:
        for place, variant in enumerate(paper.variants):
            if place == len(found):
                found.append({})
            found[place].setdefault(variant.code, variant)
    languages = paper_languages(papers, language)
    exam = spoken(papers[0].title or {}, languages) if papers else ""
    return [
        Numbered(number, tuple(Question(one, number, languages) for one in ones.values()), exam)
        for number, ones in enumerate(found, 1)
    ]


def spoken(titles: Mapping[str, str], languages: Sequence[str]) -> str:
    """A title in some languages as one text; "" where there is none."""
    chosen = [titles[language] for language in languages if language in titles] or list(titles.values())[:1]
    return " / ".join(dict.fromkeys(chosen))


class Question(SheetPage):
    """One variant, and how it is said."""

    def __init__(self, variant: Variant, number: int, languages: Sequence[str]) -> None:
        super().__init__(variant, number, formulas=False)
        self.voice = Voice(HTML, languages, WORDS)

    @cached_property
    def title(self) -> str:
        """The problem's title as plain text."""
        return " / ".join(title_texts(self.problem, self.voice.languages))

    @cached_property
    def shown(self) -> dict[str, Any]:
        """The printed results by quantity, as on paper; of long trainings only of the iterations that are shown."""
        found = {one.id: self.quantity(one) for one in self.variant.asked}
        return {name: self.trace.printed(one).texts for name, one in found.items() if one is not None}

    @cached_property
    def entries(self) -> dict[str, dict[Place, Entry]]:
        """Every number that is asked for, with the range that is accepted."""
        return entries_of(self.variant, self.shown)

    # ---- what is given

    def statement(self, field: FieldMaker) -> Markup:
        """The whole question; `field` makes the place for each number."""
        parts = [element("p", element("strong", escape_html(self.title)))]
        parts.append(self._said(phrase("course.code", code=Foreign(self.code))))
        parts.append(element("h4", self.voice.heading(phrase("section.setup"))))
        parts.append(block("ul", *(element("li", self.voice.heading(line)) for line in self.architecture)))
        parts += self._displays(self.givens)
        parts += map(self._said, self.meanings)
        parts += map(self._said, (phrase("course.type"), *how_precisely(self)))
        asked = iter(self.variant.asked)
        for part in self.parts:
            parts.append(element("h4", self.voice.heading(part.heading)))
            if part.samples:
                parts += [self._said(phrase("iteration.samples")), *self._displays(part.samples)]
            for task in part.tasks:
                one = next(asked)
                parts += [self._put(task, one), self._fields(one, field)]
        return block("div", *parts)

    def _said(self, what: Phrase) -> Markup:
        return element("p", _BREAK.join(self.voice.lines(what)))

    def _displays(self, found: Sequence[Block]) -> Iterator[Markup]:
        for one in found:
            if one.part is not None:
                yield self._said(one.part)
            yield element("p", self.voice.math(rf"\displaystyle {one.latex}"))

    # ---- what is asked for

    def _put(self, task: Task, one: Asked) -> Markup:
        """What the fields below are: in words, and the symbol."""
        said = Markup(f"{task.number}. ") + self.voice.heading(task.both)
        return element("p", said, _BREAK, self.voice.math(self.symbol(one)), _EQUAL)

    def _fields(self, one: Asked, field: FieldMaker) -> Markup:
        """A field for each number, in a table of the quantity's shape."""
        rows: list[list[str]] = [[] for _ in range(one.shape[0])]
        for place, entry in self.entries[one.id].items():
            rows[place[0]].append(field(one, place, entry))
        return table(rows)

    # ---- the key

    def key(self) -> Markup:
        """The results with what is accepted, number by number."""
        header = [self.voice.heading(phrase(f"key.column.{name}")) for name in ("quantity", "result", "accepted")]
        rows: list[list[str]] = []
        for one in self.variant.asked:
            for place, entry in self.entries[one.id].items():
                result = self.shown[one.id][place] if one.id in self.shown else plain(entry.centre)
                latex = (self._entry(one, place), number_latex(str(result)), _range(entry))
                rows.append([self.voice.math(text) for text in latex])
        whose = phrase("course.key", code=Foreign(self.code))
        return block("div", self._said(whose), self._said(phrase("key.explain")), table(rows, header))

    def _entry(self, one: Asked, place: Place) -> str:
        """One number of a quantity by its symbol; in one of several iterations with the iteration."""
        symbol = one.step.symbol
        text = self.symbol(one) if symbol is None else symbol.entry(*place, one.shape)
        if symbol is None and one.shape != (1, 1):
            text = f"{text}_{{{place[0] + 1},{place[1] + 1}}}"
        return text if one.iteration is None else f"t = {one.iteration}:\\ {text}"


def how_precisely(page: SheetPage) -> list[Phrase]:
    """The rules of a sheet without what is said of its boxes."""
    return [rule for rule in page.rules if rule.key != "paper.fill"]


def _range(entry: Entry) -> str:
    low, high = plain(entry.low), plain(entry.high)
    return low if low == high else rf"{low} \ldots {high}"
