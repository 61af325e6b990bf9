"""What the page of a typed function says: sizes, domains, corners. Expected values are worked out by hand."""

from __future__ import annotations

import warnings

import pytest

from stepwise.document.deduction import render_deduction
from stepwise.errors import UnsupportedError
from stepwise.symbolic import derive_expression

SIZE = "## How large"


def page(text: str) -> str:
    return render_deduction(derive_expression(text), "md", "en")


@pytest.mark.parametrize(
    ("text", "has", "has_not"),
    [
        # checked only where the branch holds
        ("abs(abs(z)-1)", ["f'(0.5) = -1"], ["f'(2) = -1"]),
        ("abs(z)-abs(z-1)", [], ["f'(2) = 2"]),
        # corners at places that are not solved for, and letters: nothing about sizes
        ("max(0,1-z^2)", ["## Where the branches meet"], [SIZE]),
        ("u*z+v", [], [SIZE, "one everywhere"]),
        ("p*z+tanh(q*z)", [], [SIZE]),
        ("a*max(0,z)+b*min(0,z)", ["Where these differ"], [SIZE]),
        # sizes are positive: tanh² is steepest where tanh² is 1/3, with 4/(3√3)
        ("tanh(z)^2", ["at most $0.7698$", "just as large"], ["at most $-"]),
        ("1/(1+exp(z))", [r"at most $\frac{1}{4}$", "$0.0066$"], ["at most $-"]),
        ("-tanh(z)", ["In absolute value the derivative is at most one"], ["one only"]),
        # the slope at a corner is what a calculation takes
        (
            "max(0,min(1,0.2*z+0.5))",
            [r"-2.5 < z < 2.5 \\"],
            [r"-2.5 < z \le 2.5 \\ 0 & z \le -2.5 \end{cases}$$\n\n## W"],
        ),
        ("log(z)", ["holds only for $z > 0$"], [SIZE]),
        ("1/z", [r"holds only for $z \neq 0$"], [SIZE]),
        ("sqrt(abs(z))", ["no finite value"], [r"the slope is $\frac{1}{2 \sqrt{0}}$"]),
        ("1e-20*z", [], ["is $0$ everywhere", "derivative is zero"]),
        ("z/2/3", [r"is $\frac{1}{6}$ everywhere"], ["0.1667"]),
        ("1/(1+exp(-(z-3)/t))", [], ["saturated"]),
        ("sigmoid(z)*(1-sigmoid(z))", [r"(1 - \sigma(z) - \sigma(z))"], []),
        ("arctan(z)", [SIZE], []),
        ("sin(100*z)", ["Both ways"], ["By the last form"]),
        ("tanh(z-10)", ["f'(10)"], ["0.0000$"]),
        ("z*tanh(z)", ["For $z < 0$ the derivative is negative"], ["0.0000"]),
    ],
)
def test_a_page_says_what_is_true(text: str, has: list[str], has_not: list[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = page(text)
    assert [part for part in has if part not in found] == []
    assert [part for part in has_not if part in found] == []


@pytest.mark.parametrize("text", ["1/(z-z)", "log(-z^2-1)", "sqrt(z)*sqrt(-z)", "abs(z)/z"])
def test_a_function_without_values_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedError, match="no value"):
        derive_expression(text)


@pytest.mark.parametrize(
    "text", ["-softplus(z)", "1-softplus(z)", "-log(1+exp(z))", "-2*softplus(z)", "a*relu(z)-b*relu(-z)"]
)
def test_every_branch_and_exponential_is_handled(text: str) -> None:
    assert "Both ways give" in page(text)
