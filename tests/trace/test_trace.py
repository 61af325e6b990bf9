"""What a trace holds: which quantities, in which order and shape, how each is rounded, and that JSON gives it back."""

from __future__ import annotations

import json
import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pytest

from stepwise import Trace, UnsupportedError, load_problem, solve
from stepwise.problem import read_problem, shipped_problems, with_options
from stepwise.trace import trace_from_json, trace_to_json

MLP = """
architecture:
  layout: {layout}
  layers:
    - {{units: 3, activation: {hidden}}}
    - {{units: 2, activation: {output}}}
  loss: {loss}
weights: {weights}
biases: [[0.1, -0.2, 0.3], [0.05, 0]]
inputs: {inputs}
"""
COLUMN = "[[[0.5, -0.4], [0.3, 0.8], [-0.6, 0.2]], [[0.7, -0.2, 0.4], [0.1, 0.9, -0.5]]]"
ROW = "[[[0.5, 0.3, -0.6], [-0.4, 0.8, 0.2]], [[0.7, 0.1], [-0.2, 0.9], [0.4, -0.5]]]"
BATCH = "[[1, 2], [0.5, -1], [2, 0.25], [-1, 1]]"


def _solved(text: str) -> Trace:
    return solve(read_problem(text, name="test", source="test", folder=None))


def _mlp(
    more: str = "labels: [1, 0]\nlr: 0.1\n",
    *,
    layout: str = "column",
    hidden: str = "sigmoid",
    output: str = "softmax",
    loss: str = "cross_entropy",
    inputs: str = "[1, 2]",
) -> Trace:
    weights = COLUMN if layout == "column" else ROW
    head = MLP.format(layout=layout, hidden=hidden, output=output, loss=loss, weights=weights, inputs=inputs)
    return _solved(head + more)


def _neuron(more: str, *, activation: str = "identity", loss: str = "mse", numbers: str = "") -> Trace:
    numbers = numbers or "weights: [[0.37, -0.61]]\nbiases: [0.15]\ninputs: [1.2, 0.7]\nlabels: 0.9\nlr: 0.3\n"
    head = f"architecture: {{layers: [{{units: 1, activation: {activation}}}], loss: {loss}}}\n"
    return _solved(head + numbers + more)


def _half_up(value: float, decimals: int) -> float:
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


# ---- which quantities, in which order


def test_order_of_a_network() -> None:
    trace = _mlp("labels: [1, 0]\nlr: 0.1\ntrain: {loss_after: true}\n")
    assert " ".join(trace) == (
        "x y W1 b1 W2 b2 lr "
        "z1 exp1 sum1 a1 z2 exp2 sum2 a2 L "
        "delta2 dW2 db2 back1 one_minus1 da_dz1 delta1 dW1 db1 "
        "step_W2 W2_new step_b2 b2_new step_W1 W1_new step_b1 b1_new "
        "z1_new exp1_new sum1_new a1_new z2_new exp2_new sum2_new a2_new L_new"
    )


def test_order_with_a_regulariser() -> None:
    trace = _solved(
        "architecture: {layers: [{units: 1, activation: identity}], loss: mse, l2: 0.5}\n"
        "weights: [[0.4, 0.1]]\nbiases: [1]\ninputs: [[1, 2], [3, 4]]\nlabels: [1, 2]\nlr: 0.1\ntrain: {loss_after: true}\n"
    )
    assert " ".join(trace) == (
        "x y W1 b1 lr l2 N z1 a1 diff square losses L norm1 reg J dL_da1 da_dz1 delta1 data_dW1 reg_dW1 dW1 db1 "
        "step_W1 W1_new step_b1 b1_new z1_new a1_new diff_new square_new losses_new L_new norm1_new reg_new J_new"
    )


def test_fused_and_chain() -> None:
    fused, chain = _mlp(), _mlp("labels: [1, 0]\nlr: 0.1\nnotation: {backward: chain}\n")
    assert "dL_da2" not in fused
    assert "da_dz2" not in fused
    assert "da_dz1" in fused
    assert "dL_da2" in chain
    np.testing.assert_allclose(fused["dW1"], chain["dW1"], rtol=1e-12)
    softmax_mse = _mlp(loss="mse")
    assert "inner2" in softmax_mse
    assert "da_dz2" not in softmax_mse


LINEAR = "inputs: [[1, 2], [2, 1], [0.5, 1]]\nlabels: [1, -1, 1]\nweights: [0.4, 0.3]\nbiases: 0.1\nlr: 0.1\n"


