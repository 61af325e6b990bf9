"""Fixtures for every test."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import tooling


@pytest.fixture(name="require_tool")
def _require_tool() -> Callable[[str], None]:
    """`require_tool("xelatex")` skips the test where the tool is missing, and fails it in CI."""
    return tooling.require_tool


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """State how many printed results were re-done from their printed operands."""
    passed = terminalreporter.getreports("passed")
    redone = sum(count for report in passed for name, count in report.user_properties if name == "redone")
    if redone:
        terminalreporter.write_line(f"true as printed: {redone:,} printed results were re-done and are true")
