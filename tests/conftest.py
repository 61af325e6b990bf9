"""Fixtures for every test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import tooling


@pytest.fixture(name="require_tool")
def _require_tool() -> Callable[[str], None]:
    """`require_tool("xelatex")` skips the test where the tool is missing, and fails it in CI."""
    return tooling.require_tool
