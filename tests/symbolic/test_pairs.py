"""Derivations with several variables: the pairs of output and loss, a layer, Jacobians."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from stepwise.document.deduction import render_deduction
from stepwise.expressions import Expr, FloatArithmetic, evaluate, orient, split
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.symbolic import Deduction, Step
from stepwise.symbolic.proof import unproven
from stepwise.symbolic.topics import topics
from tests.symbolic.numbers import Letters, number, vector

RequireTool = Callable[[str], None]
NAMES = (
    "softmax",
    "softmax_cross_entropy",
    "softmax_mse",
    "sigmoid_binary_cross_entropy",
    "sigmoid_mse",
    "identity_neg_log_sigmoid",
    "sigmoid_neg_log_sigmoid",
    "hinge_score",
    "layer",
    "jacobian",
)
FUSED = [(activation, loss) for loss, record in LOSSES.items() for activation in record.fused]
RESULTS = {
    "softmax_cross_entropy": "cross_entropy.result",
    "sigmoid_binary_cross_entropy": "sigmoid_bce.cancel",
    "identity_neg_log_sigmoid": "neg_log.cancel",
    "sigmoid_neg_log_sigmoid": "neg_log.cancel",
}
"""The rule of the line that ends in the error term."""


@cache
def deduction(name: str) -> Deduction:
    return topics()[name].build()


def result(name: str, rule: str) -> Expr:
    """What the line with a rule ends in."""
    (step,) = [step for step in deduction(name).steps if step.rule == rule]
    return step.right[-1]


# ---- every line is proven, and would not be if it were another


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_proven(name: str) -> None:
    assert [fault for step in deduction(name).steps for fault in unproven(step)] == []


@pytest.mark.parametrize("name", NAMES)
def test_an_altered_line_is_not_proven(name: str) -> None:
    altered = [replace(step, right=(*step.right[:-1], step.right[-1] + 1)) for step in deduction(name).steps]
    assert [step.rule for step in altered if not unproven(step)] == []


@pytest.mark.parametrize(
    ("name", "rule", "wrong"),
    [
        ("softmax", "softmax.recognise_other", lambda found: -found),
        ("softmax_cross_entropy", "cross_entropy.one_hot", lambda found: 2 - found),
        ("hinge_score", "hinge_score.score_slope", lambda found: -found),
        ("layer", "layer.input", lambda found: found * 2),
        ("layer", "layer.input_vector", lambda found: -found),
    ],
)
def test_a_plausible_mistake_is_not_proven(name: str, rule: str, wrong: Callable[[Expr], Expr]) -> None:
    (step,) = [step for step in deduction(name).steps if step.rule == rule]
    assert unproven(replace(step, right=(wrong(step.right[-1]),)))


def test_different_places_are_needed_for_the_second_case_of_softmax() -> None:
    (step,) = [step for step in deduction("softmax").steps if step.rule == "softmax.recognise_other"]
    assert unproven(Step(step.rule, step.left, step.right))


def test_labels_have_to_add_up_to_one_for_output_minus_label() -> None:
    (step,) = [step for step in deduction("softmax_cross_entropy").steps if step.rule == "cross_entropy.result"]
    assert unproven(Step(step.rule, step.left, step.right))


# ---- every pair that the engine knows an error term of


@pytest.mark.parametrize(("activation", "loss"), FUSED)
def test_every_pair_with_an_error_term_has_a_derivation(activation: str, loss: str) -> None:
    assert f"{activation}_{loss}" in topics()


def test_the_other_pairs_and_the_layer_have_derivations() -> None:
    assert set(NAMES) <= set(topics())


def floats(tree: Expr, operands: Mapping[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """The value of a tree of the engine and of its lines."""
    known = dict(operands)
    outer, lines = split(orient(tree, "column"), str)
    for name, line in lines:
        known[name] = evaluate(line, known, FloatArithmetic())
    return np.asarray(evaluate(outer, known, FloatArithmetic()))


def z_of(activation: str) -> list[float]:
    return [0.3, -1.2, 0.8] if activation == "softmax" else [0.7]


@pytest.mark.parametrize(("activation", "loss"), FUSED)
def test_a_derivation_ends_in_the_error_term_that_the_engine_computes(activation: str, loss: str) -> None:
    z, y = z_of(activation), [0.1, 0.6, 0.3][: len(z_of(activation))]
    column = np.array(z)[:, None]
    output = floats(ACTIVATIONS[activation].output({}), {"z": column})
    probability = floats(ACTIVATIONS["sigmoid"].output({}), {"z": column})
    engine = floats(LOSSES[loss].fused[activation], {"a": output, "y": np.array(y)[:, None], "prob": probability})
    name = f"{activation}_{loss}"
    letters: Letters = {"z": z if len(z) > 1 else z[0], "y": y[0], "t": y, "u": [0.5, 0.2, 0.1], "h": [1.0, 0.5, 1.0]}
    tree = result(name, RESULTS[name])
    ours = vector(tree, letters, "j", 3) if activation == "softmax" else number(tree, letters, 2)
    np.testing.assert_allclose(np.ravel(ours), np.ravel(engine), rtol=1e-12)


def test_a_derivation_that_a_page_points_to_is_there() -> None:
    parts = [part for name in NAMES for passage in deduction(name).passages for part in passage.parts]
    named = {slot for part in parts for slot in part.slots.values() if isinstance(slot, str)}
    assert named == {"sigmoid", "l2"}
    assert named <= set(topics())


# ---- PyTorch as a second opinion


def double(numbers: Any) -> Any:
    """A tensor in double precision."""
    import torch

    return torch.tensor(numbers, dtype=torch.float64)


def gradient(function: Callable[..., Any], *points: Any) -> list[np.ndarray[Any, Any]]:
    """The gradient of a function of tensors, by automatic differentiation in double precision."""
    tensors = [double(point).requires_grad_() for point in points]
    function(*tensors).backward()
    return [tensor.grad.numpy() for tensor in tensors]


Z3, LABELS = [0.4, -0.9, 1.3], [0.2, 0.5, 0.3]


def test_softmax_with_cross_entropy_as_torch_has_it(require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    (expected,) = gradient(lambda z: torch.nn.functional.cross_entropy(z, double(LABELS)), Z3)
    found = vector(result("softmax_cross_entropy", "cross_entropy.result"), {"z": Z3, "t": LABELS}, "j", 3)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_the_jacobian_of_softmax_as_torch_has_it(require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    expected = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, 0), double(Z3))
    found = number(result("softmax", "softmax.compact"), {"z": Z3})
    np.testing.assert_allclose(found, expected.numpy(), rtol=1e-10)


@pytest.mark.parametrize("rule", ["softmax_mse.result", "softmax_mse.elementwise"])
def test_softmax_with_squared_error_as_torch_has_it(rule: str, require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    labels = double(LABELS)
    (expected,) = gradient(lambda z: ((torch.softmax(z, 0) - labels) ** 2).sum() / 2, Z3)
    letters: Letters = {"z": Z3, "y": [float(one) for one in labels]}
    tree = result("softmax_mse", rule)
    found = vector(tree, letters, "j", 3) if rule.endswith("result") else number(tree, letters)
    np.testing.assert_allclose(np.ravel(found), expected, rtol=1e-10)


ONE_UNIT: list[tuple[str, str, Callable[[Any, Any, Any], Any]]] = [
    ("sigmoid_binary_cross_entropy", "sigmoid_bce.cancel",
     lambda t, z, y: t.nn.functional.binary_cross_entropy_with_logits(z, y)),
    ("sigmoid_mse", "sigmoid_mse.result", lambda t, z, y: t.nn.functional.mse_loss(t.sigmoid(z), y) / 2),
    ("sigmoid_neg_log_sigmoid", "neg_log.cancel", lambda t, z, y: -t.nn.functional.logsigmoid(z)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "rule", "loss"), ONE_UNIT)
@pytest.mark.parametrize("z", [-2.3, 0.6])
def test_one_sigmoid_unit_as_torch_has_it(
    name: str, rule: str, loss: Callable[[Any, Any, Any], Any], z: float, require_tool: RequireTool
) -> None:
    require_tool("torch")
    import torch

    (expected,) = gradient(lambda one: loss(torch, one, double(0.25)), z)
    assert number(result(name, rule), {"z": z, "y": 0.25}) == pytest.approx(float(expected), rel=1e-10)


def test_the_loss_of_a_score_as_torch_has_it(require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    u, h = [0.5, -1.5, 0.25], [1.0, 0.5, -2.0]
    by_u, by_h = gradient(lambda u, h: -torch.nn.functional.logsigmoid(u @ h), u, h)
    for rule, expected in (("neg_log.weights", by_u), ("neg_log.hidden", by_h)):
        # three inputs are a layer of two classes in these sums
        tree = result("identity_neg_log_sigmoid", rule)
        found = [number(tree, {"u": u, "h": h}, 2, {"k": place}) for place in range(3)]
        np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.parametrize("label", [1.0, -1.0])
def test_the_hinge_loss_of_a_score_as_torch_has_it(label: float, require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    w, x, b = [0.4, -0.3], [1.5, 2.0], 0.1
    inputs = double(x)
    by_w, by_b = gradient(lambda w, b: torch.relu(1 - label * (w @ inputs + b)), w, b)
    letters: Letters = {"w": w, "x": x, "b": b, "y": label}
    np.testing.assert_allclose(np.ravel(number(result("hinge_score", "hinge_score.vector"), letters)), by_w)
    assert number(result("hinge_score", "hinge_score.bias"), letters) == by_b


def test_a_safe_sample_has_no_gradient() -> None:
    letters: Letters = {"w": [2.0, 2.0], "x": [1.0, 1.0], "b": 0.0, "y": 1.0}
    assert number(result("hinge_score", "hinge_score.bias"), letters) == 0


WEIGHTS, INPUTS, BIASES = [[0.5, -1.0], [0.25, 0.75], [-0.6, 0.3]], [1.5, -0.5], [0.1, 0.2, -0.3]


def test_a_layer_as_torch_has_it(require_tool: RequireTool) -> None:
    """Where numbers are asked for, an unknown function is e to the power of a sum of multiples of its arguments."""
    require_tool("torch")
    import torch

    def loss(weights: Any, inputs: Any, biases: Any) -> Any:
        outputs = torch.exp((weights @ inputs + biases) / 10)
        return torch.exp(outputs @ double([0.1, 0.2, 0.3]))

    expected = gradient(loss, WEIGHTS, INPUTS, BIASES)
    letters: Letters = {"x": INPUTS, "b": BIASES} | {
        f"w{unit + 1}{place + 1}": WEIGHTS[unit][place] for unit in range(3) for place in range(2)
    }
    for rule, one in zip(("layer.outer", "layer.back", "layer.bias_vector"), expected, strict=True):
        found = number(result("layer", rule), letters)
        np.testing.assert_allclose(found.reshape(one.shape), one, rtol=1e-10)


def test_the_jacobian_with_numbers_as_torch_has_it(require_tool: RequireTool) -> None:
    require_tool("torch")
    import torch

    weights, biases = double([[2.0, -1.0], [1.0, 1.0]]), double([0.0, -1.0])
    expected = torch.autograd.functional.jacobian(lambda x: torch.sigmoid(weights @ x + biases), double([1.0, 2.0]))
    printed = number(result("jacobian", "jacobian.put_in"), {})
    np.testing.assert_allclose(printed, expected.numpy(), atol=0.0005)


# ---- the pages


@cache
def page(name: str, language: str = "en") -> str:
    return render_deduction(deduction(name), "md", language)


PARTS_OF_H = [
    r"L = -\sum_{i=1}^{C} t_{i} \ln",
    r"\frac{\partial}{\partial y_{j}} \left(-\sum_{i=1}^{C}",
    r"-\frac{\partial}{\partial y_{j}} \left(\sum_{i=1}^{C}",
    r"-t_{j} \frac{\partial}{\partial y_{j}}",
    r"\frac{d}{dx} \ln x = \frac{1}{x}",
    r"\frac{1}{x \ln(10)}",
    r"\frac{1}{x \ln a}",
    r"= -\frac{t_{j}}{y_{j}}$$",
    r"y_{i} = \frac{e^{z_{i}}}{\sum_{k=1}^{C} e^{z_{k}}}",
    r"\sum_{i=1}^{C} \frac{\partial L}{\partial y_{i}} \cdot \frac{\partial y_{i}}{\partial z_{j}}",
    r"\sum_{i=1}^{C} \left(-\frac{t_{i}}{y_{i}}\right)",
    r"\frac{\partial y_{i}}{\partial z_{i}} = \frac{e^{z_{i}} \sum_{k=1}^{C} e^{z_{k}} - e^{z_{i}} e^{z_{i}}}",
    r"e^{z_{i}} \left(\sum_{k=1}^{C} e^{z_{k}} - e^{z_{i}}\right)",
    r"y_{i} (1 - y_{i})",
    r"0 \cdot \sum_{k=1}^{C} e^{z_{k}} - e^{z_{i}} e^{z_{j}}",
    r"= -y_{i} y_{j}$$",
    r"+ \sum_{i \ne j} \left(-\frac{t_{i}}{y_{i}}\right) \cdot \frac{\partial y_{i}}{\partial z_{j}}",
    r"+ \sum_{i \ne j} \left(-\frac{t_{i}}{y_{i}}\right) \cdot (-y_{i} y_{j})",
    r"-t_{j} (1 - y_{j}) + \sum_{i \ne j} t_{i} y_{j}",
    r"-t_{j} + t_{j} y_{j} + y_{j} \sum_{i \ne j} t_{i}",
    r"\sum_{i \ne j} t_{i} = 1 - t_{j}",
    r"-t_{j} + t_{j} y_{j} + y_{j} - t_{j} y_{j}",
    r"= y_{j} - t_{j}$$",
    r"\left(-\frac{0}{0.2}\right) \times (-0.2 \times 0.7) = 0",
    r"(-1.429) \times 0.7 \times 0.3 \approx -0.300",
    r"\left(-\frac{0}{0.1}\right) \times (-0.1 \times 0.7) = 0",
    r"0 + (-0.300) + 0 = -0.300",
    r"-1 \times (1 - 0.7) + (0 + 0) \times 0.7",
    r"-1 \times 0.3 + 0 = -0.3",
    r"y_{2} - t_{2} = 0.7 - 1 = -0.3",
]
"""What example H derives and calculates, in its order."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_softmax_with_cross_entropy_has_all_parts_of_the_document_in_order(language: str) -> None:
    text, place = page("softmax_cross_entropy", language), -1
    for part in PARTS_OF_H:
        found = text.find(part, place + 1)
        assert found > place, part
        place = found


