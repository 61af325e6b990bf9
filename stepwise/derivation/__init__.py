"""Problem → Derivation: one planner a model, `plan_svm` in `svm.py`, found by the name of the model."""

from __future__ import annotations

from importlib import import_module

from stepwise.derivation.model import Derivation, GivenQuantity, Step
from stepwise.derivation.names import check_names
from stepwise.derivation.outline import outline_of, planned
from stepwise.problem.model import Problem


def plan(problem: Problem) -> Derivation:
    """Every line of the calculation that `problem` asks for.

    Raises SpecError where the file mentions quantities that the problem does not have.
    """
    planner = getattr(import_module(f"stepwise.derivation.{problem.model}"), f"plan_{problem.model}")
    # what there is to prove depends on the points; every other calculation has the same lines whatever its numbers
    derivation: Derivation = (
        planner(problem) if problem.model == "separability" else planned(planner, outline_of(problem))
    )
    check_names(problem, derivation)
    return derivation


__all__ = ["Derivation", "GivenQuantity", "Step", "plan"]
