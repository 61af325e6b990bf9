"""What is right on a page is no miss where float64 cannot tell, and what is wrong is one all the same."""

from __future__ import annotations

import random

import numpy as np
import pytest

from stepwise import Trace, render, solve, verify
from stepwise.problem import problem_from_document
from stepwise.verifying import GradientCheck, verify_trace
from tests.verifying.test_misses import problem, with_quantity


def verdicts(one: GradientCheck) -> tuple[str, str]:
    return one.differences.verdict, one.symbolic.verdict


def neuron(activation: str, weights: list[str], bias: str, inputs: list[str], label: str = "1") -> Trace:
    """A neuron with a linear one behind it, whose weight is ½ and bias 0.1."""
    layers = [{"units": 1, "activation": activation}, {"units": 1, "activation": "identity"}]
    given = {"biases": [[bias], ["0.1"]]}
    return problem(layers, "mse", [[weights], [["0.5"]]], inputs, label, **given)


# ---- sums that are 0 on paper, and 5·10⁻¹⁷ in float64


def test_a_perceptron_at_zero() -> None:
    document = {"title": "x", "model": "perceptron", "weights": ["0.1", "0.2"], "biases": "-0.3", "lr": "0.1"}
    trace = solve(problem_from_document({**document, "inputs": [["1", "1"]], "labels": ["0"]}))
    assert float(trace["yhat"]) == 0
    assert verify_trace(trace, render(trace)).holds
    assert not verify_trace(with_quantity(trace, "yhat", value=np.array([[1.0]])), "").holds


