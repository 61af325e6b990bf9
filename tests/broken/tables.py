"""The tables of a page: all results, and all iterations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests.sheets.by_hand import Array, decimals_of

from .complaints import Complaint, misprinted, same_figures

if TYPE_CHECKING:
    from .reading import Reading

_NUMBER = re.compile(r"-?\d[\d.]*(?: \\times 10\^\{-?\d+\})?|\\dots")
_NAMED = re.compile(r"^`(\w+)`$|^\\texttt\{(.+)\}$")
_MAIN = re.compile(r"^(z|a|delta|dW|db)\d+$|^(L|J|dw)$|^[Wbw]\d*_new$")


def rows_of(text: str) -> Iterator[list[str]]:
    """The cells of every row of a table, Markdown or LaTeX, without what makes them mathematics."""
    for line in text.splitlines():
        if line.startswith("| ") and line.endswith(" |"):
            yield [cell.strip().strip("$") for cell in line.strip("| ").split(" | ")]
        elif line.startswith((r"\(", r"\texttt")) and line.endswith(r" \\") and " & " in line:
            yield [re.sub(r"^\\\(|\\\)$", "", cell.strip()) for cell in line[:-3].split(" & ")]


def check_tables(page: Reading) -> Iterator[Complaint]:
    """Every number of a table is the one that was worked out, and every main result is in one."""
    named: set[str] = set()
    columns: list[str] = []
    for cells in rows_of(page.text):
        name = _NAMED.match(cells[1]) if len(cells) == 3 else None
        if name:
            label = (name[1] or name[2]).replace(r"\_", "_")
            named.add(label)
            yield from _row(page, label, cells[2])
        elif cells[0] == "t":
            columns = [_column(page, cell) for cell in cells[1:]]
        elif columns and cells[0].isdigit():
            for label, cell in zip(columns, cells[1:], strict=True):
                yield from _row(page, f"t{cells[0]}.{label}", cell)
    for label in page.numbers:
        if _MAIN.match(label) and page.trace.iterations == 1 and label not in named:
            yield Complaint("table", label, "the table lacks it")


def _column(page: Reading, symbol: str) -> str:
    from .reading import bare

    return page.symbols.get(bare(symbol), [("", None)])[0][0]


def _row(page: Reading, label: str, cell: str) -> Iterator[Complaint]:
    if label not in page.numbers:
        yield Complaint("table", label, "there is no such result")
        return
    name = label.rpartition(".")[2]
    decimals = None if page.problem.rounding.figures else decimals_of(page.problem.document)(name)
    texts = _NUMBER.findall(cell)
    if not _fits(texts, page.numbers[label], decimals, page):
        yield Complaint("table", label, f"{cell} is not {page.numbers[label].tolist()}")


def _fits(texts: list[str], values: Array, decimals: int | None, page: Reading) -> bool:
    """Numbers up to the first dots, or all of them."""
    flat = values.ravel().tolist()
    shown = texts[: texts.index(r"\dots")] if r"\dots" in texts else texts
    if len(shown) != len(flat) and r"\dots" not in texts:
        return False
    from .reading import zeros_printed

    zeros, figures = zeros_printed(page.problem), page.problem.rounding.figures
    return all(
        not misprinted(text, value, decimals, zeros=zeros) or bool(figures and same_figures(text, value, figures))
        for text, value in zip(shown, flat, strict=False)
    )
