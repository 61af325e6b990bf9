"""stepwise derive: names, own functions, formats, and how long it takes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from stepwise.symbolic import topics
from tests.cli.running import ENVIRONMENT, output_of, run


def test_without_a_name_every_derivation_is_listed_under_its_heading() -> None:
    text = output_of("derive")
    assert [line.split()[0] for line in text.splitlines() if line.startswith("  ")] == sorted(
        topics(), key=[line.split()[0] for line in text.splitlines() if line.startswith("  ")].index
    )
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == [
        "Activations",
        "Losses",
        "Outputs and layers",
    ]


def test_the_list_is_there_in_chinese() -> None:
    assert "激活函数" in output_of("derive", "--lang", "zh")


def test_a_page_has_the_derivation() -> None:
    page = output_of("derive", "sigmoid")
    assert page.startswith("# Derivative of a function: sigmoid\n")
    assert r"\sigma(z) (1 - \sigma(z))" in page


@pytest.mark.parametrize(
    ("typed", "name"),
    [("leaky-relu", "leaky_relu"), ("Leaky ReLU", "leaky_relu"), ("SiLU", "swish"), ("bce", "binary_cross_entropy")],
)
def test_names_may_be_written_as_people_write_them(typed: str, name: str) -> None:
    assert output_of("derive", typed) == output_of("derive", name)


def test_a_page_in_latex_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "page.tex"
    assert output_of("derive", "tanh", "--format", "latex", "--lang", "en+zh", "-o", str(target)) == ""
    assert target.read_text(encoding="utf-8").startswith(r"\documentclass")


def test_a_function_of_ones_own_is_derived() -> None:
    page = output_of("derive", "--expr", "z*tanh(log(1+exp(z)))")
    assert page.startswith("# The derivative of z\\*tanh\\(log\\(1\\+exp\\(z\\)\\)\\)") or "z*tanh" in page
    assert r"\tanh(\ln(1 + e^{z}))" in page


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("sigmiod",), "did you mean `sigmoid`?"),
        (("qqqqqq",), "lists what there is"),
        (("--expr", "sinn(z)"), "did you mean `sin`?"),
        (("--expr", "__import__('os').system('x')"), "error:"),
        (("--expr", "9**9**9"), "error:"),
        (("--expr", "(" * 10_000 + "z"), "error:"),
        (("sigmoid", "--format", "docx"), "no format"),
        (("sigmoid", "--lang", "fr"), "no language"),
        (("sigmoid", "--expr", "z"), "exclude"),
    ],
)
def test_what_cannot_be_done_is_an_error_without_a_traceback(arguments: tuple[str, ...], expected: str) -> None:
    done = run("derive", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


# ---- time

SLOWEST = 3.5
"""How many times as long as the imports that every page needs."""


def seconds(arguments: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


@pytest.mark.slow
def test_a_derivation_is_there_soon() -> None:
    pairs = [
        (seconds(["-m", "stepwise", "derive", "sigmoid"]), seconds(["-c", "import numpy, jinja2, click, yaml"]))
        for _ in range(8)
    ]
    # the first of each fills the cache of compiled modules; the quickest was disturbed least by what else runs
    ours, theirs = (min(times) for times in zip(*pairs[1:], strict=True))
    assert ours <= SLOWEST * theirs


def test_a_derivation_does_not_wait_for_what_worked_solutions_need() -> None:
    code = (
        "import sys; from stepwise.cli import group; group(['derive', 'sigmoid'], standalone_mode=False); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "sympy" in loaded
    assert not loaded & {"stepwise.problem", "stepwise.trace", "stepwise.symbolic.topics.losses", "jinja2.sandbox"}
