"""Small problem files for the tests of drawing."""

from __future__ import annotations

from typing import Any

import yaml

from stepwise.problem import Problem
from stepwise.problem.read import read_problem
from stepwise.sheets.model import Variant
from stepwise.sheets.series import Assignment, Question, Series

NETWORK: dict[str, Any] = {
    "architecture": {
        "layers": [{"units": 2, "activation": "relu"}, {"units": 1, "activation": "identity"}],
        "loss": "mse",
    },
    "weights": [[[0.5, -0.4], [0.3, 0.8]], [[0.6, -0.2]]],
    "biases": [[0.1, -0.1], [0.2]],
    "inputs": [1, 2],
    "labels": 0.5,
    "lr": 0.1,
}
"""2-2-1 with ReLU."""


def file(text: str, name: str = "made") -> Problem:
    """A problem from the text of its file."""
    return read_problem(text, name=name, source=f"{name}.yaml", folder=None)


def problem(**changed: Any) -> Problem:
    """The small network with other things in some fields (None: without the field)."""
    document = {name: value for name, value in {**NETWORK, **changed}.items() if value is not None}
    return file(yaml.safe_dump(document))


def one_layer(activation: str, loss: Any, inputs: Any, labels: Any, units: int = 1, **more: Any) -> Problem:
    """A layer of its own with two inputs, row layout."""
    document = {
        "architecture": {"layout": "row", "layers": [{"units": units, "activation": activation}], "loss": loss},
        "weights": [[[0.5] * units, [-0.4] * units]],
        "inputs": inputs,
        "labels": labels,
        "lr": 0.1,
        **more,
    }
    return file(yaml.safe_dump(document))


def series(one: Problem, **question: Any) -> Series:
    return Series(Assignment("test", (Question(one, **question),)))


def variants(one: Problem, count: int, seed: str = "1", **question: Any) -> list[Variant]:
    """So many variants of a problem."""
    whole = series(one, **question)
    return [paper.variants[0] for paper in whole.papers(list(whole.tickets(seed, count)))]


def documents(one: Problem, count: int, seed: str = "1", **question: Any) -> list[dict[str, Any]]:
    """Their files."""
    return [dict(variant.problem.document) for variant in variants(one, count, seed, **question)]
