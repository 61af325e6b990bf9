"""How wide a formula is on paper, in em, by estimate: good enough to decide where a line is broken."""

from __future__ import annotations

import re
from functools import lru_cache

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[{}^_&]|[^\s]")
_WIDTHS = {
    "+": 1.25, "-": 1.25, "=": 1.35, "<": 1.35, ">": 1.35, "(": 0.42, ")": 0.42, "[": 0.32, "]": 0.32, ".": 0.3,
    ",": 0.45,
    r"\times": 1.25, r"\odot": 1.25, r"\cdot": 0.75, r"\approx": 1.35, r"\le": 1.35, r"\ge": 1.35, r"\quad": 1.0,
    r"\qquad": 2.0, r"\,": 0.17, r"\;": 0.28, r"\left": 0.25, r"\right": 0.25, r"\cdots": 1.4, r"\vdots": 0.4,
    r"\ddots": 1.3, r"\dots": 1.4, r"\sum": 1.6, r"\nabla": 0.85, r"\partial": 0.6, r"\max": 1.9, r"\ln": 1.0,
    r"\tanh": 2.3, r"\mathrm": 0.0, r"\operatorname": 0.2, r"\text": 0.0, r"\sqrt": 0.9, r"\top": 0.6, r"\%": 0.85,
    r"\min": 1.8, r"\exp": 1.9, r"\sin": 1.3, r"\cos": 1.4, r"\sinh": 1.9, r"\cosh": 2.0, r"\arctan": 3.0,
    r"\Bigl": 0.25, r"\Bigr": 0.25,
}  # fmt: skip
_SCRIPTS = (0.7, 0.85, 1.0)
"""How much smaller a script is than what it stands at: the smallest is not made smaller."""


_MARK = re.compile("\x04[0-9]+\x05")
"""Pieces of a text may be marked; a mark is not printed."""
DIGITS = str.maketrans("123456789", "000000000")
"""All digits are equally wide."""


def width(latex: str) -> float:
    """The estimated width in em."""
    if "\x04" in latex:
        latex = _MARK.sub("", latex)
    # one estimate serves the same formula with other numbers
    return _width(latex.translate(DIGITS))


@lru_cache(maxsize=4096)
def _width(latex: str) -> float:
    tokens = _TOKEN.findall(latex)
    total, position = 0.0, 0
    while position < len(tokens):
        piece, position = _piece(tokens, position)
        total += piece
    return total


def _piece(tokens: list[str], at: int, level: int = 0) -> tuple[float, int]:
    token = tokens[at]
    if token in ("^", "_"):
        inner, after = _group(tokens, at + 1, level + 1)
        script = inner
        if after < len(tokens) and tokens[after] in ("^", "_"):
            other, after = _group(tokens, after + 1, level + 1)
            script = max(script, other)
        script *= _SCRIPTS[min(level, len(_SCRIPTS) - 1)]
        return script + 0.05, after
    if token == "{":
        return _group(tokens, at, level)
    if token == r"\frac":
        above, after = _group(tokens, at + 1, level)
        below, after = _group(tokens, after, level)
        return max(above, below) + 0.3, after
    if token == r"\underset":
        below, after = _group(tokens, at + 1, level)
        base, after = _group(tokens, after, level)
        return max(0.7 * below, base), after
    if token == r"\begin":
        return _environment(tokens, at, level)
    if token in ("}", "&", r"\\"):
        return 0.0, at + 1
    if token in _WIDTHS:
        return _WIDTHS[token], at + 1
    return (0.65 if token.startswith("\\") else 0.5 if token.isdigit() else 0.62), at + 1


def _group(tokens: list[str], at: int, level: int = 0) -> tuple[float, int]:
    """The width of one argument: a group in braces or one token."""
    if at >= len(tokens) or tokens[at] != "{":
        return _piece(tokens, at, level) if at < len(tokens) else (0.0, at)
    total, at = 0.0, at + 1
    while at < len(tokens) and tokens[at] != "}":
        piece, at = _piece(tokens, at, level)
        total += piece
    return total, at + 1


def _environment(tokens: list[str], at: int, level: int) -> tuple[float, int]:
    """A matrix or cases: the widest cell of every column."""
    at = _skip_name(tokens, at + 1)
    columns: list[float] = []
    column, cell = 0, 0.0
    while at < len(tokens) and tokens[at] != r"\end":
        if tokens[at] in ("&", r"\\"):
            _note(columns, column, cell)
            column, cell = (column + 1, 0.0) if tokens[at] == "&" else (0, 0.0)
            at += 1
            continue
        piece, at = _piece(tokens, at, level)
        cell += piece
    _note(columns, column, cell)
    return sum(columns) + len(columns) - 1 + 1.1, _skip_name(tokens, at + 1)


def _note(columns: list[float], column: int, cell: float) -> None:
    if column == len(columns):
        columns.append(cell)
    columns[column] = max(columns[column], cell)


def _skip_name(tokens: list[str], at: int) -> int:
    while at < len(tokens) and tokens[at] != "}":
        at += 1
    return at + 1
