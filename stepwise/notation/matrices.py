"""Arrays of LaTeX cells as matrices, and which rows and columns of a large one are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

LENGTH_SHOWN = 10
"""A longer axis is printed as its first three places, dots, and its last."""


def places(length: int) -> tuple[int | None, ...]:
    """The places of an axis that are printed; None stands for the dots."""
    if length <= LENGTH_SHOWN:
        return tuple(range(length))
    return (0, 1, 2, None, length - 1)


def cells(rows: int, columns: int, cell: Callable[[int, int], str]) -> list[list[str]]:
    """The printed cells of a matrix, with dots for what is left out."""

    def text(row: int | None, column: int | None) -> str:
        if row is None:
            return r"\vdots" if column is not None else r"\ddots"
        return r"\cdots" if column is None else cell(row, column)

    return [[text(row, column) for column in places(columns)] for row in places(rows)]


def bmatrix(rows: Sequence[Sequence[str]]) -> str:
    """A matrix; rows with fractions get more room."""
    lines = [" & ".join(row) for row in rows]
    separator = r" \\[0.5em] " if any(r"\frac" in line for line in lines) else r" \\ "
    return r"\begin{bmatrix} " + separator.join(lines) + r" \end{bmatrix}"
