"""Equations laid out in lines that fit the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from msgspec import Struct

from stepwise.notation.widths import width
from stepwise.notation.written import Written

PAGE_WIDTH = 41.0
"""The room for a formula in em: A4 at 11 pt with ordinary margins, or a browser column."""
ROWS_TOGETHER = 6
"""An `aligned` is never broken over a page, so longer lists are cut into several."""

_STRETCHED = re.compile(r"\\(?:left|right)(?![a-zA-Z])")
_SIZED = {r"\left": r"\Bigl", r"\right": r"\Bigr"}


class Chain(Struct, frozen=True, dict=True):
    """`lhs relation stage relation stage …`, and a remark behind it."""

    lhs: str
    stages: tuple[tuple[str, Written], ...]
    remark: str = ""
    left: Written | None = None
    """The left side in parts, where it is a formula that may have to be broken."""

    @cached_property
    def latex(self) -> str:
        text = " ".join([self.lhs, *(f"{relation} {stage.latex}" for relation, stage in self.stages)])
        return f"{text} {self.remark}" if self.remark else text

    @cached_property
    def width(self) -> float:
        """The estimated width in em."""
        return width(self.latex)

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """The displays that it takes by itself."""
        return tuple(displays([self]))


def rows_of(chain: Chain, room: float = PAGE_WIDTH) -> list[str]:
    """The chain as the rows of an `aligned`: a stage a row where they do not fit one row together."""
    if chain.width <= room:
        if not chain.stages:
            return [_join(f"&{chain.lhs}", chain.remark)]
        (relation, stage), *rest = chain.stages
        begin = f"&{relation} {stage.latex}"
        tail = " ".join(f"{relation} {stage.latex}" for relation, stage in rest)
        return [_join(chain.lhs, begin, tail, chain.remark)]
    left = width(chain.lhs)
    if left > room / 2:
        # a long left side stands alone; what follows is set in below it
        left = 1.0
        first, *more = _broken(chain.left, room - 1.0) if chain.left else [chain.lhs]
        start = [rf"&{first}", *(rf"&\quad {line}" for line in more)]
    else:
        start = []
    rows = list(start)
    for number, (relation, stage) in enumerate(chain.stages):
        lines = _broken(stage, room - left - 1.4)
        head = chain.lhs if number == 0 and not start else ""
        indent = r"\quad " if start else ""
        rows.append(_join(head, f"&{indent}{relation} {lines[0]}"))
        rows += [rf"&\quad {indent}{line}" for line in lines[1:]]
    if chain.remark:
        rows[-1] = f"{rows[-1]} {chain.remark}"
    return _merged(rows, chain, room - left) if not start else rows


def _merged(rows: list[str], chain: Chain, room: float) -> list[str]:
    """A short result moves up behind the stage before it."""
    if len(rows) < 2 or rows[-1].startswith(r"&\quad"):
        return rows
    if width(rows[-1]) + width(rows[-2].split("&", 1)[-1]) <= room:
        return [*rows[:-2], f"{rows[-2]} {rows[-1].lstrip('&')}"]
    return rows


def _broken(stage: Written, room: float) -> list[str]:
    lines, current = [], stage.parts[0]
    for part in stage.parts[1:]:
        longer = f"{current} {part}"
        if width(longer) > room:
            lines.append(current)
            current = part
        else:
            current = longer
    return [_with_sized_brackets(line) for line in (*lines, current)] if lines else [current]


def _with_sized_brackets(line: str) -> str:
    r"""One line of several: \left and \right share a line, so a pair that came apart gets signs of a fixed size."""
    waiting, lone = list[re.Match[str]](), list[re.Match[str]]()
    for sign in _STRETCHED.finditer(line):
        if sign[0] == r"\left":
            waiting.append(sign)
        elif waiting:
            waiting.pop()
        else:
            lone.append(sign)
    for sign in reversed([*lone, *waiting]):
        line = f"{line[: sign.start()]}{_SIZED[sign[0]]}{line[sign.end() :]}"
    return line


def _join(*pieces: str) -> str:
    return " ".join(piece for piece in pieces if piece)


def displays(chains: Sequence[Chain], row_length: int = 1, *, beside: bool = True) -> list[str]:
    """The chains as display formulas: short ones side by side, long ones broken, no display too high for a page.

    `row_length` chains belong to one row of a matrix; a display ends with such a row where that is possible. Without
    `beside` every chain has a line of its own.
    """
    if len(chains) == 1:
        rows = rows_of(chains[0])
        return [chains[0].latex] if len(rows) == 1 else [_aligned(rows)]
    widest = max(chain.width for chain in chains)
    abreast = min(3, len(chains), int(PAGE_WIDTH // (widest + 2.0))) if beside else 1
    if abreast > 1:
        lines = [rows_of(chain, 1e9)[0] for chain in chains]
        rows = [r" & \qquad ".join(lines[i : i + abreast]) for i in range(0, len(lines), abreast)]
        together = _whole_rows(row_length // abreast if row_length % abreast == 0 else 1)
        return [_aligned(rows[i : i + together]) for i in range(0, len(rows), together)]
    found, block, count = [], list[str](), 0
    for chain in chains:
        rows = rows_of(chain)
        if block and (len(block) + len(rows) > ROWS_TOGETHER or count == _whole_rows(row_length)):
            found.append(_aligned(block))
            block, count = [], 0
        block, count = block + rows, count + 1
    return [*found, _aligned(block)]


def _whole_rows(lines: int) -> int:
    """How many lines come together, so that a matrix row of so many `lines` is not torn apart."""
    return ROWS_TOGETHER // lines * lines if 1 <= lines <= ROWS_TOGETHER else ROWS_TOGETHER


def _aligned(rows: Sequence[str]) -> str:
    separator = " \\\\[0.4em]\n" if any(r"\frac" in row for row in rows) else " \\\\\n"
    return r"\begin{aligned}" + "\n" + separator.join(rows) + "\n" + r"\end{aligned}"
