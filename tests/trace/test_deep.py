"""Networks of more than ten layers: layer 11 is not layer 1 with a 1 behind it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise import solve
from stepwise.problem import problem_from_document

DEPTH = 13
W = np.array([[0.9, -0.8], [0.7, 1.1]])
X, Y = np.array([[1.0], [2.0]]), np.array([[0.5], [0.1]])


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


FUNCTIONS: dict[str, tuple[Any, Any]] = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "softplus": (lambda z: np.log1p(np.exp(z)), sigmoid),
    "swish": (lambda z: z * sigmoid(z), lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z))),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_thirteen_layers_have_the_gradients_of_numpy(name: str) -> None:
    function, derivative = FUNCTIONS[name]
    document = {
        "architecture": {"layers": [{"units": 2, "activation": name}] * DEPTH, "loss": "mse"},
        "weights": [W.tolist()] * DEPTH,
        "inputs": [1, 2],
        "labels": [0.5, 0.1],
    }
    trace = solve(problem_from_document(document))
    zs, outputs = [], [X]
    for _ in range(DEPTH):
        zs.append(W @ outputs[-1])
        outputs.append(function(zs[-1]))
    delta = (outputs[-1] - Y) * derivative(zs[-1])
    for layer in range(DEPTH, 0, -1):
        gradient = delta @ outputs[layer - 1].T
        assert trace[f"dW{layer}"] == pytest.approx(gradient, rel=1e-9, abs=1e-15), layer
        if layer > 1:
            delta = (W.T @ delta) * derivative(zs[layer - 2])
