"""What is wrong with a file is said in one line a fault: where, what, and what to write instead."""

from __future__ import annotations

import time

import pytest

from stepwise.errors import SpecError
from stepwise.problem import read_problem
from tests.problem.reading import (
    NETWORK,
    NEURON,
    PERCEPTRON,
    SVM,
    faults,
    faults_of,
    layers,
    line_of,
    only_fault,
    text,
)

SOFTMAX = {
    "architecture": layers("softmax", loss="cross_entropy"),
    "weights": "[[1, 2], [3, 4], [5, 6]]",
    "inputs": "[[1, 2], [3, 4]]",
}
ADALINE = {**NEURON, "architecture": layers("identity")}

_MANY_NAMES = ", ".join(f"a{i}: 1" for i in range(1001))

# ---- fields


def test_a_missing_field() -> None:
    fault = only_fault(NETWORK, inputs=None)
    assert (fault.path, fault.message) == ("inputs", "missing field")
    assert fault.hint


def test_missing_weights_layers_activation_loss() -> None:
    assert only_fault(NETWORK, weights=None).path == "weights"
    assert [fault.path for fault in faults(inputs="1")] == ["architecture.layers", "weights"]
    assert (
        only_fault(NEURON, architecture="{layers: [{units: 1}], loss: mse}").path == "architecture.layers[1].activation"
    )
    assert only_fault(NEURON, architecture="{layers: [{activation: sigmoid}]}").path == "architecture.loss"


@pytest.mark.parametrize(
    ("field", "meant"),
    [
        ("wieghts", "weights"),
        ("lables", "labels"),
        ("learning_rate", "lr"),
        ("loss", "architecture.loss"),
        ("epochs", "train.epochs"),
        ("symbols", "notation.symbols"),
        ("learning_rat", "lr"),
        ("learing_rate", "lr"),
        ("eta", "lr"),
        ("batch_size", "train.batch_size"),
        ("epoch", "train.epochs"),
        ("lambda", "architecture.l2"),
        ("weight_decay", "architecture.l2"),
        ("w", "weights"),
        ("W", "weights"),
        ("weight", "weights"),
        ("x", "inputs"),
        ("X", "inputs"),
        ("input", "inputs"),
        ("y", "labels"),
        ("t", "labels"),
        ("label", "labels"),
        ("target", "labels"),
        ("targets", "labels"),
        ("activations", "architecture.layers"),
    ],
)
def test_an_unknown_field(field: str, meant: str) -> None:
    written = text(NETWORK) + f"{field}: 1\n"
    (fault,) = faults_of(written)
    assert (fault.line, fault.path) == (line_of(written, f"{field}:"), field)
    assert fault.hint == f"did you mean `{meant}`?"


@pytest.mark.parametrize("field", ["b", "bias"])
def test_biases_by_another_name(field: str) -> None:
    assert only_fault(NETWORK, **{field: "0"}).hint == "did you mean `biases`?"


def test_an_unknown_field_inside() -> None:
    fault = only_fault(NETWORK, train="{epoch: 3}")
    assert (fault.path, fault.hint) == ("train.epoch", "did you mean `train.epochs`?")


