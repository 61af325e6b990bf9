"""Problem → Derivation: one planner a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stepwise.derivation.model import Derivation, GivenQuantity, Step
from stepwise.derivation.names import check_names
from stepwise.derivation.network import plan_network
from stepwise.derivation.perceptron import plan_perceptron
from stepwise.derivation.separability import plan_separability
from stepwise.derivation.svm import plan_svm
from stepwise.problem.model import Problem

PLANNERS: Mapping[str, Callable[[Problem], Derivation]] = {
    "network": plan_network,
    "svm": plan_svm,
    "perceptron": plan_perceptron,
    "separability": plan_separability,
}


def plan(problem: Problem) -> Derivation:
    """Every line of the calculation that `problem` asks for.

    Raises SpecError where the file mentions quantities that the problem does not have.
    """
    derivation = PLANNERS[problem.model](problem)
    check_names(problem, derivation)
    return derivation


__all__ = ["PLANNERS", "Derivation", "GivenQuantity", "Step", "plan"]