@pytest.mark.parametrize(("loss", "phase"), [("", ""), ("train: {loss_after: true}\n", "after")])
def test_order_of_a_support_vector_machine(loss: str, phase: str) -> None:
    trace = _solved("model: svm\narchitecture: {loss: hinge, l2: 1}\n" + LINEAR + loss)
    expected = (
        "x y w b lr l2 N score margin hinge L norm reg J data_grads data_grad reg_grad dw bias_grads db "
        "step_w w_new step_b b_new"
    ).split()
    after = "score margin hinge L norm reg J".split()
    assert sorted(trace) == sorted(expected + [f"{name}_new" for name in after] * bool(phase))
    computed = [name for name in trace if not trace.quantity(name).given]
    assert computed[: len(expected) - 7] == expected[7:]


def test_order_of_pegasos_and_perceptron() -> None:
    trace = _solved(
        "model: svm\narchitecture: {loss: hinge, l2: 0.5}\n"
        + LINEAR.replace("lr: 0.1", "lr: {schedule: inverse}")
        + "train: {method: pegasos}\n"
    )
    last = "score margin hinge data_grad reg_grad dw db eta step_w w_new step_b b_new".split()
    assert [name for name in trace if name.startswith("t3.")][-len(last) :] == [f"t3.{name}" for name in last]
    assert list(trace)[-2:] == ["w_new", "b_new"]
    trace = _solved("model: perceptron\n" + LINEAR)
    assert [name for name in trace if name.startswith("t2.")] == [
        f"t2.{name}" for name in "x y w b z yhat error step_w w_new step_b b_new".split()
    ]


def test_phases_and_operands() -> None:
    trace = _mlp("labels: [1, 0]\nlr: 0.1\ntrain: {loss_after: true}\n")
    phases = list(dict.fromkeys(trace.quantity(name).phase for name in trace))
    assert phases == ["given", "forward", "loss", "backward", "update", "after"]
    known: set[str] = set()
    for name in trace:
        step = trace.quantity(name).step
        assert step is None or set(step.operands) <= known, name
        known.add(name)


def test_quantities_of_one_iteration_have_no_prefix() -> None:
    batched = _mlp("labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 2}\n", inputs=BATCH)
    assert batched.iterations == 2
    assert {"t1.z1", "t2.z1", "t2.W1", "W1_new", "b2_new"} <= set(batched)
    assert not {"z1", "t1.W1", "t3.z1", "L"} & set(batched)
    np.testing.assert_array_equal(batched["W1_new"], batched["t2.W1_new"])
    np.testing.assert_array_equal(batched["t2.W1"], batched["t1.W1_new"])
    whole = _mlp("labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 4}\n", inputs=BATCH)
    assert whole.iterations == 1
    assert "z1" in whole
    assert not [name for name in whole if "." in name]


def test_without_labels_forward_only() -> None:
    trace = _mlp("")
    assert list(trace)[-1] == "a2"
    assert "L" not in trace
    assert "dW1" not in trace
    scores = _solved("model: svm\narchitecture: {loss: hinge}\n" + LINEAR.replace("labels: [1, -1, 1]\n", ""))
    assert list(scores)[-1] == "score"


def test_a_score_needs_no_labels() -> None:
    trace = _mlp("lr: 0.1\n", output="identity", loss="neg_log_sigmoid")
    assert {"L", "dW1", "W1_new"} <= set(trace)
    assert trace["L"] == pytest.approx(sum(math.log1p(math.exp(-s)) for s in trace["a2"]))


def test_without_learning_rate_no_update() -> None:
    trace = _mlp("labels: [1, 0]\n")
    assert list(trace)[-1] == "db1"
    assert not [name for name in trace if "new" in name or "step" in name]


@pytest.mark.parametrize(("kind", "changed"), [("weights", "W"), ("biases", "b")])
def test_what_the_step_changes(kind: str, changed: str) -> None:
    trace = _mlp(f"labels: [1, 0]\nlr: 0.1\ntrain: {{update: [{kind}], loss_after: true}}\n")
    new = {name for name in trace if name.endswith("_new") and name[0] in "Wb"}
    assert new == {f"{changed}1_new", f"{changed}2_new"}
    assert {"dW1", "db1"} <= set(trace)
    kept = "b1" if kind == "weights" else "W1"
    expected = (trace["W1_new"] if kind == "weights" else trace["W1"]) @ trace["x"]
    expected = expected + (trace["b1"] if kind == "weights" else trace["b1_new"])
    np.testing.assert_allclose(trace["z1_new"], expected, rtol=1e-14)
    assert f"step_{kept}" not in trace


