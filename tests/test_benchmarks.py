"""What the benchmarks say of a target, and that the rivals calculate what they are timed for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import measuring, report, training
from benchmarks.measuring import Row
from benchmarks.rivals import PlainNetwork, PlainRegression, TorchNetwork
from tests.tooling import give_up


def test_the_median_decides_and_slack_is_given_in_both_directions() -> None:
    low, high = Row("a", 1.1, (1.0, 1.2, 9.0)), Row("b", 50, (40.0, 30.0, 90.0), at_least=True)
    assert (low.median, low.met(), low.met(1.5)) == (1.2, False, True)
    assert (high.median, high.met(), high.met(1.2), high.met(1.25)) == (40.0, False, False, True)


def test_ratios_are_ours_to_theirs_and_the_first_pair_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    took = {"theirs": [9.0, 2.0, 4.0], "ours": [9.0, 3.0, 8.0]}
    calls: list[Any] = []

    def seconds(work: Any, times: int) -> float:
        calls.append(work)
        return took[work].pop(0)

    monkeypatch.setattr(measuring, "seconds", seconds)
    ours: Any = "ours"
    theirs: Any = "theirs"
    assert measuring.ratios(ours, theirs, 2) == (1.5, 2.0)
    assert calls == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]


def test_the_table_says_what_was_met_missed_and_not_measured() -> None:
    rows = [
        Row("quick", 1.1, (1.0, 1.04, 1.2)),
        Row("slow", 1.1, (1.3,)),
        Row("many", 50, (60.0,), at_least=True),
        Row("alone", float("nan"), (2.0,), note="no target"),
        measuring.missing("other", 1.0, "it is not installed"),
    ]
    assert report.table(rows).splitlines()[2:] == [
        "| quick | ≤ 1.1 × | 1.04 (1.00–1.20) | met |",
        "| slow | ≤ 1.1 × | 1.30 | **missed** |",
        "| many | ≥ 50 × | 60.0 | met |",
        "| alone (no target) | – | 2.00 |  |",
        "| other | ≤ 1 × | – | it is not installed |",
    ]


def _by_definition(document: dict[str, Any], batch: int) -> list[float]:
    """The losses of an epoch with one or two layers, from the definitions."""
    W, b = [w.copy() for w in document["weights"]], [v.copy() for v in document["biases"]]
    losses = []
    for start in range(0, len(document["inputs"]), batch):
        x, y = document["inputs"][start : start + batch], document["labels"][start : start + batch]
        a = [x]
        for layer, (weights, bias) in enumerate(zip(W, b, strict=True), 1):
            z = a[-1] @ weights + bias
            a.append(np.exp(z) / np.exp(z).sum(1, keepdims=True) if layer == len(W) else np.where(z > 0, z, 0))
        losses.append(float(-np.mean(np.sum(y * np.log(a[-1]), 1))))
        delta = (a[-1] - y) / len(x)
        for layer in reversed(range(len(W))):
            before = (delta @ W[layer].T) * (a[layer] > 0)
            W[layer] -= document["lr"] * a[layer].T @ delta
            b[layer] -= document["lr"] * delta.sum(0)
            delta = before
    return losses


def test_the_rivals_train_what_they_are_timed_for() -> None:
    """Batches of 100, as timed."""
    network, regression = training.document((20, 6, 4), 300), training.document((20, 4), 300)
    np.testing.assert_allclose(PlainNetwork(network, 100).epoch(), _by_definition(network, 100), rtol=1e-12)
    np.testing.assert_allclose(PlainRegression(regression, 100).epoch(), _by_definition(regression, 100), rtol=1e-12)


def test_the_network_in_pytorch_is_the_same() -> None:
    try:
        import torch  # noqa: F401
    except ImportError:
        give_up("needs PyTorch")
    network = training.document((20, 6, 4), 300)
    np.testing.assert_allclose(TorchNetwork(network, 100, 1).epoch(), _by_definition(network, 100), rtol=1e-10)
