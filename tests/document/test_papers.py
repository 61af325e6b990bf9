"""Sheets, keys and solutions: boxes of the right shape, no result on a sheet, every accepted range on a key."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from string import Formatter
from urllib.parse import unquote

import numpy as np
import pytest
import segno
from msgspec.structs import replace

from stepwise import load_problem, render, solve
from stepwise.asking.model import Questions
from stepwise.document import variant_page
from stepwise.document.paper_notebook import render_paper_notebook
from stepwise.document.papers import KINDS, render_papers
from stepwise.document.qr import Picture
from stepwise.document.wide_arrays import Room, blocks
from stepwise.document.words import catalogue
from stepwise.errors import TemplateError, UnsupportedError
from stepwise.problem import problem_from_document
from stepwise.problem.model import Problem
from stepwise.resources import known_languages
from stepwise.sheets.model import Paper, Student, Variant
from stepwise.sheets.variants import variant_of
from stepwise.trace import Trace, symbol_text
from tests.document.listening import listening
from tests.document.papers import CODE, STUDENT, exam, large, paper, variants
from tests.rendering.markdown import formulas, prose
from tests.tooling import ROOT

NAMES = tuple(variants())
BOX = r"\boxed{\phantom{-00.0000}}"


@cache
def sheet(name: str, *, formulas: bool = False) -> str:
    return render_papers([paper(name)], formulas=formulas)


def boxed(text: str) -> list[str]:
    return [piece.text for piece in formulas(text) if BOX in piece.text]


def shown(text: str) -> list[str]:
    """The displays that are no boxes: givens, and formulas where they are asked for."""
    return [piece.text for piece in formulas(text) if piece.kind == "display" and BOX not in piece.text]


# ---- boxes


def shape(boxes: str) -> tuple[int, int]:
    rows = [row.count(BOX) for row in boxes.split(r" \\ ")]
    assert len(set(rows)) == 1
    return len(rows), rows[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_quantity_has_boxes_of_its_shape(name: str) -> None:
    trace, found = solve(load_problem(name)), boxed(sheet(name))
    asked = variants()[name].asked
    assert [shape(boxes) for boxes in found] == [np.asarray(trace.quantities[one.id].value).shape for one in asked]
    for one, boxes in zip(asked, found, strict=True):
        quantity = trace.quantities[one.id]
        symbol = quantity.symbol
        if symbol is not None:
            whole = symbol.entry(0, 0, (1, 1)) if quantity.shape == (1, 1) else symbol.whole()
            assert boxes.startswith(f"{whole} = ")
        else:
            assert boxes.startswith(rf"\mathtt{{{one.id}}} = ")


def test_latex_has_as_many_boxes() -> None:
    for name in ("xor-mlp", "wide-mlp"):
        text = render_papers([paper(name)], form="latex").split(r"\begin{document}")[1]
        assert text.count(r"\answerbox") == sum(int(np.prod(one.shape)) for one in variants()[name].asked)


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 9), (6, 8), (2, 23), (60, 1), (50, 31)])
def test_blocks_have_every_entry_once(size: tuple[int, int]) -> None:
    found = list(blocks("A =", size, lambda row, column: f"{row}.{column}", Room(entry=3.3, rows=16)))
    entries = [text for one in found for text in re.findall(r"\d+\.\d+", one.latex)]
    assert sorted(entries) == sorted(f"{row}.{column}" for row in range(size[0]) for column in range(size[1]))
    assert all(len(re.findall(r" \\\\ ", one.latex)) < 16 for one in found)
    assert all(row.count("&") < 9 for one in found for row in one.latex.split(r" \\ "))
    assert [one.part is None for one in found] == [len(found) == 1] * len(found)


def test_no_matrix_is_wider_than_latex_takes() -> None:
    """amsmath has ten columns, however narrow they are."""
    found = list(blocks("A =", (1, 33), lambda row, column: "1"))
    assert [one.latex.count("&") + 1 for one in found] == [9, 9, 9, 6]


def test_a_block_says_which_part_it_is() -> None:
    found = list(blocks("A =", (20, 13), lambda row, column: f"{row}.{column}", Room(3.3, 16)))
    for part, latex in ((one.part, one.latex) for one in found):
        assert part is not None
        rows, columns = zip(*(map(int, text.split(".")) for text in re.findall(r"\d+\.\d+", latex)), strict=True)
        ends = (part.slots["first_row"], part.slots["last_row"], part.slots["first_column"], part.slots["last_column"])
        assert ends == (min(rows) + 1, max(rows) + 1, min(columns) + 1, max(columns) + 1)


# ---- nothing is given away


def disturbed(trace: Trace) -> Trace:
    """The same calculation with other results, and with other parameters in later iterations."""
    data = {"x", "x_raw", "y", "N", "t"} & set(trace.derivation.givens)
    quantities = {
        key: one
        if one.value is None or key in trace.derivation.givens or one.name in data
        else replace(one, value=np.asarray(one.value, dtype=float) * 1.7 + 0.123)
        for key, one in trace.quantities.items()
    }
    assert any(quantities[key] is not one for key, one in trace.quantities.items())
    return replace(trace, quantities=quantities)


@pytest.mark.parametrize("formulas", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_the_same_whatever_the_results_are(
    name: str, formulas: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So no result is on it, not even by way of a later iteration's parameters."""
    before = sheet(name, formulas=formulas)
    monkeypatch.setattr(variant_page, "solve", lambda problem: disturbed(solve(problem)))
    assert render_papers([paper(name)], formulas=formulas) == before
    key = render_papers([paper(name)], "key")
    monkeypatch.undo()
    assert key != render_papers([paper(name)], "key")


