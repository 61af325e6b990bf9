"""Each condition can be switched off or set otherwise, and that has an effect; seen by the tests' own calculation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise.problem import load_problem, problem_from_document
from stepwise.sheets.conditions import CONDITIONS
from stepwise.sheets.drawing import candidates, drawn_problem
from stepwise.sheets.search import judged, source_of
from stepwise.sheets.series import Series

from .by_hand import Array, Given, given
from .chance import tried
from .drawn import series
from .functions import STEEP
from .models import worked

COUNT = 150
OFF: dict[str, Any] = {
    "alive": False,
    "unsaturated": False,
    "gradient_units": 0,
    "loss_above": 0,
    "both_sides": False,
    "same_facts": False,
    "mistakes_show": False,
}
USUAL = {"weights": "any", "biases": "any", "inputs": "any"}


def drawn(name: str, **conditions: Any) -> tuple[Given, dict[str, Array]]:
    """Variants of a shipped problem under these conditions, worked in full precision."""
    vary = {key: rule for key, rule in USUAL.items() if key in load_problem(name).document}
    whole = series(name, vary={**vary, "conditions": conditions})
    return numbers(whole)


def numbers(whole: Series) -> tuple[Given, dict[str, Array]]:
    papers = whole.papers(list(whole.tickets("rules", COUNT)))
    own = given([dict(paper.variants[0].problem.document) for paper in papers])
    return own, worked(own, by_hand=False)


def share(flags: Array) -> float:
    """Of how many variants something holds for some number."""
    return float(flags.reshape(len(flags), -1).any(axis=1).mean())


def slopes(values: dict[str, Array]) -> Array:
    return np.concatenate([STEEP["sigmoid"](values[name]).reshape(COUNT, -1) for name in ("a1", "a2")], axis=1)


def test_without_alive_hidden_layers_are_wholly_off() -> None:
    _, values = drawn("homework-relu", **{**OFF, "alive": True})
    assert share(values["z1"] > 0) == 1
    _, values = drawn("homework-relu", **OFF)
    assert share(values["z1"] > 0) < 0.9


def test_without_unsaturated_sigmoids_are_saturated() -> None:
    _, values = drawn("logistic-neuron-chain-rule", **{**OFF, "unsaturated": True})
    assert STEEP["sigmoid"](values["a1"]).min() >= 0.05
    _, values = drawn("logistic-neuron-chain-rule", **OFF)
    assert STEEP["sigmoid"](values["a1"]).min() < 0.04


@pytest.mark.parametrize("units", [0, 5, 10, 30])
def test_gradients_have_as_many_units_as_are_wanted_in_either_arithmetic(units: int) -> None:
    own, exact = drawn("xor-mlp", **{**OFF, "gradient_units": units})
    for values in (exact, worked(own, by_hand=True)):
        largest = np.min([np.abs(values[name]).max(axis=(1, 2)) for name in ("dW1", "db1", "dW2", "db2")], axis=0)
        assert largest.min() >= units * 0.001 - 1e-9
        assert largest.min() < units * 0.001 + 0.003


def test_a_gradient_that_is_large_enough_in_one_arithmetic_alone_is_rejected() -> None:
    # coarse slopes take the two far apart
    coarse = {"carry": True, "decimals": 3, "quantities": {"da_dz*": 1}}
    network = problem_from_document({**load_problem("xor-mlp").document, "rounding": coarse}, name="xor-mlp")
    places = range(1000)
    counters = [tried("units", "xor-mlp", place) for place in places]
    some = candidates(network, source_of(network, USUAL).variation, counters)
    own = given([dict(drawn_problem(some, place, "X").document) for place in places])
    exact, hand = (
        np.min([np.abs(values[name]).max(axis=(1, 2)) for name in ("dW1", "db1", "dW2", "db2")], axis=0)
        for values in (worked(own, by_hand=False), worked(own, by_hand=True))
    )
    in_one_alone = np.zeros(2)
    for units in (5, 10, 20):
        least = units * 0.001 - 1e-9
        _, rejects = judged(source_of(network, {**USUAL, "conditions": {**OFF, "gradient_units": units}}), some)
        assert (rejects["gradient_units"] == ((exact < least) | (hand < least))).all()
        in_one_alone += [((exact >= least) & (hand < least)).sum(), ((hand >= least) & (exact < least)).sum()]
    assert (in_one_alone > 0).all()


@pytest.mark.parametrize("bound", [0, "0.05", "0.2"])
def test_the_first_loss_is_above_the_bound(bound: Any) -> None:
    _, values = drawn("xor-mlp", **{**OFF, "loss_above": bound})
    assert float(bound) < values["L"].min() < float(bound) + 0.03


def test_without_both_sides_all_samples_of_some_variants_are_safe_or_all_are_not() -> None:
    def is_mixed(values: dict[str, Array]) -> float:
        # 0.9999999999999999 is 1
        margins = values["margin"].round(9)
        return float(((margins >= 1).any(axis=(1, 2)) & (margins < 1).any(axis=(1, 2))).mean())

    assert is_mixed(drawn("svm-hinge-subgradient", **{**OFF, "both_sides": True})[1]) == 1
    assert is_mixed(drawn("svm-hinge-subgradient", **OFF)[1]) < 0.8


def test_without_same_facts_margins_lie_on_the_corner() -> None:
    on_corner = [
        float((np.abs(drawn("svm-hinge-subgradient", **{**OFF, "same_facts": kept})[1]["margin"] - 1) < 1e-9).mean())
        for kept in (True, False)
    ]
    assert on_corner[0] == 0
    assert on_corner[1] > 0.01


def test_without_same_facts_rounding_by_hand_changes_predictions() -> None:
    shares = []
    for kept in (True, False):
        own, exact = drawn("softmax-cross-entropy-mlp", **{**OFF, "same_facts": kept})
        hand = worked(own, by_hand=True)
        tied = hand["a2"][:, 0, 0] == hand["a2"][:, 0, 1]
        changed = (hand["a2"].argmax(axis=2) != exact["a2"].argmax(axis=2)).any(axis=1)
        shares.append(float((tied | changed).mean()))
    assert shares[0] == 0
    assert shares[1] > 0.01


def test_without_mistakes_show_some_mistakes_change_nothing_that_is_seen() -> None:
    """η forgotten, with η so near to 1 that rounding hides it."""
    vary = {"inputs": {"choices": [1, 2]}, "weights": "any", "lr": {"choices": ["0.999", "0.5"]}}

    def rates(shown: bool) -> set[str]:
        whole = series("xor-mlp", vary={**vary, "conditions": {**OFF, "mistakes_show": shown}})
        papers = whole.papers(list(whole.tickets("rules", 40)))
        return {str(paper.variants[0].problem.document["lr"]) for paper in papers}

    assert rates(shown=False) == {"0.999", "0.5"}
    assert rates(shown=True) == {"0.5"}


# ---- units and predictions


@pytest.mark.parametrize(("wanted", "counts"), [("none", {0}), ("one", {1}), ("some", {1, 2}), ("any", {0, 1, 2})])
def test_as_many_units_are_off_as_are_wanted(wanted: str, counts: set[int]) -> None:
    _, values = drawn("homework-relu", **{**OFF, "units_off": wanted})
    assert set((values["z1"] <= 0).sum(axis=(1, 2)).tolist()) == counts


def test_units_that_are_off_are_counted_in_every_sample() -> None:
    _, values = drawn("relu-mlp-rows", **{**OFF, "units_off": "one"})
    assert ((values["z1"] <= 0).sum(axis=2) == 1).all()
    _, values = drawn("hinge-network", **{**OFF, "units_off": "one"})
    assert ((values["z1"] <= 0).sum(axis=2) == 1).all()


def first_is_right(name: str, own: Given, values: dict[str, Array]) -> Array:
    """Whether all samples are predicted right at first."""
    if own.model == "svm":
        return (values["margin"] > 0).all(axis=(1, 2))
    assert own.y is not None
    if name == "hinge-network":
        return (values["a2"] * own.y > 0).all(axis=(1, 2))
    a = values[f"a{len(own.layers)}"]
    if a.shape[2] > 1:
        return (a.argmax(axis=2) == own.y.argmax(axis=2)).all(axis=1)
    return ((a > 0.5) == (own.y > 0.5)).all(axis=(1, 2))


@pytest.mark.parametrize(
    "name",
    [
        "softmax-regression", "relu-mlp-rows", "logistic-regression", "xor-mlp", "hinge-network",
        "svm-hinge-subgradient",
    ],
)  # fmt: skip
def test_the_first_prediction_is_right_or_wrong_as_wanted(name: str) -> None:
    found = {
        wanted: first_is_right(name, *drawn(name, **{**OFF, "prediction": wanted}))
        for wanted in ("right", "wrong", "any")
    }
    assert found["right"].all()
    assert not found["wrong"].any()
    assert 0 < found["any"].mean() < 1


def test_the_shipped_example_keeps_its_own_conditions() -> None:
    """`practice-relu`: one unit off, a wrong prediction, and the usual conditions besides."""
    own, values = numbers(series("practice-relu"))
    assert ((values["z1"] <= 0).sum(axis=2) == 1).all()
    assert not first_is_right("practice-relu", own, values).any()
    assert values["L"].min() > 0.05
    assert own.document["vary"]["conditions"] == {"units_off": "one", "prediction": "wrong"}


# ---- every condition by itself


SHOWN_IN = {
    "alive": "homework-relu",
    "unsaturated": "jacobian-view",
    "gradient_units": "xor-mlp",
    "loss_above": "xor-mlp",
    "both_sides": "svm-pegasos",
    "same_facts": "relu-mlp-rows",
    "mistakes_show": "minibatch-softmax-epoch",
    "units_off": "practice-relu",
    "prediction": "practice-relu",
}


@pytest.mark.parametrize("condition", SHOWN_IN)
def test_a_condition_that_is_off_rejects_nothing(condition: str) -> None:
    name = SHOWN_IN[condition]
    one = load_problem(name)
    rules = {**one.vary.get("conditions", {}), condition: {**OFF, "units_off": "any", "prediction": "any"}[condition]}
    vary = {**({key: rule for key, rule in USUAL.items() if key in one.document}), **one.vary}
    rejected = []
    for conditions in (one.vary.get("conditions", {}), rules):
        source = source_of(one, {**vary, "conditions": conditions})
        counters = [tried("off", name, place) for place in range(600)]
        _, rejects = judged(source, candidates(source.problem, source.variation, counters))
        rejected.append(int(np.sum(rejects.get(condition, 0))))
    assert rejected[0] > 0
    assert rejected[1] == 0


def test_every_condition_can_be_set() -> None:
    assert set(SHOWN_IN) == set(CONDITIONS) - {"finite"}


def test_numbers_that_are_too_large_are_never_drawn() -> None:
    """Weights of e²⁰⁰ and more overflow; with a grid that has both, only the others are taken."""
    vary = {"weights": {"choices": ["0.5", "-0.5", "1e200"]}, "conditions": OFF}
    whole = series("elu-network", vary=vary)
    for paper in whole.papers(list(whole.tickets("rules", 20))):
        assert "1e+200" not in str(paper.variants[0].problem.document["weights"])
    assert whole.tallies[0].rejected["finite"] > 0
