"""What activations and losses give, against the textbook's formulas in Python's own numbers; ranges and far ends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stepwise.expressions import Const, Expr, FloatArithmetic, evaluate, orient, split
from stepwise.operations.activation import scaled
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.initialisation import SCHEMES, spread
from stepwise.operations.losses import LOSSES
from stepwise.operations.operation import Operation
from stepwise.problem import problem_from_document
from stepwise.trace import solve

WAY = FloatArithmetic()
FAR = (-1000.0, -745.0, -31.0, -30.0, -29.5, 29.5, 30.0, 31.0, 60.0, 710.0, 1000.0)
NEAR = (-5.0, -2.4, -1.0, -0.3, -1e-9, 0.0, 1e-9, 0.5, 1.3, 4.0)
A, B, C = 0.3, 1.7, 0.5
PARAMETERS = {"alpha": Const("0.3"), "beta": Const("1.7"), "at_zero": Const("0.5")}
PLAIN = {"alpha": Const("1"), "beta": Const("1"), "at_zero": Const("0")}
ONE_AT_ZERO = {**PARAMETERS, "at_zero": Const("1")}
SMALLEST = 1e-12
"""No probability in a logarithm or below a line is less."""


def sigma(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z > -700 else math.exp(z)


def phi(z: float) -> float:
    return math.erfc(-z / math.sqrt(2)) / 2


def density(z: float) -> float:
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def softplus(z: float, b: float) -> float:
    return max(z, 0.0) + math.log1p(math.exp(-abs(b * z))) / b


Of = Callable[[float, float, float, float], float]
FORMULAS: dict[str, tuple[Of, Of]] = {
    "identity": (lambda z, a, b, c: z, lambda z, a, b, c: 1.0),
    "relu": (lambda z, a, b, c: max(z, 0.0), lambda z, a, b, c: float(z > 0)),
    "leaky_relu": (lambda z, a, b, c: z if z > 0 else a * z, lambda z, a, b, c: 1.0 if z > 0 else a),
    "elu": (
        lambda z, a, b, c: z if z > 0 else a * math.expm1(z),
        lambda z, a, b, c: 1.0 if z > 0 else a * math.exp(z),
    ),
    "step": (lambda z, a, b, c: 1.0 if z > 0 else 0.0 if z < 0 else c, lambda z, a, b, c: 0.0),
    "sigmoid": (lambda z, a, b, c: sigma(z), lambda z, a, b, c: sigma(z) * sigma(-z)),
    "tanh": (lambda z, a, b, c: math.tanh(z), lambda z, a, b, c: 1 - math.tanh(z) ** 2),
    "softplus": (lambda z, a, b, c: softplus(z, b), lambda z, a, b, c: sigma(b * z)),
    "swish": (
        lambda z, a, b, c: z * sigma(b * z),
        lambda z, a, b, c: sigma(b * z) + b * z * sigma(b * z) * sigma(-b * z),
    ),
    "gelu": (lambda z, a, b, c: z * phi(z), lambda z, a, b, c: phi(z) + z * density(z)),
}


def worked(operation: Operation, known: dict[str, Any]) -> Any:
    """The value of a line, its inner lines worked first and put among the known ones."""
    own, inside = split(operation.tree, str)
    with np.errstate(all="ignore"):
        for name, tree in inside:
            known[name] = evaluate(tree, known, WAY)
        return np.asarray(evaluate(own, known, WAY), dtype=float)


def test_every_activation_that_works_on_each_unit_has_its_formula() -> None:
    assert set(FORMULAS) == {name for name, record in ACTIVATIONS.items() if record.per_unit}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize(
    ("parameters", "numbers"), [(PARAMETERS, (A, B, C)), (PLAIN, (1.0, 1.0, 0.0)), (ONE_AT_ZERO, (A, B, 1.0))]
)
def test_an_activation_and_its_derivative(
    name: str, parameters: dict[str, Const], numbers: tuple[float, float, float]
) -> None:
    # one number at a time: a precaution for one must not touch the others, and is not taken for most
    for points in [(z,) for z in NEAR + FAR] + [NEAR + FAR]:
        known: dict[str, Any] = {"z": np.array([points]).T}
        function, slope = FORMULAS[name]
        known["a"] = worked(ACTIVATIONS[name].forward(parameters), known)
        wanted = np.array([[function(z, *numbers)] for z in points])
        np.testing.assert_allclose(known["a"], wanted, rtol=1e-12, atol=1e-15)
        wanted = np.array([[slope(z, *numbers)] for z in points])
        found = worked(ACTIVATIONS[name].slope(parameters), known)
        # a(1 − a) loses digits where a is nearly 1
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=2e-14)


@pytest.mark.parametrize("name", FORMULAS)
def test_a_range_is_what_samples_fill(name: str) -> None:
    bounds = ACTIVATIONS[name].bounds
    assert bounds is not None
    made = bounds(PARAMETERS)
    every = np.array([FORMULAS[name][0](z, A, B, C) for z in np.linspace(-60, 60, 48001)])
    for end, reaches in [(made.low, every.min()), (made.high, every.max())]:
        if end is None:
            assert abs(reaches) > 15
            continue
        number = float(evaluate(end, {}, WAY))
        assert number == pytest.approx(reaches, abs=1e-4 if made.rounded else 1e-12)
    # swish and GELU have a least value, ReLU and step their ends; the others only come near
    assert made.reached == (name in {"relu", "step", "swish", "gelu"})
    assert made.rounded == (name in {"swish", "gelu"})
    assert made.between == (name != "step")


@pytest.mark.parametrize("name", ["swish", "gelu"])
def test_a_rounded_end_is_the_least_value_to_four_decimals(name: str) -> None:
    bounds = ACTIVATIONS[name].bounds
    assert bounds is not None
    low = bounds(PLAIN).low
    assert low is not None
    least = min(FORMULAS[name][0](z, 1.0, 1.0, 0.0) for z in np.linspace(-3, 0, 30001).tolist())
    assert float(evaluate(low, {}, WAY)) == round(least, 4)


@pytest.mark.parametrize("name", FORMULAS)
def test_what_is_said_of_an_activation_is_true_of_its_values(name: str) -> None:
    record = ACTIVATIONS[name]
    function, slope = FORMULAS[name]
    every = [function(z, A, B, C) for z in np.linspace(-20, 20, 401)]
    # where the function is level on both sides, but for a step, which has no slope at all
    level = [abs(slope(z, A, B, C)) < 1e-6 for z in (-20.0, 20.0)]
    assert record.saturates == (all(level) and name != "step")
    assert record.positive_only == (min(every) > 0 and max(every) < 1)
    assert not record.own
    assert record.variant == name


def test_the_parameters_of_activations_as_papers_have_them() -> None:
    found = {name: dict(record.parameters) for name, record in ACTIVATIONS.items() if record.parameters}
    wanted = {"leaky_relu": {"alpha": "0.01"}, "elu": {"alpha": "1"}, "softplus": {"beta": "1"}, "swish": {"beta": "1"}}
    assert found == {**wanted, "step": {"at_zero": "0"}}


def test_a_factor_of_one_is_not_written() -> None:
    z = Const("7")
    assert scaled(Const("1"), z) == z
    assert float(evaluate(scaled(Const("0.5"), z), {}, WAY)) == 3.5


# ---- softmax


def softmax(z: list[float]) -> list[float]:
    largest = max(z)
    powers = [math.exp(one - largest) for one in z]
    return [power / sum(powers) for power in powers]


ROWS = [[0.2, -1.0, 0.7], [0.0, 0.0, 0.0], [699.0, 698.0, 10.0], [701.0, 699.5, -3.0], [-701.0, -702.0, -999.0]]


@pytest.mark.parametrize("row", ROWS)
def test_softmax(row: list[float]) -> None:
    operation = ACTIVATIONS["softmax"].forward({})
    tree: Expr = orient(operation.tree, "column")
    found = worked(Operation("softmax", tree), {"z": np.array([row]).T})
    np.testing.assert_allclose(found[:, 0], softmax(row), rtol=1e-12)


def test_both_ways_back_through_softmax_are_its_jacobian() -> None:
    a, g = np.array([softmax([0.3, -0.2, 1.1])]).T, np.array([[0.4, -1.3, 0.2]]).T
    jacobian = np.array([[a[i, 0] * ((i == j) - a[j, 0]) for j in range(3)] for i in range(3)])
    record = ACTIVATIONS["softmax"]
    mixed = Operation("mixed", orient(record.mixed().tree, "column"))
    np.testing.assert_allclose(worked(mixed, {"a": a, "g": g}), jacobian @ g, rtol=1e-12)
    np.testing.assert_allclose(worked(record.mixing("column"), {"a": a}), jacobian, rtol=1e-12)
    np.testing.assert_allclose(worked(record.mixing("row"), {"a": a.T}), jacobian, rtol=1e-12)
    bounds = record.bounds
    assert bounds is not None
    made = bounds({})
    assert (made.low, made.high, made.reached) == (Const("0"), Const("1"), False)
    assert (record.positive_only, record.per_unit) == (True, False)


# ---- losses

OUTPUTS = [0.8, 0.15, 0.05]
PAIRS: dict[str, list[tuple[list[float], list[float]]]] = {
    "mse": [(OUTPUTS, [1.0, 0.0, 0.5]), ([-3.0, 2.0], [1.0, 2.5])],
    "cross_entropy": [(OUTPUTS, [0.0, 1.0, 0.0]), ([1e-15, 1.0], [1.0, 0.0])],
    "binary_cross_entropy": [(OUTPUTS, [1.0, 0.0, 1.0]), ([1e-14, 1 - 1e-14], [1.0, 0.0])],
    "hinge": [([0.4, -1.5, 1.0, 3.0], [1.0, -1.0, 1.0, -1.0])],
    "neg_log_sigmoid": [([0.4], [0.0]), ([-40.0], [0.0]), ([25.0], [0.0])],
}


def log(a: float) -> float:
    return math.log(max(a, SMALLEST))


Loss = Callable[[float, float, float], float]
EACH: dict[str, tuple[Loss, Loss]] = {
    "mse": (lambda a, y, f: f * (a - y) ** 2, lambda a, y, f: 2 * f * (a - y)),
    "cross_entropy": (lambda a, y, f: -y * log(a), lambda a, y, f: -y / max(a, SMALLEST)),
    "binary_cross_entropy": (
        lambda a, y, f: -(y * log(a) + (1 - y) * log(1 - a)),
        lambda a, y, f: (1 - y) / max(1 - a, SMALLEST) - y / max(a, SMALLEST),
    ),
    "hinge": (lambda a, y, f: max(0.0, 1 - y * a), lambda a, y, f: -y if y * a < 1 else 0.0),
    "neg_log_sigmoid": (lambda a, y, f: -log(sigma(a)), lambda a, y, f: sigma(a) - 1),
}


@pytest.mark.parametrize("name", EACH)
@pytest.mark.parametrize(("typed", "factor"), [("1/2", 0.5), ("1", 1.0), ("2", 2.0), ("0.25", 0.25)])
def test_a_loss_and_its_derivative(name: str, typed: str, factor: float) -> None:
    assert set(EACH) == set(LOSSES)
    each, slope = EACH[name]
    for outputs, labels in PAIRS[name]:
        known: dict[str, Any] = {"a": np.array([outputs]).T, "y": np.array([labels]).T}
        for operation, wanted in [
            (
                LOSSES[name].of_sample(Const(typed), "identity"),
                [[sum(each(a, y, factor) for a, y in zip(outputs, labels, strict=True))]],
            ),
            (
                LOSSES[name].slope(Const(typed), "identity"),
                [[slope(a, y, factor)] for a, y in zip(outputs, labels, strict=True)],
            ),
        ]:
            found = worked(Operation("", orient(operation.tree, "column")), known)
            np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(("loss", "activation"), [(loss, name) for loss, one in LOSSES.items() for name in one.fused])
def test_a_short_error_term_is_the_long_one_through_the_activation(loss: str, activation: str) -> None:
    z = np.array([[0.4], [-0.9], [0.2]])
    y = np.array([[0.0], [1.0], [0.0]])
    known: dict[str, Any] = {"z": z, "y": y}
    factor = Const("1")
    known["a"] = worked(Operation("", orient(ACTIVATIONS[activation].forward(PLAIN).tree, "column")), known)
    worked(Operation("", orient(LOSSES[loss].of_sample(factor, activation).tree, "column")), known)
    g = worked(Operation("", orient(LOSSES[loss].slope(factor, activation).tree, "column")), known)
    a = known["a"]
    jacobian = np.diag(a[:, 0]) - a @ a.T if activation == "softmax" else np.diag((a * (1 - a))[:, 0])
    if activation == "identity":
        jacobian = np.eye(3)
    short = LOSSES[loss].short_delta(activation)
    assert short is not None
    np.testing.assert_allclose(worked(short, known), jacobian @ g, rtol=1e-12)


def test_the_loss_of_a_probability_is_that_of_its_score() -> None:
    known: dict[str, Any] = {"a": np.array([[0.3]]), "y": np.array([[0.0]])}
    after = LOSSES["neg_log_sigmoid"]
    loss = Operation("", orient(after.of_sample(Const("1"), "sigmoid").tree, "column"))
    np.testing.assert_allclose(worked(loss, known), [[-math.log(0.3)]])
    np.testing.assert_allclose(worked(after.slope(Const("1"), "sigmoid"), known), [[-1 / 0.3]])


def test_what_labels_a_loss_takes() -> None:
    found = {name: (record.labels, record.needs_probabilities, record.factor) for name, record in LOSSES.items()}
    assert found == {
        "mse": ("any", False, "1/2"),
        "cross_entropy": ("distribution", True, None),
        "binary_cross_entropy": ("probability", True, None),
        "hinge": ("plus_minus", False, None),
        "neg_log_sigmoid": ("unused", False, None),
    }


@pytest.mark.parametrize(
    ("scheme", "wanted"),
    [
        # Glorot and Bengio (2010): 6/(4 + 8), 2/(4 + 8); He et al. (2015): 6/4, 2/4
        ("xavier_uniform", math.sqrt(0.5)),
        ("xavier_normal", math.sqrt(1 / 6)),
        ("he_uniform", math.sqrt(1.5)),
        ("he_normal", math.sqrt(0.5)),
        ("zeros", 0.0),
    ],
)
def test_how_wide_initial_weights_are_drawn(scheme: str, wanted: float) -> None:
    assert spread(scheme, 4, 8) == pytest.approx(wanted, rel=1e-15)
    assert SCHEMES[scheme].distribution == ("zeros" if scheme == "zeros" else scheme.split("_")[1])


@pytest.mark.parametrize(
    ("prepared", "expected"),
    [
        ({"divide": "255"}, [51 / 255, 204 / 255]),
        ({"standardize": {"mean": "100", "std": "4"}}, [(51 - 100) / 4, (204 - 100) / 4]),
    ],
)
def test_inputs_are_prepared_as_the_file_says(prepared: dict[str, Any], expected: list[float]) -> None:
    document = {
        "architecture": {"layers": [{"activation": "identity"}], "loss": "mse"},
        "weights": [["1", "1"]],
        "inputs": ["51", "204"],
        "labels": ["0"],
        "preprocess": prepared,
    }
    assert solve(problem_from_document(document))["x"] == pytest.approx(expected)
