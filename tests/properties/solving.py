"""From a problem file's text to what the tests look at."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt
from hypothesis import reject

from stepwise import Problem, Trace, UnsupportedError, solve
from stepwise.problem import read_problem, with_options

Array = npt.NDArray[Any]
SOURCE = "drawn.yaml"


def problem(text: str) -> Problem:
    """The problem of a text, by the reader of problem files."""
    return read_problem(text, name="drawn", source=SOURCE, folder=None)


def worked(asked: Problem) -> Trace:
    """The trace. In hand arithmetic all exponentials of a softmax may be rounded to 0, which is refused as such."""
    try:
        return solve(asked)
    except UnsupportedError as error:
        if asked.rounding.carry and "rounded to 0" in str(error):
            reject()
        raise


def in_full(text: str) -> Trace:
    """Solved in full precision, whatever rounding the file asks for."""
    return solve(with_options(problem(text), carry=False))


def prefix(trace: Trace, iteration: int) -> str:
    """What stands before the names of an iteration, counted from 1."""
    return f"t{iteration}." if trace.iterations > 1 else ""


def entering(trace: Trace, name: str, iteration: int) -> Array:
    """A parameter at the start of an iteration."""
    own = f"{prefix(trace, iteration)}{name}"
    return trace[own if own in trace else name]
