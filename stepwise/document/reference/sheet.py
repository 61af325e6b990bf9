"""What a reference sheet is: one record a file in this folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct


class Sheet(Struct, frozen=True):
    """A sheet by name. `content` makes what its story (stories/reference/<name>) tells."""

    name: str
    content: Callable[[], Any]
