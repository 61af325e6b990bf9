"""Derivatives of typed functions: the same as difference quotients, and as decided where there is a corner."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepwise.expressions import Cases, Expr, FloatArithmetic, Func, evaluate, walk
from stepwise.expressions.derivative import derivative
from stepwise.expressions.parse import parse
from tests.own.functions import FUNCTIONS, Own

POINTS = np.random.default_rng(5).uniform(-3.5, 3.5, 1000)
STEP = 1e-5
FROM_A_CORNER = 1e-3
NOT_FOR_SMOOTH = ("sign", "Heaviside", "DiracDelta")


def tree_of(own: Own) -> Expr:
    return derivative(parse(own.expr, ("z", "alpha", "beta")), "z", own.parameters)


def slope(text: str, z: float, **numbers: str) -> float:
    tree = derivative(parse(text, ("z", *numbers)), "z", tuple(numbers.items()))
    return float(evaluate(tree, {"z": z, **{name: float(value) for name, value in numbers.items()}}, FloatArithmetic()))


@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_the_tree_of_a_typed_function_is_that_function(own: Own) -> None:
    tree = parse(own.expr, ("z", *own.numbers))
    found = evaluate(tree, {"z": POINTS, **own.numbers}, FloatArithmetic())
    np.testing.assert_allclose(found, [own.function(z) for z in POINTS], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_a_derivative_agrees_with_the_difference_quotient(own: Own) -> None:
    """At 1,000 points; the function itself is written by hand in plain Python."""
    away = np.array([all(abs(z - kink) > FROM_A_CORNER for kink in own.kinks) for z in POINTS])
    assert away.sum() > 990
    found = np.broadcast_to(evaluate(tree_of(own), {"z": POINTS, **own.numbers}, FloatArithmetic()), POINTS.shape)
    quotient = [(own.function(z + STEP) - own.function(z - STEP)) / (2 * STEP) for z in POINTS]
    np.testing.assert_allclose(found[away], np.array(quotient)[away], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_a_derivative_has_cases_only_where_there_are_corners(own: Own) -> None:
    nodes = list(walk(tree_of(own)))
    cornered = bool(own.kinks) or "abs" in own.expr
    assert any(isinstance(node, Cases) for node in nodes) == cornered
    assert not any(isinstance(node, Func) and node.name in NOT_FOR_SMOOTH for node in nodes)


@pytest.mark.parametrize(
    ("text", "z", "expected"),
    [
        # the last case holds at the corner: 0 for ReLU, as for the registered one
        ("max(0, z)", 0, 0),
        ("max(z, 0)", 0, 0),
        ("relu(z)", 0, 0),
        ("min(0, z)", 0, 0),
        ("relu(2z - 1)", 0.5, 0),
        ("relu(-z)", 0, 0),
        ("abs(z)", 0, 0),
        ("abs(z - 1)", 1, 0),
        ("z*abs(z)", 0, 0),
        # no corner in truth: the one value there is
        ("z/(1 + abs(z))", 0, 1),
        ("max(z, z)", 3, 1),
        ("abs(z)^2", 0, 0),
        # beside the corners
        ("max(0, min(6, z))", 3, 1),
        ("max(0, min(6, z))", 7, 0),
        ("max(0, min(6, z))", -1, 0),
        ("abs(abs(z) - 1)", -0.5, 1),
        ("abs(abs(z) - 1)", -2, -1),
        ("relu(z) + relu(z - 1)", 2, 2),
        ("relu(z) + relu(z - 1)", 0.5, 1),
        ("max(z^2, 4)", 1, 0),
        ("max(z^2, 4)", -3, -6),
        ("log(max(z, 1))", 2, 0.5),
        ("log(max(z, 1))", 0.5, 0),
    ],
)
def test_corners(text: str, z: float, expected: float) -> None:
    assert slope(text, z) == pytest.approx(expected)


@pytest.mark.parametrize(("alpha", "z", "expected"), [("0.1", -1, 0.1), ("0.1", 1, 1), ("3", -1, 1), ("3", 1, 3)])
def test_the_numbers_of_the_letters_decide_which_side_is_which(alpha: str, z: float, expected: float) -> None:
    assert slope("max(alpha*z, z)", z, alpha=alpha) == pytest.approx(expected)


def test_some_derivatives_as_written_in_a_table() -> None:
    assert slope("exp(z^2)", 0.5) == pytest.approx(math.exp(0.25))
    assert slope("arctan(z)", 2) == pytest.approx(0.2)
    assert slope("Phi(z)", 0) == pytest.approx(1 / math.sqrt(2 * math.pi))
    assert slope("erf(z)", 0) == pytest.approx(2 / math.sqrt(math.pi))
    assert slope("sqrt(z)", 4) == pytest.approx(0.25)
    assert slope("3", 1) == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1/(z - z)", "no derivative"),
        ("sqrt(-z^2)", "no derivative"),
        ("+".join(f"abs(z - {n})" for n in range(7)), "more than 6"),
        ("*".join(f"tanh(z/{n})" for n in range(2, 26)), "too long"),
    ],
)
def test_what_cannot_be_differentiated_is_said(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        derivative(parse(text, ("z",)), "z")