@pytest.mark.parametrize("name", NAMES)
def test_without_formulas_a_sheet_has_none(name: str) -> None:
    text = sheet(name)
    for display in shown(text):
        for equation in display.split(r",\qquad "):
            right = re.split(r" = | \\approx ", equation, maxsplit=1)[1]
            assert (
                re.sub(r"\\(begin|end)\{bmatrix\}|\\frac|\\mathrm\{e\}|\\times", "", right).strip(
                    r" 0123456789.-&\{}^+%"
                )
                == ""
            )
    text = re.sub(r"!\[.*", "", text)
    assert "=" not in prose(text)
    assert set(re.findall(r"`[^`]*`", text)) == {f"`{CODE}`"}


@pytest.mark.parametrize("name", [name for name in NAMES if load_problem(name).notation.style != "elementwise"])
def test_formulas_are_those_of_the_solution(name: str) -> None:
    def bare(text: str) -> str:
        return re.sub(r"\\begin\{aligned\}|\\end\{aligned\}|\\\\(\[[^\]]*\])?|\\quad|[&\s]", "", text)

    # the unprefixed parameters of several iterations are only in a table
    solution = bare(render(solve(load_problem(name)), "md", "en"))
    plain, told = shown(sheet(name)), shown(sheet(name, formulas=True))
    formulas = list(told)
    for given in plain:
        formulas.remove(given)
    assert formulas
    assert [one for one in formulas if bare(one) not in solution] == []
    # every formula once
    assert len(set(formulas)) == len(formulas)


def test_a_formula_on_the_way_is_told_where_its_line_has_no_box() -> None:
    text = sheet("xor-mlp", formulas=True)
    assert text.index(r"\frac{\partial h_{i}}{\partial z^{(1)}_{i}} = ") < text.index(r"$$\delta^{(1)}_{i} = ")
    whole = variant_of(load_problem("xor-mlp"), CODE, ["*"])
    everything = render_papers([Paper(CODE, (whole,))], formulas=True)
    assert everything.count(r"$$\delta^{(1)}_{i} = ") == 1


def test_no_page_ends_between_a_formula_and_its_boxes() -> None:
    text = render_papers([paper("xor-mlp")], form="latex", formulas=True)
    tasks = text.split("\\postdisplaypenalty=10000\n")[1:]
    assert len(tasks) == len(variants()["xor-mlp"].asked)
    for task in tasks:
        told, boxes = task.split(r"\nopagebreak")
        assert told.startswith(r"\textbf{")
        assert r"\postdisplaypenalty" not in told
        # the givens of what follows may be parted again
        assert re.search(r"\\answerbox.*\\\)\\postdisplaypenalty=0$", boxes, re.MULTILINE)


