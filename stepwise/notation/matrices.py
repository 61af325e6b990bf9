"""Arrays of LaTeX cells as matrices, and which rows and columns of a large one are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stepwise.expressions import shown_whole


def places(length: int, beside: int = 1) -> tuple[int | None, ...]:
    """The places of an axis that are printed, next to an axis of length `beside`: all, or the first three and the last.

    None stands for the dots.
    """
    if shown_whole(length, beside):
        return tuple(range(length))
    return (0, 1, 2, None, length - 1)


def cells(rows: int, columns: int, cell: Callable[[int, int], str]) -> list[list[str]]:
    """The printed cells of a matrix, with dots for what is left out."""

    def text(row: int | None, column: int | None) -> str:
        if row is None:
            return r"\vdots" if column is not None else r"\ddots"
        return r"\cdots" if column is None else cell(row, column)

    return [[text(row, column) for column in places(columns, rows)] for row in places(rows, columns)]


def bmatrix(rows: Sequence[Sequence[str]]) -> str:
    """A matrix; rows with fractions get more room."""
    lines = [" & ".join(row) for row in rows]
    separator = r" \\[0.5em] " if any(r"\frac" in line for line in lines) else r" \\ "
    return r"\begin{bmatrix} " + separator.join(lines) + r" \end{bmatrix}"