@pytest.mark.parametrize(
    ("fields", "path", "hint"),
    [
        ({"model": "preceptron"}, "model", "did you mean `perceptron`?"),
        ({"model": "forest"}, "model", "write one of: network, svm, perceptron, separability"),
        ({"architecture": layers("ReLU")}, "architecture.layers[1].activation", "did you mean `relu`?"),
        ({"architecture": layers("{name: leaky}")}, "architecture.layers[1].activation.name", "`leaky_relu`"),
        ({"architecture": layers("relu", loss="CrossEntropy")}, "architecture.loss", "`cross_entropy`"),
        ({"architecture": layers("relu", layout="colunm")}, "architecture.layout", "did you mean `column`?"),
        ({"notation": "{backward: matrices}"}, "notation.backward", "write one of: chain, fused, jacobian"),
        ({"notation": "{backward: jacobians}"}, "notation.backward", "did you mean `jacobian`?"),
        ({"train": "{update: [weight]}"}, "train.update[1]", "did you mean `weights`?"),
        ({"train": "{update: [biases]}"}, "train.update", "add the field `biases`, or leave `update` out"),
        ({"weights": "{init: xavier, seed: 1}"}, "weights.init", "xavier_"),
        ({"language": "english"}, "language", "write one of: en, zh, en+zh"),
        ({"architecture": layers("relu", loss="mse_loss")}, "architecture.loss", "did you mean `mse`?"),
        ({"architecture": layers("relu", loss="mean_squared_error")}, "architecture.loss", "did you mean `mse`?"),
        ({"architecture": layers("relu", loss="squared_error")}, "architecture.loss", "did you mean `mse`?"),
        ({"architecture": layers("relu", loss="MSELoss")}, "architecture.loss", "did you mean `mse`?"),
        ({"architecture": layers("relu", loss="bce")}, "architecture.loss", "did you mean `binary_cross_entropy`?"),
        ({"architecture": layers("relu", loss="ce")}, "architecture.loss", "did you mean `cross_entropy`?"),
        (
            {"architecture": layers("relu", loss="softmax_cross_entropy")},
            "architecture.loss",
            "did you mean `cross_entropy`?",
        ),
        ({"architecture": layers("logistic")}, "architecture.layers[1].activation", "did you mean `sigmoid`?"),
        ({"architecture": layers("linear")}, "architecture.layers[1].activation", "did you mean `identity`?"),
        ({"architecture": layers("SiLU")}, "architecture.layers[1].activation", "did you mean `swish`?"),
        ({"architecture": layers("heaviside")}, "architecture.layers[1].activation", "did you mean `step`?"),
        ({"weights": "{init: glorot_uniform}"}, "weights.init", "did you mean `xavier_uniform`?"),
        ({"title": "{ch: x}"}, "title.ch", "write one of: en, zh"),
    ],
)
def test_an_unknown_name(fields: dict[str, str], path: str, hint: str) -> None:
    found = [fault for fault in faults(NEURON, **fields) if fault.path == path]
    assert len(found) == 1
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"rounding": "{carry: yes}"}, "rounding.carry"),
        ({"rounding": "{carry: 'true'}"}, "rounding.carry"),
        ({"rounding": "{decimals: 2.5}"}, "rounding.decimals"),
        ({"rounding": "{decimals: -1}"}, "rounding.decimals"),
        ({"rounding": "{decimals: 3, figures: 4}"}, "rounding.figures"),
        ({"rounding": "3"}, "rounding"),
        ({"train": "{epochs: 0}"}, "train.epochs"),
        ({"train": "{batch_size: 0}"}, "train.batch_size"),
        ({"train": "{update: []}"}, "train.update"),
        ({"train": "{method: pegasos}"}, "train.method"),
        ({"architecture": "[relu]"}, "architecture"),
        ({"architecture": "{layers: {activation: relu}}"}, "architecture.layers"),
        ({"architecture": "{layers: []}"}, "architecture.layers"),
        ({"ask": "{z1: 1}"}, "ask"),
        ({"marks": "{z1: many}"}, "marks.z1"),
        ({"marks": f"{{{_MANY_NAMES}}}"}, "marks"),
        ({"rounding": f"{{quantities: {{{_MANY_NAMES}}}}}"}, "rounding.quantities"),
        ({"notation": f"{{symbols: {{{_MANY_NAMES}}}}}"}, "notation.symbols"),
        ({"ask": f"[{', '.join(['z1'] * 1001)}]"}, "ask"),
        ({"vary": f"{{weights: [{', '.join(['any'] * 51)}]}}"}, "vary.weights"),
        ({"vary": f"{{inputs: {{choices: [{', '.join(['1'] * 1001)}]}}}}"}, "vary.inputs.choices"),
        ({"architecture": layers(*["sigmoid"] * 51)}, "architecture.layers"),
        ({"marks": "{z1: -1}"}, "marks.z1"),
        ({"vary": "all"}, "vary"),
        ({"vary": "{weight: any}"}, "vary.weight"),
        ({"vary": "{weights: all}"}, "vary.weights"),
        ({"vary": "{inputs: {choices: []}}"}, "vary.inputs.choices"),
        ({"vary": "{inputs: {from: a}}"}, "vary.inputs.from"),
        ({"vary": "{conditions: {units_off: two}}"}, "vary.conditions.units_off"),
        ({"vary": "{conditions: {gradient_units: -1}}"}, "vary.conditions.gradient_units"),
        ({"title": "[a]"}, "title"),
        ({"language": "en+en"}, "language"),
        ({"preprocess": "{divide: 0}"}, "preprocess.divide"),
        ({"preprocess": "{divide: [1, 2, 3]}"}, "preprocess.divide"),
        ({"preprocess": "{divide: 1, standardize: {mean: 0, std: 1}}"}, "preprocess"),
        ({"preprocess": "{standardize: {mean: 0}}"}, "preprocess.standardize.std"),
        ({"preprocess": "{standardize: {mean: 0, std: 0}}"}, "preprocess.standardize.std"),
        ({"notation": "{symbols: {a: ''}}"}, "notation.symbols.a"),
        ({"notation": "{symbols: {label: t, y: u}}"}, "notation.symbols.y"),
        ({"labels": "fast"}, "labels"),
        ({"labels": "null\nlr: [0.1]"}, "lr"),
        ({"lr": "{value: 0.1, schedule: inverse}"}, "lr.schedule"),
        ({"lr": "{schedule: constant}"}, "lr"),
    ],
)
def test_a_wrong_value(fields: dict[str, str], path: str) -> None:
    found = {fault.path: fault for fault in faults(NEURON, **fields)}
    assert path in found
    assert found[path].line == line_of(text(NEURON, **fields), path.split(".")[0].split("[")[0])


