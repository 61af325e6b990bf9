"""The document of a problem: JSON-able, self-contained, and the same problem when read again."""

from __future__ import annotations

import json
import math
import pickle
from typing import Any

import numpy as np
import pytest
from msgspec import Struct
from msgspec.structs import asdict

from stepwise.errors import SpecError
from stepwise.problem import Problem, load_problem, problem_from_document, read_problem, shipped_problems, with_options
from stepwise.problem.model import Given
from tests.problem.reading import NETWORK, NEURON, read
from tests.problem.test_readings import EVERYTHING


def plain(value: Any) -> Any:
    """A problem's parts in a form that can be compared."""
    if isinstance(value, Given):
        values = None if value.values is None else [plain(number) for number in value.values.flat]
        arrays = [values, None if value.texts is None else value.texts.tolist()]
        return ("given", value.shape, *arrays)
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, Struct):
        return {name: plain(item) for name, item in asdict(value).items()}
    # a letter has no value, and what is not a number does not equal itself
    return "no number" if isinstance(value, float) and math.isnan(value) else value


def parts(problem: Problem) -> dict[str, Any]:
    return {name: plain(value) for name, value in asdict(problem).items() if name not in {"name", "source", "document"}}


def through_json(problem: Problem) -> Problem:
    return problem_from_document(json.loads(json.dumps(dict(problem.document))), name=problem.name)


@pytest.mark.parametrize("name", shipped_problems())
def test_a_shipped_problem_comes_back(name: str) -> None:
    problem = load_problem(name)
    assert parts(through_json(problem)) == parts(problem)
    assert through_json(problem).document == problem.document


@pytest.mark.parametrize(
    "fields",
    [
        {"inputs": "['0.10', 1/3]", "lr": "1e-3", "labels": "[50%, 0.50]"},
        {"inputs": "[1.0, -0.0]", "biases": "0.0"},
        {"title": "0.10", "ask": "[z1, '1']", "vary": "{weights: any, inputs: {choices: ['0.10', 0.10]}}"},
        {"inputs": "{values: [[1, 2], [0.1, 3]]}", "labels": "[0, 1]"},
        {"inputs": "{shape: [5, 2]}", "labels": None, "weights": "{init: he_normal, seed: 3}"},
    ],
)
def test_what_was_typed_comes_back(fields: dict[str, str | None]) -> None:
    problem = read(NETWORK, **fields)
    again = problem_from_document(json.loads(json.dumps(dict(problem.document))), name=problem.name)
    assert parts(again) == parts(problem)


def test_every_field_comes_back() -> None:
    problem = read_problem(EVERYTHING, name="all", source="all.yaml", folder=None)
    assert parts(through_json(problem)) == parts(problem)
    assert problem.document["notation"]["symbols"]["lr"] == r"\eta"


def test_numbers_whose_text_json_would_change_are_text() -> None:
    document = read(NETWORK, inputs="[0.10, 1]", lr="0.5").document
    assert document["inputs"] == ["0.10", 1]
    assert type(document["inputs"][1]) is int
    assert document["lr"] == 0.5


def test_values_nobody_typed_have_no_texts() -> None:
    assert read(NETWORK, inputs="{values: [1, 0.10]}").inputs.texts is None


def test_a_problem_can_be_sent_to_another_process() -> None:
    problem = load_problem("xor-mlp")
    again = pickle.loads(pickle.dumps(problem))
    assert parts(again) == parts(problem)
    assert again.document == problem.document


@pytest.mark.parametrize("data", [[1], "x", None, {"inputs": float("nan")}, {}, {"a": {}}])
def test_a_document_that_is_no_problem(data: Any) -> None:
    with pytest.raises(SpecError):
        problem_from_document(data)


def test_a_deep_document() -> None:
    data: Any = [1]
    for _ in range(500):
        data = [data]
    with pytest.raises(SpecError, match="inside one another"):
        problem_from_document({"inputs": data})


def test_arrays_in_a_document() -> None:
    document = {**dict(read(NETWORK).document), "inputs": np.array([1.0, 2.0])}
    assert problem_from_document(document).inputs.shape == (2, 1)


# ---- options


def test_options_win_over_the_file() -> None:
    problem = read(NEURON, rounding="{carry: true, decimals: 3, quantities: {a1: 2}}", language="zh")
    changed = with_options(problem, carry=False, figures=5, languages=("en", "zh"))
    assert (changed.rounding.carry, changed.rounding.decimals, changed.rounding.figures) == (False, None, 5)
    assert changed.rounding.quantities == (("a1", 2),)
    assert changed.languages == ("en", "zh")
    assert parts(through_json(changed)) == parts(changed)


def test_what_no_option_names_stays() -> None:
    problem = read(NEURON, rounding="{carry: true, figures: 3}", language="zh")
    assert parts(with_options(problem)) == parts(problem)
    assert with_options(problem).document == problem.document
    assert with_options(problem, decimals=2).rounding.figures is None
    assert with_options(problem, decimals=2).rounding.carry is True
    assert parts(through_json(with_options(problem, decimals=2))) == parts(with_options(problem, decimals=2))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decimals": 13}, "decimals: 13 is not a whole number from 0 to 12"),
        ({"decimals": -1}, "decimals: -1 is not a whole number from 0 to 12"),
        ({"figures": 0}, "figures: 0 is not a whole number from 1 to 12"),
    ],
)
def test_options_out_of_range(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        with_options(read(NEURON), **options)


def test_decimals_and_figures_exclude_one_another() -> None:
    with pytest.raises(ValueError, match="exclude"):
        with_options(read(NEURON), decimals=2, figures=3)
