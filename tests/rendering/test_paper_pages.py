"""Sheets, keys and solutions as their readers see them: formulas that parse, pages that compile, one language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from stepwise.document.papers import KINDS, render_papers
from stepwise.sheets.model import Student
from tests.document.papers import STUDENT, exam, large, paper, variants
from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]
LANGUAGES = ("en", "zh", "en+zh")
QUESTIONS = ("xor-mlp", "svm-pegasos", "softmax-cross-entropy-mlp")


@cache
def everyones(kind: str, language: str, form: str) -> str:
    """Every shipped problem with numbers in one document; of the students some have no name."""
    students = (None, STUDENT, Student("S-17"))
    papers = [paper(name, students[place % 3]) for place, name in enumerate(variants())]
    return render_papers(papers, kind, form, language, formulas=language != "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_formula_parses_in_katex(kind: str, language: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {
        "problems": everyones(kind, language, "md"),
        "exam": render_papers([exam(*QUESTIONS)], kind, "md", language),
        "large": render_papers([large()], kind, "md", language, formulas=True),
    }
    assert markdown.katex_errors(pages) == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_paper_hands_html_to_the_browser(kind: str, require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({"papers": everyones(kind, "en+zh", "md")}) == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_keeps_to_its_language(kind: str, language: str) -> None:
    text = everyones(kind, language, "md").replace(STUDENT.name, "")
    assert markdown.foreign_words(text, language) == []
    assert markdown.stray_dollars(text) == []
    assert markdown.foreign_words(text, "zh" if language == "en" else "en")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_papers_of_all_problems_compile_under_xelatex(
    kind: str, language: str, tmp_path: Path, require_tool: RequireTool
) -> None:
    require_tool("xelatex")
    found = latex.compile_latex(everyones(kind, language, "latex"), tmp_path)
    assert found.complaints == ()
    assert found.pages >= len(variants())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_exams_and_large_arrays_compile_under_xelatex(kind: str, tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    papers = [
        exam(*QUESTIONS, title={"zh": "人工智能期末考试", "en": "Final exam"}, student=Student("20230017", "欧阳娜娜"))
    ]
    text = render_papers([*papers, large()], kind, "latex", "en+zh", formulas=True)
    assert latex.compile_latex(text, tmp_path).complaints == ()
