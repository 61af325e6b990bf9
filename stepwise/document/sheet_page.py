"""What the sheet of a variant tells: what is given, and what is to be calculated, with empty boxes of its shape."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce

from msgspec import Struct

from stepwise.asking import Asked
from stepwise.derivation.model import AFTER
from stepwise.document.asked_words import own_digits, parts_of, precision, shape_words
from stepwise.document.formula import EQUAL, Formula
from stepwise.document.given_words import meanings, penalty, unasked_iterations
from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.document.plain import marks_text
from stepwise.document.qr import Picture
from stepwise.document.quantity_words import described
from stepwise.document.variant_page import VariantPage
from stepwise.document.wide_arrays import Block, Room, blocks
from stepwise.expressions import refs, usual
from stepwise.notation.layout import displays
from stepwise.sheets.model import Variant
from stepwise.trace import Quantity, symbol_text

_BOX = Room(entry=3.3, rows=16)
"""The room that an empty box takes, and how many rows of boxes fit a page with what stands above them."""
_HUNDREDTHS = 1e-9
"""Marks are printed to hundredths; what is this close to one is one."""
_TOLD_BY_NAME = {"z": "z", "objective": "objective", "margin": "margin", "error": "error"}
"""Roles whose usual words say the formula."""


class Task(Struct, frozen=True):
    """One quantity that is asked for."""

    number: int
    what: Phrase
    marks: Phrase | None
    both: Phrase
    formula: tuple[str, ...]
    _symbol: str
    _shape: tuple[int, int]

    def boxes(self, box: str) -> list[Block]:
        """The empty boxes, each of them `box`."""
        return list(blocks(f"{self._symbol} {EQUAL}", self._shape, lambda row, column: str(box), _BOX))


class TaskPart(Struct, frozen=True):
    """The tasks of a phase, or of an iteration, and the samples of that iteration."""

    heading: Phrase
    samples: tuple[Block, ...]
    tasks: tuple[Task, ...]


class SheetPage(VariantPage):
    """A variant without its results."""

    def __init__(self, variant: Variant, number: int, *, formulas: bool) -> None:
        super().__init__(variant, number)
        self._formulas = formulas
        self._told: set[str] = set()

    @property
    def picture(self) -> Picture:
        """The code as a picture."""
        return Picture(self.code)

    @property
    def architecture(self) -> list[Phrase]:
        return self.page.architecture

    @cached_property
    def meanings(self) -> list[Phrase]:
        """What the givens are, and what else belongs to the statement."""
        asked = [described(one, self.variant.questions) for one in self.variant.asked]
        said = [meanings(self.trace, asked)]
        for one in self.trace.quantities.values():
            if one.step is not None and one.step.role == "preprocess" and (formula := self._formula(one).apart()):
                said.append(phrase("paper.prepared", formula=Math(formula.latex)))
        added = penalty(self.problem, self._strength)
        said += [] if added is None else [added]
        return [reduce(lambda one, more: phrase("paper.given.then", one=one, more=more), said)]

    @property
    def _strength(self) -> str:
        given = self.trace.quantities.get("l2")
        return "" if given is None else symbol_text(given)

    @property
    def rules(self) -> list[Phrase]:
        """What to do, how precisely, and how the marks are shared out where they are not at each task."""
        said = [phrase("paper.fill"), precision(self.variant.questions)]
        if not self._marks_apart:
            said.append(phrase("paper.marks.equal", count=len(self.variant.asked)))
        return [*said, *unasked_iterations(self.variant.questions)]

    @cached_property
    def _marks_apart(self) -> bool:
        """Whether each task bears its marks; not where all are worth the same fraction, which adds up badly."""
        worth = {one.marks for one in self.variant.asked}
        return len(worth) > 1 or all(abs(marks - round(marks, 2)) < _HUNDREDTHS for marks in worth)

    @cached_property
    def parts(self) -> list[TaskPart]:
        """What is to be calculated."""
        numbers = {one.id: number for number, one in enumerate(self.variant.asked, 1)}
        found = []
        for heading, asked in parts_of(self.variant.questions):
            one = asked[0]
            of_iteration = heading.key == "section.iteration" and one.iteration is not None
            samples = tuple(self.samples_of(one.iteration or 1)) if of_iteration else ()
            found.append(TaskPart(heading, samples, tuple(self._task(numbers[one.id], one) for one in asked)))
        return found

    def _task(self, number: int, asked: Asked) -> Task:
        marks = marks_words(asked.marks) if self._marks_apart else None
        formula = tuple(self._formulas_for(asked)) if self._formulas else ()
        what = self._what(asked)
        both = what if marks is None else phrase("paper.task", what=what, marks=marks)
        return Task(number, what, marks, both, formula, self.symbol(asked), asked.shape)

    def _what(self, asked: Asked) -> Phrase:
        """What a quantity is, without a formula; of samples also which of its entries belongs to which."""
        questions, role = self.variant.questions, asked.step.role
        if role in _TOLD_BY_NAME:
            slots = {"layer": int(asked.step.layer or 1)} if role == "z" else {}
            what = phrase(f"paper.what.{_TOLD_BY_NAME[role]}", **slots)
        else:
            what = self.in_symbols(described(asked, questions), asked)
        shape = shape_words(asked, questions)
        if "samples" in shape.key:
            what = phrase("blank.line", what=what, shape=shape)
        digits = own_digits(asked, questions)
        return what if digits is None else phrase("paper.task_digits", what=what, digits=digits)

    def _formulas_for(self, asked: Asked) -> Iterator[str]:
        """The general formulas as on the worked page: of what is asked for, before it of what leads there unasked."""
        last = self.trace.quantities.get(f"t{self.trace.iterations}.{asked.name}")
        quantity = last if asked.iteration is None and last is not None else self.quantity(asked)
        if quantity is not None and asked.name not in self._told:
            for one in self._on_the_way(quantity):
                formula = self._formula(one).apart()
                if formula is not None:
                    yield from displays([formula])

    def _on_the_way(self, quantity: Quantity) -> Iterator[Quantity]:
        """The lines without boxes that a quantity needs, and the quantity itself; each once, not in every iteration.

        The forward pass with the new parameters has the formulas of the first.
        """
        asked, writer = {one.name for one in self.variant.asked}, self.page.writer
        for name in refs(self._formula(quantity).tree):
            operand = writer.operand(quantity, name)
            unasked = operand.step is not None and operand.name not in asked | self._told
            if unasked and operand.iteration == quantity.iteration and operand.phase != AFTER:
                yield from self._on_the_way(operand)
        self._told.add(quantity.name)
        yield quantity

    def _formula(self, quantity: Quantity) -> Formula:
        assert quantity.step is not None
        writer = self.page.writer
        # a sheet knows no numbers that could need another form
        return writer.formula(quantity, usual(writer.inlined(quantity.step.tree, quantity)))


def marks_words(marks: float) -> Phrase:
    """(1 mark), (2.5 marks)."""
    text = marks_text(marks)
    return phrase("paper.marks.one") if text == "1" else phrase("paper.marks.many", count=text)
