"""What a story says, in every language of a page and in the format's own signs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from stepwise.document.formats import Format, escape_markdown, escape_words
from stepwise.document.phrases import Foreign, Instruction, Math, Phrase
from stepwise.document.titles import Titled, title
from stepwise.document.words import Speaker

if TYPE_CHECKING:
    from stepwise.document.tables import Cell, Field, Table


class Voice:
    """What a story says, in every language of the page."""

    def __init__(self, form: Format, languages: Sequence[str], kind: str = "") -> None:
        self.form = form
        words = escape_words if form.escape is escape_markdown else form.escape
        self.speakers = [Speaker(language, words, form.inline, kind, form.code, form.escape) for language in languages]
        self.languages = tuple(languages)

    @property
    def _joint(self) -> Markup:
        """What stands between the parts of a list that is said once for all languages."""
        joints = {speaker.joint for speaker in self.speakers}
        return joints.pop() if len(joints) == 1 else Markup(", ")

    def lines(self, what: Phrase) -> list[Markup]:
        """The sentence in each language, once where they agree."""
        return list(dict.fromkeys(speaker.say(what) for speaker in self.speakers))

    def heading(self, what: Phrase) -> Markup:
        return Markup(" / ").join(self.lines(what))

    def once(self, what: Phrase) -> Markup:
        """The sentence in the first language, where the others would only say the same in other marks."""
        return self.speakers[0].say(what)

    def first_known(self, keys: Sequence[str]) -> str | None:
        """The first key that has words in every language."""
        return next(filter(self.knows, keys), None)

    def knows(self, key: str) -> bool:
        return all(speaker.knows(key) for speaker in self.speakers)

    def text(self, plain: str) -> Markup:
        """Text of the problem file."""
        return Markup(self.form.escape(plain))

    def title(self, problem: Titled, about: Phrase | None = None) -> Markup:
        """The title in the languages of the page; one text for all, or the first there is. `about` goes behind it."""
        titles = problem.title
        if about is not None:
            spare = titles.get("") or next(iter(titles.values()), problem.name)
            whole = [self.text(titles.get(one.language, spare)) + one.say(about) for one in self.speakers]
            return Markup(" / ").join(dict.fromkeys(whole))
        return title(problem, self.form, self.languages)

    def code(self, text: str) -> Markup:
        """A line of program text, which every format prints as it is."""
        return Markup(text)

    def math(self, latex: Math | str) -> Markup:
        return Markup(self.form.inline(latex.latex if isinstance(latex, Math) else latex))

    def latex(self, display: str) -> Markup:
        return Markup(display)

    def cell(self, value: Cell) -> Markup:
        """A phrase, mathematics, foreign text or an id; or several of them."""
        if isinstance(value, tuple):
            return self._joint.join(map(self.cell, value))
        if isinstance(value, Phrase):
            return self.heading(value)
        if isinstance(value, Foreign):
            return self.text(value.text)
        return self.math(value) if isinstance(value, Math) else Markup(self.form.code(value))

    def table(self, table: Table) -> dict[str, Any]:
        return {
            "header": [self.cell(cell) for cell in table.header],
            "rows": [[self.cell(cell) for cell in row] for row in table.rows],
            "widths": list(table.widths),
        }

    def fields(self, fields: Sequence[Field]) -> list[dict[str, Any]]:
        """What stands at the head of a paper: labels with what is filled in, and room for what is not."""
        return [
            {
                "label": self.heading(one.label),
                "value": None if one.value is None else self.cell(one.value),
                "blank": one.blank,
            }
            for one in fields
        ]

    def steps(self, instructions: Sequence[Instruction]) -> list[dict[str, Any]]:
        """The instructions of an algorithm, each with those inside it."""
        return [{"text": self.heading(one.what), "inside": list(map(self.heading, one.inside))} for one in instructions]