# ---- shapes


@pytest.mark.parametrize(
    ("weights", "path", "layer", "both"),
    [
        ("[[[1, 2, 3], [4, 5, 6]], [[1, 2], [3, 4]]]", "weights[1]", "layer 1", ("2 × 2", "2 × 3")),
        ("[[[1, 2], [3, 4]], [[1, 2, 3]]]", "weights[2]", "layer 2", ("2 × 2", "1 × 3")),
        ("[[[1, 2], [3, 4]], [1, 2, 3]]", "weights[2]", "layer 2", ("2 × 2", "a vector of 3")),
    ],
)
def test_weights_of_the_wrong_shape(weights: str, path: str, layer: str, both: tuple[str, str]) -> None:
    fault = only_fault(NETWORK, weights=weights)
    assert fault.path == path
    assert layer in fault.message
    assert all(shape in fault.message for shape in both)


def test_transposed_weights_are_recognised() -> None:
    base = {"architecture": layers("relu"), "inputs": "[1, 2]"}
    fault = only_fault(base, weights="[[1, 2, 3], [4, 5, 6]]")
    assert "any × 2 (units × inputs)" in fault.message
    assert "layout: row" in fault.hint
    turned = only_fault({**base, "architecture": layers("relu", layout="row")}, weights="[[1, 2], [3, 4], [5, 6]]")
    assert "2 × any (inputs × units)" in turned.message
    assert "layout: column" in turned.hint


@pytest.mark.parametrize("weights", ["[[[1, 2], [3, 4]]]", "[1, 2, 3]", "5"])
def test_one_matrix_per_layer(weights: str) -> None:
    fault = only_fault(NETWORK, weights=weights)
    assert "2 layers" in fault.message


@pytest.mark.parametrize("biases", ["[[1, 2, 3], [4, 5]]", "[1, [4, 5]]", "[[[1, 2], [3, 4]], [4, 5]]"])
def test_biases_of_the_wrong_shape(biases: str) -> None:
    fault = only_fault(NETWORK, biases=biases)
    assert fault.path == "biases[1]"
    assert "layer 1 has 2 units" in fault.message


def test_one_bias_that_is_not_zero_is_not_one_for_every_layer() -> None:
    assert "2 layers" in only_fault(NETWORK, biases="1").message


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"inputs": "[[1, 2], [3]]"}, "inputs[2]"),
        ({"inputs": "[[1, 2], 3]"}, "inputs[2]"),
        ({"weights": "[[[1, 2], [3]], [[1, 2], [3, 4]]]"}, "weights[1][2]"),
    ],
)
def test_ragged_rows(fields: dict[str, str], path: str) -> None:
    assert only_fault({**NETWORK, "labels": None}, **fields).path == path  # type: ignore[dict-item]


