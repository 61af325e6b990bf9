"""What a story tells of a trace in letters or exact forms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from stepwise.derivation import Step
from stepwise.document.forms import FormWriter
from stepwise.document.formula import EQUAL
from stepwise.document.page import Block, Page
from stepwise.document.phrases import Phrase, phrase
from stepwise.document.tables import Table
from stepwise.notation.layout import displays
from stepwise.trace import Quantity, Trace, symbol_text


class FormPage(Page):
    """The page of a calculation in which nothing is rounded. Nothing is remarked on: a letter has no size."""

    def __init__(
        self, trace: Trace, detail: str, only: Sequence[str] = (), until: str | None = None, *, expand: bool = False
    ) -> None:
        super().__init__(trace, detail, only, until)
        self.forms = FormWriter(trace, detail, expand=expand)
        self.writer = self.forms

    def _given(self, name: str) -> str:
        """A letter that stands for itself is only named: t, and not t = t."""
        quantity = self.trace.quantities[name]
        left = symbol_text(quantity)
        return left if left == self.latex_of(quantity) else super()._given(name)

    def _relation(self, quantity: Quantity) -> str:
        return EQUAL

    def latex_of(self, quantity: Quantity) -> str:
        return self.forms.latex_of(quantity)

    def _block(self, quantity: Quantity, inside: list[Quantity]) -> Block:
        """The lines inside a formula are part of it."""
        assert quantity.step is not None
        working = self.forms.working(quantity)
        formula = tuple(text for chain in working.formula for text in displays([chain]))
        return Block(
            quantity.step, formula, tuple(displays(working.lines, working.row_length)), (), self._keys(quantity.step)
        )

    def _keys(self, step: Step) -> tuple[str, ...]:
        """The parts of a formula are no lines of their own here."""
        return f"line.in_one.{step.role}.{step.variant}", *super()._keys(step)

    @cached_property
    def conventions(self) -> list[Phrase]:
        """How the page is to be read."""
        _ = self.sections  # they tell whether anything was approximate
        said = [phrase("note.forms" if self.forms.approximate else "note.letters")]
        said.append(phrase("note.expanded" if self.forms.expand else "note.one_level"))
        if self.several:
            said.append(phrase("note.carried_letters"))
        return said

    @cached_property
    def results(self) -> Table | None:
        return None

    @cached_property
    def history(self) -> Table | None:
        return None

    @property
    def converged(self) -> Phrase | None:
        return None
