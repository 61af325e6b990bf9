"""Texts with holes: what is the same on many pages is made once and filled in with the mathematics of each.

Control characters mark the holes, which no text of a problem can have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

_HOLE = re.compile("\x02(?:aligned )?([0-9]+)\x03")
_BEHIND = re.compile("\x04([0-9]+)\x05")


class Filling(Struct, frozen=True):
    """Between the `texts` stand pieces with these `numbers`."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]

    def filled(self, pieces: Sequence[str]) -> str:
        """The text with `pieces` in its holes."""
        found = [""] * (len(self.texts) + len(self.numbers))
        found[::2] = self.texts
        found[1::2] = [pieces[number] for number in self.numbers]
        return "".join(found)


def hole(number: int, latex: str) -> str:
    """The hole for a formula. A format may ask of it whether it has several lines."""
    return f"\x02{'aligned ' if 'aligned' in latex else ''}{number}\x03"


def filling(text: str) -> Filling:
    """The text around its holes."""
    pieces = _HOLE.split(text)
    return Filling(tuple(pieces[::2]), tuple(map(int, pieces[1::2])))


def marked(number: int, latex: str) -> str:
    """A piece that stays as it is, so that its width and its signs count, and is known again afterwards."""
    return f"{latex}\x04{number}\x05"


def unmarked(text: str) -> str:
    """The text without marks."""
    return _BEHIND.sub("", text) if "\x04" in text else text


def around(text: str, pieces: Sequence[str]) -> Filling:
    """The text around the marked pieces, which become holes."""
    parts = _BEHIND.split(text)
    numbers = tuple(map(int, parts[1::2]))
    texts = [*(before.removesuffix(pieces[number]) for before, number in zip(parts[::2], numbers, strict=False))]
    return Filling((*texts, parts[-1]), numbers)
