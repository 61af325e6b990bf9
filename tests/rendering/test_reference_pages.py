"""Every reference sheet: its formulas, its typesetting and its language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from stepwise.document import render_reference
from stepwise.document.reference import reference_names
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
NAMES = reference_names()
LANGUAGES = ("en", "zh", "en+zh")
ALSO_IN_CHINESE = {"Transformer", "Glorot", "NaN"}
"""Names on these sheets that Chinese texts write in Latin letters."""
PAGES = {"activations": 2}
"""Sheets that take more than one page."""


@cache
def page(name: str, format: str, language: str) -> str:
    return render_reference(name, format, language)


def markdown_pages(language: str) -> dict[str, str]:
    return {name: page(name, "md", language) for name in NAMES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_parses_in_katex(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = markdown_pages(language)
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sheet_hands_html_to_the_browser(language: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html(markdown_pages(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_dollar_belongs_to_a_formula(name: str, language: str) -> None:
    assert markdown.stray_dollars(page(name, "md", language)) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_keeps_to_its_language(name: str) -> None:
    assert markdown.foreign_words(page(name, "md", "en"), "en") == []
    assert set(markdown.foreign_words(page(name, "md", "zh"), "zh")) <= ALSO_IN_CHINESE
    both = page(name, "md", "en+zh")
    assert markdown.foreign_words(both, "en")
    assert set(markdown.foreign_words(both, "zh")) - ALSO_IN_CHINESE


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_in_two_languages_has_each_display_once(name: str) -> None:
    shown = [
        [piece.text for piece in markdown.formulas(page(name, "md", language)) if piece.kind == "display"]
        for language in ("en", "zh", "en+zh")
    ]
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_compiles_and_is_short(name: str, language: str, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    compiled = latex.compile_latex(page(name, "latex", language), tmp_path)
    assert compiled.complaints == ()
    assert compiled.pages <= PAGES.get(name, 1) + ("+" in language)