@pytest.mark.parametrize("inputs", ["[]", "[[]]", "[[1, 2], []]", "{}", "{values: []}"])
def test_empty_inputs(inputs: str) -> None:
    assert faults(NETWORK, inputs=inputs)[0].path.startswith("inputs")


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "nan", "abc", "1e999999", "true", "null", "[1]", "{a: 1}"])
def test_what_is_no_number(number: str) -> None:
    found = faults(NETWORK, inputs=f"[1, {number}]")
    assert {fault.path.split(".")[0] for fault in found} == {"inputs[2]"}
    assert found[0].line == line_of(text(NETWORK), "inputs")


# ---- labels


@pytest.mark.parametrize(
    ("labels", "path", "message"),
    [
        ("[0, 3]", "labels[2]", "label 3 is out of range: the classes are 0 to 2"),
        ("[-1, 1]", "labels[1]", "label -1 is out of range"),
        ("[0.5, 1]", "labels[1]", "label 0.5 is out of range"),
        ("[0, 1, 2]", "labels", "2 × 3 labels are needed for 2 samples with 3 outputs"),
        ("1", "labels", "2 × 3 labels are needed"),
        ("[[1, 0], [0, 1]]", "labels", "these are 2 × 2"),
        ("[[1, 0, 0], [0.5, 0, 0]]", "labels[2]", "add up to 0.5"),
        ("[[1, 0, 0], [-1, 1, 1]]", "labels[2]", "label -1 does not fit cross_entropy"),
    ],
)
def test_labels_under_a_softmax(labels: str, path: str, message: str) -> None:
    fault = only_fault(SOFTMAX, labels=labels)
    assert fault.path == path
    assert message in fault.message


@pytest.mark.parametrize(
    ("base", "labels", "hint"),
    [
        ({**NEURON, "architecture": layers("sigmoid", loss="binary_cross_entropy")}, "-1", "belong to hinge"),
        ({**NEURON, "architecture": layers("sigmoid", loss="binary_cross_entropy")}, "2", "from 0 to 1"),
        ({**NEURON, "architecture": layers("identity", loss="hinge")}, "0", "-1 or 1"),
        ({**NEURON, "architecture": layers("identity", loss="neg_log_sigmoid")}, "0", "or write 1"),
        (SVM, "[1, 0]", "-1 or 1"),
        (PERCEPTRON, "[0, 2]", "0 and 1"),
        (PERCEPTRON, "[0, -1]", "0 and 1"),
    ],
)
def test_labels_that_do_not_fit_the_loss(base: dict[str, str], labels: str, hint: str) -> None:
    fault = only_fault(base, labels=labels)
    assert fault.path.startswith("labels")
    assert hint in fault.hint


@pytest.mark.parametrize("output", ["identity", "relu", "tanh"])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy"])
def test_a_loss_that_needs_probabilities(output: str, loss: str) -> None:
    fault = only_fault(NEURON, architecture=layers(output, loss=loss))
    assert fault.path == "architecture.loss"
    assert "sigmoid" in fault.hint


# ---- numbers with a range


@pytest.mark.parametrize("rate", ["0", "-0.1", "{value: 0}", "-1/2"])
def test_a_learning_rate_that_is_not_positive(rate: str) -> None:
    fault = only_fault(NETWORK, lr=rate)
    assert fault.path in {"lr", "lr.value"}
    assert "not positive" in fault.message


@pytest.mark.parametrize(
    ("architecture", "path"),
    [
        ("{layers: [{activation: sigmoid}], loss: mse, l2: -1}", "architecture.l2"),
        ("{layers: [{activation: sigmoid}], loss: {name: mse, factor: 0}}", "architecture.loss.factor"),
        ("{layers: [{activation: sigmoid}], loss: {name: mse, factor: 50%}}", "architecture.loss.factor"),
        (
            "{layers: [{activation: sigmoid}], loss: {name: binary_cross_entropy, factor: 1}}",
            "architecture.loss.factor",
        ),
        ("{layers: [{activation: {name: swish, beta: 0}}], loss: mse}", "architecture.layers[1].activation.beta"),
        ("{layers: [{activation: {name: relu, alpha: 1}}], loss: mse}", "architecture.layers[1].activation.alpha"),
        ("{layers: [{activation: sigmoid, units: 0}], loss: mse}", "architecture.layers[1].units"),
    ],
)
def test_numbers_out_of_their_range(architecture: str, path: str) -> None:
    assert only_fault(NEURON, architecture=architecture).path == path


