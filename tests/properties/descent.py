"""The whole training of a problem file in PyTorch, by its automatic derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from stepwise import Trace
from tests.trace.formulas import DEFAULTS
from tests.trace.torch_formulas import each_loss, outputs

from .solving import Array, in_full, prefix
from .twin import Layers, Twin

CLOSE = 1e-9
CORNER = 1e-9
"""Nearer to a corner than this, float noise alone says on which side a number is."""


class TorchTwin:
    """A network of a problem file, trained by PyTorch in float64."""

    def __init__(self, text: str) -> None:
        import torch

        self.torch, self.outputs = torch, outputs(torch)
        self.twin, self.trace = Twin(text), in_full(text)
        self.compared = 0

    def compare(self) -> int:
        """Train from the first parameters to the last; how many arrays were compared."""
        if not self.twin.learns:
            return 0
        self.parameters = [tuple(self._tensor(part, learns=True) for part in pair) for pair in self._start()]
        for iteration, chosen in enumerate(self.twin.batches(), 1):
            if not self._sharp(chosen):
                return self.compared
            self._iteration(iteration, chosen)
        if self.twin.lr is not None:
            self._check_end(iteration)
        return self.compared

    def _start(self) -> Layers:
        twin, trace = self.twin, self.trace
        weights = twin.typed_weights
        if weights is None:
            drawn = [trace[f"W{layer}"] for layer in range(1, len(twin.units) + 1)]
            weights = [one if twin.column else one.T for one in drawn]
        biases = twin.typed_biases or [np.zeros((1, units)) for units in twin.units]
        return list(zip(weights, biases, strict=True))

    def _tensor(self, array: Array, *, learns: bool = False) -> Any:
        return self.torch.tensor(np.array(array), dtype=self.torch.float64, requires_grad=learns)

    def _sharp(self, chosen: slice) -> bool:
        """Whether this iteration is away from corners; on them it is only chance what floats say."""
        layers: Layers = [(pair[0].detach().numpy(), pair[1].detach().numpy()) for pair in self.parameters]
        return self.twin.sharp(layers, self.twin.x[chosen], self.twin.y[chosen], CORNER)

    def _iteration(self, number: int, chosen: slice) -> None:
        twin = self.twin
        a, kept = self._tensor(twin.x[chosen]), []
        for act, (weights, bias) in zip(twin.acts, self.parameters, strict=True):
            z = self.torch.nn.functional.linear(a, weights) + bias
            a = self.outputs[act.name](z, {**DEFAULTS.get(act.name, {}), **act.parameters})
            for one in (z, a):
                one.retain_grad()
            kept.append((z, a))
        each = each_loss(
            self.torch,
            twin.loss["name"],
            a,
            self._tensor(twin.y[chosen]),
            twin.factor,
            after_sigmoid=twin.acts[-1].name == "sigmoid",
        )
        loss = each.mean() if twin.reduction == "mean" else each.sum()
        objective = loss + twin.l2 / 2 * sum(weights.square().sum() for weights, _ in self.parameters)
        objective.backward()
        if number in self.trace.kept:
            self._check(prefix(self.trace, number), kept, len(each))
            self._close(f"{prefix(self.trace, number)}{'J' if twin.l2 else 'L'}", objective.item())
        if self.trace.iterations > 1:
            history = self.trace.history["J" if twin.l2 else "L"]
            np.testing.assert_allclose(np.ravel(history)[number - 1], objective.item(), rtol=CLOSE, atol=CLOSE)
        self.gradients = [tuple(part.grad.numpy().copy() for part in pair) for pair in self.parameters]
        self._step()

    def _step(self) -> None:
        with self.torch.no_grad():
            for pair in self.parameters:
                for part, name in zip(pair, ("weights", "biases"), strict=True):
                    learns = name == "weights" or self.twin.typed_biases is not None
                    if self.twin.lr is not None and name in self.twin.update and learns:
                        part -= self.twin.lr * part.grad
                    part.grad = None

    def _check(self, at: str, kept: list[Any], samples: int) -> None:
        undivided, mean = samples if self.twin.undivided else 1, samples if self.twin.reduction == "mean" else 1
        for layer, ((z, a), pair) in enumerate(zip(kept, self.parameters, strict=True), 1):
            self._close(f"{at}z{layer}", self._laid(z.detach().numpy()))
            self._close(f"{at}a{layer}", self._laid(a.detach().numpy()))
            self._close(f"{at}delta{layer}", undivided * self._laid(z.grad.numpy()))
            weights, bias = (part.grad.numpy() for part in pair)
            self._close(f"{at}dW{layer}", weights if self.twin.column else weights.T)
            if self.twin.typed_biases is not None:
                self._close(f"{at}db{layer}", bias[0])
            # 1/N is never in ∂L/∂a; it enters with the error terms, or later still
            for name, factor in ((f"{at}dL_da{layer}", mean), (f"{at}back{layer}", undivided)):
                if name in self.trace:
                    self._close(name, factor * self._laid(a.grad.numpy()))

    def _check_end(self, iterations: int) -> None:
        assert iterations == self.trace.iterations
        for layer, (weights, bias) in enumerate(self.parameters, 1):
            if "weights" in self.twin.update:
                new = weights.detach().numpy()
                self._close(f"W{layer}_new", new if self.twin.column else new.T)
            if "biases" in self.twin.update and self.twin.typed_biases is not None:
                self._close(f"b{layer}_new", bias.detach().numpy()[0])

    def _laid(self, rows: Array) -> Array:
        if self.twin.single:
            return np.asarray(rows[0])
        return rows.T if self.twin.column else rows

    def _close(self, name: str, expected: Any) -> None:
        _assert_close(self.trace, name, np.asarray(expected))
        self.compared += 1


def _assert_close(trace: Trace, name: str, expected: Array) -> None:
    found = trace[name]
    assert found.shape == expected.shape, name
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=CLOSE * scale, err_msg=name)
