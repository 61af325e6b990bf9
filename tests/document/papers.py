"""Papers to look at: every shipped problem that has numbers, as a paper of its own."""

from __future__ import annotations

from functools import cache

from stepwise import load_problem
from stepwise.errors import UnsupportedError
from stepwise.problem import problem_from_document, shipped_problems
from stepwise.sheets.model import Paper, Student, Variant
from stepwise.sheets.variants import variant_of

STUDENT = Student("2023001", "王小明")
CODE = "4-7-5"
"""No letters: a code belongs to no language."""


@cache
def variants() -> dict[str, Variant]:
    """The shipped problems as they stand."""
    found = {}
    for name in shipped_problems():
        try:
            found[name] = variant_of(load_problem(name), CODE)
        except UnsupportedError:
            continue
    return found


def paper(name: str, student: Student | None = None) -> Paper:
    """A shipped problem as somebody's paper."""
    return Paper(CODE, (variants()[name],), student)


def exam(*names: str, title: dict[str, str] | None = None, student: Student | None = STUDENT) -> Paper:
    """Some shipped problems as the questions of an exam."""
    return Paper("1", tuple(variants()[name] for name in names), student, title or {"": "Final exam 2024"})


@cache
def large() -> Paper:
    """A network of which everything is asked for, with arrays that take several blocks."""
    wide = {
        "title": "14-14-2",
        "architecture": {
            "layers": [{"units": 14, "activation": "tanh"}, {"units": 2, "activation": "softmax"}],
            "loss": "cross_entropy",
        },
        "weights": {"init": "xavier_normal", "seed": 5},
        "biases": 0,
        "inputs": [round(0.1 * i - 0.65, 2) for i in range(14)],
        "labels": [1, 0],
        "lr": 0.1,
    }
    return Paper(CODE, (variant_of(problem_from_document(wide), CODE, ["*"]),), STUDENT)
