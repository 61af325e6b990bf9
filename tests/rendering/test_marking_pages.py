"""Reports in Markdown on every shipped problem: no HTML, no mathematics by accident, each in its own language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from stepwise.asking import questions_of
from stepwise.checking import ClassReport, check_class
from stepwise.checking.reading.answers import answers_from
from stepwise.document.marking import render_report
from stepwise.errors import UnsupportedError
from stepwise.problem import load_problem, shipped_problems
from stepwise.trace import solve
from tests.rendering import markdown

RequireTool = Callable[[str], None]


@cache
def classes() -> dict[str, ClassReport]:
    """Two students for each problem with numbers: one has all but the last right, one is a tenth off here and there."""
    found = {}
    for name in shipped_problems():
        problem = load_problem(name)
        try:
            questions = questions_of(problem)
        except UnsupportedError:
            continue
        trace = solve(problem)
        kept = [one for one in questions.asked if one.id in trace.quantities][:-1]
        values = {one.id: one.edge(np.asarray(trace.quantities[one.id].value)) for one in kept}
        off = {
            key: np.asarray(value) * (1.1 if place % 3 == 2 else 1) for place, (key, value) in enumerate(values.items())
        }
        students = [answers_from(values, questions, "2023_017"), answers_from(off, questions, "2023_018")]
        found[name] = check_class(questions, students)
    return found


def pages(language: str, audience: str) -> dict[str, str]:
    return {name: render_report(marked, "md", language, audience) for name, marked in classes().items()}


@pytest.mark.parametrize("audience", ["teacher", "student"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_keeps_to_its_language(audience: str, language: str) -> None:
    found = pages(language, audience)
    assert len(found) > 25
    for text in found.values():
        assert markdown.foreign_words(text, language) == []
        assert markdown.stray_dollars(text) == []
        assert markdown.formulas(text) == []


@pytest.mark.parametrize("audience", ["teacher", "student"])
def test_no_html_in_a_report(audience: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html(pages("en+zh", audience)) == []
