"""Derivations of functions that somebody types: right line by line, and never a wait."""

from __future__ import annotations

import contextlib
import random
import time

import mpmath
import pytest

from stepwise.errors import UnsupportedError
from stepwise.expressions import Named, Unknown
from stepwise.symbolic import Deduction, Remark, Step, derive_expression
from stepwise.symbolic.proof import unproven
from tests.symbolic.second_opinion import Opinion, near
from tests.symbolic.test_topics import decimals_of

SMOOTH = (
    "z*tanh(log(1+exp(z)))", "exp(-z^2)", "z*exp(-z^2)", "sin(z)*cos(z)", "log(cosh(z))", "1/(1+exp(-b*z))",
    "1/(1+z^2+exp(z))^3", "z/sqrt(1+z^2)", "2*arctan(z)/pi", "exp(exp(z))", "tanh(tanh(z))", "alpha*z*exp(-beta*z)",
    "(z+1)*(z+2)*(z+3)", "exp(z)/(exp(z)+exp(-z))", "sigmoid(2*z)^2", "log(sigmoid(z))", "sigmoid(sigmoid(z))",
    "Phi(z)", "z*Phi(2*z)", "erf(z/2)", "z/(1+z^2)+sin(z)^3", "z", "5*z-3", "z-z", "exp(2*z)+1", "sinh(z)/cosh(z)",
)  # fmt: skip
CORNERS = (
    "relu(z)", "abs(z)", "abs(z)^3", "z/(1+abs(z))", "max(0,min(z,6))", "z*max(0,min(1,z/6+1/2))", "abs(abs(z)-1)",
    "max(0,z)^2", "max(0,sin(z))", "exp(-abs(z))", "max(0.1*z,z)", "z^2/2+abs(z)/3-max(z,1)*z",
)  # fmt: skip
HEAVY = (
    "(1+exp(z))^99", "((z+1)^9/(z-1)^9)^9", "tanh(tanh(tanh(tanh(tanh(z)))))", "exp(exp(exp(exp(z))))", "z^2*sin(1/z)",
    "sin(z)*cos(z)*exp(z)*log(1+z^2)*tanh(z)*arctan(z)*sqrt(1+z^2)", "log(log(log(z)))", "1/z", "z/z",
    "*".join(f"(z+{k})" for k in range(1, 30)), "+".join(f"abs(z-{k})" for k in range(1, 10)),
    "/".join(["z", *(f"(1+exp({k}*z))" for k in range(1, 9))]), "sqrt(1+sqrt(1+sqrt(1+sqrt(1+z^2))))",
)  # fmt: skip


def faults(deduction: Deduction, seed: str) -> list[str]:
    """Lines that do not hold at random points; a name without a branch has the value of its branch."""
    rng = random.Random(seed)
    found = []
    for step in deduction.steps:
        for _ in range(3):
            numbers = {name: mpmath.mpf(rng.uniform(0.3, 1.7)) for name in ("b", "alpha", "beta")}
            numbers["z"] = mpmath.mpf(rng.uniform(-2.6, 2.6))
            opinion = Opinion(numbers, lambda name: None, 3, {})
            values = [opinion.of(tree) for tree in (step.left, *step.right)]
            for place in range(1, len(values)):
                one, other = values[place - 1], values[place]
                rounded = place in step.rounded or (step.about and place == len(values) - 1)
                room = near(decimals_of(step.right[-1])) if rounded else mpmath.mpf("1e-9") * (1 + abs(other))
                if not abs(one - other) <= room:
                    found.append(f"{step.rule} at {mpmath.nstr(numbers['z'], 5)}: {one} is not {other}")
    return found


@pytest.mark.parametrize("text", SMOOTH)
def test_every_line_of_a_typed_function_is_proven(text: str) -> None:
    assert [fault for step in derive_expression(text).steps for fault in unproven(step)] == []


@pytest.mark.parametrize("text", [*SMOOTH, *CORNERS])
def test_every_line_of_a_typed_function_holds_at_random_numbers(text: str) -> None:
    assert faults(derive_expression(text), text) == []


def test_an_altered_line_does_not_hold() -> None:
    deduction = derive_expression("z*exp(-z^2)")
    for passage in deduction.passages:
        for step in passage.parts:
            if isinstance(step, Step) and not step.about:
                wrong = Step(step.rule, step.left, (*step.right[:-1], step.right[-1] + 1), step.slots)
                assert faults(Deduction("", "", (type(passage)("", (wrong,)),)), "x")


@pytest.mark.parametrize("text", HEAVY)
def test_no_function_takes_long(text: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(UnsupportedError):
        assert derive_expression(text).steps
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("foo(z)", "unknown function"),
        ("3", "no z"),
        ("", "empty"),
        ("__import__('os')", "column"),
        ("z +", "ends too early"),
        ("max(sin(z), 0) + max(cos(z), 0)", "corners"),
    ],
)
def test_a_text_that_cannot_be_derived_is_told_so(text: str, expected: str) -> None:
    with pytest.raises(UnsupportedError, match=expected):
        derive_expression(text)


@pytest.mark.parametrize(
    ("text", "branches"),
    [("max(0,min(z,6))", 3), ("abs(abs(z)-1)", 4), ("relu(z)", 2), ("max(z, z)", 0), ("abs(z)^3", 2)],
)
def test_a_function_with_corners_is_derived_branch_by_branch(text: str, branches: int) -> None:
    parts = [part for passage in derive_expression(text).passages for part in passage.parts]
    assert sum(isinstance(part, Remark) and part.key == "branch" for part in parts) == branches


def test_a_corner_where_both_slopes_agree_is_none() -> None:
    def keys(text: str) -> set[str]:
        return {
            part.key
            for passage in derive_expression(text).passages
            for part in passage.parts
            if isinstance(part, Remark)
        }

    assert {"corner.smooth"} == {key for key in keys("abs(z)^3") if key.startswith("corner")}
    assert {"corner.kink", "corner.apart"} == {key for key in keys("abs(z)") if key.startswith("corner")}


def test_an_inner_sigmoid_gets_a_name() -> None:
    steps = derive_expression("z*sigmoid(b*z)").steps
    (gate,) = [step for step in steps if step.rule == "gate_name"]
    assert isinstance(gate.left, Named)
    assert isinstance(gate.left.symbol, Unknown)
    assert any(step.rule == "substitute" for step in steps)
