"""Each broken page and trace is rejected, for its own reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from stepwise.problem import load_problem, shipped_problems

from .complaints import Complaint
from .pages import check_page_of
from .traces import check_trace

HERE = Path(__file__).parent
DATA = Path("problems")
AT_LEAST, CONSISTENT = 45, 12
Count = Callable[[str, object], None]


@dataclass(frozen=True)
class Fixture:
    """One entry of the manifest.

    `check` finds the error, first of all in the quantity or line `at`; what else is then not so is found by the checks
    in `also`. `consistent`: everything after the error follows from it, and every printed equality holds.
    """

    name: str
    file: str
    problem: str
    wrong: str
    made: str
    check: str
    at: str
    also: tuple[str, ...]
    language: str = "en"
    consistent: bool = False

    def complaints(self) -> list[Complaint]:
        text = (HERE / self.file).read_text(encoding="utf-8")
        if self.file.startswith("traces/"):
            return check_trace(json.loads(text), DATA)
        return check_page_of(load_problem(self.problem), text, self.language, DATA)


FIXTURES = [
    Fixture(**{**entry, "also": tuple(entry["also"])})
    for entry in yaml.safe_load((HERE / "manifest.yaml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_it_is_rejected_for_its_own_reason(fixture: Fixture, record_property: Count) -> None:
    found = fixture.complaints()
    own = [one for one in found if one.check == fixture.check]
    assert own, found
    assert fixture.at in own[0].at, found
    assert {one.check for one in found} <= {fixture.check, *fixture.also}, found
    record_property("rejected", 1)


def test_the_manifest_is_complete() -> None:
    files = {str(path.relative_to(HERE)) for kind in ("pages", "traces") for path in (HERE / kind).iterdir()}
    assert files == {fixture.file for fixture in FIXTURES}
    assert len({fixture.name for fixture in FIXTURES}) == len(FIXTURES)
    assert {fixture.problem for fixture in FIXTURES} <= set(shipped_problems())
    assert len(FIXTURES) >= AT_LEAST


def test_there_are_errors_of_many_kinds() -> None:
    """Among them consistent ones, which re-doing the printed lines cannot find."""
    consistent = [fixture for fixture in FIXTURES if fixture.consistent]
    assert len(consistent) >= CONSISTENT
    assert not [fixture.name for fixture in consistent if "equality" in (fixture.check, *fixture.also)]
    kinds = {Path(fixture.file).suffix for fixture in FIXTURES}
    assert kinds == {".md", ".tex", ".json"}
    assert {fixture.language for fixture in FIXTURES} == {"en", "zh"}
    assert {fixture.check for fixture in FIXTURES} == CHECKS


CHECKS = {
    *("arithmetic", "condition", "digits", "equality", "fact", "finite", "given", "heading", "history", "minus zero"),
    *(
        "missing",
        "operand",
        "operands",
        "order",
        "proof",
        "relation",
        "remark",
        "shape",
        "shown",
        "table",
        "unreadable",
    ),
    *("value",),
}
"""Everything that is checked; `note` is shown to fail in tests/document/test_remarks.py."""


# ---- nothing that is right is rejected


@pytest.mark.parametrize("name", shipped_problems())
def test_shipped_pages_and_traces_are_accepted(name: str, record_property: Count) -> None:
    from stepwise import render, solve
    from stepwise.trace.as_json import trace_to_json

    problem = load_problem(name)
    trace = solve(problem)
    for form, language in (("md", "en"), ("md", "zh"), ("latex", "en"), ("latex", "zh")):
        found = check_page_of(problem, render(trace, form, language, "full"), language, DATA)
        assert found == [], (form, language)
    assert check_trace(json.loads(json.dumps(trace_to_json(trace))), DATA) == []
    record_property("accepted", 5)