def test_the_vanishing_neuron_has_the_numbers_of_the_document() -> None:
    text = page("sigmoid_mse")
    for number_of_b in ("0.731", "-0.269", "0.197", "-0.053", "-0.106"):
        assert re.search(rf"(= |approx ){number_of_b}\$\$", text), number_of_b


def test_a_saturated_output_learns_less_from_squared_error_the_more_it_is_wrong() -> None:
    """By hand: at z = −5 and −10 with the label 1, (a − 1)·a(1 − a) is about −0.0066 and −0.000045."""
    printed = re.findall(r"delta_\{\\mathrm\{(MSE|BCE)\}\} .* (-[\d.]+)\$\$", page("sigmoid_mse"))
    assert printed == [("MSE", "-0.0066"), ("BCE", "-0.9933"), ("MSE", "-0.000045"), ("BCE", "-0.999955")]


def test_the_samples_of_the_support_vector_machine_are_those_of_the_document() -> None:
    text = page("hinge_score")
    assert r"m = 1 \times 1.2 = 1.2" in text
    assert r"m = (-1) \times 1.2 = -1.2" in text
    assert r"= \begin{bmatrix} 2 \\ 1 \end{bmatrix}" in text


@pytest.mark.parametrize(
    ("name", "formulas"),
    [
        ("layer", [r"= \delta_{i} x_{j}", r"\sum_{i=1}^{m} w_{ij} \delta_{i}", r"\delta x^{\top}", r"W^{\top} \delta"]),
        ("jacobian", [r"\operatorname{diag}(f'(z))", r"= \operatorname{diag}(f'(z)) W", r"= W$$"]),
        ("softmax", [r"\operatorname{diag}(y) - y y^{\top}"]),
        ("softmax_mse", [r"\delta = a \odot \left(g - \sum a \odot g\right)"]),
    ],
)
def test_a_page_has_the_formulas_it_is_for(name: str, formulas: list[str]) -> None:
    assert [formula for formula in formulas if formula not in page(name)] == []
