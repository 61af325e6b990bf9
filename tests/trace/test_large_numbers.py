"""Numbers far out: what overflows is an error, what need not overflow does not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepwise import Trace, UnsupportedError
from tests.trace.small import neuron, solved


def test_what_overflows_is_an_error() -> None:
    numbers = "weights: [[1e200, 1]]\ninputs: [1e200, 1]\nlabels: 1\nlr: 0.1\n"
    with pytest.raises(UnsupportedError, match="z1"):
        neuron("", numbers=numbers)
    with pytest.raises(UnsupportedError, match="square"):
        neuron("", numbers=numbers.replace("[1e200, 1]\n", "[1, 1]\n"))
    steep = "weights: [[1, 1]]\ninputs: [[10, 20], [30, 40]]\nlabels: [1, 2]\nlr: 1\ntrain: {epochs: 200}\n"
    with pytest.raises(UnsupportedError, match="too large"):
        neuron("", numbers=steep)


def _softmax(weights: str, more: str = "") -> Trace:
    return solved(
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
    trace = solved(
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
    trace = neuron("", activation="sigmoid", loss="binary_cross_entropy", numbers=numbers)
    true = math.exp(z) / (1 + math.exp(z)) if z < 0 else 1 / (1 + math.exp(-z))
    assert trace["a1"][0] == pytest.approx(true, rel=1e-13, abs=0)
    assert trace["exp1"][0] == pytest.approx(math.exp(z if z < -30 else -z), rel=1e-13)
    exact = max(z, 0) - label * z + math.log1p(math.exp(-abs(z)))
    assert trace["L"] == pytest.approx(min(exact, -math.log(1e-12)), rel=1e-3, abs=1e-12)


@pytest.mark.parametrize("z", [-800.0, -40.0, 29.0, 31.0, 800.0])
@pytest.mark.parametrize("activation", ["softplus", "swish", "elu", "gelu", "tanh", "{name: softplus, beta: 2}"])
def test_other_activations_of_large_scores(activation: str, z: float) -> None:
    numbers = f"weights: [[{z}, 0]]\ninputs: [1, 1]\nlabels: 1\nlr: 0.001\n"
    trace = neuron("", activation=activation, numbers=numbers)
    expected = {"elu": math.expm1(min(z, 0)) if z < 0 else z, "tanh": math.copysign(1, z)}
    assert trace["a1"][0] == pytest.approx(expected.get(activation, max(z, 0.0)), abs=1e-11)
    slope = {"tanh": 0.0}.get(activation, 1.0 if z > 0 else 0.0)
    assert trace["da_dz1"][0] == pytest.approx(slope, abs=1e-11)


@pytest.mark.parametrize("score", [-1000.0, -20.0, 20.0, 1000.0])
def test_scores_far_out(score: float) -> None:
    numbers = f"weights: [[{score}, 0]]\ninputs: [1, 1]\nlr: 0.1\n"
    trace = neuron("", loss="neg_log_sigmoid", numbers=numbers)
    loss = math.log1p(math.exp(-abs(score))) + max(-score, 0)
    assert trace["L"] == pytest.approx(min(loss, -math.log(1e-12)), abs=1e-8)
    assert trace["delta1"][0] == pytest.approx(-1 / (1 + math.exp(min(score, 700))) if score > -700 else -1.0)
