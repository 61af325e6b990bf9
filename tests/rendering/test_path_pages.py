"""Pages of one weight's path: their formulas, their typesetting and their language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stepwise import load_problem, render_path
from stepwise.problem import problem_from_document
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
LANGUAGES = ("en", "zh", "en+zh")
DEEP: dict[str, Any] = {
    "title": {"en": "Deep", "zh": "深层网络"},
    "architecture": {
        "layers": [
            {"units": 3, "activation": "relu"},
            {"units": 4, "activation": "softmax"},
            {"units": 3, "activation": "tanh"},
            {"units": 2, "activation": "swish"},
        ],
        "loss": "mse",
        "l2": "0.1",
    },
    "weights": {"init": "xavier_uniform", "seed": 3},
    "biases": 0,
    "inputs": [1, 2],
    "labels": ["0.5", 1],
    "lr": "0.1",
    "train": {"epochs": 3},
}
PATHS = (
    ("xor-mlp", "W1[1,1]"),
    ("xor-mlp", "b1[2]"),
    ("softmax-mse", "W1[1,1]"),
    ("three-layer-network", "W1[2,1]"),
    ("ridge-regression", "W1[1,1]"),
    ("gelu-network", "W1[1,1]"),
    ("wide-mlp", "W1[1,1]"),
    ("jacobian-view", "W1[1,2]"),
    ("deep", "t2.W1[1,2]"),
)


@cache
def page(problem: str, path: str, format: str, language: str) -> str:
    asked = problem_from_document(DEEP) if problem == "deep" else load_problem(problem)
    return render_path(asked, path, format, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_parses_in_katex(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {f"{name} {path}": page(name, path, "md", language) for name, path in PATHS}
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_hands_html_to_the_browser(language: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({f"{name} {path}": page(name, path, "md", language) for name, path in PATHS}) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("name", "path"), PATHS)
def test_a_page_keeps_to_its_language(name: str, path: str, language: str) -> None:
    text = page(name, path, "md", language)
    assert markdown.stray_dollars(text) == []
    # the place in the gradient has its own name: dW1[1,1]
    own = {"dW", "db"}
    assert [word for word in markdown.foreign_words(text, language) if word not in own] == []
    assert markdown.foreign_words(text, "zh" if language == "en" else "en")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "path"), PATHS)
def test_every_page_compiles_under_xelatex(
    name: str, path: str, language: str, tmp_path: Path, require_tool: RequireTool
) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(name, path, "latex", language), tmp_path).complaints == ()
