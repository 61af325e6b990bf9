"""Random small networks as problem files, and the same networks in a few lines of NumPy of their own.

Nothing here is taken from stepwise: samples are rows, weights are units × inputs, whatever the layout of the file.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from stepwise import Trace, solve
from stepwise.problem import read_problem
from tests.trace.formulas import CORNERED, DEFAULTS, LOSS_EACH, OUTPUTS, Array, Parameters

INPUTS = 3
HIDDEN = (4, 2)
KINK = 0.01
"""So far from a corner the numbers stay, so that a difference quotient does not straddle it."""
STEP = 2e-4


@dataclass(frozen=True)
class Act:
    """An activation and the parameters typed for it."""

    name: str
    parameters: Parameters = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join([self.name, *(f"{name}{value}" for name, value in self.parameters.items())])


OTHERS = (
    Act("leaky_relu", {"alpha": 0.25}),
    Act("elu", {"alpha": 0.7}),
    Act("swish", {"beta": 1.5}),
    Act("softplus", {"beta": 2.0}),
    Act("step", {"at_zero": 1.0}),
)
"""Activations with parameters that are not the defaults."""

USUAL_OUTPUT = {
    "mse": "identity",
    "binary_cross_entropy": "sigmoid",
    "cross_entropy": "softmax",
    "hinge": "identity",
    "neg_log_sigmoid": "identity",
}


@dataclass(frozen=True)
class Options:
    """What else a file may ask for."""

    bias: str = "values"
    l2: float = 0.0
    reduction: str = "mean"
    delta: str = "undivided"
    backward: str = "fused"
    factor: str = "1/2"


@dataclass(frozen=True)
class Network:
    """A network to try. `activations` from the first layer to the last; `samples` None: just one, not a list."""

    activations: tuple[Act, ...]
    loss: str
    layout: str
    samples: int | None
    options: Options = Options()
    units: int = 3

    def __str__(self) -> str:
        return f"{'/'.join(map(str, self.activations))} {self.loss} {self.layout} samples={self.samples} {self.options}"

    @property
    def sizes(self) -> tuple[int, ...]:
        return (INPUTS, *HIDDEN[: len(self.activations) - 1], self.units)


@dataclass(frozen=True, eq=False)
class Drawn:
    """A network with its numbers: `theta` holds all parameters, weights and biases of the first layer first."""

    network: Network
    theta: Array
    x: Array
    y: Array

    def layers(self, theta: Array) -> Iterator[tuple[Array, Array]]:
        """Weights and biases of each layer, cut out of the last axis of `theta`."""
        bias = self.network.options.bias != "none"
        shapes = [(outs, ins) for ins, outs in pairwise(self.network.sizes)]
        ends = list(accumulate(outs * ins + outs * bias for outs, ins in shapes))
        for (outs, ins), part in zip(shapes, np.split(theta, ends[:-1], axis=-1), strict=True):
            weights = part[..., : outs * ins].reshape(*theta.shape[:-1], outs, ins)
            yield weights, part[..., None, outs * ins :] if bias else np.zeros(1)

    def forward(self, theta: Array) -> list[tuple[Array, Array]]:
        """z and a of each layer."""
        found, a = [], self.x
        for act, (weights, bias) in zip(self.network.activations, self.layers(theta), strict=True):
            z = a @ weights.swapaxes(-1, -2) + bias
            a = OUTPUTS[act.name](z, {**DEFAULTS.get(act.name, {}), **act.parameters})
            found.append((z, a))
        return found

    def each_loss(self, a: Array) -> Array:
        network = self.network
        if network.loss == "neg_log_sigmoid" and network.activations[-1].name == "sigmoid":
            return np.asarray(-np.log(a).sum(-1))  # the output is σ(s) already
        factor = {"1/2": 0.5, "0.5": 0.5, "1": 1.0}[network.options.factor]
        return LOSS_EACH[network.loss](a, self.y, factor)

    def loss(self, theta: Array) -> Array:
        each = self.each_loss(self.forward(theta)[-1][1])
        return np.asarray(each.mean(-1) if self.network.options.reduction == "mean" else each.sum(-1))

    def penalty(self, theta: Array) -> Array:
        squares = [(weights**2).sum((-1, -2)) for weights, _ in self.layers(theta)]
        return np.asarray(self.network.options.l2 / 2 * np.sum(squares, axis=0))

    def objective(self, theta: Array) -> Array:
        return np.asarray(self.loss(theta) + self.penalty(theta))

    def slopes(self) -> Array:
        """Central differences of the objective (of fourth order), one for each parameter."""
        near, far = (self._difference(reach) for reach in (STEP, 2 * STEP))
        return np.asarray((4 * near - far) / 3)

    def _difference(self, reach: float) -> Array:
        nudges = reach * np.eye(self.theta.size)
        return np.asarray((self.objective(self.theta + nudges) - self.objective(self.theta - nudges)) / (2 * reach))

    def smooth(self) -> bool:
        """Away from every corner, and where no logarithm is near its clipping."""
        found = self.forward(self.theta)
        acts = self.network.activations
        for act, (z, _) in zip(acts, found, strict=True):
            if act.name in CORNERED and (np.abs(z) < KINK).any():
                return False
        a = found[-1][1]
        if self.network.loss == "hinge" and acts[-1].name != "step":
            return bool((np.abs(1 - self.y * a) > KINK).all())
        return "cross_entropy" not in self.network.loss or bool(((a > KINK) & (a < 1 - KINK / 10)).all())

    def laid(self, rows: Array) -> Array:
        """Rows of samples as the trace holds them."""
        if self.network.samples is None:
            return np.asarray(rows[0])
        return rows.T if self.network.layout == "column" else rows

    def matrix(self, weights: Array) -> Array:
        """A weight matrix as the file holds it."""
        return weights if self.network.layout == "column" else weights.T

    def text(self, lr: float = 0.5) -> str:
        """The problem file."""
        network, options = self.network, self.network.options
        layers = list(self.layers(self.theta))
        acts = [{"name": act.name, **act.parameters} for act in network.activations]
        loss: dict[str, Any] = {"name": network.loss, "reduction": options.reduction}
        document: dict[str, Any] = {
            "architecture": {
                "layout": network.layout,
                "layers": [{"units": n, "activation": a} for n, a in zip(network.sizes[1:], acts, strict=True)],
                "loss": loss | ({"factor": options.factor} if network.loss == "mse" else {}),
            },
            "weights": [self.matrix(weights).tolist() for weights, _ in layers],
            "inputs": self.samples(self.x),
            "lr": lr,
            "train": {"loss_after": True},
            "notation": {"delta": options.delta, "backward": options.backward},
        }
        if options.l2:
            document["architecture"]["l2"] = options.l2
        if options.bias != "none":
            document["biases"] = 0 if options.bias == "zero" else [bias[0].tolist() for _, bias in layers]
        if network.loss != "neg_log_sigmoid":
            document["labels"] = self.samples(self.y)
        return json.dumps(document, indent=1)

    def samples(self, rows: Array) -> list[Any]:
        listed: list[Any] = rows.tolist()
        return listed[0] if self.network.samples is None else listed

    def solved(self) -> Trace:
        return solve(read_problem(self.text(), name="drawn", source=str(self.network), folder=None))


def draw(network: Network) -> Drawn:
    """Numbers for a network, the same ones every time."""
    start = zlib.crc32(str(network).encode())
    for attempt in range(500):
        drawn = _drawn(network, np.random.default_rng([start, attempt]))
        if drawn.smooth():
            return drawn
    raise AssertionError(f"no numbers away from the corners for {network}")


def _drawn(network: Network, rng: np.random.Generator) -> Drawn:
    bias = network.options.bias
    parts = []
    for ins, outs in pairwise(network.sizes):
        parts.append(rng.uniform(-1, 1, outs * ins))
        if bias != "none":
            parts.append(rng.uniform(-1, 1, outs) * (bias == "values"))
    samples = network.samples or 1
    x = rng.uniform(-2, 2, (samples, INPUTS)).round(1)
    return Drawn(network, np.concatenate(parts).round(2), x, _labels(network.loss, samples, network.units, rng))


def _labels(loss: str, samples: int, units: int, rng: np.random.Generator) -> Array:
    shape = (samples, units)
    if loss == "mse":
        return rng.uniform(-1, 1, shape).round(2)
    if loss == "binary_cross_entropy":
        return np.asarray(rng.choice([0.0, 1.0, 0.25], shape))
    if loss == "hinge":
        return np.asarray(rng.choice([-1.0, 1.0], shape))
    if loss == "neg_log_sigmoid":
        return np.ones(shape)
    soft = {1: [1.0], 2: [0.25, 0.75], 3: [0.2, 0.5, 0.3]}[units]
    hard = np.eye(units)[rng.integers(units)]
    return np.array([soft if rng.random() < 0.5 else hard for _ in range(samples)])


def layered(act: Act, loss: str, depth: int, *, at_output: bool) -> tuple[Act, ...]:
    """`act` in every hidden layer, and in the last one or the loss's usual activation there."""
    return (*[act] * (depth - 1), act if at_output else Act(USUAL_OUTPUT[loss]))


