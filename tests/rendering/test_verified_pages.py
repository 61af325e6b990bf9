"""Pages with their verification below: formulas, typesetting."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from stepwise import load_problem, solve
from stepwise.document.formats import FORMATS
from stepwise.document.telling import tell
from stepwise.document.verified import below, render_verified
from tests.document.test_verified import everything
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
NAMES = ("xor-mlp", "letters-network", "xor-separability")


@cache
def page(name: str, form: str) -> str:
    """A page with what was found of it, or one on which everything happens."""
    if name == "everything":
        return tell(below(everything()), FORMATS[form], ("en", "zh"))
    return render_verified(solve(load_problem(name)), form, "en+zh")[0]


def test_every_formula_parses_in_katex(require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {name: page(name, "md") for name in (*NAMES, "everything")}
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


def test_no_page_hands_html_to_the_browser(require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({name: page(name, "md") for name in (*NAMES, "everything")}) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [*NAMES, "everything"])
def test_every_page_compiles_under_xelatex(name: str, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(name, "latex"), tmp_path).complaints == ()
