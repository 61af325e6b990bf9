"""A margin of exactly 1 is safe, whatever binary floats make of the typed decimals: compared with fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from stepwise import render, solve
from stepwise.problem import problem_from_document, with_options

TENTHS = [Fraction(n, 10) for n in (-13, -7, -4, -1, 1, 2, 3, 6, 8, 11)]


def _at_one() -> list[tuple[Fraction, Fraction, Fraction, Fraction]]:
    """Weights and inputs in tenths with w₁x + w₂ + b = 1, where floats say something else."""
    found = []
    for first, second, x in product(TENTHS, TENTHS, (Fraction(1), Fraction(3), Fraction(7, 10))):
        bias = 1 - first * x - second
        if (bias * 10).denominator == 1 and float(first) * float(x) + float(second) + float(bias) < 1:
            found.append((first, second, x, bias))
    return found


def _typed(number: Fraction) -> str:
    return str(float(number))


def _document(first: Fraction, second: Fraction, x: Fraction, bias: Fraction, model: str) -> dict[str, Any]:
    weights, sample = [_typed(first), _typed(second)], [[_typed(x), "1"]]
    if model == "svm":
        return {
            "model": "svm",
            "weights": weights,
            "biases": _typed(bias),
            "inputs": sample,
            "labels": [1],
            "lr": "0.1",
        }
    architecture = {"layers": [{"units": 1, "activation": "identity"}], "loss": "hinge"}
    whole = {"weights": [[weights]], "biases": [[_typed(bias)]], "inputs": sample, "labels": [1], "lr": "0.1"}
    return {"architecture": architecture, **whole}


@pytest.mark.parametrize("model", ["svm", "network"])
def test_a_margin_of_one_is_safe(model: str) -> None:
    cases = _at_one()
    assert len(cases) > 5
    for case in cases:
        problem = problem_from_document(_document(*case, model))
        for one in (problem, with_options(problem, carry=True)):
            trace = solve(one)
            gradient = trace["dw" if model == "svm" else "dW1"]
            assert not np.any(gradient), case
            page = render(trace, "md", "en")
            assert "inside the margin" not in page
            assert "9999" not in page
