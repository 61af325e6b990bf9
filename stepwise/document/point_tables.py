"""Points in tables: their coordinates and labels, and the check of each."""

from __future__ import annotations

from collections.abc import Sequence

from stepwise.document.inequalities import numbered
from stepwise.document.operands import Views
from stepwise.document.phrases import Math, phrase
from stepwise.document.tables import Cell, Table
from stepwise.notation.layout import PAGE_WIDTH, Chain, displays
from stepwise.notation.widths import width
from stepwise.notation.written import Written
from stepwise.trace import Trace

_COLUMN_GAP = 2.0
"""The room between two columns of a table, in em."""


def points_table(trace: Trace, views: Views, letters: Sequence[str]) -> Table:
    """The points with their labels, numbered; `letters` head the columns."""
    x, y = (trace.quantities[name] for name in ("x", "y"))
    rows: list[list[Cell]] = []
    for point in range(x.shape[0]):
        coordinates = [views.of(x).text(point, place) for place in range(x.shape[1])]
        rows.append([Math(text) for text in (numbered(point), *coordinates, views.of(y).text(point, 0))])
    return Table([phrase("table.number"), *map(Math, letters)], rows)


def in_lines(points: Table, label: str) -> list[str]:
    """A table of points as display formulas, where it would be wider than the page; else none."""
    cells = [[cell.latex for cell in row if isinstance(cell, Math)] for row in points.rows]
    if max(sum(width(text) + _COLUMN_GAP for text in row) for row in cells) <= PAGE_WIDTH:
        return []
    chains = []
    for number, *coordinates, value in cells:
        parts = [rf"{text},\ " for text in coordinates] + [f"{label} = {value}"]
        chains.append(Chain(number, ((r"\quad", Written(tuple(parts))),)))
    return displays(chains, beside=False)


def check_table(trace: Trace, views: Views) -> Table:
    """Point, sum, prediction and label."""
    quantities = [trace.quantities[name] for name in ("score", "yhat", "y")]
    rows: list[list[Cell]] = []
    for point in range(quantities[0].shape[0]):
        texts = [views.of(quantity).text(point, 0) for quantity in quantities]
        rows.append([Math(text) for text in (numbered(point), *texts)])
    symbols = [quantity.symbol for quantity in quantities]
    letters = [Math(symbol.entry(0, 0, (1, 1))) for symbol in symbols if symbol is not None]
    return Table([phrase("table.number"), *letters], rows)
