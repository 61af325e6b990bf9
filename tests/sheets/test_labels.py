"""Labels and drawn weights: classes, signs, numbers that an output can reach, seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise.errors import SpecError
from stepwise.problem import load_problem

from .by_hand import leaves
from .made import documents, one_layer, variants


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([0, 1, 0], {(1, 0, 0), (0, 1, 0), (0, 0, 1)}),
        (2, {(0,), (1,), (2,)}),
    ],
)
def test_the_class_of_one_sample_varies_as_it_is_written(labels: Any, expected: set[tuple[int, ...]]) -> None:
    one = one_layer("softmax", "cross_entropy", [1, 2], labels, 3, weights=[[[0.5, 0.2, -0.3], [-0.4, 0.1, 0.6]]])
    drawn = documents(one, 60)
    assert {tuple(int(text) for text in leaves(document["labels"])) for document in drawn} == expected
    assert all(isinstance(document["labels"], type(labels)) for document in drawn)


@pytest.mark.parametrize(
    ("activation", "loss", "labels"),
    [("identity", "hinge", [1, -1, 1]), ("sigmoid", "binary_cross_entropy", [0, 1, 1])],
)
def test_random_classes_of_several_samples_are_never_all_the_same(activation: str, loss: str, labels: Any) -> None:
    one = one_layer(
        activation, loss, [[1, 2], [2, -1], [-1, 1]], labels, vary={"labels": "random class", "inputs": "any"}
    )
    drawn = [tuple(map(int, leaves(document["labels"]))) for document in documents(one, 60)]
    low = min(labels)
    assert set(drawn) == {(a, b, c) for a in (low, 1) for b in (low, 1) for c in (low, 1) if not a == b == c}


@pytest.mark.parametrize(
    ("activation", "loss", "labels", "why"),
    [
        ("softmax", "cross_entropy", [0.25, 0.75], "add up to 1"),
        ("identity", "hinge", [1, -1], "1 or -1"),
        ("identity", "neg_log_sigmoid", [1, 1], "all 1"),
    ],
)
def test_labels_that_are_bound_to_their_loss_stay(activation: str, loss: str, labels: Any, why: str) -> None:
    def layer(**vary: Any) -> Any:
        weights = [[[0.5, -0.3], [-0.4, 0.6]]]
        return one_layer(activation, loss, [1, 2], labels, 2, weights=weights, **({"vary": vary} if vary else {}))

    conditions = {"both_sides": False}
    assert {str(document["labels"]) for document in documents(layer(), 20)} == {str(labels)}
    kept = documents(layer(labels="keep", weights="any", conditions=conditions), 20)
    assert {str(document["labels"]) for document in kept} == {str(labels)}
    with pytest.raises(SpecError, match=rf"vary\.labels: .*{why}.*labels: keep"):
        variants(layer(labels="any", weights="any"), 1)


@pytest.mark.parametrize(
    ("activation", "label", "low", "high"), [("sigmoid", 0.8, 0, 1), ("tanh", 0.5, -1, 1), ("relu", -2, 1, 3)]
)
def test_usual_labels_are_numbers_that_the_output_can_reach(
    activation: str, label: float, low: float, high: float
) -> None:
    drawn = [float(leaves(one["labels"])[0]) for one in documents(one_layer(activation, "mse", [1, 2], label), 30)]
    assert min(drawn) >= low
    assert max(drawn) <= high
    assert len(set(drawn)) > 2


def test_labels_of_a_vector_machine_are_of_two_signs() -> None:
    one = load_problem("svm-hinge-subgradient")
    drawn = variants(one, 30, vary={"labels": "any", "inputs": "any"})
    assert {tuple(leaves(dict(variant.problem.document)["labels"])) for variant in drawn} == {("1", "-1"), ("-1", "1")}


# ---- seeds of drawn weights


def test_weights_of_a_scheme_vary_by_its_seed() -> None:
    drawn = variants(load_problem("wide-mlp"), 20)
    seeds = {variant.problem.draw.seed for variant in drawn if variant.problem.draw is not None}
    assert len(seeds) == 20
    assert all(0 <= seed < 100_000 for seed in seeds)
    first, second = (np.asarray(variant.problem.weights[0].values) for variant in drawn[:2])
    # He's limit for eight inputs
    assert (np.abs(first) <= np.sqrt(6 / 8) + 1e-4).all()
    assert (first != second).any()
