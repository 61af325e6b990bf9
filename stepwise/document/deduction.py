"""A derivation on paper as text: its steps as displays, the rules by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct

from stepwise.document.formats import FORMATS
from stepwise.document.options import format_of, languages_of
from stepwise.document.phrases import Math, Phrase, Slot, phrase
from stepwise.expressions import Entry, Expr, Named, Ref, shape_of, walk
from stepwise.notation.formulas import write
from stepwise.notation.layout import Chain, displays
from stepwise.notation.letters import letter_latex
from stepwise.notation.symbols import index_text
from stepwise.notation.written import Written, atom
from stepwise.symbolic import Deduction, Passage, Relation, Remark, Slots, Step, Topic, Word

KIND = "derive"
"""The folder of words that these pages use."""


class LetterLeaves(Struct, frozen=True):
    """Letters by their LaTeX; `numbers` where an expression has none, so that products are written with a sign."""

    symbols: Mapping[str, str]
    numbers: bool = False

    @property
    def product(self) -> str:
        return "times" if self.numbers else "dot"

    def array(self, name: str, *, transposed: bool) -> Written:
        latex = self.symbols.get(name) or letter_latex(name)
        if transposed and latex.startswith(r"\frac"):
            latex = rf"\left({latex}\right)"
        return atom(f"{latex}^{{\\top}}" if transposed else latex)

    def entry(self, node: Entry) -> Written:
        letter = self.symbols.get(node.name) or letter_latex(node.name)
        shape = (2, 1 if node.column == 0 else 2)
        index = index_text(node.row, node.column, shape)
        return atom(f"{letter}_{{{index}}}")

    def is_scalar(self, tree: Expr) -> bool:
        return shape_of(tree, defaultdict(lambda: (1, 1))) == (1, 1)


class Said(Struct, frozen=True):
    """One part of a passage: a sentence, and the displays under it."""

    sentence: Phrase
    displays: tuple[str, ...] = ()


class DeductionPage:
    """What the story of a derivation tells."""

    def __init__(self, deduction: Deduction) -> None:
        self.deduction = deduction
        self._leaves = LetterLeaves(deduction.symbols)

    @property
    def title(self) -> Phrase:
        return phrase(f"title.{self.deduction.title}", **self._slots(self.deduction.slots))

    @property
    def passages(self) -> Iterator[tuple[Phrase, list[Said]]]:
        """Heading and parts of each passage."""
        for passage in self.deduction.passages:
            yield self._heading(passage), [self._said(part) for part in passage.parts]

    def _heading(self, passage: Passage) -> Phrase:
        return phrase(f"passage.{passage.title}", **self._slots(passage.slots))

    def _said(self, part: Step | Remark) -> Said:
        if isinstance(part, Remark):
            return Said(phrase(f"remark.{part.key}", **self._slots(part.slots)))
        last = len(part.right)
        signs = [
            r"\approx" if place in part.rounded or (part.about and place == last) else "="
            for place in range(1, last + 1)
        ]
        stages = list(zip(signs, part.right, strict=True))
        left = self._written(part.left)
        chain = Chain(left.latex, tuple((relation, self._written(tree)) for relation, tree in stages), left=left)
        return Said(phrase(f"rule.{part.rule}", **self._slots(part.slots)), tuple(displays([chain])))

    def _written(self, tree: Expr) -> Written:
        letters = any(isinstance(node, Ref | Entry | Named) for node in walk(tree))
        return write(tree, self._leaves if letters else LetterLeaves(self.deduction.symbols, numbers=True))

    def _slots(self, slots: Slots) -> dict[str, Slot]:
        return {name: self._slot(value) for name, value in slots.items()}

    def _slot(self, value: Expr | Relation | int | str | Word) -> Slot:
        if isinstance(value, Relation):
            return Math(self._relation(value))
        if isinstance(value, Expr):
            return Math(self._written(value).latex)
        return phrase(value.key) if isinstance(value, Word) else value

    def _relation(self, value: Relation) -> str:
        right = value.right
        rest = self._relation(right) if isinstance(right, Relation) else self._written(right).latex
        return f"{self._written(value.left).latex} {value.sign} {rest}"


def render_deduction(deduction: Deduction, format: str = "md", language: str | None = None) -> str:
    """The derivation as a page. Raises UnsupportedError for a format or language there is not."""
    from stepwise.document.telling import Told, tell

    languages, form = languages_of(language), format_of(format)
    page = DeductionPage(deduction)
    return tell(Told("derive", page, page.title, KIND), form, languages)


def topic_title(topic: Topic, language: str) -> str:
    """The title of a topic in one language, as plain text."""
    from stepwise.document.words import Speaker

    page = DeductionPage(Deduction(topic.name, topic.title, (), slots=topic.slots))
    return str(Speaker(language, str, lambda latex: latex, KIND).say(page.title))


def group_title(group: str, language: str) -> str:
    """The heading of a group of topics in one language, as plain text."""
    from stepwise.document.words import Speaker

    return str(Speaker(language, str, lambda latex: latex, KIND).say(phrase(f"group.{group}")))


__all__ = ["FORMATS", "DeductionPage", "group_title", "render_deduction", "topic_title"]
