"""Plain text for a terminal: columns that line up and lines that fit, with Chinese characters two columns wide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from markupsafe import Markup

WIDTH = 88
"""Columns of a line of text."""
_GAP = "  "
_NARROWEST = 24
"""The last column of a table is not broken to less."""

_CHINESE = r"\u2e80-\u9fff\uff00-\uffef"
_TOKEN = re.compile(rf"\s+|\[[0-9,]+\] [-0-9.e]+|（[\u4e00-\u9fff]{{1,6}}）|[{_CHINESE}]|[^\s{_CHINESE}]+")
"""Blanks, an entry with its number, a short word in Chinese brackets, one character of Chinese, or a word: between
these a line may be broken."""
_BETWEEN = " / "
"""What stands between the languages of a heading."""
_NOT_FIRST = frozenset("，。；：！？、）」』”’】%")
_NOT_LAST = frozenset("（「『“‘【")


def marks_text(marks: float) -> str:
    """9, 0.5: no trailing zeros."""
    return f"{marks:.2f}".rstrip("0").rstrip(".")


def one_line(text: str) -> str:
    """Foreign text without line breaks and without what a terminal would obey."""
    return "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp", "Cs") else one for one in text)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in ("W", "F")) for one in text
    )


def aligned(rows: Sequence[Sequence[str]]) -> Markup:
    """Rows of cells as lines; the first row is the header, over a rule. The last cell is broken where it is long."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(WIDTH - before, _NARROWEST))
    lines = []
    for row in [cells[0], ["-" * width for width in widths], *cells[1:]]:
        front = "".join(_padded(cell, width) + _GAP for cell, width in zip(row[:-1], widths[:-1], strict=True))
        lines.append(wrapped(row[-1], front, " " * before, max(WIDTH, before + _NARROWEST)).rstrip())
    return Markup("\n".join(lines))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def headed(text: str, sign: str) -> Markup:
    """A heading over a line as long as it is; one that is too long has a line for each language."""
    text = str(text)
    parts = [text] if columns(text) <= WIDTH else text.split(_BETWEEN)
    lines = [line for part in parts for line in wrapped(part).split("\n")]
    return Markup("\n".join([*lines, sign * max(map(columns, lines))]))


def wrapped(text: str, first: str = "", later: str = "", width: int = WIDTH) -> Markup:
    """A paragraph in lines that fit, the first behind `first` and the others behind `later`."""
    lines: list[str] = []
    line = ""
    for piece in _unbreakable(str(text)):
        room = width - columns(later if lines else first)
        if line and columns(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
            piece = piece.lstrip()
        line += piece
    lines.append(line.rstrip())
    return Markup("\n".join((later if place else first) + line for place, line in enumerate(lines)))


def _unbreakable(text: str) -> Iterator[str]:
    """The pieces between which a line may be broken: punctuation stays with what it belongs to."""
    waiting = ""
    for token in _TOKEN.findall(text):
        if waiting and token[0] not in _NOT_FIRST and waiting[-1] not in _NOT_LAST:
            yield waiting
            waiting = ""
        waiting += token
    if waiting:
        yield waiting
