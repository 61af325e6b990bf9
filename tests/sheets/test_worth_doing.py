"""Cases in which one condition alone decides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise import draw, load_problem, solve
from stepwise.errors import UnsupportedError
from stepwise.problem import Problem, problem_from_document
from stepwise.sheets.drawing import candidates
from stepwise.sheets.generator import counters
from stepwise.sheets.varying import variation_of

NEARLY_LINEAR: dict[str, Any] = {
    "architecture": {
        "layers": [{"units": 1, "activation": "tanh"}, {"units": 1, "activation": "identity"}],
        "loss": "mse",
    },
    "weights": [[[0.1]], [[0.8]]],
    "inputs": [0.1],
    "labels": 2,
    "lr": 0.5,
    "vary": {"weights": [{"choices": [0.1, 0.2]}, {"choices": [0.7, 0.8, 0.9]}], "labels": {"choices": [1, 2]}},
}
"""tanh′ is 0.9996 or more: who forgets it is right to three figures."""


def nearly_linear(**conditions: object) -> Problem:
    vary = {**NEARLY_LINEAR["vary"], "conditions": conditions}
    return problem_from_document({**NEARLY_LINEAR, "vary": vary}, name="line")


def test_a_forgotten_derivative_that_nobody_sees_is_no_exercise() -> None:
    with pytest.raises(UnsupportedError, match="`mistakes_show` rejects 100 %"):
        draw(nearly_linear())
    assert len(draw(nearly_linear(mistakes_show=False), count=3)) == 3


def test_the_derivative_shows_where_it_is_not_nearly_1() -> None:
    document = {**NEARLY_LINEAR, "inputs": [5]}
    assert len(draw(problem_from_document(document, name="line"), count=3)) == 3


def rows(problem: Problem) -> list[tuple[float, ...]]:
    """The samples of a problem, each as typed."""
    return [tuple(map(float, sample)) for sample in problem.document["inputs"]]


def test_no_two_samples_are_the_same() -> None:
    problem = load_problem("minibatch-softmax-epoch")
    drawn = [rows(one.problem) for one in draw(problem, 300)]
    assert all(len(set(samples)) == len(samples) for samples in drawn)
    # drawn blindly some are
    blind = candidates(problem, variation_of(problem), counters("blind", 0, 300)).givens()["x"]
    assert any(len(np.unique(samples, axis=0)) < len(samples) for samples in blind)


def test_a_perceptron_may_be_right_where_that_is_asked_for() -> None:
    problem = load_problem("perceptron-and")
    vary = {"weights": "any", "biases": "any"}
    first = len(rows(problem))
    right = draw(problem, 5, vary={**vary, "conditions": {"loss_above": 0, "prediction": "right"}})
    for one in right:
        trace = solve(one.problem)
        assert not trace.history["error"][:first].any()
    for one in draw(problem, 5, vary={**vary, "conditions": {"prediction": "wrong"}}):
        assert solve(one.problem).history["error"][:first].any()


@pytest.mark.parametrize(
    ("name", "condition"),
    [("xor-mlp", {"units_off": "one"}), ("ridge-regression", {"prediction": "wrong"})],
)
def test_a_condition_without_an_object_is_refused(name: str, condition: dict[str, str]) -> None:
    with pytest.raises(UnsupportedError, match=f"the condition `{next(iter(condition))}` says nothing here"):
        draw(load_problem(name), vary={"weights": "any", "conditions": condition})
