"""A problem written as a problem file reads back as the same problem, and looks as a person would write it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwise import load_problem, solve
from stepwise.document.variant_file import _scalar, problem_yaml
from stepwise.problem import Problem, problem_from_document, read_problem, shipped_problems, with_options
from stepwise.problem.nodes import Document, MapNode, to_plain
from stepwise.problem.yamltree import read_yaml
from tests.document.samples import HANDMADE, read

SPEC_ORDER = (
    "code", "title", "model", "architecture", "weights", "biases", "inputs", "labels", "lr", "train", "rounding",
    "notation", "language", "vary", "marks", "marking", "ask", "preprocess",
)  # fmt: skip


def again(problem: Problem, text: str) -> Problem:
    return read_problem(text, name=problem.name, source="again.yaml", folder=None)


@pytest.mark.parametrize("name", shipped_problems())
def test_a_shipped_problem_reads_back(name: str) -> None:
    """Without the folder that its data files lie in."""
    problem = load_problem(name)
    back = again(problem, problem_yaml(problem))
    assert dict(back.document) == dict(problem.document)
    if problem.inputs.values is not None:
        assert np.array_equal(back.inputs.values, problem.inputs.values, equal_nan=True)


@pytest.mark.parametrize("name", HANDMADE)
def test_a_handmade_problem_reads_back(name: str) -> None:
    problem = read(HANDMADE[name], name)
    assert dict(again(problem, problem_yaml(problem)).document) == dict(problem.document)


def test_load_problem_reads_the_file(tmp_path: Path) -> None:
    problem = load_problem("xor-mlp")
    path = tmp_path / "xor-mlp.yaml"
    path.write_text(problem_yaml(problem, "XOR"), encoding="utf-8")
    assert solve(load_problem(path)).shown("W2_new") == solve(problem).shown("W2_new")


def test_it_looks_as_a_person_writes_it() -> None:
    text = problem_yaml(load_problem("softmax-cross-entropy-mlp"), "Variant 3 of 40")
    assert text.splitlines() == [
        "# Variant 3 of 40",
        "title:",
        "  en: A small classifier with ReLU, softmax and cross-entropy",
        "  zh: ReLU、softmax 与交叉熵的小型分类网络",
        "architecture:",
        "  layers:",
        "    - {units: 2, activation: relu}",
        "    - {units: 2, activation: softmax}",
        "  loss: cross_entropy",
        "weights:",
        "  - [[0.5, 0.2], [0.1, 0.1]]",
        "  - [[0.6, 0.3], [0.4, 0.5]]",
        "inputs: [1, 2]",
        "labels: [1, 0]",
        "lr: 0.1",
        "rounding: {carry: true, decimals: 3, quantities: {exp2: 3, a2: 2, L: 3, '*_new': 2}}",
        r"notation: {product: paren, symbols: {a1: h, lr: \eta}}",
        "language: en",
    ]


@pytest.mark.parametrize("name", shipped_problems())
def test_fields_stand_in_the_order_of_the_interface_and_lines_are_short(name: str) -> None:
    text = problem_yaml(load_problem(name))
    names = re.findall(r"^(\w+):", text, re.MULTILINE)
    assert names == sorted(names, key=SPEC_ORDER.index)
    assert max(map(len, text.splitlines())) <= 120


def typed(**fields: Any) -> Problem:
    return problem_from_document({**load_problem("xor-mlp").document, **fields}, name="typed")


@pytest.mark.parametrize("number", ["0.10", "1/3", "50%", "1e-3", ".5", "-0.50", "1.0", "007"])
def test_numbers_are_written_as_typed(number: str) -> None:
    before = problem_yaml(load_problem("xor-mlp")).replace("[[1.0, 1.0]]", f"[[{number}, 1.0]]")
    problem = read_problem(before, name="typed", source="typed.yaml", folder=None)
    assert f"- [[{number}, 1.0]]\n" in problem_yaml(problem)


def test_the_code_comes_first() -> None:
    problem = typed(code="XOR-7F3K9QDM-5")
    text = problem_yaml(problem)
    assert text.startswith("code: XOR-7F3K9QDM-5\ntitle:")
    assert again(problem, text).document["code"] == "XOR-7F3K9QDM-5"


def test_drawn_and_changed_problems_read_back() -> None:
    for problem in (
        with_options(load_problem("xor-mlp"), decimals=2, languages=("en", "zh")),
        typed(vary={"weights": {"from": -0.9, "to": 0.9, "step": 0.1, "not": [0]}, "labels": "any"}),
        typed(title="no"),
        typed(title="'quoted' \"text\": with # and {1} [2] & *3 %"),
        typed(title="one\ntwo\nthree"),
        typed(title="  blanks  "),
        typed(title="0.5"),
        typed(title="冒号：与，逗号"),
    ):
        assert dict(again(problem, problem_yaml(problem)).document) == dict(problem.document)


def test_numbers_of_a_data_file_are_written_out(tmp_path: Path) -> None:
    """Those that nobody typed keep every digit."""
    values = np.random.default_rng(3).normal(size=(30, 2))
    np.save(tmp_path / "data.npy", values)
    text = problem_yaml(load_problem("xor-mlp")).replace("inputs: [1, 1]", "inputs: {file: data.npy}")
    text = text.replace("labels: 0", f"labels: {[0] * 30}")
    problem = read_problem(text, name="data", source="data.yaml", folder=tmp_path)
    back = again(problem, problem_yaml(problem))
    assert np.array_equal(back.inputs.values, problem.inputs.values)
    assert (back.inputs.texts is None, back.inputs.values.shape) == (True, (2, 30))
    assert dict(back.document) == dict(problem.document)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30))
def test_any_text_reads_back(text: str) -> None:
    written = f"a: {_scalar(text, in_list=False)}\nb: [{_scalar(text)}, {{{_scalar(text)}: 1}}]\n"
    root = read_yaml(written, "text")
    assert isinstance(root, MapNode)
    plain = to_plain(root)
    assert plain == {"a": text, "b": [text, {text: 1}]}


def test_a_comment_of_several_lines_stays_a_comment() -> None:
    text = problem_yaml(load_problem("xor-mlp"), "first\nlr: 3 " + "long " * 40)
    assert all(line.startswith("# ") for line in text.split("\ntitle:")[0].splitlines())


def test_a_plain_document_is_enough() -> None:
    problem = load_problem("xor-mlp")
    assert isinstance(problem.document, Document)
    assert problem_yaml(problem_from_document(dict(problem.document), name="xor-mlp")) == problem_yaml(problem)
