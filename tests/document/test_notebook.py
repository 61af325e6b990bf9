"""Notebooks: valid, the page in their Markdown cells, and code cells that give the numbers of the page."""

from __future__ import annotations

import contextlib
import io
import json
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from stepwise import Trace, load_problem, solve
from stepwise.document import format_names, render
from stepwise.document.notebook import render_notebook
from stepwise.document.notebook_code import number_code
from stepwise.document.paper_notebook import render_paper_notebook
from stepwise.errors import UnsupportedError
from stepwise.problem import problem_from_document, shipped_problems, with_options
from stepwise.sheets.model import Paper, Student
from stepwise.sheets.variants import variant_of
from tests.document.samples import HANDMADE, trace_of
from tests.document.variants import paper, variants

Cell = dict[str, Any]
TOLD_ONLY = {"letters", "forms", "rational", "shapes"}


@cache
def cells_of(name: str, language: str = "en") -> tuple[Cell, ...]:
    return cells(render_notebook(trace_of(name), language))


def cells(text: str) -> tuple[Cell, ...]:
    """The cells of a notebook that is valid, with their source as text."""
    whole = json.loads(text)
    nbformat.validate(whole, version=4, version_minor=5)
    assert len({cell["id"] for cell in whole["cells"]}) == len(whole["cells"])
    return tuple({**cell, "source": "".join(cell["source"])} for cell in whole["cells"])


