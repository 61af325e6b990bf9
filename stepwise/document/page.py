"""What a story tells: the problem's givens, the lines section by section, the table of results. No words, no markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby

from msgspec import Struct

from stepwise.derivation import Step
from stepwise.derivation.model import AFTER
from stepwise.document.choose import matching
from stepwise.document.formula import ABOUT, EQUAL
from stepwise.document.model_words import describe
from stepwise.document.phrases import Phrase, phrase
from stepwise.document.remarks import converged, remarks
from stepwise.document.remembered import shown
from stepwise.document.skeleton import Taken
from stepwise.document.tables import Table, Tables
from stepwise.document.working import SHOWN_IN_FULL, Writer
from stepwise.errors import UnsupportedError
from stepwise.notation.layout import PAGE_WIDTH
from stepwise.notation.widths import width
from stepwise.trace import Quantity, Trace, symbol_text

_SUMMED_UP = ("losses", "hinge", "loss", "reduced_loss", "objective")
"""What is said of the forward pass after a long run."""
LINES_TWICE = 24
"""An iteration of more lines than this is worked in full only once."""
_BESIDE = r",\qquad "


class Block(Struct, frozen=True):
    """The lines of one quantity: what it is, its formula, the working, and what is to be noticed."""

    step: Step
    formula: tuple[str, ...]
    displays: tuple[str, ...]
    remarks: tuple[Phrase, ...]
    keys: tuple[str, ...]
    """Where the words for the line are looked for, in this order."""

    @property
    def layer(self) -> int | None:
        return self.step.layer


class Part(Struct, frozen=True):
    """The blocks of one layer within a section (layer None: no layer of its own)."""

    layer: int | None
    blocks: tuple[Block, ...]


class Section(Struct, frozen=True):
    """One phase of one iteration."""

    phase: str
    iteration: int | None
    parts: tuple[Part, ...]
    samples: tuple[str, ...] = ()
    """The samples of the iteration, and how many they are, as display formulas."""


class Page:
    """Everything a story needs, computed when it asks for it."""

    def __init__(self, trace: Trace, detail: str, only: Sequence[str] = (), until: str | None = None) -> None:
        self.trace = trace
        self.problem = trace.problem
        self.detail = detail
        self.writer = Writer(trace, detail)
        self.cut = bool(only)
        self._chosen = chosen(trace, only, until)
        self._tables = Tables(trace, self.writer.views)
        self.notes: set[str] = set()
        self.guarded = False

    def taken(self) -> Taken:
        """The page as what a story sees of it, and the mathematics apart from it."""
        return Taken(self)

    @property
    def model(self) -> str:
        return self.problem.model

    @property
    def has_numbers(self) -> bool:
        return self.problem.has_numbers

    @property
    def layers(self) -> int:
        """The number of layers."""
        return len(self.problem.layers)

    # ---- the givens

    @cached_property
    def givens(self) -> list[str]:
        """The givens of the file as display formulas: data, then the parameters of each layer, then single numbers."""
        names = [name for name in self.trace.derivation.givens if name not in ("N", "t") and "fan_" not in name]
        found: list[str] = []
        for _, group in groupby(sorted(names, key=given_group), key=given_group):
            found += beside([self._given(name) for name in group if name in self.trace.quantities])
        return found

    def _given(self, name: str) -> str:
        quantity = self.trace.quantities[name]
        left = symbol_text(quantity)
        if quantity.value is None:
            rows, columns = quantity.shape
            return rf"{left} \in \mathbb{{R}}^{{{rows} \times {columns}}}"
        return f"{left} {self._relation(quantity)} {self.latex_of(quantity)}"

    def _relation(self, quantity: Quantity) -> str:
        """≈ where numbers that nobody typed (from a data file) are printed with fewer digits than they have."""
        return EQUAL if self.writer.views.of(quantity).printed.exact.all() else ABOUT

    def latex_of(self, quantity: Quantity) -> str:
        """The printed value as a matrix, or as a number."""
        return self.writer.views.of(quantity).latex().latex

    @cached_property
    def architecture(self) -> list[Phrase]:
        """The model in a few short lines."""
        return list(describe(self.problem))

    @cached_property
    def conventions(self) -> list[Phrase]:
        """How numbers are printed on this page, and what was done to keep them in range."""
        _ = self.sections  # they tell what there is to note, and a story may say it before them
        return self.noted()

    def noted(self) -> list[Phrase]:
        """The conventions, with what was noted so far."""
        said: list[Phrase] = []
        if self.trace.iterations > SHOWN_IN_FULL:
            shown = len(self._iterations_in_full)
            key = "note.iterations" if shown > 1 else "note.one_iteration"
            said.append(phrase(key, total=self.trace.iterations, shown=shown))
        if not self.problem.has_numbers:
            return said
        rounding = self.problem.rounding
        kind = "figures" if rounding.figures is not None else "decimals"
        count = rounding.figures if rounding.figures is not None else rounding.decimals or 0
        digits = phrase(f"note.{kind}_one") if count == 1 else phrase(f"note.{kind}", count=count)
        if rounding.carry:
            said.append(phrase("note.hand_some" if rounding.quantities else "note.hand", digits=digits))
        else:
            said.append(phrase("note.exact", digits=digits))
            if self.guarded:
                said.append(phrase("note.guarded"))
        if self.problem.notation.delta == "divided" and "N" in self.trace.derivation.givens:
            said.append(phrase("note.divided"))
        return [*said, *(phrase(f"note.{name}") for name in sorted(self.notes))]

    @property
    def batch(self) -> int | None:
        """The number of samples where there are several."""
        return None if self.problem.single else self.problem.samples

    # ---- the working

    def _keys(self, step: Step) -> tuple[str, ...]:
        return f"line.{step.role}.{step.variant}", f"line.{step.role}"

    @property
    def sections_before(self) -> list[Section]:
        """The sections that stand before the table of all iterations."""
        return [section for section in self.sections if not (self.several and section.phase == AFTER)]

    @property
    def sections_after(self) -> list[Section]:
        """The forward pass with the parameters that several iterations left."""
        return [section for section in self.sections if self.several and section.phase == AFTER]

    @cached_property
    def sections(self) -> list[Section]:
        """The sections that are worked in full."""
        found = []
        quantities = [q for q in self.trace.quantities.values() if q.step is not None and self._is_worked(q)]
        for (iteration, phase), group in groupby(quantities, key=lambda q: (q.iteration, q.phase)):
            parts = []
            for layer, of_layer in groupby(group, key=lambda q: q.step.layer if q.step else None):
                blocks = tuple(self._blocks(list(of_layer)))
                if blocks:
                    parts.append(Part(layer, blocks))
            if parts:
                samples = () if iteration is None else self._samples_of(iteration)
                found.append(Section(phase, iteration, tuple(parts), samples))
        return found

    def _is_worked(self, quantity: Quantity) -> bool:
        if quantity.id not in self._chosen or (quantity.iteration or 1) not in self._iterations_in_full:
            return False
        assert quantity.step is not None
        if quantity.phase == AFTER and self.trace.iterations > SHOWN_IN_FULL and quantity.step.role not in _SUMMED_UP:
            return False
        # the unprefixed last parameters of several iterations belong to the table, not to the working
        return not (self.several and quantity.iteration is None and quantity.step in self.trace.derivation.each)

    @property
    def several(self) -> bool:
        return self.trace.iterations > 1

    @property
    def _iterations_in_full(self) -> tuple[int, ...]:
        kept = self.trace.kept
        if self.cut or self.trace.iterations <= SHOWN_IN_FULL:
            return kept
        return kept[:-1] if len(self.trace.derivation.each) <= LINES_TWICE else kept[:1]

    def _blocks(self, quantities: list[Quantity]) -> Iterator[Block]:
        """One block a formula: the lines inside it, then the line itself."""
        names = {quantity.name for quantity in quantities}
        waiting: list[Quantity] = []
        for quantity in quantities:
            assert quantity.step is not None
            if quantity.step.group != quantity.name and quantity.step.group in names:
                waiting.append(quantity)
            else:
                yield self._block(quantity, waiting)
                waiting = []

    def _block(self, quantity: Quantity, inside: list[Quantity]) -> Block:
        assert quantity.step is not None
        parts = [shown(self.writer, part) for part in [*inside, quantity]]
        for part in parts:
            self.notes |= part.notes
            self.guarded |= part.guarded
        # without numbers every part has its formula, and nothing else
        formulas = parts[-1:] if quantity.value is not None else parts
        said = remarks(self.trace, quantity, lambda name: self.writer.operand(quantity, name))
        return Block(
            quantity.step,
            tuple([text for part in formulas for text in part.formula]),
            tuple([text for part in parts for text in part.displays]),
            () if self.detail == "brief" else tuple(said),
            self._keys(quantity.step),
        )

    # ---- all iterations

    @property
    def iterations(self) -> int:
        return self.trace.iterations

    def _samples_of(self, iteration: int) -> tuple[str, ...]:
        found = []
        data = ("x", "y", "N") if self.problem.model == "network" else ("x", "y")
        for name in (*data, *self.trace.derivation.carried):
            quantity = self.trace.quantities.get(f"t{iteration}.{name}")
            if quantity is not None and quantity.value is not None:
                found.append(f"{symbol_text(quantity)} {self._relation(quantity)} {self.latex_of(quantity)}")
        return tuple(beside(found))

    @cached_property
    def history(self) -> Table | None:
        """The table of all iterations."""
        return self._tables.history() if self.several else None

    @property
    def converged(self) -> Phrase | None:
        return converged(self.trace)

    # ---- results

    @cached_property
    def results(self) -> Table | None:
        """Every named quantity of a single run with its value; after several iterations, what they left."""
        return self._tables.results(self._chosen)

    # ---- shapes only

    @cached_property
    def code(self) -> list[str]:
        """The calculation as NumPy lines with shapes, for a page without numbers."""
        from stepwise.notation.numpy_code import numpy_lines

        shapes = {step.id: self.trace.quantities[step.id].shape for step in self.trace.derivation.each}
        return numpy_lines(
            [(step.id, step.tree, shapes[step.id] if step.rank else None) for step in self.trace.derivation.each]
        )


def beside(equations: Sequence[str]) -> list[str]:
    """Short equations next to each other, as many as fit a line."""
    lines: list[str] = []
    for text in equations:
        if lines and width(_BESIDE.join([lines[-1], text])) <= PAGE_WIDTH:
            lines[-1] = _BESIDE.join([lines[-1], text])
        else:
            lines.append(text)
    return lines


def given_group(name: str) -> tuple[int, str]:
    """Where a given stands: data first, then layer by layer, then the numbers that steer the training."""
    if name in ("x", "x_raw", "y"):
        return (0, "")
    if name in ("lr", "l2"):
        return (3, "")
    return (2, name[1:]) if name[0] in "Wbw" else (1, "")


def chosen(trace: Trace, only: Sequence[str], until: str | None) -> set[str]:
    """The ids that are written: all, some, or everything up to one. Names may leave out the iteration."""
    names = list(trace.quantities)
    if until is not None:
        found = matching(trace, until)
        # in several iterations the first, unless the name itself is one (W1_new: what they leave)
        last = names.index(until) if until in found else min(names.index(name) for name in found)
        names = names[: last + 1]
    if only:
        wanted = {name for one in only for name in matching(trace, one)}
        names = [name for name in names if name in wanted]
        if not names:
            raise UnsupportedError(f"nothing is left to write: what is asked for comes after {until}")
    return set(names)
