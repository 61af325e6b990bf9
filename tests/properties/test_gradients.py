"""Every gradient is that of central differences and of PyTorch, every step η times it, whatever the problem."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given

from stepwise import Trace

from .descent import TorchTwin
from .linear import LinearTwin
from .problems import Size, linear_files, network_files
from .running import tried
from .solving import Array, entering, in_full, prefix
from .twin import Layers, Twin

RELATIVE = 1e-6
NOISE = 1e-9
"""What float noise makes of a difference quotient, for an objective of size 1."""
REGISTERED = Size(own=False)


def _layers(twin: Twin, trace: Trace, iteration: int) -> Layers:
    """The parameters that an iteration starts from, as the twin holds them; those of the first as they were typed."""
    found: Layers = []
    for layer, units in enumerate(twin.units, 1):
        weights = entering(trace, f"W{layer}", iteration)
        weights = weights if twin.column else weights.T
        bias = entering(trace, f"b{layer}", iteration)[None, :] if f"b{layer}" in trace else np.zeros((1, units))
        found.append((weights, bias))
    return found


def _check_given(twin: Twin, layers: Layers) -> None:
    """The reader has read what was typed."""
    for place, (weights, bias) in enumerate(layers):
        if twin.typed_weights is not None:
            np.testing.assert_array_equal(weights, twin.typed_weights[place])
        if twin.typed_biases is not None:
            np.testing.assert_array_equal(bias, twin.typed_biases[place])


def _laid(twin: Twin, weights: Array) -> Array:
    return weights if twin.column else weights.T


def _check_iteration(twin: Twin, trace: Trace, iteration: int, chosen: slice) -> int:
    """How many gradients of an iteration were compared with difference quotients."""
    layers, at = _layers(twin, trace, iteration), prefix(trace, iteration)
    if iteration == 1:
        _check_given(twin, layers)
    slopes = _slopes(twin, layers, chosen)
    noise, numbers = NOISE * (1 + abs(twin.objective(layers, twin.x[chosen], twin.y[chosen]))), 0
    for layer, slope in enumerate(slopes, 1):
        for kind, name, expected in (("W", "weights", _laid(twin, slope[0])), ("b", "biases", slope[1][0])):
            if f"{at}d{kind}{layer}" not in trace:
                assert kind == "b"
                assert twin.typed_biases is None
                continue
            found = trace[f"{at}d{kind}{layer}"]
            smooth = ~np.isnan(expected)
            np.testing.assert_allclose(
                found[smooth], expected[smooth], rtol=RELATIVE, atol=noise, err_msg=f"{at}d{kind}{layer}"
            )
            numbers += int(smooth.sum())
            if twin.lr is not None and name in twin.update:
                before = entering(trace, f"{kind}{layer}", iteration)
                new = trace[f"{at}{kind}{layer}_new"]
                np.testing.assert_allclose(new, before - twin.lr * found, rtol=1e-12, atol=1e-12)
    return numbers


def _slopes(twin: Twin, layers: Layers, chosen: slice) -> list[tuple[Array, Array]]:
    """The slopes of an iteration; NaN where difference quotients say nothing."""
    x, y = twin.x[chosen], twin.y[chosen]
    if twin.sharp(layers, x, y, 0.0):
        return list(twin.slopes(layers, x, y))
    return [(np.full(weights.shape, np.nan), np.full(bias.shape, np.nan)) for weights, bias in layers]


def check_differences(text: str) -> int:
    """Compare every gradient that the trace of a problem keeps; how many numbers."""
    twin, trace = Twin(text), in_full(text)
    if not twin.learns:
        assert not any(name.rpartition(".")[2].startswith(("dW", "db", "delta")) for name in trace)
        return 0
    batches = list(twin.batches())
    assert trace.iterations == len(batches)
    return sum(_check_iteration(twin, trace, kept, batches[kept - 1]) for kept in trace.kept)


def test_gradients_are_those_of_differences() -> None:
    numbers = []

    @tried(45)
    @given(network_files())
    def one(text: str) -> None:
        numbers.append(check_differences(text))

    one()
    # between two sides of a corner nothing is compared: that must not be the rule
    assert sum(count > 0 for count in numbers) > len(numbers) / 3
    assert sum(numbers) > 10 * len(numbers)


def test_values_and_gradients_are_those_of_torch(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    compared = []

    @tried(60)
    @given(network_files(REGISTERED))
    def one(text: str) -> None:
        compared.append(TorchTwin(text).compare())

    one()
    assert sum(compared) > 5 * len(compared)


@tried(60)
@given(linear_files())
def test_margins_and_errors_move_the_weights_as_in_numpy(text: str) -> None:
    LinearTwin(text).compare(in_full(text))
