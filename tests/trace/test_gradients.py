"""Every gradient agrees with central differences of a loss that is computed by NumPy code of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from stepwise import Trace
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from tests.trace.formulas import LOSS_EACH, OUTPUTS, Array
from tests.trace.networks import OTHERS, USUAL_OUTPUT, Act, Drawn, Network, Options, draw, networks

RELATIVE = 1e-6
FLOOR = 1e-10
"""What the float noise of a difference quotient comes to where a gradient is nearly 0."""

ACTS = [*(Act(name) for name in ACTIVATIONS), *OTHERS]


def _allowed(act: Act, loss: str) -> bool:
    return ACTIVATIONS[act.name].positive_only or not LOSSES[loss].needs_probabilities


def worst(ours: Array, theirs: Array) -> float:
    """The largest relative difference."""
    gap = np.maximum(np.abs(ours - theirs) - FLOOR, 0)
    return float(np.max(gap / np.maximum(np.abs(theirs), np.finfo(float).tiny)))


def _check(drawn: Drawn, trace: Trace) -> int:
    """Compare all gradients of a network; how many numbers."""
    slopes = drawn.slopes()
    bias = drawn.network.options.bias != "none"
    for layer, (weights, biases) in enumerate(drawn.layers(slopes), 1):
        expected = drawn.matrix(weights)
        found = trace[f"dW{layer}"]
        assert found.shape == expected.shape
        assert worst(found, expected) <= RELATIVE, f"dW{layer} of {drawn.network}"
        assert (f"db{layer}" in trace) == bias
        if bias:
            assert trace[f"db{layer}"].shape == biases[0].shape
            assert worst(trace[f"db{layer}"], biases[0]) <= RELATIVE, f"db{layer} of {drawn.network}"
    return slopes.size


def test_every_activation_and_loss_is_here() -> None:
    """A new activation or loss needs its formula in networks.py."""
    assert set(OUTPUTS) == set(ACTIVATIONS)
    assert set(LOSS_EACH) == set(USUAL_OUTPUT) == set(LOSSES)


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_gradients(act: Act) -> None:
    tried = [*networks(act, list(LOSSES), lambda loss: _allowed(act, loss))]
    numbers = 0
    for network in tried:
        drawn = draw(network)
        numbers += _check(drawn, drawn.solved())
    at_output = sum(_allowed(act, loss) for loss in LOSSES)
    assert len(tried) == 4 * (2 * len(LOSSES) + 3 * at_output)
    assert numbers > 10 * len(tried)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_gradients_with_every_option(loss: str) -> None:
    factors = ("1/2", "1", "0.5") if loss == "mse" else ("1/2",)
    tried = 0
    for bias, l2, reduction, delta, backward, factor, layout, samples in product(
        ("none", "zero", "values"),
        (0.0, 0.3),
        ("mean", "sum"),
        ("undivided", "divided"),
        ("fused", "chain"),
        factors,
        ("column", "row"),
        (1, 4),
    ):
        options = Options(bias, l2, reduction, delta, backward, factor)
        output = USUAL_OUTPUT[loss] if samples == 4 else "sigmoid"
        drawn = draw(Network((Act("tanh"), Act(output)), loss, layout, samples, options))
        _check(drawn, drawn.solved())
        tried += 1
    assert tried == 192 * len(factors)


def test_a_wrong_gradient_is_seen() -> None:
    drawn = draw(Network((Act("tanh"), Act("sigmoid")), "mse", "row", 4))
    trace = drawn.solved()
    _check(drawn, trace)
    other = replace(drawn, x=drawn.x * (1 + 1e-4))
    with pytest.raises(AssertionError, match="dW1"):
        _check(other, trace)


@pytest.mark.parametrize(
    ("act", "at_zero"),
    [
        (Act("relu"), 0.0),
        (Act("leaky_relu"), 0.01),
        (Act("leaky_relu", {"alpha": 0.25}), 0.25),
        (Act("elu"), 1.0),
        (Act("elu", {"alpha": 0.7}), 0.7),
        (Act("step"), 0.0),
    ],
    ids=str,
)
def test_slopes_at_the_corner(act: Act, at_zero: float) -> None:
    """What the derivative is taken to be where there is none (SPEC, reading 10)."""
    drawn = draw(Network((act,), "mse", "column", None, Options(bias="none")))
    trace = replace(drawn, theta=np.zeros_like(drawn.theta)).solved()
    assert trace["z1"].tolist() == [0, 0, 0]
    assert trace["da_dz1"].tolist() == [at_zero] * 3


@pytest.mark.parametrize("at_zero", [0.0, 1.0, 0.5])
def test_the_step_at_zero(at_zero: float) -> None:
    drawn = draw(Network((Act("step", {"at_zero": at_zero}),), "mse", "column", None, Options(bias="none")))
    trace = replace(drawn, theta=np.zeros_like(drawn.theta)).solved()
    assert trace["a1"].tolist() == [at_zero] * 3