def test_a_sheet_prints_every_number_that_is_given() -> None:
    """The worked page leaves out the middle of large arrays."""
    trace, text = solve(large().variants[0].problem), render_papers([large()])
    assert r"\cdots" in render(trace)
    assert r"\cdots" not in text
    assert r"\vdots" not in text
    printed = Counter(re.findall(r"-?\d+\.\d+", " ".join(shown(text))))
    given = Counter(n for name in ("W1", "W2") for row in trace.shown(name) for n in row)
    assert sum(given.values()) == 14 * 14 + 2 * 14
    assert given - printed == Counter()


# ---- what the givens are


def repeated(name: str) -> Problem:
    """The problem, trained for four epochs."""
    document = dict(load_problem(name).document)
    document["train"] = {**document.get("train", {}), "epochs": 4}
    return problem_from_document(document)


def said(name: str, language: str = "en") -> str:
    return render_papers([paper(name)], language=language)


def test_every_given_is_named_in_words() -> None:
    assert "\n$x$: input; $t$: label; $W^{(1)}$, $W^{(2)}$: weights; $b^{(1)}$, $b^{(2)}$: biases; " in said("xor-mlp")
    assert "\n$x$ 为输入，$t$ 为标签，$" in said("xor-mlp", "zh")
    text = said("standardised-inputs")
    assert r"$X^{\mathrm{raw}}$: inputs as measured; $Y$: labels; $\mu$: mean" in text
    assert r"What goes into the model is $X = \frac{X^{\mathrm{raw}} - \mu}{s}$, feature by feature." in text
    assert r"进入模型的输入为 $x = \frac{x^{\mathrm{raw}}}{c}$，" in said("scaled-pixels", "zh")


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_of_a_given_is_left_without_words(name: str) -> None:
    text, trace = said(name), solve(load_problem(name))
    sentence = next(line for line in text.splitlines() if re.match(r"\$[^$].*: .*\.$", line))
    for given in set(trace.derivation.givens) - {"N", "t"}:
        if not given.startswith("fan_"):
            assert f"${symbol_text(trace.quantities[given])}$" in sentence
    # N is in words of tasks without being a given number
    assert ("$N$: number of samples" in sentence) == bool(re.search(r"\bN\b", prose(text)))


def test_n_counts_the_samples_of_a_batch() -> None:
    assert "$N$: number of samples." in said("ridge-regression")
    assert "$N$: number of samples in the iteration." in said("minibatch-linear-regression")
    assert "$N$ 为本次迭代的样本数。" in said("minibatch-linear-regression", "zh")


def test_the_penalty_is_told() -> None:
    assert load_problem("svm-pegasos").biases is None
    half = r"loss plus the penalty, $\frac{\lambda}{2}$ times the sum of the squares of all weights"
    assert f"{half}.\n" in said("svm-pegasos")
    assert f"{half}; biases are left out of it.\n" in said("ridge-regression")
    # as it is computed: λ/2 Σ w² of the weights w = (a, b), and no bias
    trace = solve(load_problem("ridge-regression"))
    weights, strength = np.asarray(trace.quantities["W1"].value), np.asarray(trace.quantities["l2"].value)
    assert np.isclose(strength / 2 * (weights**2).sum(), trace.quantities["reg"].value)
    assert "penalty" not in said("xor-mlp")


@pytest.mark.parametrize(
    ("name", "ask", "told"),
    [
        ("ridge-regression", ["t1.L", "t2.L"], None),
        ("ridge-regression", ["t3.L"], "Up to iteration 3, work"),
        ("ridge-regression", ["t1.L", "t2.L", "t4.L"], "Up to iteration 4, work"),
        ("minibatch-linear-regression", ["t1.L", "t4.L"], "Up to iteration 4, work"),
    ],
)
def test_iterations_that_are_not_asked_for_are_to_be_worked(name: str, ask: list[str], told: str | None) -> None:
    text = render_papers([Paper(CODE, (variant_of(repeated(name), CODE, ask),))])
    assert (told is not None) == ("scratch paper" in text)
    assert (told or "") in text
    # full batches have no order
    assert ("taken in their order" in text) == name.startswith("minibatch")