# ---- shapes


@pytest.mark.parametrize("layout", ["column", "row"])
def test_shapes(layout: str) -> None:
    one = _mlp(layout=layout)
    many = _mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH)
    sizes = {"x": 2, "z1": 3, "a1": 3, "exp1": 3, "z2": 2, "a2": 2, "delta2": 2, "back1": 3, "delta1": 3, "y": 2}
    for name, size in sizes.items():
        assert one[name].shape == (size,), name
        assert many[name].shape == ((size, 4) if layout == "column" else (4, size)), name
    for trace in (one, many):
        assert trace["W1"].shape == trace["dW1"].shape == trace["W1_new"].shape == ((3, 2) if layout == "column" else (2, 3))
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
    neuron = _neuron("")
    assert neuron["z1"].shape == neuron["a1"].shape == neuron["delta1"].shape == neuron["b1_new"].shape == (1,)
    assert neuron["dW1"].shape == (1, 2)
    assert neuron["L"].shape == ()
    numbers = "weights: [[0.37, -0.61]]\nbiases: [0.15]\ninputs: [[1.2, 0.7]]\nlabels: [0.9]\nlr: 0.3\n"
    batch_of_one = _neuron("", numbers=numbers)
    assert batch_of_one["z1"].shape == (1, 1)
    assert batch_of_one["x"].shape == (2, 1)
    assert batch_of_one["losses"].shape == (1,)
    assert batch_of_one["L"] == neuron["L"]


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


# ---- hand rounding


def _by_hand(z: int, a: int, new: int, step: int, other: int = 3) -> dict[str, float]:
    """The neuron of `_neuron`, line by line, with so many decimals; identity and half the square."""
    found = {"z1": _half_up(0.37 * 1.2 - 0.61 * 0.7 + 0.15, z)}
    found["a1"] = _half_up(found["z1"], a)
    found["diff"] = _half_up(found["a1"] - 0.9, other)
    found["square"] = _half_up(found["diff"] ** 2, other)
    found["L"] = _half_up(found["square"] / 2, other)
    found["delta1"] = _half_up(_half_up(found["a1"] - 0.9, other), other)
    found["dW1"] = _half_up(round(found["delta1"] * 1.2, 10), other)
    found["step_W1"] = _half_up(round(0.3 * found["dW1"], 10), step)
    found["W1_new"] = _half_up(round(0.37 - found["step_W1"], 10), new)
    return found


@pytest.mark.parametrize(
    ("quantities", "digits"),
    [
        ("{}", (3, 3, 3, 3)),
        ("{z1: 1}", (1, 3, 3, 3)),
        ("{z1: 2, a1: 1}", (2, 1, 3, 3)),
        ("{'*1': 1, z1: 2}", (2, 1, 3, 3, 1)),  # the exact name comes first; dW1 and delta1 end in 1 too
        ("{'?1': 2, '*1': 1}", (2, 2, 3, 3, 1)),  # the first pattern that fits; step_W1 rounds by its own name
        ("{'*_new': 2}", (3, 3, 2, 2)),
        ("{W1_new: 1}", (3, 3, 1, 1)),
        ("{'*_new': 2, step_W1: 4}", (3, 3, 2, 4)),
        ("{'W*_new': 2, '*_new': 1}", (3, 3, 2, 2)),
        ("{'*_new': 1, W1_new: 2}", (3, 3, 2, 2)),
        ("{'*': 2, a1: 3}", (2, 3, 2, 2)),
    ],
)
def test_hand_rounding(quantities: str, digits: tuple[int, ...]) -> None:
    trace = _neuron(f"rounding: {{carry: true, decimals: 3, quantities: {quantities}}}\n")
    z, a, new, step = digits[:4]
    expected = _by_hand(z, a, new, step)
    if len(digits) == 4 and "'*'" not in quantities:
        for name, value in expected.items():
            assert trace[name].reshape(-1)[0] == value, name
        return
    assert trace["z1"][0] == expected["z1"]
    assert trace["a1"][0] == expected["a1"]
    for name in ("delta1", "dW1") if "1'" in quantities else ("diff", "dW1", "W1_new"):
        decimals = 1 if "1'" in quantities else 2
        assert trace[name].reshape(-1)[0] == _half_up(float(trace[name].reshape(-1)[0]), decimals), name


