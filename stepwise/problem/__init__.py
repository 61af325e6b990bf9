"""Problem files: YAML in, a checked and frozen Problem out."""

from stepwise.problem.load import load_problem, read_stream, shipped_problems
from stepwise.problem.model import Problem
from stepwise.problem.options import with_options
from stepwise.problem.read import problem_from_document, read_problem
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
