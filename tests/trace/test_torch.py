"""Values and gradients agree with PyTorch in float64 to 1e-10: each line, not only the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from stepwise import Trace
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from tests.trace.formulas import DEFAULTS, Array
from tests.trace.networks import OTHERS, Act, Drawn, Network, draw, networks
from tests.trace.torch_formulas import each_loss, outputs

CLOSE = 1e-10
LR = 0.5


class _Twin:
    """The same network in PyTorch: forward with gradients kept, and the step."""

    def __init__(self, torch: Any, drawn: Drawn) -> None:
        self.torch, self.drawn = torch, drawn
        self.bias = drawn.network.options.bias != "none"
        self.x, self.y = self._tensor(drawn.x), self._tensor(drawn.y)
        layers = list(drawn.layers(drawn.theta))
        self.weights = [self._tensor(weights, learns=True) for weights, _ in layers]
        self.biases = [self._tensor(bias, learns=True) for _, bias in layers]

    def _tensor(self, array: Array, *, learns: bool = False) -> Any:
        return self.torch.tensor(array.copy(), dtype=self.torch.float64, requires_grad=learns)

    def forward(self) -> Any:
        """The objective; z and a of each layer are kept."""
        known, a = outputs(self.torch), self.x
        self.z, self.a = [], []
        for act, weights, bias in zip(self.drawn.network.activations, self.weights, self.biases, strict=True):
            z = self.torch.nn.functional.linear(a, weights) + bias
            a = known[act.name](z, {**DEFAULTS.get(act.name, {}), **act.parameters})
            z.retain_grad()
            a.retain_grad()
            self.z.append(z)
            self.a.append(a)
        network, options = self.drawn.network, self.drawn.network.options
        factor, after_sigmoid = (1 if options.factor == "1" else 0.5), network.activations[-1].name == "sigmoid"
        each = each_loss(self.torch, network.loss, a, self.y, factor, after_sigmoid=after_sigmoid)
        self.loss = each.mean() if options.reduction == "mean" else each.sum()
        self.reg = options.l2 / 2 * sum(weights.square().sum() for weights in self.weights)
        return self.loss + self.reg

    def step(self) -> None:
        with self.torch.no_grad():
            for parameter in [*self.weights, *(self.biases if self.bias else [])]:
                parameter -= LR * parameter.grad


def _close(trace: Trace, name: str, expected: Any, drawn: Drawn) -> None:
    array = expected if isinstance(expected, np.ndarray) else np.asarray(expected)
    assert trace[name].shape == array.shape, f"{name} of {drawn.network}"
    np.testing.assert_allclose(trace[name], array, rtol=CLOSE, atol=CLOSE, err_msg=f"{name} of {drawn.network}")


def _compare(torch: Any, drawn: Drawn) -> None:
    trace, twin, options = drawn.solved(), _Twin(torch, drawn), drawn.network.options
    objective = twin.forward()
    objective.backward()
    name = "J" if options.l2 else "L"
    _close(trace, name, objective.item(), drawn)
    _close(trace, "L", twin.loss.item(), drawn)
    if options.l2:
        _close(trace, "reg", twin.reg.item(), drawn)
    mean = drawn.network.samples is not None and options.reduction == "mean"
    # error terms are undivided unless the file says otherwise; 1/N then enters with the gradients of the parameters
    undivided = len(drawn.x) if mean and options.delta == "undivided" else 1
    for layer in range(1, len(twin.z) + 1):
        _layer(trace, twin, layer, undivided, len(drawn.x) if mean else 1)
    twin.step()
    _close(trace, f"{name}_new", twin.forward().item(), drawn)
    for layer in range(1, len(twin.z) + 1):
        _close(trace, f"W{layer}_new", drawn.matrix(twin.weights[layer - 1].detach().numpy()), drawn)
        if twin.bias:
            _close(trace, f"b{layer}_new", twin.biases[layer - 1].detach().numpy()[0], drawn)
        _close(trace, f"a{layer}_new", drawn.laid(twin.a[layer - 1].detach().numpy()), drawn)


def _layer(trace: Trace, twin: _Twin, layer: int, undivided: int, samples: int) -> None:
    drawn, z, a = twin.drawn, twin.z[layer - 1], twin.a[layer - 1]
    _close(trace, f"z{layer}", drawn.laid(z.detach().numpy()), drawn)
    _close(trace, f"a{layer}", drawn.laid(a.detach().numpy()), drawn)
    _close(trace, f"delta{layer}", drawn.laid(undivided * z.grad.numpy()), drawn)
    _close(trace, f"dW{layer}", drawn.matrix(twin.weights[layer - 1].grad.numpy()), drawn)
    if twin.bias:
        _close(trace, f"db{layer}", twin.biases[layer - 1].grad.numpy()[0], drawn)
    for name, factor in ((f"dL_da{layer}", samples), (f"back{layer}", undivided)):
        if name in trace:
            _close(trace, name, drawn.laid(factor * a.grad.numpy()), drawn)


def _networks(act: Act) -> Iterator[Network]:
    positive = ACTIVATIONS[act.name].positive_only
    return networks(act, list(LOSSES), lambda loss: positive or not LOSSES[loss].needs_probabilities)


def test_values_and_gradients_agree_with_torch(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    import torch

    tried = [network for act in [*(Act(name) for name in ACTIVATIONS), *OTHERS] for network in _networks(act)]
    for network in tried:
        _compare(torch, draw(network))
    assert len(tried) > 1000


def test_a_small_difference_is_seen(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    import torch

    act = Act("softplus", {"beta": 2.0})
    network = next(iter(networks(act, ["mse"], lambda loss: True)))
    drawn = draw(network)
    _compare(torch, drawn)
    trace = drawn.solved()
    with pytest.raises(AssertionError, match="a1"):
        _close(trace, "a1", trace["a1"] + 1e-9, drawn)