@pytest.mark.parametrize(("activation", "slope"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_a_corner_at_zero(activation: str, slope: float) -> None:
    """J = ½(½a + 0.1 − 1)² at a = 0: dJ/da = (0.1 − 1) · ½ = −0.45, times the slope that is the convention at 0."""
    trace = neuron(activation, ["0.1", "0.2"], "-0.3", ["1", "1"])
    assert trace["dW1"][0, 0] == pytest.approx(-0.45 * slope)
    found = verify_trace(trace, render(trace))
    assert found.holds
    assert verdicts(found.gradients[0]) == ("corner", "holds")
    value = np.full_like(trace["dW1"], -0.3)
    wrong = verify_trace(with_quantity(trace, "dW1", value=value), "")
    assert verdicts(wrong.gradients[0]) == ("corner", "misses")


def test_a_corner_of_a_function_of_its_own() -> None:
    layers = [{"units": 1, "activation": {"name": "own", "expr": "max(0, z)"}}]
    trace = problem(layers, "mse", [[["0.1", "0.2"]]], ["1", "1"], "1", biases=[["-0.3"]])
    found = verify_trace(trace, render(trace))
    assert found.holds
    assert verdicts(found.gradients[0]) == ("corner", "holds")


def test_a_step_at_zero_is_a_jump() -> None:
    trace = problem(
        [{"units": 1, "activation": "step"}], "mse", [[["-0.1", "-0.2"]]], ["1", "1"], "0", biases=[["0.3"]]
    )
    found = verify_trace(trace, render(trace))
    assert found.holds
    assert verdicts(found.gradients[0]) == ("jumps", "holds")


@pytest.mark.parametrize(
    ("w", "b", "x", "y"),
    [(["0.6", "0.5"], "-1.1", ["1", "3"], "1"), (["0.3", "0.6"], "0.1", ["1", "1"], "1"),
     (["-0.2", "0.9"], "-0.7", ["-3", "-1"], "-1")],
)  # fmt: skip
def test_a_margin_of_one_in_decimals(w: list[str], b: str, x: list[str], y: str) -> None:
    """Every margin is 1 on paper, where the hinge loss has no gradient and the convention is 0."""
    document = {"title": "x", "model": "svm", "weights": [w], "biases": [b], "lr": "0.1"}
    trace = solve(problem_from_document({**document, "inputs": [x], "labels": [y]}))
    at_zero = with_quantity(trace, "dw", value=np.zeros_like(trace.quantities["dw"].value))
    found = verify_trace(at_zero, "").gradients[0]
    assert verdicts(found) == ("corner", "holds")
    steep = -float(y) * np.array([[float(one)] for one in x])
    assert verify_trace(with_quantity(trace, "dw", value=steep), "").gradients[0].symbolic.verdict == "misses"


def test_standardised_to_zero() -> None:
    """0.1 + 0.2 − 0.3 of standardised inputs: (0.3 − 0.1) / 1 − 0.2 is 0 on paper."""
    layers = [{"units": 1, "activation": "relu"}]
    given = {"preprocess": {"standardize": {"mean": ["0.1"], "std": ["1"]}}, "biases": [["-0.2"]]}
    trace = problem(layers, "mse", [[["1"]]], ["0.3"], "1", **given)
    assert np.all(trace["a1"] == 0)
    assert verify_trace(trace, render(trace)).holds


def test_large_terms_that_cancel() -> None:
    """123456789.123 − 123456789.122 is 0.001, and 2·10⁻⁹ off in float64; the label is met, and the gradient 0."""
    layers = [{"units": 1, "activation": "identity"}]
    trace = problem(layers, "mse", [[["123456789.123", "-123456789.122"]]], ["1", "1"], "0.001", biases=[["0"]])
    found = verify_trace(trace, render(trace))
    assert found.holds
    assert verdicts(found.gradients[0]) == ("unclear", "holds")
    for name, wrong in (("a1", 0.0012), ("dW1", 0.0004)):
        value = np.full_like(trace.quantities[name].value, wrong)
        assert not verify_trace(with_quantity(trace, name, value=value), "").holds


def test_weights_too_large_for_float64() -> None:
    """A sigmoid is smooth: where its weights are 10¹⁶ there is no corner, only too few digits."""
    layers = [{"units": 1, "activation": "sigmoid"}]
    trace = problem(layers, "mse", [[["1e16", "-1e16", "1"]]], ["1", "1", "1"], "1", biases=[["0.5"]])
    assert verdicts(verify_trace(trace, "").gradients[0]) == ("unclear", "holds")


# ---- curvature that jumps, and losses that are large


def test_elu_at_zero_has_a_slope() -> None:
    """With α = 1 both sides have the slope 1; only the curvature is another: dJ/dw = (0.1 − 1) · ½ · 1."""
    trace = neuron("elu", ["1", "-1"], "0", ["1", "1"])
    found = verify_trace(trace, render(trace))
    assert trace["dW1"][0, 0] == pytest.approx(-0.45)
    assert found.holds
    assert verdicts(found.gradients[0]) == ("holds", "holds")
    wrong = verify_trace(with_quantity(trace, "dW1", value=trace["dW1"] * (1 + 1e-5)), "")
    assert verdicts(wrong.gradients[0]) == ("misses", "misses")


def test_a_loss_that_drowns_a_gradient() -> None:
    """J = ½(w − 10³⁰)² is ½·10⁶⁰ on both sides of w = 1, to all 16 digits; its gradient is −10³⁰."""
    layers = [{"units": 1, "activation": "identity"}]
    trace = problem(layers, "mse", [[["1"]]], ["1"], "1e30")
    assert trace["dW1"][0, 0] == pytest.approx(-1e30)
    (weights, *_) = verify_trace(trace, "").gradients
    assert weights.symbolic.verdict == "holds"
    wrong = verify_trace(with_quantity(trace, "dW1", value=trace["dW1"] * 1.01), "")
    assert wrong.gradients[0].symbolic.verdict == "misses"
    assert weights.differences.verdict == "drowned"


# ---- proofs of separability


def test_the_proofs_of_many_problems() -> None:
    """Totals of multipliers, and denominators of results, come from no line before theirs."""
    draw, misses = random.Random(5), []
    for number in range(100):
        whole, size = number % 2 == 0, draw.choice([3, 4, 5])
        points = [
            [str(draw.randint(-3, 3) if whole else draw.randint(-9, 9) / 10) for _ in range(2)] for _ in range(size)
        ]
        labels = [0, 1, *(draw.choice([0, 1]) for _ in range(size - 2))]
        document = {"title": "x", "model": "separability", "inputs": points, "labels": labels}
        found = verify(problem_from_document(document))
        misses += [(document, miss) for miss in found.misses]
    assert misses == []


def test_a_stray_number_in_a_proof() -> None:
    points = [["0", "-2"], ["-1", "-3"], ["3", "-2"], ["3", "0"], ["-3", "0"]]
    document = {"title": "x", "model": "separability", "inputs": points, "labels": [1, 0, 1, 0, 0]}
    trace = solve(problem_from_document(document))
    page = render(trace)
    assert "\\frac{1}{9}" in page
    assert verify_trace(trace, page).holds
    assert {miss.what for miss in verify_trace(trace, page.replace("\\frac{1}{9}", "\\frac{1}{11}")).misses} >= {
        "operand"
    }


# ---- what is told


def test_minus_zero_is_told_as_zero() -> None:
    trace = neuron("identity", ["1", "1"], "0", ["1", "1"])
    found = verify_trace(with_quantity(trace, "dW1", value=-np.zeros_like(trace["dW1"])), "")
    assert [miss.found for miss in found.misses] == ["0", "0"]


def test_some_iterations_are_kept() -> None:
    layers = [{"units": 1, "activation": "identity"}]
    trace = problem(layers, "mse", [[["1"]]], [["1"], ["2"]], ["1", "0"], train={"epochs": 25})
    found = verify_trace(trace, "")
    assert (found.iterations, found.kept) == (25, 3)