@pytest.mark.parametrize(
    ("base", "fields", "path"),
    [
        (SVM, {"architecture": "{loss: mse}"}, "architecture.loss"),
        (SVM, {"architecture": "{layers: [{activation: relu}]}"}, "architecture.layers"),
        (SVM, {"weights": "[1, 2, 3]"}, "weights"),
        (SVM, {"weights": "1"}, "weights"),
        (SVM, {"biases": "[1, 2]"}, "biases"),
        (SVM, {"preprocess": "{divide: 2}"}, "preprocess"),
        (SVM, {"train": "{batch_size: 2}"}, "train.batch_size"),
        (SVM, {"architecture": "{}", "lr": "{schedule: inverse}"}, "lr.schedule"),
        (SVM, {"lr": "{schedule: inverse, value: 2}"}, "lr.value"),
        (PERCEPTRON, {"architecture": "{loss: hinge}"}, "architecture.loss"),
        (PERCEPTRON, {"architecture": "{l2: 1}"}, "architecture.l2"),
        (PERCEPTRON, {"train": "{loss_after: true}"}, "train.loss_after"),
    ],
)
def test_what_a_linear_model_does_not_have(base: dict[str, str], fields: dict[str, str], path: str) -> None:
    assert only_fault(base, **fields).path == path


# ---- drawn weights, shapes


@pytest.mark.parametrize(
    ("weights", "path"),
    [
        ("{seed: 1}", "weights"),
        ("{init: zeros, file: x.npy}", "weights"),
        ("{init: zeros, seed: -1}", "weights.seed"),
        ("{init: zeros, seed: x}", "weights.seed"),
        ("{init: zeros}", "architecture.layers[1].units"),
    ],
)
def test_drawn_weights(weights: str, path: str) -> None:
    assert path in [fault.path for fault in faults(NEURON, weights=weights)]


def test_more_weights_than_can_be_drawn() -> None:
    architecture = "{layers: [{units: 1000000, activation: relu}]}"
    base = {"architecture": architecture, "inputs": "[1, 2]", "weights": "{init: he_normal}"}
    assert "weights to draw" in only_fault(base).message


@pytest.mark.parametrize("inputs", ["{shape: []}", "{shape: 0}", "{shape: [2, xx]}", "{shape: [1, 2, 3]}", "{key: X}"])
def test_shapes(inputs: str) -> None:
    assert faults(NETWORK, inputs=inputs)[0].path.startswith("inputs")


def test_units_that_nothing_tells() -> None:
    found = faults(NETWORK, inputs="{shape: 2}", weights=None, architecture=layers("relu", "relu"))
    assert [fault.path for fault in found] == ["architecture.layers[1].units", "architecture.layers[2].units"]


# ---- symbols


@pytest.mark.parametrize(
    "symbol",
    [
        r"\input{/etc/passwd}",
        r"\write18{ls}",
        "$x$",
        "<script>",
        "a&b",
        "a%",
        "a#",
        "{a",
        "a}",
        r"\\",
        r"\def\x{}",
        "~",
    ],
)
def test_a_symbol_that_is_none(symbol: str) -> None:
    assert only_fault(NEURON, notation=f"{{symbols: {{a1: '{symbol}'}}}}").path == "notation.symbols.a1"


@pytest.mark.parametrize("symbol", [r"\eta", r"\nabla", r"\theta", r"\sigma"])
def test_a_symbol_in_double_quotes(symbol: str) -> None:
    found = faults(NEURON, notation=f'{{symbols: {{lr: "{symbol}"}}}}')
    assert "single quotes" in found[0].hint
    assert found[0].line == line_of(text(NEURON, notation="{}"), "notation")


# ---- all at once


