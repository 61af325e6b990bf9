"""Fractions of a trace: as plain numbers for JSON, as texts, and back."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from stepwise import solve
from stepwise.problem import Problem, problem_from_document, read_problem
from stepwise.trace.rational import from_texts, in_decimals, plain_numbers, texts_of

POINTS = "model: separability\ninputs: {inputs}\nlabels: [0, 1]\n"


def _points(inputs: str) -> Problem:
    return read_problem(POINTS.format(inputs=inputs), name="test", source="test", folder=None)


def _column(*values: Fraction) -> np.ndarray:
    made = np.empty((len(values), 1), dtype=object)
    made[:, 0] = values
    return made


def test_a_whole_number_is_one_and_any_other_the_nearest_float() -> None:
    made = plain_numbers(_column(Fraction(3), Fraction(-1, 2), Fraction(1, 3), Fraction(10) ** 400 / 3))
    assert made[:, 0].tolist() == [3, -0.5, 1 / 3, round(Fraction(10) ** 400 / 3)]
    assert [type(one) for one in made[:, 0].tolist()] == [int, float, float, int]


def test_texts_come_back_as_the_same_fractions() -> None:
    values = _column(Fraction(3), Fraction(-1, 2), Fraction(2, 7))
    assert from_texts([["3"], ["-1/2"], ["2/7"]]).tolist() == values.tolist()
    for text in ("x", "1/0", "1e99999", "nan"):
        with pytest.raises((ValueError, ZeroDivisionError)):
            from_texts([[text]])


@pytest.mark.parametrize(
    ("inputs", "decimal", "texts"),
    [
        ("[[0, -1], [2, 3]]", False, ["1/2", "-3"]),
        ("[[0.5, 1], [2, 3]]", True, ["0.5", "-3"]),
        ("[[0.5, 1/3], [2, 3]]", False, ["1/2", "-3"]),
    ],
)
def test_numbers_are_written_as_the_points_are(inputs: str, decimal: bool, texts: list[str]) -> None:
    problem = _points(inputs)
    assert in_decimals(problem) is decimal
    assert texts_of(_column(Fraction(1, 2), Fraction(-3)), problem)[:, 0].tolist() == texts


def test_points_are_shown_as_typed() -> None:
    trace = solve(_points("[[0.50, 1/3], [2, -1.0]]"))
    assert [text for row in trace.shown("x") for text in row] in (
        ["0.50", "2", "1/3", "-1.0"],
        ["0.50", "1/3", "2", "-1.0"],
    )
    found = solve(problem_from_document({"model": "separability", "inputs": [[0.5, 1], [2, 3]], "labels": [0, 1]}))
    assert "0.5" in [text for row in found.shown("x") for text in row]


@pytest.mark.parametrize(
    ("labels", "lengths"),
    [([0, 0, 0, 1], {"w": 2, "b": 1}), ([0, 1, 1, 0], {"u": 4})],
    ids=["a line for AND", "a certificate for XOR"],
)
def test_what_the_search_found_is_a_column(labels: list[int], lengths: dict[str, int]) -> None:
    points = [[0, 0], [0, 1], [1, 0], [1, 1]]
    trace = solve(problem_from_document({"model": "separability", "inputs": points, "labels": labels}))
    for name, length in lengths.items():
        quantity = trace.quantity(name)
        assert quantity.shape == np.shape(quantity.value) == (length, 1)
