"""The pages of all derivations: their words, their formulas, their typesetting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from stepwise.document.deduction import KIND, group_title, render_deduction, topic_title
from stepwise.document.words import catalogue
from stepwise.resources import known_languages
from stepwise.symbolic import Deduction, derive_expression, groups, topics
from stepwise.symbolic.elementary import OUTER
from tests.document.listening import listening
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
NAMES = sorted(topics())
LANGUAGES = ("en", "zh", "en+zh")
TYPED = (
    "z*tanh(log(1+exp(z)))", "z/(1+abs(z))", "max(0,min(z,6))", "b*z^2", "0.5*z", "z*exp(-z)", "sin(z)", "1/z",
    "abs(z)", "exp(-z^2)", "abs(z)^3", "arctan(-z)", "z*sigmoid(2*z)", "max(0,z)^2", "2*max(0.1*z,z)",
    "tanh(z)/2", "z*exp(z)/2",
    "z*exp(-z^2)", "arctan(z)/2+z/2", "max(0,-z)", "1/(1+exp(z))", "0.5*tanh(z)", "log(1+exp(-z))", "-max(0,z)",
    "log(z)/z", *(f"{name}(z^2+1)" for name in sorted(OUTER) if name not in ("ln",)), "log(log(z))", "z-z",
    "log(1-z^2)", "z-log(1+exp(z))", "max(0,1-z^2)", "sqrt(abs(z))", "max(0,z)*a+b*max(0,-z)",
    "tanh(z^2)*z+z*exp(z^2)",
    "((z+1)^2/(z-1)^2)^2", "z*(1+tanh(sqrt(2/pi)*(z+0.044715*z^3)))/2", "(2*z+sin(z^2)*cos(z)*z)*sin(z)",
)  # fmt: skip


@cache
def deduction(name: str) -> Deduction:
    return topics()[name].build() if name in topics() else derive_expression(name)


@cache
def page(name: str, format: str, language: str) -> str:
    return render_deduction(deduction(name), format, language)


# ---- words


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_with_the_same_slots(language: str) -> None:
    english, other = catalogue("en", KIND), catalogue(language, KIND)
    assert sorted(english) == sorted(other)
    assert {key: slots(text) for key, text in english.items()} == {key: slots(text) for key, text in other.items()}


@cache
def spoken_keys() -> frozenset[str]:
    """Every key that some page, or the list of all pages, says."""
    with listening() as heard:
        for name in (*NAMES, *TYPED):
            render_deduction(deduction(name))
        for group, members in groups().items():
            group_title(group, "en")
            for topic in members:
                topic_title(topic, "en")
    return frozenset(heard)


def test_every_sentence_is_said_on_some_page() -> None:
    assert sorted(set(catalogue("en", KIND)) - spoken_keys()) == []


def test_every_topic_stands_in_a_group() -> None:
    assert sorted(topic.name for members in groups().values() for topic in members) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_keeps_to_its_language(name: str) -> None:
    assert markdown.foreign_words(page(name, "md", "en"), "en") == []
    allowed = {"logits", "derive"}
    assert [word for word in markdown.foreign_words(page(name, "md", "zh"), "zh") if word not in allowed] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_in_two_languages_has_each_formula_once(name: str) -> None:
    def displays(text: str) -> list[str]:
        return [piece.text for piece in markdown.formulas(text) if piece.kind == "display"]

    assert displays(page(name, "md", "en+zh")) == displays(page(name, "md", "en"))


def chinese_faults(text: str) -> Iterator[str]:
    """Half-width punctuation behind a Chinese character, where full-width belongs."""
    for line in markdown.prose(text).splitlines():
        if re.search(r"[\u4e00-\u9fff][,;:?!.]", line):
            yield line


@pytest.mark.parametrize("name", NAMES)
def test_chinese_pages_have_chinese_punctuation(name: str) -> None:
    assert list(chinese_faults(page(name, "md", "zh"))) == []


# ---- formulas


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_parses_in_katex(language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {name: page(name, "md", language) for name in (*NAMES, *TYPED)}
    assert all(markdown.formulas(text) for text in pages.values())
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_hands_html_to_the_browser(language: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({name: page(name, "md", language) for name in (*NAMES, *TYPED)}) == []


@pytest.mark.parametrize("name", [*NAMES, *TYPED])
def test_every_dollar_belongs_to_a_formula(name: str) -> None:
    assert markdown.stray_dollars(page(name, "md", "en+zh")) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_page_compiles_under_xelatex(name: str, language: str, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(name, "latex", language), tmp_path).complaints == ()


@pytest.mark.slow
@pytest.mark.parametrize("text", [*TYPED[:4], *TYPED[-4:]])
def test_a_page_of_a_typed_function_compiles_under_xelatex(
    text: str, tmp_path: Path, require_tool: RequireTool
) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(text, "latex", "en+zh"), tmp_path).complaints == ()