def test_all_faults_are_reported_at_once_in_the_order_of_the_file() -> None:
    found = faults(
        NETWORK,
        lr="-1",
        labels="[1, xx]",
        inputs="[1, .nan]",
        rounding="{decimals: many}",
        architecture=layers("rleu", "softmax", loss="cross_entropy"),
        tittle="x",
        notation=r"{symbols: {a: '\input'}}",
    )
    assert [fault.path for fault in found] == [
        "architecture.layers[1].activation",
        "inputs[2]",
        "labels[2]",
        "lr",
        "rounding.decimals",
        "tittle",
        "notation.symbols.a",
    ]
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)


EVERYTHING_WRONG = {
    "inputs": "[[1, 2], [3]]",
    "weights": "[[[0.5, 0.2], [0.1, xx]], [[0.6, 0.3], [0.4, 0.5]]]",
    "biases": "[[0, 0]]",
    "labels": "[aa, 0]",
    "lr": "-1",
}
"""A ragged row, a text for a number, a missing bias vector, a text for a label, a rate below 0."""


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"foo": "1"}, {"foo"}),
        ({"architecture": layers("rleu", "softmax", loss="mse")}, {"architecture.layers[1].activation"}),
        ({"architecture": layers("relu", "sofmax", loss="mse")}, {"architecture.layers[2].activation"}),
        ({"architecture": layers("relu", "softmax", loss="xyz")}, {"architecture.loss"}),
        ({"architecture": "{layer: [{activation: relu}, {activation: relu}], loss: mse}"}, {"architecture.layer"}),
        ({"architecture": "{layers: [relu, {activation: relu}], loss: mse}"}, {"architecture.layers[1]"}),
        ({"architecture": layers("relu", "relu", layout="rwo")}, {"architecture.layout"}),
        ({"rounding": "{decimals: 40}"}, {"rounding.decimals"}),
    ],
)
def test_faults_of_structure_hide_no_others(fields: dict[str, str], paths: set[str]) -> None:
    found = [fault.path for fault in faults({**NETWORK, **EVERYTHING_WRONG}, **fields)]
    assert sorted(found) == sorted({"inputs[2]", "weights[1][2][2]", "biases", "labels[1]", "lr", *paths})


@pytest.mark.parametrize(
    ("fields", "paths"),
    [
        ({"architecture": None}, {"architecture.layers"}),
        ({"architecture": "{layers: 2, loss: mse}"}, {"architecture.layers"}),
        ({"model": "netwrk"}, {"model"}),
    ],
)
def test_numbers_are_looked_at_where_the_layers_are_not_known(fields: dict[str, str | None], paths: set[str]) -> None:
    found = [fault.path for fault in faults({**NETWORK, **EVERYTHING_WRONG}, **fields)]
    assert sorted(found) == sorted({"inputs[2]", "weights[1][2][2]", "labels[1]", "lr", *paths})


@pytest.mark.parametrize(
    ("architecture", "labels", "message"),
    [
        (layers("relu", "softmax", loss="xyz"), "[1, 2, 3]", "2 labels are needed"),
        (layers("relu", "softmax", loss="xyz"), "7", "label 7 is out of range"),
        (layers("relu", "sofmax", loss="cross_entropy"), "[1, 2, 3]", "2 labels are needed"),
        (layers("relu", "sofmax", loss="cross_entropy"), "[-1, 2]", "label -1 does not fit cross_entropy"),
    ],
)
def test_labels_are_checked_as_far_as_they_can_be(architecture: str, labels: str, message: str) -> None:
    first, second = faults(NETWORK, architecture=architecture, labels=labels)
    assert first.path.startswith("architecture")
    assert second.path == "labels"
    assert message in second.message


