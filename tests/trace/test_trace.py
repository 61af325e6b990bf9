"""What a trace holds: which quantities, in which order, of which shape; biases without a penalty."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from stepwise import load_problem, solve
from stepwise.problem import shipped_problems
from tests.trace.small import BATCH, ROW, mlp, neuron, solved


def test_order_of_a_network() -> None:
    trace = mlp("labels: [1, 0]\nlr: 0.1\ntrain: {loss_after: true}\n")
    assert " ".join(trace) == (
        "x y W1 b1 W2 b2 lr "
        "z1 exp1 sum1 a1 z2 exp2 sum2 a2 L "
        "delta2 dW2 db2 back1 one_minus1 da_dz1 delta1 dW1 db1 "
        "step_W2 W2_new step_b2 b2_new step_W1 W1_new step_b1 b1_new "
        "z1_new exp1_new sum1_new a1_new z2_new exp2_new sum2_new a2_new L_new"
    )


def test_order_with_a_regulariser() -> None:
    trace = solved(
        "architecture: {layers: [{units: 1, activation: identity}], loss: mse, l2: 0.5}\n"
        "weights: [[0.4, 0.1]]\nbiases: [1]\ninputs: [[1, 2], [3, 4]]\nlabels: [1, 2]\nlr: 0.1\n"
        "train: {loss_after: true}\n"
    )
    assert " ".join(trace) == (
        "x y W1 b1 lr l2 N z1 a1 diff square losses L norm1 reg J dL_da1 da_dz1 delta1 data_dW1 reg_dW1 dW1 db1 "
        "step_W1 W1_new step_b1 b1_new z1_new a1_new diff_new square_new losses_new L_new norm1_new reg_new J_new"
    )


def test_fused_and_chain() -> None:
    fused, chain = mlp(), mlp("labels: [1, 0]\nlr: 0.1\nnotation: {backward: chain}\n")
    assert "dL_da2" not in fused
    assert "da_dz2" not in fused
    assert "da_dz1" in fused
    assert "dL_da2" in chain
    np.testing.assert_allclose(fused["dW1"], chain["dW1"], rtol=1e-12)
    softmax_mse = mlp(loss="mse")
    assert "inner2" in softmax_mse
    assert "da_dz2" not in softmax_mse


LINEAR = "inputs: [[1, 2], [2, 1], [0.5, 1]]\nlabels: [1, -1, 1]\nweights: [0.4, 0.3]\nbiases: 0.1\nlr: 0.1\n"


@pytest.mark.parametrize(("loss", "phase"), [("", ""), ("train: {loss_after: true}\n", "after")])
def test_order_of_a_support_vector_machine(loss: str, phase: str) -> None:
    trace = solved("model: svm\narchitecture: {loss: hinge, l2: 1}\n" + LINEAR + loss)
    after = " score_new margin_new hinge_new L_new norm_new reg_new J_new" if phase else ""
    assert " ".join(trace) == (
        "x y w b lr l2 N score margin hinge L norm reg J data_grads data_grad reg_grad dw bias_grads db "
        "step_w w_new step_b b_new" + after
    )


def test_order_of_pegasos_and_perceptron() -> None:
    trace = solved(
        "model: svm\narchitecture: {loss: hinge, l2: 0.5}\n"
        + LINEAR.replace("lr: 0.1", "lr: {schedule: inverse}")
        + "train: {method: pegasos}\n"
    )
    third = " ".join(name.removeprefix("t3.") for name in trace if name.startswith("t3."))
    assert third.endswith("score margin hinge data_grad reg_grad dw db eta step_w w_new step_b b_new")
    assert list(trace)[-2:] == ["w_new", "b_new"]
    trace = solved("model: perceptron\n" + LINEAR)
    second = " ".join(name.removeprefix("t2.") for name in trace if name.startswith("t2."))
    assert second == "x y w b z yhat error step_w w_new step_b b_new"


def test_phases_and_operands() -> None:
    trace = mlp("labels: [1, 0]\nlr: 0.1\ntrain: {loss_after: true}\n")
    phases = list(dict.fromkeys(trace.quantity(name).phase for name in trace))
    assert phases == ["given", "forward", "loss", "backward", "update", "after"]
    known: set[str] = set()
    for name in trace:
        step = trace.quantity(name).step
        assert step is None or set(step.operands) <= known, name
        known.add(name)


def test_quantities_of_one_iteration_have_no_prefix() -> None:
    batched = mlp("labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 2}\n", inputs=BATCH)
    assert batched.iterations == 2
    assert {"t1.z1", "t2.z1", "t2.W1", "W1_new", "b2_new"} <= set(batched)
    assert not {"z1", "t1.W1", "t3.z1", "L"} & set(batched)
    np.testing.assert_array_equal(batched["W1_new"], batched["t2.W1_new"])
    np.testing.assert_array_equal(batched["t2.W1"], batched["t1.W1_new"])
    whole = mlp("labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 4}\n", inputs=BATCH)
    assert whole.iterations == 1
    assert "z1" in whole
    assert not [name for name in whole if "." in name]


def test_without_labels_forward_only() -> None:
    trace = mlp("")
    assert list(trace)[-1] == "a2"
    assert "L" not in trace
    assert "dW1" not in trace
    scores = solved("model: svm\narchitecture: {loss: hinge}\n" + LINEAR.replace("labels: [1, -1, 1]\n", ""))
    assert list(scores)[-1] == "score"


def test_a_score_needs_no_labels() -> None:
    trace = mlp("lr: 0.1\n", output="identity", loss="neg_log_sigmoid")
    assert {"L", "dW1", "W1_new"} <= set(trace)
    assert trace["L"] == pytest.approx(sum(math.log1p(math.exp(-s)) for s in trace["a2"]))


def test_without_learning_rate_no_update() -> None:
    trace = mlp("labels: [1, 0]\n")
    assert list(trace)[-1] == "db1"
    assert not [name for name in trace if "new" in name or "step" in name]


@pytest.mark.parametrize(("kind", "changed"), [("weights", "W"), ("biases", "b")])
def test_what_the_step_changes(kind: str, changed: str) -> None:
    trace = mlp(f"labels: [1, 0]\nlr: 0.1\ntrain: {{update: [{kind}], loss_after: true}}\n")
    new = {name for name in trace if name.endswith("_new") and name[0] in "Wb"}
    assert new == {f"{changed}1_new", f"{changed}2_new"}
    assert {"dW1", "db1"} <= set(trace)
    kept = "b1" if kind == "weights" else "W1"
    expected = (trace["W1_new"] if kind == "weights" else trace["W1"]) @ trace["x"]
    expected = expected + (trace["b1"] if kind == "weights" else trace["b1_new"])
    np.testing.assert_allclose(trace["z1_new"], expected, rtol=1e-14)
    assert f"step_{kept}" not in trace


@pytest.mark.parametrize("layout", ["column", "row"])
def test_shapes(layout: str) -> None:
    one = mlp(layout=layout)
    many = mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH)
    sizes = {"x": 2, "z1": 3, "a1": 3, "exp1": 3, "z2": 2, "a2": 2, "delta2": 2, "back1": 3, "delta1": 3, "y": 2}
    for name, size in sizes.items():
        assert one[name].shape == (size,), name
        assert many[name].shape == ((size, 4) if layout == "column" else (4, size)), name
    matrix = (3, 2) if layout == "column" else (2, 3)
    for trace in (one, many):
        assert trace["W1"].shape == trace["dW1"].shape == trace["W1_new"].shape == matrix
        assert trace["b1"].shape == trace["db1"].shape == trace["b1_new"].shape == (3,)
        assert trace["L"].shape == trace["lr"].shape == ()
    assert one["sum2"].shape == ()
    assert many["sum2"].shape == (4,)
    assert many["losses"].shape == (4,)
    np.testing.assert_allclose(many["z1"].T if layout == "column" else many["z1"], _forward_by_hand(), rtol=1e-14)
    np.testing.assert_array_equal(one["z1"], many["z1"][:, 0] if layout == "column" else many["z1"][0])


def _forward_by_hand() -> Any:
    return np.array(json.loads(BATCH)) @ np.array(json.loads(ROW)[0]) + [0.1, -0.2, 0.3]


def test_shapes_of_small_things() -> None:
    one = neuron("")
    assert one["z1"].shape == one["a1"].shape == one["delta1"].shape == one["b1_new"].shape == (1,)
    assert one["dW1"].shape == (1, 2)
    assert one["L"].shape == ()
    numbers = "weights: [[0.37, -0.61]]\nbiases: [0.15]\ninputs: [[1.2, 0.7]]\nlabels: [0.9]\nlr: 0.3\n"
    batch_of_one = neuron("", numbers=numbers)
    assert batch_of_one["z1"].shape == (1, 1)
    assert batch_of_one["x"].shape == (2, 1)
    assert batch_of_one["losses"].shape == (1,)
    assert batch_of_one["L"] == one["L"]


@pytest.mark.parametrize("name", shipped_problems())
def test_shown_has_the_shape_of_the_value(name: str) -> None:
    trace = solve(load_problem(name))
    for quantity in trace:
        if trace.quantity(quantity).value is None:
            with pytest.raises(KeyError):
                trace[quantity]
            continue
        shown = np.array(trace.shown(quantity), dtype=object)
        assert shown.shape == trace[quantity].shape, quantity
        assert all(isinstance(text, str) and text for text in shown.reshape(-1)), quantity
    with pytest.raises(KeyError):
        trace["nothing"]


@pytest.mark.parametrize("layout", ["column", "row"])
def test_l2_never_touches_biases(layout: str) -> None:
    plain = mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH)
    loss = "cross_entropy\n  l2: 0.5"
    ridge = mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH, loss=loss)
    for layer in (1, 2):
        np.testing.assert_array_equal(ridge[f"db{layer}"], plain[f"db{layer}"])
        np.testing.assert_array_equal(ridge[f"b{layer}_new"], plain[f"b{layer}_new"])
        np.testing.assert_allclose(ridge[f"dW{layer}"], plain[f"dW{layer}"] + 0.5 * ridge[f"W{layer}"], rtol=1e-13)
    squares = sum((ridge[f"W{layer}"] ** 2).sum() for layer in (1, 2))
    assert ridge["reg"] == pytest.approx(0.25 * squares)
    assert ridge["L"] == plain["L"]
    assert ridge["J"] == pytest.approx(plain["L"] + ridge["reg"])
    assert "J" not in plain


def test_no_bias_and_a_zero_bias() -> None:
    text = "architecture: {layers: [{units: 2, activation: tanh}], loss: mse}\n"
    text += "weights: [[1, 2], [3, 4]]\ninputs: [1, 2]\n"
    without, zero = solved(text + "labels: [1, 2]\n"), solved(text + "labels: [1, 2]\nbiases: 0\n")
    assert "b1" not in without
    assert "db1" not in without
    assert zero["b1"].tolist() == [0, 0]
    assert zero.shown("b1") == ["0", "0"]
    assert zero["db1"].tolist() == without["delta1"].tolist()


def test_shapes_without_numbers() -> None:
    trace = solve(load_problem("batch-softmax-shapes"))
    assert trace.arithmetic == "shapes"
    assert {name: trace.quantity(name).shape for name in ("x", "W1", "b1", "z1", "a1", "dW1", "db1", "L")} == {
        "x": (100, 2),
        "W1": (2, 3),
        "b1": (1, 3),
        "z1": (100, 3),
        "a1": (100, 3),
        "dW1": (2, 3),
        "db1": (1, 3),
        "L": (1, 1),
    }
    assert "x" in trace
    with pytest.raises(KeyError, match="no numbers"):
        trace["z1"]
