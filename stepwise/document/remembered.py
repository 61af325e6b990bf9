"""The lines of a quantity as displays. Lines that differ in digits alone are laid out once.

What is written of a line depends on its formula, on the signs and lengths of its numbers, on which case of a ReLU they
decide, and on where = and ≈ stand. Where all that is as it was, only the digits are exchanged. What comes up for the
first time is written as it comes, and so are large arrays, which are not printed whole.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from stepwise.document.holes import Filling, around
from stepwise.notation.layout import displays
from stepwise.trace import Quantity

if TYPE_CHECKING:
    from stepwise.document.leaves import View
    from stepwise.document.lines import Lines, Working
    from stepwise.document.working import Writer

KEPT = 200
"""So many layouts of one formula are kept."""


class Shown(Struct, frozen=True):
    """What stands on the page for one quantity: its formula where that stands apart, and the lines with numbers."""

    formula: tuple[str, ...]
    displays: tuple[str, ...]
    notes: frozenset[str]
    guarded: bool


class Layout(Struct, frozen=True):
    """The displays of a line, with holes for its numbers."""

    formula: tuple[str, ...]
    fillings: tuple[Filling, ...]


def shown(writer: Writer, quantity: Quantity) -> Shown:
    """The displays of one computed quantity."""
    if quantity.value is None:
        return _written(writer.working(quantity))
    lines = writer.lines(quantity)
    if not lines.formula.was_written:
        # a single page is written as it comes
        lines.formula.was_written = True
        return _written(lines.working())
    views = (*lines.operands.views.values(), lines.operands.result)
    if not all(view.whole for view in views):
        return _written(lines.working())
    looks = [view.looks for view in views]
    numbers = [number for one in looks for number in one.numbers]
    forms, decisions = tuple([one.form for one in looks]), tuple(lines.decisions.values())
    key = (lines.full, lines.relations, decisions, forms)
    layouts: dict[Hashable, Layout] = lines.formula.layouts
    layout = layouts.get(key)
    if layout is None:
        if len(layouts) >= KEPT:
            layouts.clear()
        layout = layouts[key] = _layout(lines, views, numbers)
    texts = tuple([filling.filled(numbers) for filling in layout.fillings])
    return Shown(layout.formula, texts, lines.notes, lines.operands.guard > 0)


def _written(working: Working) -> Shown:
    formula = tuple([text for chain in working.formula for text in chain.alone])
    texts = tuple(displays(working.lines, working.row_length)) if working.lines else ()
    return Shown(formula, texts, working.notes, working.guarded)


def _layout(lines: Lines, views: Sequence[View], numbers: Sequence[str]) -> Layout:
    """The displays with the numbers marked, and then taken out."""
    places = iter(range(len(numbers)))
    found = [view.marked([next(places) for _ in view.numbers]) for view in views]
    written = _written(lines.with_views(found).working())
    return Layout(written.formula, tuple([around(text, numbers) for text in written.displays]))
