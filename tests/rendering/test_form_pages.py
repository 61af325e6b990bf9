"""Pages in letters and exact forms: their formulas parse, they fit the paper, they keep to their language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from stepwise.document import render
from stepwise.errors import UnsupportedError
from stepwise.problem import load_problem, shipped_problems
from stepwise.trace import solve
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
LANGUAGES = ("en", "zh", "en+zh")
KINDS = ("letters", "letters expanded", "forms", "forms expanded")


@cache
def page(name: str, kind: str, format: str, language: str) -> str | None:
    """A shipped problem in letters or exact forms; None where that is refused."""
    forms, _, expanded = kind.partition(" ")
    try:
        trace = solve(load_problem(name), forms)  # type: ignore[arg-type]
    except UnsupportedError:
        return None
    return render(trace, format, language, expand=bool(expanded))


def pages(kind: str, language: str) -> dict[str, str]:
    found = {name: page(name, kind, "md", language) for name in shipped_problems()}
    return {name: text for name, text in found.items() if text is not None}


@pytest.mark.parametrize("kind", KINDS)
def test_every_formula_parses_in_katex(kind: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    found = pages(kind, "en")
    assert len(found) > 20
    assert markdown.katex_errors(found) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_keeps_to_its_language(kind: str, language: str) -> None:
    for text in pages(kind, language).values():
        assert markdown.foreign_words(text, language) == []
        assert markdown.stray_dollars(text) == []


SOME = (
    "letters-network",
    "relu-mlp-rows",
    "softmax-jacobian",
    "leaf-measurements",
    "wide-mlp",
    "hinge-network",
    "gelu-network",
)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SOME)
def test_a_page_compiles_under_xelatex(name: str, kind: str, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    text = page(name, kind, "latex", "en+zh")
    assert text is not None
    assert latex.compile_latex(text, tmp_path).complaints == ()