def test_a_single_iteration_has_no_scratch_paper() -> None:
    assert "scratch" not in said("xor-mlp")
    assert "函数间隔" in said("svm-pegasos", "zh")


# ---- the code as a picture


def painted(runs: Iterator[tuple[int, int, int]], size: int) -> list[list[int]]:
    grid = [[0] * size for _ in range(size)]
    for left, height, count in runs:
        for column in range(left, left + count):
            grid[size - 1 - height][column] += 1
    return grid


@pytest.mark.parametrize("code", ["XOR-7F3K9QDM-5", "MY2-00000000-0", "A" * 60, "题目-1"])
def test_the_runs_paint_the_qr_code(code: str) -> None:
    wanted = [list(row) for row in segno.make_qr(code, error="m").matrix]
    assert painted(Picture(code).runs, len(wanted)) == wanted


def test_both_formats_show_the_qr_code_of_the_code() -> None:
    wanted = [list(row) for row in segno.make_qr(CODE, error="m").matrix]
    latex = render_papers([paper("xor-mlp")], form="latex")
    runs = [tuple(map(int, run)) for run in re.findall(r"\\modules\{(\d+)\}\{(\d+)\}\{(\d+)\}", latex)]
    assert painted(iter(runs), len(wanted)) == wanted  # type: ignore[arg-type]
    found = re.search(r"!\[QR code of 4-7-5\]\((data:image/svg\+xml;[^()\s]+)\)", sheet("xor-mlp"))
    assert found is not None
    drawn = unquote(found[1])
    # segno's lines: M x y of the quiet zone, then relative moves and strokes along the rows
    path = re.search(r"d='([^']*)'|d=\"([^\"]*)\"", drawn)
    assert path is not None
    assert sum(int(n) for n in re.findall(r"h(\d+)", path[1] or path[2])) == sum(map(sum, wanted))


# ---- keys


def ranges(cell: str) -> tuple[float, float]:
    low, _, high = cell.strip("$ ").replace("{", "").replace("}", "").partition(r" \ldots ")
    return number(low), number(high or low)


def number(text: str) -> float:
    text = text.replace(r"\times 10^", "e").replace(" ", "")
    return float(re.sub(r"^(-?)10\^", r"\g<1>1e", text).replace("{", "").replace("}", ""))


def key_rows(text: str) -> dict[str, list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] in ("| ", "|  ")
    ]
    return {row[1].strip("`"): row for row in rows if row[1].startswith("`")}


def unit_of(text: str) -> float:
    """One in the last printed place."""
    mantissa, _, exponent = text.partition("e")
    return float(10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2])))