def rotated(number: int) -> Options:
    """Options that differ from one network to the next, so that all of them meet all activations."""
    return Options(
        bias=("values", "none", "zero")[number % 3],
        l2=(0.0, 0.1)[number // 3 % 2],
        reduction=("mean", "sum")[number // 2 % 2],
        delta=("undivided", "divided")[number // 5 % 2],
        backward=("fused", "chain")[number // 7 % 2],
        factor=("1/2", "1")[number // 11 % 2],
    )


def networks(act: Act, losses: Sequence[str], allowed: Callable[[str], bool]) -> Iterator[Network]:
    """Every network of one activation: each loss, layout, one sample or a batch, depth 1 to 3, hidden or at the output.

    `allowed(loss)` says whether the activation may stand in front of the loss.
    """
    for loss in losses:
        for depth in (1, 2, 3):
            for at_output in (False, True):
                if (at_output and not allowed(loss)) or (depth == 1 and not at_output):
                    continue
                for layout in ("column", "row"):
                    for samples in (None, 5):
                        acts = layered(act, loss, depth, at_output=at_output)
                        number = zlib.crc32(f"{acts} {loss} {layout} {samples}".encode())
                        units = 1 if number // 13 % 4 == 0 and acts[-1].name != "softmax" else 3
                        yield Network(acts, loss, layout, samples, rotated(number), units)
