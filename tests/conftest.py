"""Fixtures for every test."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from tests import tooling

# tests leave the user's own cache folder alone
os.environ.setdefault("STEPWISE_CACHE", str(tooling.ROOT / ".pytest_cache" / "kept"))


@pytest.fixture(name="require_tool")
def _require_tool() -> Callable[[str], None]:
    """`require_tool("xelatex")` skips the test where the tool is missing, and fails it in CI."""
    return tooling.require_tool


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """State how many printed results were re-done from their printed operands, and what was rejected and accepted."""
    passed = terminalreporter.getreports("passed")

    def total(name: str) -> int:
        return sum(count for report in passed for known, count in report.user_properties if known == name)

    if redone := total("redone"):
        terminalreporter.write_line(f"true as printed: {redone:,} printed results were re-done and are true")
    if rejected := total("rejected"):
        accepted = total("accepted")
        terminalreporter.write_line(
            f"broken on purpose: {rejected} pages and traces are rejected; as shipped: {accepted:,} are accepted"
        )