@pytest.mark.parametrize(
    ("base", "fields", "paths"),
    [
        # a perhaps right class index
        (NETWORK, {"architecture": layers("relu", "sofmax", loss="cross_entropy"), "labels": "1"}, 1),
        # the right field is missing, because it has another name
        (NETWORK, {"inputs": None, "input": "[1, 2]"}, 1),
        (NETWORK, {"weights": None, "W": NETWORK["weights"]}, 1),
        (NETWORK, {"architecture": None, "architechture": NETWORK["architecture"]}, 1),
        (NETWORK, {"architecture": "{layers: [{activaton: relu}, {activation: softmax}], loss: cross_entropy}"}, 1),
        (NETWORK, {"architecture": "{activations: [relu, softmax], loss: cross_entropy}"}, 1),
        (NETWORK, {"architecture": None, "layers": "[{activation: relu}, {activation: relu}]", "loss": "mse"}, 2),
        (NETWORK, {"weights": "{inti: he_normal}", "architecture": "{layers: [{activation: relu, units: x}]}"}, 3),
        (NETWORK, {"weights": "{init: zeros}", "architecture": "{layers: [relu], loss: mse}"}, 1),
        # weights that may be right
        (NETWORK, {"architecture": layers("relu", "relu", layout="rwo"), "weights": "[[[1, 2, 3], [1, 2, 3]], 1]"}, 1),
        # what only another model has
        (SVM, {"model": "svn", "lr": "{schedule: inverse}", "train": "{method: pegasos, batch_size: 1}"}, 1),
        (SVM, {"architecture": "{lambda: 1}", "lr": "{schedule: inverse}"}, 1),
        (SVM, {"architecture": "{l2: -1}", "lr": "{schedule: inverse}"}, 1),
        (SVM, {"architecture": "{l2: x}", "lr": "{schedule: inverse}"}, 1),
        (NETWORK, {"lr": "{value: x}"}, 1),
    ],
)
def test_no_fault_follows_from_another(base: dict[str, str], fields: dict[str, str | None], paths: int) -> None:
    found = faults(base, **fields)
    assert len(found) == paths, [fault.text("test.yaml") for fault in found]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"input": "[1, xx]", "inputs": None}, "input[2]"),
        ({"learning_rate": "-1"}, "learning_rate"),
        ({"lr": "{value: -1, foo: 1}"}, "lr.value"),
        ({"architecture": layers("{name: leaky_relu, alpha: -1, foo: 1}")}, "architecture.layers[1].activation.alpha"),
        ({"architecture": layers("relu", loss="{name: mse, factor: 0, foo: 1}")}, "architecture.loss.factor"),
        ({"marks": "{a: xx, b: -1}"}, "marks.b"),
        ({"notation": r"{symbols: {a: [1], b: '\input'}}"}, "notation.symbols.b"),
        ({"title": "{en: [1], fr: a}"}, "title.fr"),
        ({"preprocess": "{divide: 0, foo: 1}"}, "preprocess.divide"),
        ({"preprocess": "{divide: 0, standardize: {mean: 0, std: 1}}"}, "preprocess.divide"),
    ],
)
def test_a_fault_beside_another(fields: dict[str, str | None], path: str) -> None:
    found = faults(NEURON, **fields)
    assert path in [fault.path for fault in found]
    assert len({(fault.path, fault.message) for fault in found}) == len(found) == 2


@pytest.mark.parametrize(
    ("base", "labels", "path"), [(SVM, "[1, 0]", "labels[2]"), (PERCEPTRON, "[0, 2]", "labels[2]")]
)
def test_labels_without_sound_inputs(base: dict[str, str], labels: str, path: str) -> None:
    assert [fault.path for fault in faults(base, inputs="[[1, 2], [3]]", labels=labels)] == ["inputs[2]", path]


def test_faults_of_yaml_and_of_the_problem_come_together() -> None:
    found = faults_of('title: "\\beta"\n' + text(NETWORK, weights="[[[1, xx], [1, 1]], [[1, 1], [1, 1]]]") + "lr: 3\n")
    assert [(fault.line, fault.path) for fault in found][::2] == [(1, "title"), (7, "lr")]
    assert found[1].path == "weights[1][1][2]"
    assert len(found) == 3


# ---- wording


