"""A missing tool is a skip on a plain machine and a failure in CI."""

from __future__ import annotations

import pytest

from tests import tooling


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(tooling.PROBES, "abacus", (lambda: False, "an abacus"))
    tooling.has_tool.cache_clear()
    return "abacus"


def test_a_missing_tool_skips_with_its_reason(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs an abacus"):
        tooling.require_tool(missing)


def test_a_missing_tool_fails_in_ci(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs an abacus"):
        tooling.require_tool(missing)


def test_a_tool_that_is_there_lets_the_test_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(tooling.PROBES, "pencil", (lambda: True, "a pencil"))
    assert tooling.has_tool("pencil")
    tooling.require_tool("pencil")
