"""Central differences by themselves, against derivatives known by heart, and the reader of typed formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepwise.verifying.differences import slope
from stepwise.verifying.formula import value_of
from stepwise.verifying.plain import ACTIVATIONS


@pytest.mark.parametrize(
    ("function", "at", "derivative"),
    [
        (np.exp, 1.0, math.e),
        (np.sin, 0.3, math.cos(0.3)),
        (lambda t: t**3, 2.0, 12.0),
        (lambda t: t * 0 + 5, 0.7, 0.0),
        (lambda t: np.exp(50 * t), 0.0, 50.0),
        (lambda t: t**2, 1e6, 2e6),
        (lambda t: np.abs(t - 0.001), 0.0, -1.0),
    ],
)
def test_slopes(function: object, at: float, derivative: float) -> None:
    found = slope(function, at, 1.0)  # type: ignore[arg-type]
    assert found.central == pytest.approx(derivative, rel=1e-9, abs=1e-9)
    assert not found.corner


def test_the_two_sides_of_a_corner() -> None:
    found = slope(np.abs, 0.0, 1.0)
    assert (found.left, found.right, found.corner) == (-1, 1, True)
    assert found.has_between(0.3)
    assert not found.has_between(1.1)


def test_a_jump() -> None:
    found = slope(lambda t: np.where(t > 0, 1.0, 0.0), 0.0, 1.0)
    assert found.jumps
    assert found.corner
    assert not found.has_between(0.0)
    assert not slope(lambda t: 1e4 * t, 0.0, 1.0).jumps


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("z*tanh(log(1+exp(z)))", 2 * math.tanh(math.log(1 + math.exp(2)))),
        ("-z^2", -4.0),
        ("2z^2 + 3(z - 1)", 11.0),
        ("1/2z", 1.0),
        ("z^-1", 0.5),
        ("1e-3*z + beta*z", 3.002),
        ("π*z", 2 * math.pi),
    ],
)
def test_typed_formulas(text: str, value: float) -> None:
    functions = {"tanh": math.tanh, "log": math.log, "exp": math.exp}
    assert value_of(text, {"z": 2.0, "beta": 1.5, "pi": math.pi}, functions, float) == pytest.approx(value)


@pytest.mark.parametrize("text", ["z.real", "(lambda: z)()", "[z]", "open(z)", "z if z else 1", "'z'", "y"])
def test_nothing_else_has_a_meaning(text: str) -> None:
    with pytest.raises(ValueError, match="no meaning"):
        value_of(text, {"z": 2.0}, {}, float)


def test_every_activation_has_a_definition_here() -> None:
    from stepwise.operations.activations import ACTIVATIONS as REGISTERED

    assert set(ACTIVATIONS) == set(REGISTERED)