def test_the_step_by_its_own_pattern() -> None:
    """A pattern that fits step_W1 itself names it; `*_new` does only where nothing else does."""
    trace = _neuron("rounding: {carry: true, decimals: 3, quantities: {'*_new': 2, 'step_*': 4}}\n")
    step, gradient = trace["step_W1"][0, 0], trace["dW1"][0, 0]
    assert step == _half_up(round(0.3 * gradient, 10), 4)
    assert step != _half_up(step, 2)
    assert trace["W1_new"][0, 0] == _half_up(round(0.37 - step, 10), 2)


def test_hand_rounding_in_figures() -> None:
    numbers = "weights: [[123.37, -0.61]]\nbiases: [0.15]\ninputs: [1.2, 0.7]\nlabels: 0.9\n"
    trace = _neuron("rounding: {carry: true, figures: 3, quantities: {diff: 1}}\n", numbers=numbers)
    assert trace["z1"].tolist() == [148]
    assert trace["diff"].tolist() == [147.1]  # decimals: a quantity's own digits are always decimals
    assert trace["square"].tolist() == [21600]
    assert trace["L"] == 10800


def test_patterns_match_the_name_without_the_iteration() -> None:
    more = "labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 2}\nrounding: {decimals: 5, quantities: {z1: 1, '*_new': 2}}\n"
    trace = _mlp(more, inputs=BATCH)
    for name in ("t1.z1", "t2.z1"):
        assert {len(text.partition(".")[2]) for row in trace.shown(name) for text in row} <= {0, 1}
    assert all(len(text.partition(".")[2]) <= 2 for row in trace.shown("t2.W1") for text in row)
    assert all(len(text.partition(".")[2]) <= 2 for row in trace.shown("W1_new") for text in row)


def test_exact_and_hand() -> None:
    problem = load_problem("softmax-cross-entropy-mlp")
    hand, exact = solve(problem), solve(with_options(problem, carry=False))
    assert (hand.arithmetic, exact.arithmetic) == ("hand", "exact")
    assert float(exact["W1_new"][0, 0]) == pytest.approx(float(hand["W1_new"][0, 0]), abs=0.01)
    assert not np.array_equal(exact["a2"], hand["a2"])
    for name in hand:
        if not hand.quantity(name).given:
            places = hand.digits(name).count
            assert hand[name].reshape(-1).tolist() == [_half_up(value, places) for value in hand[name].reshape(-1)], name
    z = exact["W2"] @ np.maximum(0, exact["W1"] @ exact["x"])
    np.testing.assert_allclose(exact["a2"], np.exp(z) / np.exp(z).sum(), rtol=1e-15)


def test_given_numbers_are_never_rounded() -> None:
    numbers = "weights: [[0.123456, 1/3]]\nbiases: [50%]\ninputs: [0.10, 1e-3]\nlabels: 0.90\nlr: 0.30\n"
    trace = _neuron("rounding: {carry: true, decimals: 1}\n", numbers=numbers)
    assert trace["W1"].tolist() == [[0.123456, 1 / 3]]
    assert trace.shown("W1") == [["0.123456", "1/3"]]
    assert trace.shown("b1") == ["50%"]
    assert trace.shown("x") == ["0.10", "1e-3"]
    assert (trace.shown("y"), trace.shown("lr")) == (["0.90"], "0.30")


# ---- JSON


def _again(data: dict[str, Any]) -> dict[str, Any]:
    return trace_to_json(trace_from_json(json.loads(json.dumps(data, allow_nan=False))))


@pytest.mark.parametrize("name", shipped_problems())
def test_json_comes_back_unchanged(name: str) -> None:
    trace = solve(load_problem(name))
    data = trace_to_json(trace)
    again = trace_from_json(json.loads(json.dumps(data, allow_nan=False)))
    assert trace_to_json(again) == data
    assert json.dumps(trace_to_json(again)) == json.dumps(data)
    assert list(again) == list(trace) == list(data["quantities"])
    for quantity in trace:
        if trace.quantity(quantity).value is not None:
            np.testing.assert_array_equal(again[quantity], trace[quantity])
            assert again.shown(quantity) == trace.shown(quantity)
            assert data["quantities"][quantity]["shape"] == list(trace[quantity].shape)
            assert data["quantities"][quantity]["value"] == trace[quantity].tolist()