def large_entries(text: str) -> list[list[str]]:
    """Result, lowest and highest of each entry of all matrices below the table."""
    displays = [piece.text for piece in formulas(text) if r"\begin{gathered}" in piece.text]
    cells = re.findall(r"\\begin\{gathered\} (.*?) \\end\{gathered\}", " ".join(displays))
    return [
        [re.sub(r"^\{\\scriptstyle (.*)\}$", r"\1", part) for part in cell.split(r" \\[-0.4em] ")][:3] for cell in cells
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_key_has_each_result_and_what_is_accepted(name: str) -> None:
    variant, trace = variants()[name], solve(load_problem(name))
    text = render_papers([paper(name)], "key", "md", "en")
    rows, large = key_rows(text), large_entries(text)
    for one in variant.asked:
        low, high = variant.accepted[one.id]
        results = trace.printed(trace.quantities[one.id]).texts.ravel()
        if one.id in rows and "see below" in rows[one.id]:
            entries, large = large[: low.size], large[low.size :]
        else:
            names = [key for key in rows if key == one.id or key.startswith(f"{one.id}[")]
            entries = [[rows[key][2].strip("$"), *map(str, ranges(rows[key][3]))] for key in names]
            assert [rows[key][4] for key in names] == [f"{one.marks:g}", *[""] * (len(names) - 1)]
        assert len(entries) == low.size
        for (printed, first, last), result, *ends in zip(entries, results, low.ravel(), high.ravel(), strict=True):
            value = number(printed)
            # as on the worked page, or finer where that is too coarse for an answer
            assert abs(value - float(result)) <= 0.500001 * unit_of(str(result))
            assert value == float(result) or not number(first) <= float(result) <= number(last)
            # outwards, in six figures; and what cancels to float noise is nothing
            unit = max(10.0 ** (np.floor(np.log10(max(map(abs, ends)) or 1)) - 5), 1e-12)
            assert -1e-12 <= ends[0] - number(first) < 1.01 * unit
            assert -1e-12 <= number(last) - ends[1] < 1.01 * unit
            assert number(first) <= value <= number(last)
    assert large == []


def test_a_quantity_of_an_iteration_that_is_not_kept_has_its_range() -> None:
    problem = load_problem("sgd-linear-regression")
    assert "t200.z1" not in solve(problem).quantities
    one = Paper(CODE, (variant_of(problem, CODE, ["t200.z1"]),))
    row = key_rows(render_papers([one], "key"))["t200.z1"]
    assert row[2] == "not on the worked page"
    low, high = one.variants[0].accepted["t200.z1"]
    assert ranges(row[3]) == (pytest.approx(low.item(), abs=1e-4), pytest.approx(high.item(), abs=1e-4))
    assert boxed(render_papers([one], formulas=True)) == [rf"\mathtt{{t200.z1}} = {BOX}"]


# ---- solutions


@pytest.mark.parametrize("form", ["md", "latex"])
@pytest.mark.parametrize("name", NAMES)
def test_a_solution_is_what_solve_prints(name: str, form: str) -> None:
    text = render_papers([paper(name)], "solutions", form)
    alone = render(solve(load_problem(name)), form)
    if form == "md":
        title, body = alone.split("\n\n", 1)
        assert text == f"{title}\n\n**{'Code' if 'Code' in text else '试卷代码'}** `{CODE}`\n\n{body}"
    else:
        body = alone.split(r"\end{center}")[1].strip()
        assert body in text


def test_brief_solutions_are_brief() -> None:
    brief = render_papers([paper("xor-mlp")], "solutions", detail="brief")
    assert brief.endswith(render(solve(load_problem("xor-mlp")), detail="brief").split("\n\n", 1)[1])


# ---- papers together, exams, students


def varied(bias: str) -> Variant:
    document = dict(load_problem("sigmoid-mse-neuron").document)
    document["title"] = f"Neuron {bias}"
    return variant_of(problem_from_document(document), f"N-{bias}")


@pytest.mark.parametrize("kind", KINDS)
def test_several_papers_are_each_as_they_are_alone(kind: str) -> None:
    many = [paper("xor-mlp", STUDENT), paper("svm-pegasos"), paper("xor-mlp", Student("7"))]
    alone = [render_papers([one], kind, language="en") for one in many]
    assert render_papers(many, kind, language="en") == "\n---\n\n".join(alone)
    latex = render_papers(many, kind, "latex", "en")
    assert latex.count(r"\documentclass") == latex.count(r"\end{document}") == 1
    assert latex.count(r"\clearpage") == 2
    assert latex.count(r"\setcounter{page}{1}") == 3
    marks = re.findall(r"^\\gdef\\papermark\{(.*)\}$", latex, re.MULTILINE)
    assert marks == [r"\texttt{4-7-5}, 王小明 (2023001)", r"\texttt{4-7-5}", r"\texttt{4-7-5}, 7"]


def test_an_exam_lists_its_questions_and_has_them_all() -> None:
    one = exam("xor-mlp", "svm-pegasos", "ridge-regression")
    text = render_papers([one], "sheet", "md", "en")
    headings = re.findall(r"^# (.*)$", text, re.MULTILINE)
    titles = [load_problem(name).title["en"] for name in ("xor-mlp", "svm-pegasos", "ridge-regression")]
    assert headings == ["Final exam 2024", *(f"Question {at}: {title}" for at, title in enumerate(titles, 1))]
    marks = [len(variant.asked) for variant in one.variants]
    table = [line for line in text.splitlines() if re.match(r"\| (\d|Total) ", line)]
    rows = [f"| {at} | {title} | {worth} |  |" for at, (title, worth) in enumerate(zip(titles, marks, strict=True), 1)]
    assert table == [*rows, f"| Total |  | {sum(marks)} |  |"]
    assert f"**Name** 王小明 · **Student number** 2023001 · **Score** ________ / {sum(marks)}" in text
    assert text.count(f"`{CODE}`") == 3
    latex = render_papers([one], "sheet", "latex", "en")
    # the title has a page of its own, which bears the name alone at its foot
    assert latex.count(r"\clearpage") == 3
    feet = re.findall(r"^\\gdef\\papermark\{(.*)\}$", latex, re.MULTILINE)
    assert feet[0] == "王小明 (2023001)"
    assert all(CODE in foot for foot in feet[1:])
    assert f"3 questions, {sum(marks)} marks in all." in latex
    # several questions on a page of the key: its foot says whose it is
    key = render_papers([one], "key", "latex", "en")
    assert r"\clearpage" not in key
    assert set(re.findall(r"^\\gdef\\papermark\{(.*)\}$", key, re.MULTILINE)) == {"王小明 (2023001)"}
    assert key.count("Every number from the first") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_language_has_its_own_title_of_a_question(kind: str) -> None:
    def headings(language: str, form: str) -> list[str]:
        text = render_papers([exam("xor-mlp")], kind, form, language)
        found = re.findall(r"^(?:#|\{\\LARGE\\bfseries\\raggedright) (.*?)(?:\\par\})?$", text, re.MULTILINE)
        return found[1:]

    english, chinese = (load_problem("xor-mlp").title[language] for language in ("en", "zh"))
    assert headings("en", "md") == [f"Question 1: {english}"]
    for form in ("md", "latex"):
        assert headings("en+zh", form) == [f"Question 1: {english} / 第 1 题：{chinese}"]
    notebook = json.loads(render_paper_notebook([exam("xor-mlp")], kind, "en+zh"))
    lines = [line.strip() for cell in notebook["cells"] for line in "".join(cell["source"]).splitlines()]
    assert f"# Question 1: {english} / 第 1 题：{chinese}" in lines


def test_the_foot_is_in_the_marks_of_its_language() -> None:
    def feet(language: str, *papers: Paper) -> list[str]:
        text = render_papers(papers, form="latex", language=language)
        return re.findall(r"^\\gdef\\papermark\{(.*)\}$", text, re.MULTILINE)

    mine, nameless = paper("xor-mlp", Student("7", "吕 布")), paper("xor-mlp", Student("7"))
    assert feet("zh", mine, nameless) == [r"\texttt{4-7-5}，吕\ 布（7）", r"\texttt{4-7-5}，7"]
    assert feet("en+zh", mine) == [r"\texttt{4-7-5}, 吕\ 布 (7)"]
    assert feet("zh", exam("xor-mlp", student=None))[0] == "1"


def test_an_exam_in_chinese_has_codes_of_its_questions() -> None:
    text = render_papers([exam("xor-mlp")], language="zh")
    assert "**题目代码** `4-7-5`" in text
    assert "试卷代码" not in text
    assert "**试卷代码** `4-7-5`" in render_papers([paper("xor-mlp")], language="zh")


def test_only_exams_to_write_on_begin_on_leaves_of_their_own() -> None:
    leaf = r"\gdef\betweenpapers"
    exams = [exam("xor-mlp"), exam("svm-pegasos")]
    assert render_papers(exams, form="latex").count(leaf) == 2
    assert leaf not in render_papers(exams, "key", "latex")
    assert leaf not in render_papers([paper("xor-mlp"), paper("svm-pegasos")], form="latex")


def test_the_languages_are_those_of_the_first_paper_else_of_its_problem() -> None:
    titles = {"en": "Exam", "zh": "期末考试"}
    assert "姓名" in render_papers([replace(exam("xor-mlp", title=titles), languages=("zh",))])
    assert "Name / 姓名" in render_papers([replace(exam("xor-mlp", title=titles), languages=("en", "zh"))])
    assert load_problem("xor-mlp").languages == ("en",)
    assert "姓名" not in render_papers([exam("xor-mlp"), replace(exam("svm-pegasos"), languages=("zh",))])
    assert "姓名" in render_papers([paper("xor-mlp")], language="zh")


@pytest.mark.parametrize(
    ("student", "line"),
    [
        (None, "**Name** ________ · **Student number** ________ · **Score** ________ / 16"),
        (Student("007"), "**Name** ________ · **Student number** 007 · **Score**"),
        (Student("a_b", "欧阳*娜*"), r"**Name** 欧阳\*娜\* · **Student number** a\_b · **Score**"),
    ],
)
def test_the_student_line_has_room_for_what_is_not_known(student: Student | None, line: str) -> None:
    assert line in render_papers([paper("xor-mlp", student)])
    # on a key there is nothing to fill in
    assert "________" not in render_papers([paper("xor-mlp", student)], "key")


def with_marks(*marks: float) -> Paper:
    variant = variant_of(load_problem("sigmoid-mse-neuron"), CODE, ["*"])
    worth = iter([*marks, *[0.0] * 20])
    quantities = {
        key: replace(one, marks=next(worth), asked=True)
        for key, one in list(variant.questions.quantities.items())[: len(marks)]
    }
    return Paper(CODE, (replace(variant, questions=Questions(variant.problem, quantities)),))


def test_marks_stand_at_each_task_where_they_add_up() -> None:
    text = render_papers([with_marks(1, 2.5, 0.25)], "sheet", "md", "en")
    assert re.findall(r"\(([\d.]+) marks?\)", text) == ["1", "2.5", "0.25"]
    assert "(1 mark)" in text
    assert "/ 3.75" in text
    text = render_papers([with_marks(10 / 3, 10 / 3, 10 / 3)], "sheet", "md", "en")
    assert re.findall(r"\(([\d.]+) marks?\)", text) == []
    assert "All 3 quantities count the same." in text
    assert "/ 10" in text


# ---- refusals


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"kind": "exam"}, "sheet, key, solutions"),
        ({"form": "json"}, "md, latex"),
        ({"language": "fr"}, "en, zh"),
        ({"detail": "long"}, "brief, full"),
    ],
)
def test_what_there_is_not_is_refused(options: dict[str, str], said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        render_papers([paper("xor-mlp")], **options)  # type: ignore[arg-type]


def test_no_papers_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="no papers"):
        render_papers([])


