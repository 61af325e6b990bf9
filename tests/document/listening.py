"""Which sentences are said while something is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from stepwise.document.telling import forget
from stepwise.document.words import Speaker


@contextmanager
def listening() -> Iterator[set[str]]:
    """The keys of all phrases that are said meanwhile."""
    heard: set[str] = set()
    # what was told before is not said again
    forget()
    say = Speaker.say

    def heard_and_said(self: Speaker, what: Any) -> Any:
        heard.add(what.key)
        return say(self, what)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Speaker, "say", heard_and_said)
        yield heard
