"""A page without its mathematics: what a story decides by.

Pages that differ in numbers alone have the same skeleton, and a story is told once for all of them: each piece of
mathematics leaves a hole in the text, and the text is filled in page by page. What a story is given here can be
compared as a whole, so that no two pages that a story could tell apart are ever taken for the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from stepwise.document.holes import hole
from stepwise.document.phrases import Math, Phrase, Slot, Slots

if TYPE_CHECKING:
    from stepwise.document.page import Block, Page, Section
    from stepwise.document.tables import Cell, Table


TITLE = 0
"""The number of the hole for the title."""


class SeenBlock(Struct, frozen=True):
    """The lines of one quantity."""

    keys: tuple[str, ...]
    layer: int | None
    formula: tuple[str, ...]
    displays: tuple[str, ...]
    remarks: tuple[Phrase, ...]


class SeenPart(Struct, frozen=True):
    layer: int | None
    blocks: tuple[SeenBlock, ...]


class SeenSection(Struct, frozen=True):
    phase: str
    iteration: int | None
    parts: tuple[SeenPart, ...]
    samples: tuple[str, ...]


class SeenTable(Struct, frozen=True):
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]


class Skeleton(Struct, frozen=True):
    """What a story sees of a worked solution, under the names that the page has for it."""

    model: str
    has_numbers: bool
    layers: int
    cut: bool
    several: bool
    iterations: int
    sections_before: tuple[SeenSection, ...]
    sections_after: tuple[SeenSection, ...]
    architecture: tuple[Phrase, ...]
    givens: tuple[str, ...]
    conventions: tuple[Phrase, ...]
    history: SeenTable | None
    converged: Phrase | None
    results: SeenTable | None
    code: tuple[str, ...]


class Taken:
    """Takes the mathematics out of a page."""

    def __init__(self, page: Page) -> None:
        self.mathematics: list[str] = [""]
        """What goes into the holes; first the title, which is no mathematics but changes as they do."""
        before, after = self._sections(page.sections_before), self._sections(page.sections_after)
        self.skeleton = Skeleton(
            model=page.model,
            has_numbers=page.has_numbers,
            layers=page.layers,
            cut=page.cut,
            several=page.several,
            iterations=page.iterations,
            sections_before=before,
            sections_after=after,
            architecture=() if page.cut else self._phrases(page.architecture),
            givens=() if page.cut else self._displays(page.givens),
            conventions=() if page.cut else self._phrases(page.conventions),
            history=self._table(page.history),
            converged=page.converged and self._phrase(page.converged),
            results=self._table(page.results),
            code=() if page.has_numbers or page.cut else tuple(page.code),
        )

    def _hole(self, latex: str) -> str:
        self.mathematics.append(latex)
        return hole(len(self.mathematics) - 1, latex)

    def _displays(self, found: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self._hole, found))

    def _sections(self, sections: Iterable[Section]) -> tuple[SeenSection, ...]:
        return tuple(
            SeenSection(
                one.phase,
                one.iteration,
                tuple(SeenPart(part.layer, tuple(map(self._block, part.blocks))) for part in one.parts),
                self._displays(one.samples),
            )
            for one in sections
        )

    def _block(self, one: Block) -> SeenBlock:
        formula, displays = self._displays(one.formula), self._displays(one.displays)
        return SeenBlock(one.keys, one.layer, formula, displays, self._phrases(one.remarks))

    def _phrases(self, found: Iterable[Phrase]) -> tuple[Phrase, ...]:
        return tuple(map(self._phrase, found))

    def _phrase(self, what: Phrase) -> Phrase:
        if not what.slots:
            return what
        return Phrase(what.key, Slots({name: self._slot(value) for name, value in what.slots.items()}))

    def _slot(self, value: Slot) -> Slot:
        if isinstance(value, Math):
            return Math(self._hole(value.latex))
        if isinstance(value, Phrase):
            return self._phrase(value)
        return tuple(map(self._slot, value)) if isinstance(value, tuple) else value

    def _table(self, table: Table | None) -> SeenTable | None:
        if table is None:
            return None
        rows = tuple(tuple(map(self._cell, row)) for row in table.rows)
        return SeenTable(tuple(map(self._cell, table.header)), rows, tuple(table.widths))

    def _cell(self, cell: Cell) -> Cell:
        if isinstance(cell, Math):
            return Math(self._hole(cell.latex))
        if isinstance(cell, Phrase):
            return self._phrase(cell)
        return tuple(map(self._cell, cell)) if isinstance(cell, tuple) else cell  # type: ignore[arg-type]
