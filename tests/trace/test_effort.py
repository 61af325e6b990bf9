"""What would take too long or too much room is refused before it is begun, and what is allowed is soon done."""

from __future__ import annotations

import time

import numpy as np
import pytest

from stepwise import UnsupportedError, solve
from stepwise.derivation import plan
from stepwise.problem import problem_from_document, read_problem
from stepwise.trace.effort import MOST_LINES, batches, check_effort

NEURON = {"layers": [{"activation": "sigmoid"}], "loss": "mse"}


def _neuron(samples: int, **train: object) -> dict[str, object]:
    rows = [[0.5 * (i % 3)] for i in range(samples)]
    return {
        "architecture": NEURON,
        "weights": 0.5,
        "inputs": rows,
        "labels": [i % 2 for i in range(samples)],
        "lr": 0.1,
        "train": train,
    }


def _refused(document: dict[str, object], said: str) -> None:
    problem = problem_from_document(document, source="mine.yaml")
    start = time.process_time()
    with pytest.raises(UnsupportedError, match=said):
        solve(problem)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("carry", [False, True])
def test_a_million_epochs_are_refused_and_the_most_that_is_allowed_is_named(carry: bool) -> None:
    document = {**_neuron(1, epochs=1_000_000), "rounding": {"carry": carry, "decimals": 4}}
    lines = len(plan(problem_from_document(document)).each)
    most = MOST_LINES // (lines * (3 if carry else 1))
    _refused(document, rf"1,000,000 iterations of {lines} lines are too many \(at most {most:,} .* `epochs: {most}`")
    document["train"] = {"epochs": most}
    problem = problem_from_document(document)
    assert check_effort(problem, plan(problem)) == most


def test_what_is_allowed_takes_a_moment() -> None:
    document = _neuron(1, epochs=MOST_LINES // 60)
    start = time.process_time()
    assert solve(problem_from_document(document)).iterations == MOST_LINES // 60
    assert time.process_time() - start < 2  # a third of all that is allowed


def test_steps_of_one_sample_each_are_refused_where_an_epoch_has_too_many() -> None:
    _refused(_neuron(40_000, batch_size=1), "40,000 iterations .* write a larger `batch_size`")


def test_samples_one_by_one() -> None:
    linear = {"weights": [0], "inputs": [[1]] * 40_000, "labels": [1] * 40_000, "lr": 1}
    _refused({"model": "perceptron", **linear}, "40,000 iterations .* take fewer samples")
    svm = {"model": "svm", "architecture": {"l2": 1}, "train": {"method": "pegasos"}}
    _refused({**svm, **linear}, "40,000 iterations .* take fewer samples")


def test_shapes_alone_are_not_counted_through() -> None:
    shapes = {"inputs": {"shape": [10**9, 1]}, "labels": {"shape": [10**9, 1]}, "weights": {"shape": [1, 1]}}
    _refused({**_neuron(1, batch_size=1), **shapes}, "1,000,000,000 iterations")
    problem = problem_from_document({**_neuron(1), **shapes})
    assert solve(problem).quantity("z1").shape == (1, 10**9)


def test_a_jacobian_of_thousands_is_refused_and_its_way_out_is_named() -> None:
    units = 4_000
    document = {
        "architecture": {"layers": [{"units": units, "activation": "softmax"}], "loss": "mse"},
        "weights": {"init": "zeros"},
        "inputs": [1],
        "labels": [0] * (units - 1) + [1],
        "notation": {"backward": "jacobian"},
    }
    _refused(document, r"numbers, more than there is room for .*`backward: chain`")
    document["notation"] = {"backward": "chain"}
    assert solve(problem_from_document(document))["a1"].shape == (units,)


def test_wide_layers_and_many_samples() -> None:
    document = {
        "architecture": {"layers": [{"units": 2_000, "activation": "relu"}]},
        "weights": {"init": "zeros"},
        "inputs": [[0.5]] * 50_000,
    }
    _refused(document, r"200,000,000 numbers, more than there is room for \(at most 10,500,000")


def test_many_epochs_of_wide_layers_are_counted_by_their_operations() -> None:
    document = {
        "architecture": {
            "layers": [{"units": 900, "activation": "relu"}, {"units": 900, "activation": "relu"}],
            "loss": "mse",
        },
        "weights": {"init": "he_normal"},
        "inputs": [0.5],
        "labels": [1] * 900,
        "lr": 0.1,
        "train": {"epochs": 3_000},
    }
    _refused(document, r"3,000 × [0-9,]+ operations are too many \(at most [0-9]+ iterations")


def test_large_data_may_take_longer() -> None:
    """2,000 iterations of such layers would be refused where little is given."""
    rng = np.random.default_rng(1)
    document = {
        "architecture": {
            "layers": [{"units": 100, "activation": "relu"}, {"units": 3, "activation": "softmax"}],
            "loss": "cross_entropy",
        },
        "weights": {"init": "he_normal"},
        "inputs": {"values": rng.normal(size=(20_000, 100))},
        "labels": {"values": rng.integers(0, 3, 20_000).astype(float)},
        "lr": 0.1,
        "train": {"epochs": 10, "batch_size": 100},
    }
    problem = problem_from_document(document)
    assert check_effort(problem, plan(problem)) == 2_000


def test_batches() -> None:
    problem = read_problem(
        "architecture: {layers: [{activation: sigmoid}], loss: mse}\nweights: 0.5\ninputs: [[1], [2], [3], [4], [5]]\n"
        "labels: [0, 1, 0, 1, 0]\nlr: 1\ntrain: {batch_size: 2, epochs: 2}\n",
        name="n",
        source="n",
        folder=None,
    )
    epoch = [slice(0, 2), slice(2, 4), slice(4, 5)]
    assert batches(problem, plan(problem)) == epoch + epoch
    assert check_effort(problem, plan(problem)) == 6
