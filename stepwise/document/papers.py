"""Papers as one document: sheets to work on, keys to mark with, or worked solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from stepwise.document.formats import Format
from stepwise.document.key_page import KeyPage
from stepwise.document.options import format_of
from stepwise.document.phrases import Code, Foreign, Phrase, phrase
from stepwise.document.plain import marks_text
from stepwise.document.rendering import DETAILS
from stepwise.document.sheet_page import SheetPage
from stepwise.document.tables import Cell, Field, Table
from stepwise.document.telling import Told, body_of, whole
from stepwise.document.titles import title_texts, translated_title
from stepwise.document.variant_page import VariantPage, paper_languages
from stepwise.errors import UnsupportedError
from stepwise.sheets.model import Paper, Student, Variant

KINDS = ("sheet", "key", "solutions")
_WORDS = "check+sheet"
"""Sheets say what a quantity is in the words of answer forms."""
_WIDTHS = (16, 52, 16, 16)
_NAME, _NUMBER, _SCORE = 4, 3, 2
"""The room to write these, in centimetres."""


def render_papers(
    papers: Sequence[Paper],
    kind: str = "sheet",
    form: str = "md",
    language: str | None = None,
    *,
    formulas: bool = False,
    detail: str = "full",
    templates: Path | str | None = None,
) -> str:
    """The papers as one document.

    A `sheet` has boxes to fill in and, with `formulas`, the formula of each; a `key` the results and what is accepted;
    `solutions` the worked pages, in the `detail` of `render`. `language` is `en`, `zh` or several joined by `+`
    (default: the first paper's own).
    Raises UnsupportedError for a kind, format, detail or language there is not, or where there is no paper.
    """
    if kind not in KINDS:
        raise UnsupportedError(f"no kind of paper {kind!r} (there are {', '.join(KINDS)})")
    if detail not in DETAILS:
        raise UnsupportedError(f"no detail {detail!r} (there are {', '.join(DETAILS)})")
    if not papers:
        raise UnsupportedError("there are no papers to write")
    languages = paper_languages(papers, language)
    style = _Style(kind, format_of(form), languages, formulas, detail, templates)
    parts = [style.body(Told("paper", PaperPage(paper, style), paper.variants[0].problem, _WORDS)) for paper in papers]
    return whole("papers", (parts,), style.format, style.languages, templates)


class _Style(Struct, frozen=True):
    """How papers are written."""

    kind: str
    format: Format
    languages: tuple[str, ...]
    formulas: bool
    detail: str
    templates: Path | str | None

    def body(self, told: Told) -> Markup:
        return body_of(told, self.format, self.languages, self.templates)


class _Exam(Struct, frozen=True):
    """What has the title of an exam."""

    title: Mapping[str, str]
    name: str


class PaperPage:
    """What the story of a paper tells."""

    def __init__(self, paper: Paper, style: _Style) -> None:
        self._paper, self._style = paper, style
        self.kind = style.kind
        self.is_exam = paper.is_exam
        self.exam = _Exam(paper.title or {}, paper.name)

    @cached_property
    def variants(self) -> list[VariantPage]:
        """The variant of the paper, or those of an exam's questions."""
        numbers = range(1, len(self._paper.variants) + 1)
        return [self._page(one, number) for number, one in zip(numbers, self._paper.variants, strict=True)]

    def _page(self, variant: Variant, number: int) -> VariantPage:
        if self.kind == "sheet":
            return SheetPage(variant, number, formulas=self._style.formulas)
        return KeyPage(variant, number) if self.kind == "key" else SolutionPage(variant, number, self._style)

    @property
    def fields(self) -> list[Field]:
        """Whose paper it is; on a sheet with room for what is not known, and for the score."""
        student = self._paper.student
        name = Foreign(student.name) if student is not None and student.name else None
        number = Foreign(student.id) if student is not None else None
        found = [("paper.name", name, _NAME), ("paper.number", number, _NUMBER)]
        is_sheet = self.kind == "sheet"
        fields = [
            Field(phrase(key), value, 0 if value is not None else room)
            for key, value, room in found
            if is_sheet or value is not None
        ]
        of = Foreign(f"/ {marks_text(self._paper.marks)}")
        return [*fields, Field(phrase("paper.score"), of, _SCORE)] if is_sheet else fields

    def code(self, variant: VariantPage) -> list[Field]:
        """The code of a variant, to type."""
        return [Field(phrase("exam.code" if self.is_exam else "paper.code"), variant.code)]

    def mark(self, variant: VariantPage) -> Phrase:
        """What stands at the foot of each page: the code, and whose paper it is. A key has several codes on a page."""
        student = self._paper.student
        if self.is_exam and self.kind == "key":
            return self.owner
        code = phrase("paper.foot.code", code=Code(variant.code))
        return code if student is None else phrase("paper.foot.both", code=code, owner=shown(student))

    @property
    def owner(self) -> Phrase:
        """Whose paper it is, or which."""
        student = self._paper.student
        return phrase("paper.foot.one", name=Foreign(self._paper.name)) if student is None else shown(student)

    def question(self, variant: VariantPage) -> Phrase:
        """The heading of an exam's question."""
        return phrase("exam.of", number=variant.number, title=translated_title(variant.problem, self._style.languages))

    def _title(self, variant: VariantPage) -> Foreign:
        return Foreign(" / ".join(title_texts(variant.problem, self._style.languages)))

    @property
    def intro(self) -> list[Phrase]:
        """What stands on the title page beside the table."""
        if self.kind != "sheet":
            return []
        count, marks = len(self.variants), Foreign(marks_text(self._paper.marks))
        return [phrase("exam.intro", count=count, marks=marks), phrase("exam.codes")]

    @property
    def questions(self) -> Table:
        """The questions of an exam and what they are worth; on a sheet with room for the score."""
        names = ["question", "problem", "marks", *(["score"] if self.kind == "sheet" else [])]
        room: list[Cell] = [Foreign("")] * (len(names) - 3)
        rows: list[list[Cell]] = [
            [Foreign(str(page.number)), self._title(page), Foreign(marks_text(page.variant.marks)), *room]
            for page in self.variants
        ]
        total = [phrase("exam.total"), Foreign(""), Foreign(marks_text(self._paper.marks)), *room]
        return Table([phrase(f"exam.column.{name}") for name in names], [*rows, total], _WIDTHS[: len(names)])


def shown(student: Student) -> Phrase:
    """A student by name and number, where the name is known."""
    if not student.name or student.name == student.id:
        return phrase("paper.foot.one", name=Foreign(student.id))
    return phrase("paper.foot.named", name=Foreign(student.name), number=Foreign(student.id))


class SolutionPage(VariantPage):
    """A variant's worked solution, as `render` writes it."""

    def __init__(self, variant: Variant, number: int, style: _Style) -> None:
        super().__init__(variant, number)
        self._style = style

    @property
    def body(self) -> Markup:
        from stepwise.document.page import Page

        return self._style.body(Told(self.problem.model, Page(self.trace, self._style.detail), self.problem))
