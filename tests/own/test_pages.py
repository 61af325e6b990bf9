"""Pages about a function of the file: true as printed, within the page, in good LaTeX, in every format."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stepwise import render, solve
from stepwise.notation.layout import PAGE_WIDTH
from stepwise.notation.widths import width
from stepwise.problem import problem_from_document, with_options
from tests.independent import check_page
from tests.own.functions import FUNCTIONS, Own, network
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
ONES = ({}, {"notation": {"style": "elementwise"}}, {"notation": {"product": "paren"}})
WAYS: tuple[dict[str, Any], ...] = (*ONES, {"layout": "row", "batch": True})
LONGEST = (
    "z*max(0, min(6, z+3))/6",
    "0.5*z*(1+tanh(sqrt(2/pi)*(z+0.044715*z^3)))",
    "exp(-z^2/2)*cos(5z)*sin(3z)*tanh(z)",
    "abs(abs(abs(z) - 1) - 1)",
    "sigmoid(z)*tanh(z)+sigmoid(-z)*z",
    "z*tanh(softplus(0.5z))+1.25*sin(z)^2",
    "max(z^3 - z, exp(z) - 1, sin(z))",
)


@cache
def page(own: Own, way: int = 0, *, carry: bool = False, form: str = "md", language: str = "en") -> str:
    return render(solve(with_options(network(own, lr="0.01", **WAYS[way]), carry=carry)), form, language, "full")


@pytest.mark.parametrize("carry", [False, True], ids=["exact", "hand"])
@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_every_printed_equality_is_true(own: Own, carry: bool, record_property: Callable[[str, object], None]) -> None:
    redone = 0
    for way in range(len(WAYS)):
        report = check_page(page(own, way, carry=carry))
        assert report.wrong == [], way
        redone += report.redone
    assert redone > 200
    record_property("redone", redone)


def rows(text: str) -> list[str]:
    """The rows of the displayed formulas, without those that hold matrices."""
    found = []
    for formula in re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL):
        bare = re.sub(r"\\(begin|end)\{aligned\}", "", formula)
        found += [row for row in re.split(r"\\\\(?:\[0\.4em\])?\n", bare) if "bmatrix" not in row]
    return found


@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_no_row_is_wider_than_the_page(own: Own) -> None:
    for way in range(len(WAYS)):
        assert [row for row in rows(page(own, way)) if width(row) > PAGE_WIDTH + 1] == []


def test_a_page_shows_the_function_its_lines_and_its_derivative() -> None:
    text = page(FUNCTIONS[0], 1)
    for piece in (
        "f (a function of this problem)",
        r"a^{(1)}_{i} = \mathrm{f}(z^{(1)}_{i}) = z^{(1)}_{i} \tanh(\ln(1 + e^{z^{(1)}_{i}}))",
        r"e^{z^{(1)}_{1}} &= e^{1.5} \approx 4.4817",
        r"\ln(1 + e^{z^{(1)}_{1}}) &= \ln(1 + 4.4817) \approx 1.7014",
        r"\tanh(\ln(1 + e^{z^{(1)}_{1}})) &= \tanh(1.7014) \approx 0.9356",
        r"\mathrm{f}'(z^{(1)}_{i})",
    ):
        assert piece in text, piece
    assert "题目给出的函数" in page(FUNCTIONS[0], language="zh")


def test_a_page_says_whose_function_it_is_and_where_its_derivative_comes_from() -> None:
    text = page(FUNCTIONS[0])
    assert "Activation: the function that the problem gives." in text
    assert "The derivative of this function, by the rules of differentiation." in text


def test_the_parameters_are_letters_in_formulas_and_numbers_below() -> None:
    text = page(next(own for own in FUNCTIONS if own.expr == "alpha*z"), 1)
    assert r"a^{(1)}_{1} &= \alpha z^{(1)}_{1} = 3 \times 1.5 = 4.5" in text
    assert r"f (a function of this problem) with $\alpha = 3$" in text


def test_a_slope_that_is_the_same_everywhere_is_no_fraction() -> None:
    text = page(next(own for own in FUNCTIONS if own.expr == "2*pi*z"))
    assert r"\mathrm{f}'(z^{(1)}_{i}) = 2 \pi" in text


def test_a_corner_says_its_convention() -> None:
    relu = Own("max(0, z)", lambda z: max(0.0, z))
    assert r"\begin{cases} 1 & z^{(1)}_{i} > 0 \\ 0 & z^{(1)}_{i} \le 0 \end{cases}" in page(relu)


def test_a_name_with_an_underscore_is_printed() -> None:
    document = dict(network(FUNCTIONS[0]).document)
    document["architecture"]["layers"][0]["activation"]["name"] = "my_mish2"
    assert r"\mathrm{my\_mish2}(z^{(1)})" in render(solve(problem_from_document(document)), "latex", "en")


def test_a_page_of_shapes_has_numpy_lines() -> None:
    activation = {"name": "f", "expr": "z*min(1, erf(z)) + sinh(z) + e*abs(z)"}
    document = {
        "architecture": {"layers": [{"units": 3, "activation": activation}]},
        "inputs": {"shape": [100, 2]},
    }
    text = render(solve(problem_from_document(document)), "md", "en")
    assert "np.minimum(1, erf1)" in text
    assert "= special.erf(z1)" in text
    assert "np.e * np.abs(z1)" in text


def pages_of(language: str) -> dict[str, str]:
    named = {own.expr: own for own in (*FUNCTIONS, *(Own(expr, abs) for expr in LONGEST))}
    return {f"{expr} {way}": page(own, way, language=language) for expr, own in named.items() for way in (0, 1, 3)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_formula_parses_in_katex(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    assert markdown.katex_errors(pages_of(language)) == []


@pytest.mark.slow
@pytest.mark.parametrize("way", [0, 1, 3])
@pytest.mark.parametrize("expr", LONGEST)
def test_long_functions_compile_under_xelatex(expr: str, way: int, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    own = Own(expr, abs)
    language = "zh" if way else "en"
    assert latex.compile_latex(page(own, way, form="latex", language=language), tmp_path).complaints == ()


def test_the_middle_one_of_three_cases_is_said_with_its_condition() -> None:
    """|z|′ at 0 is 0 as z = 0, and not as z ≥ 0."""
    document = {
        "architecture": {"layers": [{"activation": {"name": "size", "expr": "abs(z)"}}], "loss": "mse"},
        "weights": [["1", "-1"]],
        "inputs": ["1", "1"],
        "labels": ["1"],
        "lr": "0.1",
    }
    assert r"= 0 \quad (0 = 0)" in render(solve(problem_from_document(document)))
