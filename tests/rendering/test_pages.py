"""Every shipped problem, on every kind of page: its formulas, its typesetting and its language."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from stepwise import load_problem, render, solve
from tests.rendering import latex, markdown
from tests.tooling import ROOT

RequireTool = Callable[[str], None]
PROBLEMS = sorted(path.stem for path in (ROOT / "problems").glob("*.yaml"))
LANGUAGES = ("en", "zh", "en+zh")


@cache
def page(problem: str, format: str, language: str) -> str:
    """The full page of a shipped problem."""
    return render(solve(load_problem(problem)), format=format, language=language, detail="full")


def markdown_pages(language: str) -> dict[str, str]:
    return {problem: page(problem, "md", language) for problem in PROBLEMS}


def displays(text: str) -> list[str]:
    """The displayed formulas without the words inside them."""
    return [re.sub(r"\\text\{[^{}]*\}", "", piece.text) for piece in markdown.formulas(text) if piece.kind == "display"]


def test_problems_are_shipped() -> None:
    assert "xor-mlp" in PROBLEMS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_parses_in_katex(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = markdown_pages(language)
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_hands_html_to_the_browser(language: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html(markdown_pages(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_dollar_belongs_to_a_formula(problem: str, language: str) -> None:
    assert markdown.stray_dollars(page(problem, "md", language)) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_page_keeps_to_its_language(problem: str, language: str) -> None:
    text = page(problem, "md", language)
    assert markdown.foreign_words(text, language) == []
    # an empty page would keep to every language
    other = "zh" if language == "en" else "en"
    assert markdown.foreign_words(text, other)


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_page_in_two_languages_has_both_and_each_formula_once(problem: str) -> None:
    text = page(problem, "md", "en+zh")
    assert markdown.foreign_words(text, "en")
    assert markdown.foreign_words(text, "zh")
    assert displays(text) == displays(page(problem, "md", "en"))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_page_compiles_under_xelatex(
    problem: str, language: str, tmp_path: Path, require_tool: RequireTool
) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(problem, "latex", language), tmp_path).complaints == ()
