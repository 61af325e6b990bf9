"""Letters in place of numbers: which texts are letters, where they may stand, and that they are kept as typed."""

from __future__ import annotations

import json

import numpy as np
import pytest

from stepwise.errors import SpecError
from stepwise.problem import Problem, problem_from_document, read_problem

LETTERED = """
architecture: {layers: [{activation: sigmoid}], loss: mse}
weights: [[w11, 0.5]]
biases: [b]
inputs: [1, x_2]
labels: t
lr: η
"""


def lettered(**changes: str) -> Problem:
    lines = [line for line in LETTERED.strip().splitlines() if line.split(":")[0] not in changes]
    text = "\n".join([*lines, *(f"{name}: {value}" for name, value in changes.items())])
    return read_problem(text, name="lettered", source="lettered.yaml", folder=None)


def test_a_letter_is_kept_as_typed_and_has_no_value() -> None:
    problem = lettered()
    assert problem.has_letters
    assert problem.weights[0].texts is not None
    assert problem.weights[0].texts.tolist() == [["w11", "0.5"]]
    assert problem.weights[0].values is not None
    assert np.isnan(problem.weights[0].values).tolist() == [[True, False]]
    assert problem.lr is not None
    assert problem.lr.text == "η"
    numbers = lettered(weights="[[1, 0.5]]", biases="[0]", inputs="[1, 2]", labels="1", lr="1")
    assert not numbers.has_letters


def test_letters_go_out_and_in_again() -> None:
    problem = lettered()
    again = problem_from_document(json.loads(json.dumps(dict(problem.document))))
    assert again.has_letters
    assert dict(again.document) == dict(problem.document)


@pytest.mark.parametrize("letter", ["w", "w1", "w_1", "w1_12", "W_out", "alpha", "Δ", "theta_3"])
def test_what_is_a_letter(letter: str) -> None:
    assert lettered(biases=f"[{letter}]").has_letters


@pytest.mark.parametrize("text", ["ww", "nan", "inf", "w-1", "w 1", "1w", "sigmoid", "w__1", "权", "_w", "w."])
def test_what_is_none(text: str) -> None:
    with pytest.raises(SpecError, match=r"biases|cannot"):
        lettered(biases=f"['{text}']")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"preprocess": "{divide: c}"}, "'c' is not a number"),
        ({"architecture": "{layers: [{activation: sigmoid}], loss: mse, l2: k}"}, "'k' is not a number"),
        (
            {
                "architecture": "{layers: [{activation: softmax}], loss: cross_entropy}",
                "weights": "[[[1, 2], [3, 4]]]",
                "biases": "0",
                "inputs": "[[1, 2], [3, 4]]",
                "labels": "[c, 0]",
            },
            "the class is a letter",
        ),
    ],
)
def test_where_no_letter_may_stand(changes: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        lettered(**changes)