def run(found: tuple[Cell, ...]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The code cells run one after the other: the id, the names as they are then, and what was printed."""
    names: dict[str, Any] = {}
    for cell in found:
        if cell["cell_type"] == "code":
            out = io.StringIO()
            with contextlib.redirect_stdout(out), warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(compile(cell["source"], cell["id"], "exec"), names)
            yield cell["id"], names, out.getvalue()


def expected(trace: Trace, cell: str) -> dict[str, Any]:
    """The values that a cell of this id leaves, by name."""
    last = set(trace.derivation.carried.values())
    found = {}
    for identifier, quantity in trace.quantities.items():
        if quantity.value is None or quantity.step is None:
            continue
        if trace.iterations > 1:
            in_cell = {
                "iteration": cell == f"iteration-{quantity.iteration}",
                "iterations": cell == "iterations" and identifier in last,
                "after": cell == "after" and quantity.phase == "after",
            }
            belongs = any(in_cell.values())
        else:
            belongs = cell == quantity.phase
        if belongs:
            found[quantity.name] = quantity.value
    return found


def differences(trace: Trace, found: tuple[Cell, ...]) -> tuple[list[str], int]:
    """Where running the cells gives other numbers than the trace, and how many quantities were compared."""
    wrong, compared = [], 0
    for identifier, names, _ in run(found):
        for name, value in expected(trace, identifier).items():
            got = np.asarray(names[name], dtype=float)
            compared += 1
            if got.size != value.size or not np.allclose(got, value, rtol=1e-11, atol=1e-13):
                wrong.append(f"{identifier}: {name}")
    return wrong, compared


# ---- the worked notebook


@pytest.mark.parametrize("name", shipped_problems())
def test_the_cells_of_a_shipped_problem_give_the_numbers_of_the_page(name: str) -> None:
    trace = trace_of(name)
    wrong, compared = differences(trace, cells_of(name))
    assert wrong == []
    lines = len([one for one in trace.quantities.values() if one.step is not None and one.value is not None])
    if trace.arithmetic in TOLD_ONLY:
        assert compared == 0
    elif trace.iterations == 1:
        assert compared == lines
    else:
        assert compared > len(trace.derivation.each)


@pytest.mark.parametrize("name", HANDMADE)
def test_the_cells_of_other_problems_do_too(name: str) -> None:
    """Precautions against overflow, corners, proofs of every kind of line."""
    wrong, _ = differences(trace_of(name), cells_of(name))
    assert wrong == []


@pytest.mark.parametrize("digits", [{"decimals": 2}, {"decimals": 5}, {"figures": 3}, {"figures": 1}])
@pytest.mark.parametrize("name", ["xor-mlp", "wide-mlp", "minibatch-softmax-epoch"])
def test_hand_arithmetic_rounds_every_line(name: str, digits: dict[str, int]) -> None:
    trace = solve(with_options(load_problem(name), carry=True, **digits))  # type: ignore[arg-type]
    wrong, compared = differences(trace, cells(render_notebook(trace)))
    assert wrong == []
    assert compared > 0


def test_a_changed_number_runs_again() -> None:
    """A reader writes another input: the cells give what the changed problem gives."""
    document = {**load_problem("xor-mlp").document}
    changed = problem_from_document({**document, "inputs": [0.25, -1.5]}, name="changed")
    sources = [dict(cell) for cell in cells_of("xor-mlp")]
    given = next(cell for cell in sources if cell["id"] == "given")
    given["source"], count = re.subn(r"^x = .*$", "x = np.array([[0.25], [-1.5]])", given["source"], flags=re.MULTILINE)
    assert count == 1
    wrong, compared = differences(solve(changed), tuple(sources))
    assert (wrong, compared > 20) == ([], True)


@pytest.mark.parametrize(
    "name", ["xor-mlp", "sgd-linear-regression", "svm-pegasos", "batch-softmax-shapes", "xor-separability"]
)
@pytest.mark.parametrize("language", ["en", "zh", "en+zh"])
def test_the_text_cells_are_the_page(name: str, language: str) -> None:
    text = [cell["source"] for cell in cells_of(name, language) if cell["id"].startswith("text-")]
    page = render(trace_of(name), "md", language)
    assert "\n\n".join(text).split() == page.split()
    assert all(part.startswith("#") for part in text)


def test_each_section_is_followed_by_its_code() -> None:
    found = [(cell["id"], cell["source"].split("\n")[0]) for cell in cells_of("xor-mlp")]
    order = [first.lstrip("# ") if identifier.startswith("text-") else identifier for identifier, first in found]
    assert order[1:] == [
        "Set-up", "about", "given", "Forward pass", "forward", "Loss", "loss", "Backward pass", "backward", "Update",
        "update", "After the update", "after", "All results",
    ]  # fmt: skip


def test_several_iterations_are_cells_of_their_own_and_the_rest_a_loop() -> None:
    order = [cell["id"] for cell in cells_of("sgd-linear-regression") if cell["cell_type"] == "code"]
    assert order == ["given", "iteration-1", "iteration-2", "iterations", "after"]


def test_numbers_stand_as_typed() -> None:
    given = next(cell["source"] for cell in cells_of("xor-mlp") if cell["id"] == "given")
    assert "W2 = np.array([[1.0, 1.0]], dtype=float)\n" in given
    assert [number_code(1 / 3, "1/3"), number_code(0.1, "0.10"), number_code(0.5, "50%"), number_code(7.0, "007")] == [
        "1/3", "0.10", "0.5", "7.0",
    ]  # fmt: skip


def test_what_is_printed_are_the_named_results() -> None:
    printed = {identifier: text for identifier, _, text in run(cells_of("xor-mlp"))}
    assert printed["given"] == ""
    assert printed["loss"] == "L = [[0.211]]\n"
    assert printed["forward"].startswith("z1 = [[ 0.8]\n      [-0.3]]\na1 = [[0.69 ]")


def test_a_part_of_the_page_has_the_code_that_it_needs() -> None:
    trace = trace_of("xor-mlp")
    loss = cells(render_notebook(trace, only=["L"]))
    assert [cell["id"] for cell in loss if cell["cell_type"] == "code"] == ["given", "forward", "loss"]
    until = cells(render_notebook(trace, until="a2"))
    assert [cell["id"] for cell in until if cell["cell_type"] == "code"] == ["given", "forward"]
    assert differences(trace, loss)[0] == []


def test_render_writes_notebooks_too() -> None:
    """And pages for learning systems it does not write."""
    trace = trace_of("xor-mlp")
    assert format_names() == ("md", "latex", "json", "ipynb")
    with pytest.raises(UnsupportedError, match="no format 'html'"):
        render(trace, "html")
    assert render(trace, "ipynb", "zh", "brief") == render_notebook(trace, "zh", "brief")
    assert render(trace, "ipynb") == render(trace, "ipynb")
    with pytest.raises(UnsupportedError, match="no language"):
        render(trace, "ipynb", "fr")


def test_letters_are_told_without_code() -> None:
    found = cells(render(solve(load_problem("xor-mlp"), "letters"), "ipynb", expand=True))
    assert {cell["cell_type"] for cell in found} == {"markdown"}


def test_own_stories_go_into_notebooks(tmp_path: Path) -> None:
    """Where no heading is known, the code stands at the end of what there is."""
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "network.jinja").write_text(
        "<%= to.items(page.architecture | map('voiced', voice) | list) %>\n"
    )
    found = cells(render(trace_of("xor-mlp"), "ipynb", templates=tmp_path))
    assert [cell["id"] for cell in found][-6:] == ["given", "forward", "loss", "backward", "update", "after"]


# ---- notebooks of papers


def exam() -> Paper:
    ones = [variant_of(variants()[name].problem, f"{name}-1") for name in ("xor-mlp", "ridge-regression")]
    return Paper("1", tuple(ones), Student("s1", "李雷"), {"en": "Exam", "zh": "考试"})


@pytest.mark.parametrize("name", variants())
@pytest.mark.parametrize("language", ["en", "zh", "en+zh"])
def test_a_sheet_has_a_place_for_every_number(name: str, language: str) -> None:
    variant = variants()[name]
    found = cells(render_paper_notebook([paper(variant)], "sheet", language))
    names: dict[str, Any] = {}
    for _, now, printed in run(found):
        names = now
        assert printed == ""
    for one in variant.asked:
        places = np.asarray(names[one.id.replace(".", "_")], dtype=object)
        assert places.shape in (one.shape, ())
        assert places.size == one.shape[0] * one.shape[1]
        assert all(place is ... for place in places.flat)
    given = {
        key for key, quantity in solve(variant.problem).quantities.items() if quantity.step is None and "." not in key
    }
    assert given - {"N", "t"} <= set(names)


def test_formulas_stand_on_a_sheet_only_where_asked_for() -> None:
    without, having = (
        render_paper_notebook([paper(variants()["ridge-regression"])], "sheet", "en", on) for on in (False, True)
    )
    formula = json.dumps(r"w^{\mathrm{new}} = w - \eta \nabla w")[1:-1]
    assert formula not in without
    assert formula in having


def test_nothing_of_the_results_stands_on_a_sheet() -> None:
    text = render_paper_notebook([paper(variants()["xor-mlp"])], "sheet", "en", formulas=True)
    for result in ("0.690", "0.426", "0.616", "0.649", "0.211", "0.968"):
        assert result not in text


@pytest.mark.parametrize("kind", ["key", "solutions"])
def test_keys_and_solutions_are_worked(kind: str) -> None:
    found = cells(render_paper_notebook([exam(), exam()], kind, "en"))
    prefix = "paper-2-question-1-"
    of_one = tuple({**cell, "id": cell["id"].removeprefix(prefix)} for cell in found if cell["id"].startswith(prefix))
    wrong, compared = differences(trace_of("xor-mlp"), of_one)
    assert (wrong, compared > 20) == ([], True)
    title, *worked = [cell["source"] for cell in cells_of("xor-mlp")]
    assert title == "# A sigmoid network for XOR, one training step"
    assert [cell["source"] for cell in of_one][1:] == worked


def test_the_solution_of_a_single_problem_keeps_its_title() -> None:
    found = cells(render_paper_notebook([paper(variants()["xor-mlp"])], "solutions", "en"))
    assert [cell["source"] for cell in found][1:] == [cell["source"] for cell in cells_of("xor-mlp")]


def test_an_exam_says_whose_it_is_and_which_question() -> None:
    found = cells(render_paper_notebook([exam()], "sheet", "zh"))
    assert found[0]["source"] == "# 考试\n\n**姓名** 李雷 · **学号** s1"
    assert found[1]["source"] == "# 第 1 题：异或网络：对一个样本训练一步\n\n试卷代码：xor-mlp-1"


@pytest.mark.parametrize("kind", ["sheet", "key", "solutions"])
def test_each_question_of_an_exam_has_one_heading(kind: str) -> None:
    """Of two languages, each with its own title."""
    found = cells(render_paper_notebook([exam()], kind, "en+zh"))
    text = "\n".join(cell["source"] for cell in found if cell["cell_type"] == "markdown")
    titles = re.findall(r"^# (.*)$", text, flags=re.MULTILINE)
    assert titles[:2] == [
        "Exam / 考试",
        "Question 1: A sigmoid network for XOR, one training step / 第 1 题：异或网络：对一个样本训练一步",
    ]
    assert len(titles) == 3
    assert text.count("A sigmoid network for XOR, one training step") == 1


def test_whose_sheet_it_is_stands_at_the_top() -> None:
    """With room for what nobody knows yet; on solutions there is nothing to write."""

    def first(student: Student | None, kind: str = "sheet") -> str:
        variant = variants()["xor-mlp"]
        source: str = cells(render_paper_notebook([Paper("1", (variant,), student)], kind, "en"))[0]["source"]
        return source

    assert first(None) == "**Name** ________ · **Student number** ________"
    assert first(Student("s1")) == "**Name** ________ · **Student number** s1"
    assert first(Student("s1", "Ada *L*")) == r"**Name** Ada \*L\* · **Student number** s1"
    assert first(Student("s1", "Ada"), "solutions") == "**Name** Ada · **Student number** s1"
    assert first(None, "solutions").startswith("Code: ")


@pytest.mark.parametrize("kind", ["sheet", "solutions"])
def test_givens_that_the_text_calls_otherwise_say_so(kind: str) -> None:
    """The label of this problem is t, since its output is y."""
    found = cells(render_paper_notebook([paper(variants()["xor-mlp"])], kind, "en"))
    (given,) = (cell["source"] for cell in found if cell["id"].endswith("given"))
    lines = [line for line in given.split("\n") if re.match(r"\w+ = ", line)]
    assert lines == [
        "x = np.array([[1], [1]], dtype=float)",
        "y = np.array([[0]], dtype=float)  # t",
        "W1 = np.array([[0.5, 0.5], [-0.5, -0.5]], dtype=float)",
        "b1 = np.array([[-0.2], [0.7]], dtype=float)",
        "W2 = np.array([[1.0, 1.0]], dtype=float)",
        "b2 = np.array([[-0.5]], dtype=float)",
        "lr = 0.5  # η",
    ]


def test_a_long_array_has_its_symbol_on_the_first_line() -> None:
    given = next(cell["source"] for cell in cells_of("leaf-measurements") if cell["id"] == "given")
    assert "x = np.array([  # X\n    [" in given


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="no kind of paper 'poster'"):
        render_paper_notebook([exam()], "poster")


def test_strange_names_stay_text() -> None:
    """A title that looks like a heading or a formula."""
    problem = problem_from_document({**load_problem("xor-mlp").document, "title": "# $x$ `y`"}, name="strange")
    found = cells(render_notebook(solve(problem)))
    assert found[0]["source"] == r"# \# \$x\$ \`y\`"
