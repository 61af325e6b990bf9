"""A code as a QR code: runs of dark modules, for formats that draw, and a picture, for those that show one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup
from msgspec import Struct

if TYPE_CHECKING:
    import segno

_SCALE = 4
"""Pixels of a module in the picture."""


class Picture(Struct, frozen=True, dict=True):
    """The QR code of a text."""

    text: str

    @cached_property
    def _code(self) -> segno.QRCode:
        # only a sheet has a QR code: nothing else waits for this import
        import segno

        return segno.make_qr(self.text, error="m")

    @property
    def modules(self) -> int:
        """How many modules a side has."""
        return len(self._code.matrix)

    @property
    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Dark modules in a row: how far from the left and from the bottom they begin, and how many they are."""
        for height, row in zip(range(self.modules - 1, -1, -1), self._code.matrix, strict=True):
            start = 0
            while (start := row.find(1, start)) >= 0:
                end = row.find(0, start) % (self.modules + 1)
                yield start, height, end - start
                start = end

    @property
    def uri(self) -> Markup:
        """The picture as an address that holds it."""
        return Markup(self._code.svg_data_uri(scale=_SCALE))
