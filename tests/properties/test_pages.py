"""Every page of every problem is true as printed, the same each time, and of the same formulas in each language."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given

from stepwise import Problem, render
from stepwise.document.rendering import format_names
from stepwise.verifying.printed import check_operands, check_page
from tests.pages.problems import constants, givens
from tests.rendering import latex, markdown
from tests.tooling import ROOT

from .problems import Size, linear_files, network_files, problems
from .running import tried
from .solving import problem, worked
from .yaml_text import yaml_text

SMALL = Size(layers=2, units=3, samples=3)
RequireTool = Callable[[str], None]
_NUMBER = re.compile(r"\d+\.?\d*")
_BODY = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)


def page(asked: Problem, format: str = "md", language: str = "en", detail: str = "full") -> str:
    return render(worked(asked), format, language, detail)


def _of_functions(asked: Problem) -> list[str]:
    """Numbers that stand in the formulas of the file's own functions, and the 2f of the derivative of f·(a − y)²."""
    found = [text for layer in asked.layers for text in _NUMBER.findall(layer.activation.expr)]
    # what stands below a fraction line has one power more in the derivative
    found += [str(int(text) + 1) for text in found if text.isdigit()]
    if asked.loss is not None and asked.loss.factor is not None:
        found.append(str(2 * Fraction(asked.loss.factor.text)))
    return found


def check_printed(text: str) -> int:
    """Re-do every printed equality of the page, and ask of every operand where it came from; how many were re-done."""
    asked = problem(text)
    written, figures = page(asked), asked.rounding.figures
    report = check_page(written, figures=figures)
    assert report.wrong == []
    known = [*constants(asked), *_of_functions(asked)]
    assert check_operands(written, givens(asked), known, figures=figures) == []
    in_latex = check_page(page(asked, "latex"), figures=figures)
    assert in_latex.wrong == []
    assert (in_latex.redone, in_latex.elided) == (report.redone, report.elided)
    return int(report.redone)


def test_every_printed_equality_is_true(record_property: Callable[[str, object], None]) -> None:
    redone = []

    @tried(32)
    @given(problems())
    def one(text: str) -> None:
        redone.append(check_printed(text))

    one()
    assert sum(redone) > 20 * len(redone)
    record_property("redone", sum(redone))


def displays(written: str) -> list[str]:
    """The displayed formulas without the words inside them."""
    found = [piece.text for piece in markdown.formulas(written) if piece.kind == "display"]
    return [re.sub(r"\\text\{[^{}]*\}", "", formula) for formula in found]


def inline(written: str) -> Counter[str]:
    """The formulas within sentences, whatever their order."""
    return Counter(piece.text for piece in markdown.formulas(written) if piece.kind == "inline")


@tried(25)
@given(problems(SMALL))
def test_every_language_has_the_same_formulas(text: str) -> None:
    asked = problem(text)
    english, chinese, both = (page(asked, language=language) for language in ("en", "zh", "en+zh"))
    assert displays(english) == displays(chinese) == displays(both)
    assert inline(english) == inline(chinese)
    for written, language in ((english, "en"), (chinese, "zh")):
        assert markdown.stray_dollars(written) == []
        foreign = markdown.foreign_words(written.partition("\n")[2], language)
        assert {word for word in foreign if word != "own"} == set()  # what the file calls its own functions


@tried(15)
@given(problems(SMALL))
def test_a_page_is_the_same_every_time(text: str) -> None:
    for form in format_names():
        assert page(problem(text), form, "en+zh") == page(problem(text), form, "en+zh"), form


def collected(times: int, size: Size = SMALL) -> list[str]:
    """So many problem files, the longest first."""
    found: dict[str, None] = {}

    @tried(times)
    @given(problems(size))
    def one(text: str) -> None:
        worked(problem(text))
        found[text] = None

    one()
    return sorted(found, key=len, reverse=True)


WRITE_ALL = """
import hashlib, json, sys
from stepwise.document.rendering import format_names
from tests.properties.solving import problem
from tests.properties.test_pages import page
for text in json.load(sys.stdin):
    for form in format_names():
        print(hashlib.sha256(page(problem(text), form, "en+zh").encode()).hexdigest())
"""


def test_every_process_writes_the_same_pages() -> None:
    texts = collected(12)

    def written(seed: str) -> list[str]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", WRITE_ALL],
            input=json.dumps(texts),
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    here = [
        hashlib.sha256(page(problem(text), form, "en+zh").encode()).hexdigest()
        for text in texts
        for form in format_names()
    ]
    assert len(here) >= 4 * len(texts) > 20
    assert written("1") == here
    assert written("4711") == here


def test_every_formula_parses_in_katex(require_tool: RequireTool) -> None:
    require_tool("katex")
    pages = {text: page(problem(text), language="en+zh") for text in collected(20, Size())}
    assert sum(len(markdown.formulas(written)) for written in pages.values()) > 400
    assert markdown.katex_errors(pages) == []
    assert markdown.raw_html(pages) == []


FOUND_TOO_WIDE = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "wide").glob("*.yaml"))]
"""Problems whose pages once had a line that ran out of the page."""


@pytest.mark.slow
def test_pages_compile_under_xelatex(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    # in one document: the preamble is the same, and XeLaTeX starts once
    texts = [*collected(60, Size())[::6], *FOUND_TOO_WIDE]
    pages = [page(problem(text), "latex", "en+zh") for text in texts]
    heads = {written.partition(r"\begin{document}")[0] for written in pages}
    bodies = [found[1] for written in pages if (found := _BODY.search(written))]
    assert len(bodies) == len(pages) >= 5 + len(FOUND_TOO_WIDE)
    assert len(heads) == 1
    whole = heads.pop() + r"\begin{document}" + "\n\\clearpage\n".join(bodies) + r"\end{document}"
    assert latex.compile_latex(whole, tmp_path).complaints == ()


def _repeated(text: str, times: int) -> str:
    """The problem with its samples so many times over, all in one batch. Twelve and thirty-three times up to three
    samples are more than are printed, and their number has two digits."""
    document: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
    document.get("train", {}).pop("batch_size", None)
    for name in ("inputs", "labels"):
        if name in document:
            document[name] = document[name] * times
    return yaml_text(document)


@tried(12)
@given(network_files(Size(layers=2, units=3, samples=3)) | linear_files(Size(units=3, samples=3)))
def test_the_length_of_a_page_does_not_depend_on_the_number_of_samples(text: str) -> None:
    assume(re.search(r"^inputs: \[\[", text, re.MULTILINE) is not None)
    shorter, longer = (page(problem(_repeated(text, times))) for times in (12, 33))
    # a mean of other samples may break its line elsewhere, and a sum of more of them drive units far out
    assert abs(longer.count("\n") - shorter.count("\n")) <= 24
    assert len(longer) <= len(shorter) * 1.05


@tried(15)
@given(problems(SMALL))
def test_every_part_of_a_page_can_be_asked_for(text: str) -> None:
    trace = worked(problem(text))
    whole = render(trace)
    for name in [*trace][:: max(1, len(trace.quantities) // 5)]:
        parts = [render(trace, only=[name]), render(trace, until=name), render(trace, only=[name], detail="brief")]
        assert all(len(part) < len(whole) for part in parts[::2])
        assert len(parts[1]) <= len(whole)
