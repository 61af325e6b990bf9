"""How a correct file is read: the decided readings of the problem file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise.problem import read_problem
from stepwise.problem.model import Number, Rounding
from tests.problem.reading import NETWORK, NEURON, PERCEPTRON, SVM, layers, read, text, texts, values

EVERYTHING = r"""
title: XOR by a sigmoid network
model: network
architecture:
  layout: column
  layers:
    - {units: 2, activation: sigmoid}
    - {units: 1, activation: sigmoid}
  loss: mse
  l2: 0
weights: [[[0.5, 0.5], [-0.5, -0.5]], [[1.0, 1.0]]]
biases: [[-0.2, 0.7], [-0.5]]
inputs: [1, 1]
labels: 0
lr: 0.5
train:
  epochs: 1
  batch_size: 2
  update: [weights, biases]
  method: subgradient
  loss_after: true
rounding:
  carry: true
  decimals: 3
  quantities: {a2: 2, "*_new": 2}
  trailing_zeros: auto
notation:
  style: elementwise
  product: times
  symbols: {a1: h, a2: y, label: t, lr: \eta}
  delta: undivided
  backward: fused
language: en+zh
vary: {weights: {from: -0.9, to: 0.9, step: 0.1, not: [0]}, inputs: {choices: [0, 1, 2]}, labels: any}
marks: {z1: 1, delta1: 2}
ask: [z1, a1, L, delta1, dW1, W1_new]
preprocess: {divide: 255}
"""


def test_every_field_is_read() -> None:
    problem = read_problem(EVERYTHING, name="all", source="all.yaml", folder=None)
    assert problem.title == {"": "XOR by a sigmoid network"}
    assert [(layer.inputs, layer.units, layer.activation.name) for layer in problem.layers] == [
        (2, 2, "sigmoid"),
        (2, 1, "sigmoid"),
    ]
    assert problem.loss is not None
    assert (problem.loss.name, problem.loss.factor, problem.loss.reduction) == ("mse", Number(0.5, "1/2"), "mean")
    assert problem.l2 is None
    assert values(problem.weights[0]) == [[0.5, 0.5], [-0.5, -0.5]]
    assert texts(problem.weights[1]) == [["1.0", "1.0"]]
    assert problem.biases is not None
    assert values(problem.biases[0]) == [[-0.2], [0.7]]
    assert (values(problem.inputs), values(problem.labels), problem.single) == ([[1.0], [1.0]], [[0.0]], True)
    assert problem.lr == Number(0.5, "0.5")
    assert (problem.train.batch_size, problem.train.loss_after) == (2, True)
    assert problem.rounding == Rounding(True, 3, None, (("a2", 2), ("*_new", 2)), "auto")
    assert problem.notation.symbols == {"a1": "h", "a2": "y", "y": "t", "lr": r"\eta"}
    assert problem.languages == ("en", "zh")
    assert problem.marks == {"z1": 1.0, "delta1": 2.0}
    assert problem.ask == ("z1", "a1", "L", "delta1", "dW1", "W1_new")
    assert problem.vary["weights"] == {"from": -0.9, "to": 0.9, "step": 0.1, "not": [0]}
    assert problem.preprocess is not None
    assert texts(problem.preprocess.divide) == [["255"]]


def test_what_is_left_out_has_its_default() -> None:
    problem = read(NEURON)
    assert (problem.model, problem.layout, problem.languages) == ("network", "column", ("en",))
    assert (problem.lr, problem.biases, problem.l2, problem.preprocess) == (None, None, None, None)
    assert problem.rounding == Rounding(False, 4)
    assert problem.title == {"": "test"}
    assert problem.train.update == {"weights", "biases"}


def test_an_empty_field_is_left_out() -> None:
    problem = read(NEURON, lr="", train="~", biases="null")
    assert (problem.lr, problem.biases) == (None, None)


# ---- rule 2: samples


@pytest.mark.parametrize(
    ("layout", "inputs", "single", "expected"),
    [
        ("column", "[1, 2]", True, [[1.0], [2.0]]),
        ("row", "[1, 2]", True, [[1.0, 2.0]]),
        ("column", "[[1, 2]]", False, [[1.0], [2.0]]),
        ("row", "[[1, 2]]", False, [[1.0, 2.0]]),
        ("column", "[[1, 2], [3, 4], [5, 6]]", False, [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]),
        ("row", "[[1, 2], [3, 4], [5, 6]]", False, [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
    ],
)
def test_a_list_of_samples_is_one_in_both_layouts(layout: str, inputs: str, single: bool, expected: Any) -> None:
    problem = read(architecture=layers("relu", layout=layout), weights="[[1, 1]]", inputs=inputs)
    assert (values(problem.inputs), problem.single) == (expected, single)
    assert problem.samples == len(expected[0] if layout == "column" else expected)
    assert problem.weights[0].shape == ((1, 2) if layout == "column" else (2, 1))


def test_a_number_is_one_sample_of_one_feature() -> None:
    assert (values(read(NEURON).inputs), read(NEURON).single) == ([[2.0]], True)


# ---- rule 11: weights by the number of layers, vectors as neighbours need them


@pytest.mark.parametrize(
    ("count", "layout", "weights", "inputs", "shapes"),
    [
        (1, "column", "0.5", "2", [(1, 1)]),
        (1, "column", "[0.5]", "2", [(1, 1)]),
        (1, "column", "[1, 1.5]", "[1, 2]", [(1, 2)]),
        (1, "column", "[1, 1.5]", "1", [(2, 1)]),
        (1, "row", "[1, 1.5]", "[1, 2]", [(2, 1)]),
        (1, "row", "[1, 1.5]", "1", [(1, 2)]),
        (1, "row", "[[1, 1.5]]", "[1, 2]", [(2, 1)]),
        (1, "column", "[[1, 1.5], [2, 2.5]]", "[1, 2]", [(2, 2)]),
        (1, "column", "[[[1, 1.5], [2, 2.5]]]", "[1, 2]", [(2, 2)]),
        (2, "column", "[1, 1.5]", "3", [(1, 1), (1, 1)]),
        (2, "column", "[[1, 2], [3, 4]]", "1", [(2, 1), (1, 2)]),
        (2, "column", "[[1, 2], [3, 4]]", "[1, 2]", [(1, 2), (2, 1)]),
        (2, "row", "[[1, 2], [3, 4]]", "1", [(1, 2), (2, 1)]),
        (2, "column", "[[[1, 2], [3, 4], [5, 6]], [7, 8, 9]]", "[1, 2]", [(3, 2), (1, 3)]),
        (2, "row", "[[[1, 2, 3], [4, 5, 6]], [7, 8, 9]]", "[1, 2]", [(2, 3), (3, 1)]),
    ],
)
def test_weights_are_read_by_the_number_of_layers(
    count: int, layout: str, weights: str, inputs: str, shapes: list[tuple[int, int]]
) -> None:
    problem = read(architecture=layers(*["relu"] * count, layout=layout), weights=weights, inputs=inputs)
    assert [given.shape for given in problem.weights] == shapes
    assert all(given.values is not None and given.values.shape == given.shape for given in problem.weights)
    units = [layer.units for layer in problem.layers]
    assert units == [shape[0 if layout == "column" else 1] for shape in shapes]


def test_a_matrix_keeps_its_rows() -> None:
    problem = read(architecture=layers("relu", layout="row"), weights="[[1, 2, 3], [4, 5, 6]]", inputs="[1, 2]")
    assert values(problem.weights[0]) == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]


@pytest.mark.parametrize(
    ("biases", "expected", "typed"),
    [
        ("0", [[[0.0], [0.0]], [[0.0], [0.0]]], "0"),
        ("0.0", [[[0.0], [0.0]], [[0.0], [0.0]]], "0.0"),
        ("[[1, 2], [3, 4]]", [[[1.0], [2.0]], [[3.0], [4.0]]], "1"),
        ("[0, [3, 4]]", [[[0.0], [0.0]], [[3.0], [4.0]]], "0"),
        ("[[[1], [2]], [[3, 4]]]", [[[1.0], [2.0]], [[3.0], [4.0]]], "1"),
    ],
)
def test_biases(biases: str, expected: Any, typed: str) -> None:
    problem = read(NETWORK, biases=biases)
    assert problem.biases is not None
    assert [values(given) for given in problem.biases] == expected
    assert texts(problem.biases[0])[0] == [typed]


@pytest.mark.parametrize(
    ("biases", "expected"), [("[1, 2]", [[1.0, 2.0]]), ("[[1, 2]]", [[1.0, 2.0]]), ("0", [[0.0, 0.0]])]
)
def test_biases_of_one_layer_in_row_layout(biases: str, expected: Any) -> None:
    architecture = layers("relu", layout="row")
    problem = read(architecture=architecture, weights="[[1, 2], [3, 4]]", inputs="[1, 2]", biases=biases)
    assert problem.biases is not None
    assert values(problem.biases[0]) == expected


def test_no_biases_and_a_bias_of_zero_differ() -> None:
    assert read(NEURON).biases is None
    zero = read(NEURON, biases="0").biases
    assert zero is not None
    assert values(zero[0]) == [[0.0]]


# ---- labels


SOFTMAX = {
    "architecture": layers("softmax", loss="cross_entropy"),
    "weights": "[[1, 2], [3, 4], [5, 6]]",
    "inputs": "[1, 2]",
}
BATCH = {**SOFTMAX, "inputs": "[[1, 2], [3, 4], [5, 6]]"}


@pytest.mark.parametrize(
    ("base", "labels", "expected"),
    [
        (SOFTMAX, "2", [[0, 0, 1]]),
        (SOFTMAX, "[2]", [[0, 0, 1]]),
        (SOFTMAX, "[0, 1, 0]", [[0, 1, 0]]),
        (SOFTMAX, "[[0, 1, 0]]", [[0, 1, 0]]),
        (SOFTMAX, "[0.2, 0.3, 50%]", [[0.2, 0.3, 0.5]]),
        (BATCH, "[1, 0, 0]", [[0, 1, 0], [1, 0, 0], [1, 0, 0]]),
        (BATCH, "[[1], [0], [2]]", [[0, 1, 0], [1, 0, 0], [0, 0, 1]]),
        (BATCH, "[[1, 0, 0], [0, 0, 1], [1/3, 1/3, 1/3]]", [[1, 0, 0], [0, 0, 1], [1 / 3] * 3]),
    ],
)
@pytest.mark.parametrize("layout", ["column", "row"])
def test_labels_under_a_softmax(base: dict[str, str], labels: str, expected: Any, layout: str) -> None:
    architecture = layers("softmax", loss="cross_entropy", layout=layout)
    weights = base["weights"] if layout == "column" else "[[1, 3, 5], [2, 4, 6]]"
    problem = read({**base, "architecture": architecture, "weights": weights}, labels=labels)
    assert problem.labels is not None
    assert problem.labels.values is not None
    rows = problem.labels.values.T if layout == "column" else problem.labels.values
    assert rows.tolist() == expected


def test_class_indices_get_the_texts_of_a_one_hot_row() -> None:
    assert texts(read(SOFTMAX, labels="2").labels) == [["0"], ["0"], ["1"]]


def test_class_indices_under_a_softmax_with_another_loss() -> None:
    assert values(read(SOFTMAX, architecture=layers("softmax"), labels="2").labels) == [[0.0], [0.0], [1.0]]


@pytest.mark.parametrize(("labels", "expected"), [("[1, 0]", [[1.0, 0.0]]), ("[[1], [0]]", [[1.0, 0.0]])])
def test_one_label_a_sample(labels: str, expected: Any) -> None:
    assert values(read(NEURON, inputs="[[1], [2]]", labels=labels).labels) == expected


def test_perceptron_and_svm() -> None:
    machine = read(SVM)
    assert machine.weights[0].shape == (2, 1)
    assert machine.loss is not None
    assert (machine.loss.name, machine.loss.reduction, machine.l2) == ("hinge", "sum", Number(1.0, "1"))
    assert values(machine.labels) == [[1.0, -1.0]]
    unit = read(PERCEPTRON)
    assert (unit.loss, unit.layers[0].activation.name) == (None, "step")
    assert unit.biases is not None
    assert unit.biases[0].shape == (1, 1)
    assert values(read(PERCEPTRON, labels="[-1, 1]").labels) == [[-1.0, 1.0]]
    assert read(SVM, architecture="{layout: row}").labels.shape == (2, 1)  # type: ignore[union-attr]


def test_the_inverse_schedule() -> None:
    problem = read(SVM, lr="{schedule: inverse}", train="{method: pegasos}")
    assert (problem.schedule, problem.train.method) == ("inverse", "pegasos")
    assert read(SVM, lr="{value: 0.10}").lr == Number(0.1, "0.10")


# ---- rule 8: what is left out


def test_labels_left_out() -> None:
    assert read(NEURON, labels=None).labels is None


def test_neg_log_sigmoid_needs_no_labels_and_takes_ones() -> None:
    base = {**NEURON, "architecture": layers("identity", loss="neg_log_sigmoid")}
    assert read(base, labels=None).labels is None
    assert values(read(base, labels="1").labels) == [[1.0]]


@pytest.mark.parametrize(
    "fields",
    [
        {"inputs": "{shape: [100, 2]}", "weights": None, "labels": "{shape: [100, 2]}"},
        {"inputs": "{shape: [100, 2]}", "labels": "{shape: 100}"},
        {"inputs": "{shape: [100, 2]}", "weights": "{init: xavier_uniform}", "labels": None},
        {"weights": "[{shape: [2, 2]}, {shape: [2, 2]}]"},
        {"labels": "{shape: [2]}", "biases": "[[1, 2], [3, 4]]"},
        {"preprocess": "{divide: {shape: 2}}"},
        {"preprocess": "{standardize: {mean: {shape: 2}, std: 1}}"},
    ],
)
def test_one_shape_without_numbers_makes_a_problem_of_shapes(fields: dict[str, str | None]) -> None:
    problem = read(NETWORK, **fields)
    assert not problem.has_numbers
    parts = [*problem.weights, *(problem.biases or ()), problem.inputs, *([problem.labels] if problem.labels else [])]
    assert all(given.values is None and given.texts is None for given in parts)
    if problem.preprocess is not None:
        prepared = (problem.preprocess.divide, problem.preprocess.mean, problem.preprocess.std)
        assert all(given is None or given.values is None for given in prepared)
    assert [given.shape for given in problem.weights] == [(2, 2), (2, 2)]
    assert problem.labels is None or problem.labels.shape == (2, problem.samples)


def test_batch_shapes_in_row_layout() -> None:
    architecture = "{layout: row, layers: [{units: 3, activation: softmax}], loss: cross_entropy}"
    problem = read(architecture=architecture, inputs="{shape: [100, 2]}", labels="{shape: [100, 3]}", biases="0")
    assert (problem.inputs.shape, problem.weights[0].shape, problem.samples) == ((100, 2), (2, 3), 100)
    assert problem.biases is not None
    assert (problem.biases[0].shape, problem.labels is not None and problem.labels.shape) == ((1, 3), (100, 3))


# ---- activations, losses, settings


def test_parameters_of_an_activation() -> None:
    problem = read(NEURON, architecture="{layers: [{activation: {name: leaky_relu, alpha: 0.10}}], loss: mse}")
    assert problem.layers[0].activation.parameters == {"alpha": Number(0.1, "0.10")}
    default = read(NEURON, architecture=layers("leaky_relu")).layers[0].activation
    assert default.parameters == {"alpha": Number(0.01, "0.01")}


def test_parts_of_a_loss() -> None:
    architecture = "{layers: [{activation: sigmoid}], loss: {name: mse, factor: '1', reduction: sum}, l2: 0.10}"
    problem = read(NEURON, architecture=architecture)
    assert problem.loss is not None
    assert (problem.loss.factor, problem.loss.reduction) == (Number(1.0, "1"), "sum")
    assert problem.l2 == Number(0.1, "0.10")


@pytest.mark.parametrize(("typed", "read_as"), [("auto", "auto"), ("true", "always"), ("false", "never")])
def test_trailing_zeros(typed: str, read_as: str) -> None:
    assert read(NEURON, rounding=f"{{trailing_zeros: {typed}}}").rounding.trailing_zeros == read_as


def test_figures_take_the_place_of_decimals() -> None:
    rounding = read(NEURON, rounding="{figures: 3}").rounding
    assert (rounding.figures, rounding.decimals) == (3, None)


@pytest.mark.parametrize(("typed", "languages"), [("zh", ("zh",)), ("en+zh", ("en", "zh")), ("zh + en", ("zh", "en"))])
def test_language(typed: str, languages: tuple[str, ...]) -> None:
    assert read(NEURON, language=typed).languages == languages


def test_a_title_in_two_languages() -> None:
    assert read(NEURON, title="{en: One neuron, zh: 一个神经元}").title == {"en": "One neuron", "zh": "一个神经元"}


def test_a_title_is_text_whatever_it_looks_like() -> None:
    assert read(NEURON, title="0.10").title == {"": "0.10"}
    assert read(NEURON, title="no").title == {"": "no"}
    assert read(NEURON, title=r"'$\write18{…}$ <script>'").title == {"": r"$\write18{…}$ <script>"}


@pytest.mark.parametrize("divide", ["255", "[1, 255]"])
def test_preprocessing_by_feature(divide: str) -> None:
    problem = read(NETWORK, preprocess=f"{{divide: {divide}}}")
    assert problem.preprocess is not None
    assert problem.preprocess.divide is not None
    assert problem.preprocess.divide.shape == ((1, 1) if divide == "255" else (2, 1))


def test_standardising() -> None:
    problem = read(NETWORK, preprocess="{standardize: {mean: [1, 2], std: 0.50}}")
    assert problem.preprocess is not None
    assert values(problem.preprocess.mean) == [[1.0], [2.0]]
    assert texts(problem.preprocess.std) == [["0.50"]]


@pytest.mark.parametrize("symbol", [r"\eta", r"\hat{y}", "h", "w_{ij}^{(1)}", r"\mathbf{x}", "权", "η", "x'"])
def test_symbols(symbol: str) -> None:
    quoted = symbol.replace("'", "''")
    assert read(NEURON, notation=f"{{symbols: {{z1: '{quoted}'}}}}").notation.symbols == {"z1": symbol}


def test_a_quoted_number_is_a_number() -> None:
    assert texts(read(NEURON, inputs="'0.10'").inputs) == [["0.10"]]


def test_values_are_the_same_whatever_way_they_are_typed() -> None:
    first, second = read(NETWORK), read(NETWORK, inputs="['1', 2.0]")
    assert np.array_equal(first.inputs.values, second.inputs.values)  # type: ignore[arg-type]
    assert text(NETWORK) != text(NETWORK, inputs="['1', 2.0]")