@pytest.mark.parametrize("name", ["xor-mlp", "leaf-measurements", "minibatch-softmax-epoch", "perceptron-and"])
@pytest.mark.parametrize("options", [{"carry": False, "decimals": 6}, {"carry": True, "figures": 2}, {"languages": ["zh"]}])
def test_json_keeps_what_the_command_line_changed(name: str, options: dict[str, Any]) -> None:
    data = trace_to_json(solve(with_options(load_problem(name), **options)))
    assert _again(data) == data


def test_json_keeps_texts_as_typed() -> None:
    numbers = "weights: [[0.10, 1/3]]\nbiases: [50%]\ninputs: ['1e-3', 2.50]\nlabels: 0.90\nlr: 1e-1\n"
    data = trace_to_json(_neuron("", numbers=numbers))
    for version in (data, _again(data), _again(_again(data))):
        shown = {name: version["quantities"][name]["shown"] for name in ("W1", "b1", "x", "y", "lr")}
        assert shown == {"W1": [["0.10", "1/3"]], "b1": ["50%"], "x": ["1e-3", "2.50"], "y": ["0.90"], "lr": "1e-1"}


def test_json_is_what_the_specification_shows() -> None:
    data = trace_to_json(_mlp())
    assert (data["format"], data["arithmetic"]) == (1, "exact")
    assert "history" not in data
    z1 = data["quantities"]["z1"]
    assert z1["value"] == pytest.approx([-0.2, 1.7, 0.1])
    assert z1["shown"] == ["-0.2", "1.7", "0.1"]
    assert (z1["shape"], z1["phase"], z1["operation"]) == ([3], "forward", "affine")
    assert z1["operands"] == ["W1", "x", "b1"]
    assert z1["symbol"] == "z^{(1)}"
    several = trace_to_json(solve(load_problem("minibatch-linear-regression")))
    assert several["iterations"] == 6
    assert len(several["history"]["L"]) == 6
    assert all(isinstance(value, float) for value in several["history"]["L"])


def test_json_of_another_problem_is_refused() -> None:
    data = trace_to_json(_mlp())
    data["quantities"].pop("z1")
    with pytest.raises(UnsupportedError):
        trace_from_json(data)
    with pytest.raises(UnsupportedError):
        trace_from_json({"format": 2})
    wrong = trace_to_json(_mlp())
    wrong["quantities"]["z1"]["value"] = [1.0]
    with pytest.raises(UnsupportedError):
        trace_from_json(wrong)


# ---- large numbers


def test_what_overflows_is_an_error() -> None:
    numbers = "weights: [[1e200, 1]]\ninputs: [1e200, 1]\nlabels: 1\nlr: 0.1\n"
    with pytest.raises(UnsupportedError, match="z1"):
        _neuron("", numbers=numbers)
    with pytest.raises(UnsupportedError, match="square"):
        _neuron("", numbers=numbers.replace("[1e200, 1]\n", "[1, 1]\n"))
    steep = "weights: [[1, 1]]\ninputs: [[10, 20], [30, 40]]\nlabels: [1, 2]\nlr: 1\ntrain: {epochs: 200}\n"
    with pytest.raises(UnsupportedError, match="too large"):
        _neuron("", numbers=steep)


def _softmax(weights: str, more: str = "") -> Trace:
    return _solved(
        "architecture: {layers: [{units: 3, activation: softmax}], loss: cross_entropy}\n"
        f"weights: {weights}\ninputs: [1, 1]\nlabels: [0, 1, 0]\nlr: 0.1\n{more}"
    )


@pytest.mark.parametrize("shift", [0, 697, 699, 1000, -701, -703, -1000])
def test_softmax_of_large_scores(shift: int) -> None:
    trace = _softmax(f"[[{shift}, 1], [{shift}, 2], [{shift}, 0]]")
    expected = np.exp([1, 2, 0]) / np.exp([1, 2, 0]).sum()
    np.testing.assert_allclose(trace["a1"], expected, rtol=1e-12)
    assert np.isfinite(trace["exp1"]).all()
    if abs(shift + 2) > 700:
        np.testing.assert_allclose(trace["exp1"], np.exp([-1, 0, -2]), rtol=1e-12)
    else:
        np.testing.assert_allclose(trace["exp1"], np.exp(trace["z1"]), rtol=1e-12)


