"""What may stand in the places that vary: as a file writes it, or what is usual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepwise.errors import SpecError, UnsupportedError
from stepwise.problem import Problem, load_problem
from stepwise.sheets.varying import variation_of

from .by_hand import leaves
from .chance import tenths
from .made import documents, one_layer, problem

FREE = {
    "alive": False,
    "unsaturated": False,
    "gradient_units": 0,
    "loss_above": 0,
    "both_sides": False,
    "same_facts": False,
    "mistakes_show": False,
}
"""No condition but that every number is one."""


def free(**fields: Any) -> dict[str, Any]:
    return {**fields, "conditions": FREE}


def grids(one: Problem, name: str, vary: dict[str, Any] | None = None) -> list[list[str] | None]:
    """The numbers that may stand in each place of a field; None where nothing varies."""
    for field in variation_of(one, vary).fields:
        if field.name == name:
            return [None if grid is None else list(grid.texts) for grid in field.grids]
    return []


# ---- grids of a file


@pytest.mark.parametrize(
    ("rule", "numbers"),
    [
        ({"from": -0.2, "to": 0.2, "step": 0.1}, ["-0.2", "-0.1", "0.0", "0.1", "0.2"]),
        ({"from": -0.2, "to": 0.2, "step": 0.1, "not": [0]}, ["-0.2", "-0.1", "0.1", "0.2"]),
        ({"from": 1, "to": 2, "step": "0.25"}, ["1.00", "1.25", "1.50", "1.75", "2.00"]),
        ({"from": "0.5", "to": 3, "step": 1}, ["0.5", "1.5", "2.5"]),
        ({"from": 1, "to": 9, "step": 3, "not": [4, "7.0"]}, ["1"]),
        ({"from": 0, "to": "50%", "step": "25%"}, ["0.00", "0.25", "0.50"]),
        ({"choices": [1, -2, "0.50"]}, ["1", "-2", "0.50"]),
        ({"choices": [1, 1, 2, "1.0"]}, ["1", "2"]),
        ({"choices": [1, 2, 3], "not": [2]}, ["1", "3"]),
        ({"choices": ["1/3", "2/3"]}, ["1/3", "2/3"]),
    ],
    ids=str,
)
def test_a_grid_of_a_file_has_these_numbers(rule: dict[str, Any], numbers: list[str]) -> None:
    other = {"weights": "any", "inputs": rule}
    assert grids(problem(), "inputs", other) == [numbers] * 2


def test_a_single_number_takes_the_place_of_what_stands_there() -> None:
    drawn = documents(problem(vary={"weights": "any", "inputs": {"choices": [5]}}), 3)
    assert {text for document in drawn for text in leaves(document["inputs"])} == {"5"}


def test_a_learning_rate_that_is_none_is_refused() -> None:
    with pytest.raises(SpecError, match=r"vary\.lr: a learning rate that is not positive may be drawn"):
        variation_of(problem(), {"weights": "any", "lr": {"choices": [0, 0.5]}})


def test_only_numbers_of_the_grid_are_drawn_and_each_is() -> None:
    drawn = documents(problem(vary=free(inputs={"choices": [1, -2, "0.50"]}, weights="any")), 200)
    assert {text for document in drawn for text in leaves(document["inputs"])} == {"1", "-2", "0.50"}


def test_each_number_is_drawn_as_often_as_any_other() -> None:
    drawn = documents(problem(vary=free(weights=[{"from": 1, "to": 8, "step": 1}, "keep"])), 1000)
    counts = np.unique([int(text) for document in drawn for text in leaves(document["weights"][0])], return_counts=True)
    # 4,000 draws of 8 numbers: 500 each, give or take four times √(4000·⅛·⅞)
    assert counts[0].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert np.abs(counts[1] - 500).max() < 84


def test_layers_have_rules_of_their_own() -> None:
    first, second = {"choices": [1, 2]}, "keep"
    one = problem(vary={"weights": [first, second], "biases": ["keep", {"choices": [5, 6]}]})
    assert grids(one, "weights") == [["1", "2"]] * 4 + [None] * 2
    assert grids(one, "biases") == [None, None, ["5", "6"]]
    assert grids(problem(vary={"weights": ["any", "keep"]}), "weights") == [tenths(-9, 9)] * 4 + [None] * 2


def test_what_a_vary_block_does_not_name_stays() -> None:
    drawn = documents(problem(vary=free(inputs={"choices": [1, 2, 3, 4]})), 8)
    original = dict(problem().document)
    for document in drawn:
        assert all(document[name] == original[name] for name in ("weights", "biases", "labels", "lr"))
    assert len({tuple(leaves(document["inputs"])) for document in drawn}) == 8


def test_the_learning_rate_varies_where_a_file_says_so() -> None:
    rates = {"choices": [0.1, 0.2, 0.5]}
    drawn = documents(problem(vary=free(weights="any", lr=rates)), 40)
    assert {str(document["lr"]) for document in drawn} == {"0.1", "0.2", "0.5"}
    scheduled = problem(lr={"value": 0.1}, vary=free(weights="any", lr=rates))
    assert {str(document["lr"]["value"]) for document in documents(scheduled, 40)} == {"0.1", "0.2", "0.5"}


@pytest.mark.parametrize(
    ("vary", "path", "message", "hint"),
    [
        ({"weights": {"from": 0.5, "to": 1}}, "vary.weights", "`step` is missing", "choices"),
        ({"inputs": {"to": 1, "step": 1}}, "vary.inputs", "`from` is missing", "choices"),
        ({"inputs": {"choices": [1], "step": 1}}, "vary.inputs", "exclude one another", "one of them"),
        ({"inputs": {"from": 1, "to": 2, "step": 0}}, "vary.inputs", "step 0 is not positive", "0.1"),
        ({"inputs": {"from": 1, "to": 2, "step": -1}}, "vary.inputs", "step -1 is not positive", "0.1"),
        ({"inputs": {"from": 2, "to": 1, "step": 1}}, "vary.inputs", "ends at 1, below 2", "exchange"),
        ({"inputs": {"from": 0, "to": 1, "step": "1e-9"}}, "vary.inputs", "1,000,000,001 numbers", "larger step"),
        ({"inputs": {"choices": [1, 2], "not": [1, 2]}}, "vary.inputs", "no number is left", "fewer"),
        ({"weights": ["any"]}, "vary.weights", "1 rules for 2 layers", "one alone"),
        ({"labels": "random class"}, "vary.labels", "numbers, not classes", "any"),
    ],
    ids=str,
)
def test_a_grid_that_cannot_be_says_where_and_what_to_write(
    vary: dict[str, Any], path: str, message: str, hint: str
) -> None:
    with pytest.raises(SpecError) as caught:
        variation_of(problem(), vary)
    (fault,) = caught.value.faults
    assert fault.path == path
    assert message in fault.message
    assert hint in fault.hint


def test_classes_and_schemes_take_no_grids() -> None:
    classes = one_layer("softmax", "cross_entropy", [1, 2], 0, 3)
    with pytest.raises(SpecError, match=r"vary\.labels: the labels are classes.*random class"):
        variation_of(classes, {"labels": {"choices": [0, 1]}})
    with pytest.raises(SpecError, match=r"vary\.weights: weights that are drawn by a scheme.*weights: any"):
        variation_of(problem(weights={"init": "he_uniform", "seed": 1}), {"weights": {"choices": [1]}})


def test_one_number_for_all_biases_cannot_vary() -> None:
    with pytest.raises(SpecError, match=r"vary\.biases: one number stands for all biases.*write every bias out"):
        variation_of(problem(biases=0), {"biases": {"choices": [0, 1]}})


def test_nothing_varies_says_what_to_write() -> None:
    for vary in ({"weights": "keep"}, {"inputs": {"choices": [1]}}):
        with pytest.raises(UnsupportedError, match=r"nothing varies.*weights: any"):
            variation_of(problem(), vary)


# ---- usual grids


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        # as many decimals as the original, about as large, from one unit on where nothing is negative
        ([1, 2], [["1", "2", "3"]] * 2),
        ([1, 5], [["1", "2", "3", "4", "5"]] * 2),
        ([0.5, 0.7], [tenths(1, 9)] * 2),
        ([0.5, 1.4], [tenths(1, 14)] * 2),
        ([0.5, -0.7], [tenths(-9, 9)] * 2),
        ([0.25, -0.1], [tenths(-25, 25, 100)] * 2),
        ([0.15, 0.1], [tenths(1, 15, 100)] * 2),
        ([-2, 1], [["-3", "-2", "-1", "1", "2", "3"]] * 2),
        # measurements (twenty units of the last decimal, nothing negative) stay between the least and the largest
        (["0.50", 1], [tenths(50, 100, 100)] * 2),
        ([51, 255], [[str(grey) for grey in range(51, 256)]] * 2),
        ([3.5, 4.5], [tenths(35, 45)] * 2),
    ],
    ids=lambda value: str(value)[:12],
)
def test_usual_inputs_of_one_sample(inputs: list[Any], expected: list[list[str]]) -> None:
    assert grids(problem(inputs=inputs), "inputs") == expected


def test_usual_weights_have_both_signs_and_each_layer_its_own_size() -> None:
    one = problem(weights=[[[0.5, 0.4], [0.3, 1.2]], [[3, 2]]], biases=[[0, 0], [0.25]])
    assert grids(one, "weights") == [tenths(-12, 12)] * 4 + [["-3", "-2", "-1", "1", "2", "3"]] * 2
    # biases that are all zero stay zero
    assert grids(one, "biases") == [None, None, tenths(-25, 25, 100)]


def test_usual_columns_of_a_table_have_grids_of_their_own() -> None:
    one = one_layer("identity", "mse", [[60, 2], [90, 3], [150, 5]], [1.1, 1.8, 3.2])
    square, rooms = [str(size) for size in range(60, 151)], ["1", "2", "3", "4", "5"]
    assert grids(one, "inputs") == [square, rooms] * 3
    assert grids(one, "labels") == [tenths(11, 32)] * 3


def test_a_truth_table_stays_unless_a_file_says_otherwise() -> None:
    table = one_layer("sigmoid", "binary_cross_entropy", [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    assert grids(table, "inputs") == grids(table, "labels") == []
    assert grids(table, "inputs", {"inputs": {"choices": [0, 1]}}) == [["0", "1"]] * 8
    assert grids(table, "labels", {"labels": "random class"}) == [["0", "1"]] * 4


def test_the_learning_rate_stays_by_default() -> None:
    assert grids(problem(), "lr") == []


def test_numbers_from_data_files_are_drawn_column_by_column(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1.5,20\n2.5,45\n0.5,31\n")
    (tmp_path / "mine.yaml").write_text(
        "architecture: {layout: row, layers: [{units: 1, activation: identity}], loss: mse}\n"
        "weights: [[[0.1], [0.2]]]\ninputs: {file: x.csv}\nlabels: [1.5, 2, 3]\nlr: 0.1\n"
    )
    one = load_problem(str(tmp_path / "mine.yaml"))
    assert grids(one, "inputs") == [tenths(5, 25), [str(size) for size in range(20, 46)]] * 3
    for document in documents(one, 5):
        assert [len(row) for row in document["inputs"]] == [2, 2, 2]