def test_a_format_of_ones_own_needs_the_macros_of_papers(tmp_path: object) -> None:
    folder = tmp_path / "formats"  # type: ignore[operator]
    folder.mkdir()
    (folder / "md.jinja").write_text("<% macro page(title, body, languages) %><%= body %><% endmacro %>")
    with pytest.raises(TemplateError, match=r"head|part|mark"):
        render_papers([paper("xor-mlp")], templates=tmp_path)  # type: ignore[arg-type]


# ---- the same bytes


def test_another_process_writes_the_same_bytes() -> None:
    program = (
        "import sys; from tests.document.papers import exam, paper; from stepwise.document.papers import render_papers;"
        "sys.stdout.buffer.write(''.join(render_papers([exam('xor-mlp', 'ridge-regression')], kind, form, 'en+zh')"
        " for kind in ('sheet', 'key', 'solutions') for form in ('md', 'latex')).encode())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop()) > 10_000


# ---- words

SECTIONS = ("paper.", "key.", "exam.")


def words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language, "sheet").items() if key.startswith(SECTIONS)}


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    def slots(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    found, english = words(language), words("en")
    assert sorted(found) == sorted(english)
    assert {key: slots(text) for key, text in found.items()} == {key: slots(text) for key, text in english.items()}


def test_every_sentence_is_said_on_some_paper() -> None:
    long = variant_of(load_problem("sgd-linear-regression"), CODE, ["t200.z1"])
    gap = Paper(CODE, (variant_of(repeated("ridge-regression"), CODE, ["t3.L"]),))
    with listening() as heard:
        for kind in KINDS:
            render_papers([paper(name) for name in NAMES], kind, "md", "en")
            render_papers([exam("xor-mlp", "wide-mlp"), with_marks(1 / 3, 1 / 3), with_marks(2, 1)], kind, "md", "en")
        render_papers([Paper(CODE, (long,))], "key")
        render_papers([gap, exam("xor-mlp", student=None)])
        # arrays that take several blocks
        for size in ((30, 2), (2, 30), (30, 30)):
            parts = [one.part for one in blocks("A =", size, lambda row, column: "1.00")]
            heard |= {part.key for part in parts if part is not None}
    assert set(words("en")) - heard == set()
