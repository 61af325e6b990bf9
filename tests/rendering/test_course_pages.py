"""What learning systems and notebooks show: every formula parses, nothing is HTML by accident, one language a page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from functools import cache

import pytest

from stepwise.document.moodle import render_moodle
from stepwise.document.paper_notebook import render_paper_notebook
from tests.document.variants import NAMES, paper, variants
from tests.rendering import markdown
from tests.tooling import run_node

RequireTool = Callable[[str], None]
LANGUAGES = ("en", "zh", "en+zh")
_INLINE = re.compile(r"\\\((.*?)\\\)", re.DOTALL)


@cache
def moodle(name: str, language: str) -> str:
    return render_moodle([paper(variants()[name])], language)


@cache
def sheet(name: str, language: str) -> str:
    """The text cells of a notebook to fill in."""
    cells = json.loads(render_paper_notebook([paper(variants()[name])], "sheet", language, formulas=True))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_of_a_course_parses(language: str, require_tool: RequireTool) -> None:
    """KaTeX takes less than MathJax does."""
    require_tool("katex")
    formulas = [
        {"id": f"{name} {number}", "tex": html.unescape(latex), "display": False}
        for name in NAMES
        for number, latex in enumerate(_INLINE.findall(moodle(name, language)))
    ]
    assert len(formulas) > 500
    assert run_node("katex_check.js", formulas) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_of_a_notebook_parses(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {name: sheet(name, language) for name in NAMES}
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_notebook_hands_html_to_the_browser(language: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({name: sheet(name, language) for name in NAMES}) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_dollar_of_a_notebook_belongs_to_a_formula(name: str) -> None:
    assert markdown.stray_dollars(sheet(name, "en+zh")) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_keeps_to_its_language(name: str) -> None:
    code = re.escape(variants()[name].code)
    assert markdown.foreign_words(sheet(name, "en"), "en") == []
    assert markdown.foreign_words(re.sub(code, "", sheet(name, "zh")), "zh") == []
    assert markdown.foreign_words(sheet(name, "en+zh"), "en")