def test_only_the_samples_that_overflow_are_shifted() -> None:
    trace = _solved(
        "architecture: {layers: [{units: 2, activation: softmax}], loss: cross_entropy}\n"
        "weights: [[1, 0], [0, 1]]\ninputs: [[1000, 999], [1, 2]]\nlabels: [0, 1]\n"
    )
    np.testing.assert_allclose(trace["exp1"][:, 0], [1, np.exp(-1)])
    np.testing.assert_allclose(trace["exp1"][:, 1], np.exp([1, 2]))


def test_logarithms_are_clipped() -> None:
    trace = _softmax("[[1000, 1], [0, 2], [0, 0]]")
    assert trace["a1"].tolist() == [1, 0, 0]
    assert trace["L"] == pytest.approx(-math.log(1e-12))
    assert trace["delta1"].tolist() == [1, -1, 0]
    chain = _softmax("[[1000, 1], [0, 2], [0, 0]]", "notation: {backward: chain}\n")
    assert all(np.isfinite(chain[name]).all() for name in chain)


@pytest.mark.parametrize("z", [-1000.0, -800.0, -31.0, -30.0, -29.0, 29.0, 31.0, 800.0])
@pytest.mark.parametrize("label", [0, 1])
def test_sigmoids_of_large_scores(z: float, label: int) -> None:
    numbers = f"weights: [[{z}, 0]]\ninputs: [1, 1]\nlabels: {label}\nlr: 0.1\n"
    trace = _neuron("", activation="sigmoid", loss="binary_cross_entropy", numbers=numbers)
    true = math.exp(z) / (1 + math.exp(z)) if z < 0 else 1 / (1 + math.exp(-z))
    assert trace["a1"][0] == pytest.approx(true, rel=1e-13)
    assert trace["exp1"][0] == pytest.approx(math.exp(z if z < -30 else -z), rel=1e-13)
    exact = max(z, 0) - label * z + math.log1p(math.exp(-abs(z)))
    assert trace["L"] == pytest.approx(min(exact, -math.log(1e-12)), rel=1e-3, abs=1e-12)


@pytest.mark.parametrize("z", [-800.0, -40.0, 29.0, 31.0, 800.0])
@pytest.mark.parametrize("activation", ["softplus", "swish", "elu", "gelu", "tanh", "{name: softplus, beta: 2}"])
def test_other_activations_of_large_scores(activation: str, z: float) -> None:
    numbers = f"weights: [[{z}, 0]]\ninputs: [1, 1]\nlabels: 1\nlr: 0.001\n"
    trace = _neuron("", activation=activation, numbers=numbers)
    expected = {"elu": math.expm1(min(z, 0)) if z < 0 else z, "tanh": math.copysign(1, z)}
    assert trace["a1"][0] == pytest.approx(expected.get(activation, max(z, 0.0)), abs=1e-11)
    slope = {"tanh": 0.0}.get(activation, 1.0 if z > 0 else 0.0)
    assert trace["da_dz1"][0] == pytest.approx(slope, abs=1e-11)


@pytest.mark.parametrize("score", [-1000.0, -20.0, 20.0, 1000.0])
def test_scores_far_out(score: float) -> None:
    numbers = f"weights: [[{score}, 0]]\ninputs: [1, 1]\nlr: 0.1\n"
    trace = _neuron("", loss="neg_log_sigmoid", numbers=numbers)
    assert trace["L"] == pytest.approx(min(math.log1p(math.exp(-abs(score))) + max(-score, 0), -math.log(1e-12)), abs=1e-8)
    assert trace["delta1"][0] == pytest.approx(-1 / (1 + math.exp(min(score, 700))) if score > -700 else -1.0)


# ---- L2


@pytest.mark.parametrize("layout", ["column", "row"])
def test_l2_never_touches_biases(layout: str) -> None:
    plain = _mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH)
    loss = "cross_entropy\n  l2: 0.5"
    ridge = _mlp("labels: [0, 1, 0, 1]\nlr: 0.1\n", layout=layout, inputs=BATCH, loss=loss)
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
    text = "architecture: {layers: [{units: 2, activation: tanh}], loss: mse}\nweights: [[1, 2], [3, 4]]\ninputs: [1, 2]\n"
    without, zero = _solved(text + "labels: [1, 2]\n"), _solved(text + "labels: [1, 2]\nbiases: 0\n")
    assert "b1" not in without
    assert "db1" not in without
    assert zero["b1"].tolist() == [0, 0]
    assert zero.shown("b1") == ["0", "0"]
    assert zero["db1"].tolist() == without["delta1"].tolist()


# ---- shapes without numbers


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
