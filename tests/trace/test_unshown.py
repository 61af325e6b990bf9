"""Training on large arrays: iterations that are not shown are worked in place, and give what NumPy gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise import Trace, UnsupportedError, solve
from stepwise.problem import problem_from_document

INPUTS, CLASSES = 600, 8
"""More than 4,096 weights."""


def asked(layout: str, samples: int = 23, batch: int = 5, **more: Any) -> dict[str, Any]:
    numbers = np.random.default_rng(5)
    weights = numbers.standard_normal((INPUTS, CLASSES)) / 30
    return {
        "architecture": {
            "layout": layout,
            "layers": [{"units": CLASSES, "activation": "softmax"}],
            "loss": "cross_entropy",
        },
        "weights": weights if layout == "row" else weights.T.copy(),
        "biases": [np.zeros(CLASSES)],
        "inputs": numbers.random((samples, INPUTS)),
        "labels": np.eye(CLASSES)[numbers.integers(0, CLASSES, samples)],
        "lr": 0.1,
        "train": {"batch_size": batch, "epochs": 2},
        **more,
    }


def by_numpy(document: dict[str, Any]) -> tuple[Any, Any, list[float]]:
    """Weights, biases and losses, written down from the definitions."""
    W, b = document["weights"].copy(), document["biases"][0].copy()
    W = W if document["architecture"]["layout"] == "row" else W.T.copy()
    losses, size = [], document["train"]["batch_size"]
    for _ in range(document["train"]["epochs"]):
        for start in range(0, len(document["inputs"]), size):
            x, y = document["inputs"][start : start + size], document["labels"][start : start + size]
            scores = np.exp(x @ W + b)
            a = scores / scores.sum(1, keepdims=True)
            losses.append(-(y * np.log(a)).sum() / len(x))
            W -= document["lr"] * x.T @ (a - y) / len(x)
            b -= document["lr"] * (a - y).sum(0) / len(x)
    return W, b, losses


def trained(document: dict[str, Any]) -> Trace:
    return solve(problem_from_document(document))


@pytest.mark.parametrize("layout", ["row", "column"])
def test_training_is_that_of_numpy(layout: str) -> None:
    document = asked(layout)
    W, b, losses = by_numpy(document)
    given = document["weights"].copy()
    trace = trained(document)
    new = trace["W1_new"] if layout == "row" else trace["W1_new"].T
    np.testing.assert_allclose(new, W, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(np.ravel(trace["b1_new"]), b, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(trace.history["L"].ravel(), losses, rtol=1e-12)
    assert trace.kept == (1, 2, 10)
    np.testing.assert_array_equal(document["weights"], given)
    np.testing.assert_array_equal(trace["W1"], given)


def test_what_was_shown_stays_as_it_was() -> None:
    """The second iteration's new weights are where the third one starts, and not what it made of them."""
    document = asked("row")
    trace = trained(document)
    one = {**document, "train": {"batch_size": 5}, "inputs": document["inputs"][:10], "labels": document["labels"][:10]}
    np.testing.assert_array_equal(trace["t2.W1_new"], trained(one)["W1_new"])
    last = trace["t10.W1"] - trace["t10.step_W1"]
    np.testing.assert_array_equal(trace["t10.W1_new"], last)


def test_what_grows_too_large_where_nobody_looks_is_an_error() -> None:
    """The first two iterations see nothing, the third one makes weights that the fourth cannot use."""
    document = asked("row", lr=1e308)
    document["inputs"][:10] = 0
    document["biases"] = [np.zeros(CLASSES)]
    document["train"]["update"] = ["weights"]
    with pytest.raises(UnsupportedError, match="too large: z1 "):
        trained(document)


def test_one_matrix_of_weights_may_stand_alone_as_an_array() -> None:
    problem = problem_from_document(asked("row"))
    assert problem.weights[0].shape == (INPUTS, CLASSES)