@pytest.mark.parametrize(
    ("base", "fields", "said"),
    [
        (NEURON, {"rounding": "{decimals: 40}"}, "rounding.decimals: '40' is not a whole number from 0 to 12"),
        (NEURON, {"rounding": "{figures: 0}"}, "rounding.figures: '0' is not a whole number from 1 to 12"),
        (NEURON, {"train": "{epochs: many}"}, "train.epochs: 'many' is not a whole number from 1 to 1000000"),
        (NEURON, {"train": "{batch_size: 0}"}, "train.batch_size: '0' is not a whole number of 1 or more"),
        (NEURON, {"ask": "z1"}, "ask: 'z1' stands where a list [text, …] belongs"),
        (NEURON, {"labels": "[1, 2]"}, "labels: 1 label is needed for 1 sample with 1 output, these are 2 numbers"),
        (
            NETWORK,
            {"labels": "[[1, 2], [3, 4]]"},
            "labels: 2 labels are needed for 1 sample with 2 outputs, these are 2 × 2",
        ),
        (
            NETWORK,
            {"architecture": layers("relu", "relu"), "labels": "[1]"},
            "labels: 2 labels are needed for 1 sample with 2 outputs, this is one number",
        ),
        (NETWORK, {"weights": "{shape: [1]}"}, "weights: only one {shape: …} is written for 2 layers"),
        (NETWORK, {"weights": "[[1]]"}, "weights: a list of 1 is written for 2 layers"),
        (SVM, {"weights": "{shape: [1]}"}, "(write {shape: [2]})"),
        (
            {**NEURON, "inputs": "[1, 2]"},
            {"weights": "{shape: [1]}"},
            "this is one number (each sample has 2 numbers: write both numbers, as in {shape: [1, 2]})",
        ),
        (NETWORK, {"inputs": "[[1, 2], 3]"}, "inputs[2]: this is one number, the first is 2 numbers"),
        (
            NETWORK,
            {"preprocess": "{divide: [1, 0.0]}"},
            "preprocess.divide[2]: the divisor is 0.0, and nothing can be divided by 0 (write a number other than 0)",
        ),
        (
            NETWORK,
            {"preprocess": "{standardize: {mean: 0, std: [1, -1/2]}}"},
            "preprocess.standardize.std[2]: the standard deviation -1/2 is not above 0 (write a number above 0)",
        ),
        (
            NETWORK,
            {"preprocess": "{standardize: {mean: [1, 2, 3], std: 1}}"},
            "preprocess.standardize.mean: 3 numbers are given for 2 features of a sample (write one number, or one a "
            "feature)",
        ),
        (
            NEURON,
            {"architecture": layers("{name: elu, alpha: -1}")},
            "architecture.layers[1].activation.alpha: elu cannot have alpha = -1 (write a number of 0 or more)",
        ),
    ],
)
def test_a_message_is_a_sentence(base: dict[str, str], fields: dict[str, str], said: str) -> None:
    assert said in only_fault(base, **fields).text("test.yaml")


def test_the_message_names_file_line_and_path() -> None:
    with pytest.raises(SpecError) as caught:
        read_problem(text(NEURON, lr="0"), name="n", source="my.yaml", folder=None)
    assert str(caught.value) == "my.yaml:5: lr: the learning rate 0 is not positive (write a number above 0)"


def test_a_fault_is_one_line() -> None:
    for fault in faults(NETWORK, lr="'a\n\n  b'", title="{'x y': 1}", model="|\n  a\n  b"):
        assert "\n" not in fault.text("test.yaml")


def test_very_many_faults_are_counted() -> None:
    found = faults(NETWORK, inputs="[" + ", ".join(["xx"] * 5000) + "]")
    assert len(found) == 51
    assert found[-1].message == "4950 more faults are not listed"


# ---- never slow


@pytest.mark.parametrize(
    "written",
    [
        "inputs: [" + "1/3," * 190_000 + "]",
        "inputs: [" + "x," * 190_000 + "]",
        "inputs: 1." + "3" * 900_000,
        "inputs: 1/" + "3" * 900_000,
        "inputs: 1e" + "3" * 900_000,
        "language: " + "en+" * 300_000,
        "title: " + "x " * 400_000,
        "".join(f"field{i}: 1\n" for i in range(60_000)),
        "architecture: {layers: [" + "{activation: relu}," * 45_000 + "]}",
        "notation: {symbols: {a: '" + "{" * 900_000 + "'}}",
        "marks: {" + ", ".join(f"a{i}: x" for i in range(60_000)) + "}",
        "vary: {weights: [" + "a," * 95_000 + "]}",
        "weights: [" + "a," * 95_000 + "]",
    ],
    ids=lambda written: written[:24],
)
def test_a_hostile_file_under_a_megabyte_ends_quickly(written: str) -> None:
    start = time.process_time()
    assert faults_of(written)
    assert time.process_time() - start < 2


def test_adaline_is_still_fine() -> None:
    assert read_problem(text(ADALINE), name="n", source="s", folder=None).labels is not None
