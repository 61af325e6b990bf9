"""What a reference sheet is: one record a file in this folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sheet:
    """A sheet by name. `content` makes what its story (stories/reference/<name>) tells."""

    name: str
    content: Callable[[], Any]
