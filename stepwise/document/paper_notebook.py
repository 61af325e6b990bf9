"""Sheets, keys and worked solutions of papers as one Jupyter notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from stepwise.asking import Asked
from stepwise.document.formats import FORMATS
from stepwise.document.notebook import Cell, code_cell, notebook, text_cell, worked_cells
from stepwise.document.notebook_code import given_lines
from stepwise.document.phrases import Foreign, Phrase, phrase
from stepwise.document.question import WORDS, how_precisely, spoken
from stepwise.document.sheet_page import SheetPage, TaskPart
from stepwise.document.titles import translated_title
from stepwise.document.variant_page import paper_languages
from stepwise.document.voice import Voice
from stepwise.document.wide_arrays import Block
from stepwise.errors import UnsupportedError
from stepwise.sheets.model import Paper, Variant
from stepwise.trace import solve

KINDS = ("sheet", "key", "solutions")
_PLACE = "..."
_ROOM = "________"
"""Where somebody writes."""


def render_paper_notebook(
    papers: Sequence[Paper], kind: str = "sheet", language: str | None = None, formulas: bool = False
) -> str:
    """All papers as one notebook.

    A `sheet` has the givens as arrays and an array to fill in for every quantity that is asked for, with `formulas`
    also its formula; `key` and `solutions` are worked notebooks. `language` is `en`, `zh` or several joined by `+`
    (default: the exam's, else the first problem's own). Raises UnsupportedError for a kind or a language there is not.
    """
    if kind not in KINDS:
        raise UnsupportedError(f"no kind of paper {kind!r} (there are {', '.join(KINDS)})")
    languages = paper_languages(papers, language)
    return notebook(
        cell
        for number, paper in enumerate(papers, 1)
        for cell in _PaperCells(paper, f"paper-{number}", languages).cells(kind, formulas=formulas)
    )


class _PaperCells:
    """The cells of one paper; `name` begins their ids."""

    def __init__(self, paper: Paper, name: str, languages: Sequence[str]) -> None:
        self.paper, self.name = paper, name
        self.languages = tuple(languages)
        self.voice = Voice(FORMATS["md"], languages, WORDS)

    def cells(self, kind: str, *, formulas: bool) -> Iterator[Cell]:
        head = list(self._head(kind))
        if head:
            yield text_cell(self.name, "\n\n".join(head))
        for number, variant in enumerate(self.paper.variants, 1):
            prefix = f"{self.name}-question-{number}-"
            yield text_cell(f"{prefix}code", "\n\n".join(self._coded(variant, number)))
            cells: Iterable[Cell]
            if kind == "sheet":
                cells = _SheetCells(variant, self.voice, prefix, formulas=formulas).cells()
            else:
                cells = worked_cells(solve(variant.problem), "+".join(self.languages), prefix=prefix)
            # in an exam the number and the title of a question are one heading
            yield from _untitled(cells) if self.paper.is_exam else cells

    def _head(self, kind: str) -> Iterator[str]:
        """The exam's title, and whose paper it is: on a sheet with room for what is not known."""
        title = spoken(self.paper.title or {}, self.languages)
        if title:
            yield f"# {self.voice.text(title)}"
        student = self.paper.student
        known = ("", "") if student is None else (student.name, student.id)
        fields = [
            f"**{self.voice.heading(phrase(key))}** {self.voice.text(value) if value else _ROOM}"
            for key, value in zip(("paper.name", "paper.number"), known, strict=True)
            if value or kind == "sheet"
        ]
        if fields:
            yield " · ".join(fields)

    def _coded(self, variant: Variant, number: int) -> Iterator[str]:
        if self.paper.is_exam:
            title = translated_title(variant.problem, self.languages)
            yield f"# {self.voice.heading(phrase('exam.of', number=number, title=title))}"
        yield from self.voice.lines(phrase("course.code", code=Foreign(variant.code)))


class _SheetCells(SheetPage):
    """A variant without its results, to be filled in in code cells."""

    def __init__(self, variant: Variant, voice: Voice, prefix: str, *, formulas: bool) -> None:
        super().__init__(variant, 1, formulas=formulas)
        self.voice, self.prefix = voice, prefix

    def cells(self) -> Iterator[Cell]:
        yield text_cell(f"{self.prefix}statement", "\n\n".join(self._statement()))
        yield code_cell(f"{self.prefix}given", "\n".join(given_lines(self.trace)))
        for number, (part, asked) in enumerate(self._asked_in_parts, 1):
            yield text_cell(f"{self.prefix}text-{number}", "\n\n".join(self._told_in_words(part, asked)))
            yield code_cell(f"{self.prefix}answers-{number}", "\n".join(map(_empty, asked)))

    @cached_property
    def _asked_in_parts(self) -> list[tuple[TaskPart, list[Asked]]]:
        """Each part with what it asks for."""
        asked = iter(self.variant.asked)
        return [(part, [next(asked) for _ in part.tasks]) for part in self.parts]

    def _statement(self) -> Iterator[str]:
        yield f"# {self.voice.title(self.problem)}"
        yield f"## {self.voice.heading(phrase('section.setup'))}"
        yield "\n".join(f"- {self.voice.heading(line)}" for line in self.architecture)
        yield from self._displays(self.givens)
        for what in self.meanings:
            yield from self.voice.lines(what)
        for rule in (phrase("course.notebook.fill"), *how_precisely(self)):
            yield from self.voice.lines(rule)

    def _told_in_words(self, part: TaskPart, asked: Sequence[Asked]) -> Iterator[str]:
        yield f"## {self.voice.heading(part.heading)}"
        if part.samples:
            yield from self.voice.lines(phrase("iteration.samples"))
            yield from self._displays(part.samples)
        for task, one in zip(part.tasks, asked, strict=True):
            named = f"{self.voice.math(self.symbol(one))} `{_variable(one)}`"
            yield f"**{task.number}.** {self._say(task.both)} {named}"
            yield from (f"$${latex}$$" if "\n" not in latex else f"$$\n{latex}\n$$" for latex in task.formula)

    def _say(self, what: Phrase) -> str:
        return str(self.voice.heading(what))

    def _displays(self, found: Sequence[Block]) -> Iterator[str]:
        for one in found:
            if one.part is not None:
                yield from self.voice.lines(one.part)
            yield f"$${one.latex}$$"


def _untitled(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The cells without the title that the first one begins with."""
    first, *others = cells
    text = "".join(first["source"]).partition("\n")[2].strip("\n")
    if text:
        yield text_cell(first["id"], text)
    yield from others


def _variable(one: Asked) -> str:
    """The name of an answer in the code: `t2_dW1` for `t2.dW1`."""
    return one.id.replace(".", "_")


def _empty(one: Asked) -> str:
    """`z1 = np.array([[...], [...]])`: rows as on paper; a single number without brackets."""
    name = _variable(one)
    rows, columns = one.shape
    if one.shape == (1, 1):
        return f"{name} = {_PLACE}"
    row = f"[{', '.join([_PLACE] * columns)}]"
    return f"{name} = np.array([{', '.join([row] * rows)}])"
