"""Problem files: YAML in, a checked and frozen Problem out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepwise.problem.load import load_problem, read_stream, shipped_problems
from stepwise.problem.model import Problem
from stepwise.problem.options import with_options
from stepwise.problem.read import problem_from_document, read_problem

if TYPE_CHECKING:
    from stepwise.problem.spec import schema

__all__ = [
    "Problem",
    "load_problem",
    "problem_from_document",
    "read_problem",
    "read_stream",
    "schema",
    "shipped_problems",
    "with_options",
]


def __getattr__(name: str) -> Any:
    """The schema, fetched when first asked for: a worked solution does not need it."""
    if name != "schema":
        raise AttributeError(f"module 'stepwise.problem' has no attribute {name!r}")
    from stepwise.problem.spec import schema

    return schema
