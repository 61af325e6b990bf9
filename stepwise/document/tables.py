"""The tables at the end of a page: all iterations, and all results."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from stepwise.document.operands import Views
from stepwise.document.phrases import Foreign, Math, Phrase, phrase
from stepwise.notation.matrices import cells
from stepwise.notation.widths import width
from stepwise.trace import Quantity, Trace, symbol_text

CELL_WIDTH = 24.0
"""The room for a value in a table, in em."""
ROWS_WHOLE, ROWS_FIRST, ROWS_LAST = 20, 8, 3
"""A table of more iterations than `ROWS_WHOLE` shows its first and last rows."""
_COMMA, _DOTS = r",\ ", r"\dots"

Part = Phrase | Math | Foreign | str
Cell = Part | tuple[Part, ...]


class Table(Struct, frozen=True):
    """A header and rows of phrases, mathematics or plain ids."""

    header: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = ()
    """The share of each column in the width of the page, in per cent, where its cells are sentences."""


class Field(Struct, frozen=True):
    """Something that is filled in at the head of a paper: `value`, or `blank` centimetres of room, or both."""

    label: Phrase
    value: Cell | None = None
    blank: int = 0


class Tables:
    """Makes the tables of one trace."""

    def __init__(self, trace: Trace, views: Views) -> None:
        self.trace = trace
        self.views = views

    def results(self, chosen: Collection[str]) -> Table | None:
        """The named quantities among `chosen`, each in one line; None where there are none."""
        found = [quantity for quantity in self.trace.quantities.values() if self._is_result(quantity, chosen)]
        rows: list[list[Cell]] = [[Math(symbol_text(q)), q.id, Math(self.listed(q))] for q in found]
        return Table([phrase("results.symbol"), phrase("results.id"), phrase("results.value")], rows) if rows else None

    def _is_result(self, quantity: Quantity, chosen: Collection[str]) -> bool:
        step = quantity.step
        if step is None or step.symbol is None or quantity.value is None or quantity.id not in chosen:
            return False
        return self.trace.iterations == 1 or quantity.iteration is None

    def history(self) -> Table | None:
        """What is kept of every iteration, a row each; the middle of a long run is left out."""
        names = list(self.trace.history)
        if not names:
            return None
        rows: list[list[Cell]] = []
        for row in _rows_shown(self.trace.iterations):
            if row is None:
                rows.append([Math(r"\vdots") for _ in range(len(names) + 1)])
            else:
                rows.append([Math(str(row + 1)), *(Math(self.listed(self._past(name, row))) for name in names)])
        header: list[Cell] = [Math("t"), *(Math(symbol_text(self._past(name, 0))) for name in names)]
        return Table(header, rows)

    def _past(self, name: str, row: int) -> Quantity:
        """A quantity as it was in one iteration."""
        values = self.trace.history[name][row]
        step = self.trace.derivation.steps[name]
        true = self.trace.history_true.get(name)
        one = Quantity(f"t{row + 1}.{name}", name, values.shape, step.rank, step.symbol, values, step)
        return one if true is None else replace(one, true=true[row])

    def listed(self, quantity: Quantity) -> str:
        """The printed value in one line, as in an answer file: [0.8, −0.3]."""
        view = self.views.of(quantity)
        rows, columns = quantity.shape
        if quantity.shape == (1, 1):
            return view.numbers[0]
        if quantity.rank == 1 and view.whole:
            return _bracketed(view.numbers)
        grid = cells(rows, columns, view.text)
        if quantity.rank == 1:
            return _bracketed([cell for row in grid for cell in row])
        lines = [_bracketed(row) for row in grid if row[0] != r"\vdots"]
        if len(lines) < len(grid):
            lines.insert(-1, _DOTS)
        text = f"[{_COMMA.join(lines)}]"
        if width(text) > CELL_WIDTH and len(lines) > 2:
            text = f"[{_COMMA.join([lines[0], _DOTS, lines[-1]])}]"
        return text if width(text) <= CELL_WIDTH else f"[{_COMMA.join([lines[0], _DOTS])}]"


def _bracketed(texts: Sequence[str]) -> str:
    """[0.8, −0.3], the middle left out where it is long."""
    across = [_DOTS if text in (r"\vdots", r"\cdots", r"\ddots") else text for text in texts]
    text = f"[{_COMMA.join(across)}]"
    # of four numbers one is left out only where they cannot stand beside the dots of the other rows
    if width(text) > (CELL_WIDTH / 2 if len(across) > 4 else CELL_WIDTH - 2) and len(across) > 3:
        return f"[{_COMMA.join([*across[:2], _DOTS, across[-1]])}]"
    return text


def _rows_shown(count: int) -> list[int | None]:
    if count <= ROWS_WHOLE:
        return list(range(count))
    return [*range(ROWS_FIRST), None, *range(count - ROWS_LAST, count)]
