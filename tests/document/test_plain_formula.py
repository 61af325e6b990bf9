"""Formulas in plain text: read by Python they are the tree again, and cases are left to words."""

from __future__ import annotations

import math
import random
import re

import pytest

from stepwise.document.plain_formula import plain_formula, plain_symbol
from stepwise.expressions import Case, Cases, Compare, Const, Diag, Expr, Func, Largest, Max, Neg, Sum, exp, ref

A, B, C = ref("a"), ref("b"), ref("c")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (A - (B - C), "a - (b - c)"),
        (A - B - C, "a - b - c"),
        (A / (B * C), "a / (b × c)"),
        (A * B / C, "a × b / c"),
        ((A + B) ** 2, "(a + b)²"),
        (Const("1/2") * A, "1/2 × a"),
        (A / Const("1/2"), "a / (1/2)"),
        (-(A + B), "-(a + b)"),
        (-(A * B), "-a × b"),
        (A - (-B), "a - (-b)"),
        (A**3, "a³"),
        (A**5, "a^5"),
        (Neg(A) ** 2, "(-a)²"),
        (A.T @ B, "a^T b"),
        (Sum(A * B, "rows"), "Σ (a × b)"),
        (Sum(A**2, "all"), "Σ a²"),
        (Sum(A, "rows") ** 2, "(Σ a)²"),
        (1 + Sum(A, "rows"), "1 + Σ a"),
        (Largest(A, "rows"), "max a"),
        (Max(Const("0"), A - 1), "max(0, a - 1)"),
        (exp(A), "e^a"),
        (exp(-(A**2 / 2)), "e^(-a² / 2)"),
        (Func("sqrt", 2 * Const("pi")), "√(2 × π)"),
        (Func("ln", 1 + A), "ln(1 + a)"),
        (Func("Phi", A), "Φ(a)"),
    ],
)
def test_a_formula_in_one_line(tree: Expr, text: str) -> None:
    assert plain_formula(tree) == text


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("t", "t"),
        (r"\eta", "η"),
        (r"\lambda", "λ"),
        (r"\Theta^{(2)}", "Θ^(2)"),
        (r"\varepsilon", "ε"),
        ("W^{[1]}", "W^[1]"),
        ("w^{(1)}_{12}", "w^(1)_12"),
        (r"x^{\mathrm{raw}}", "x^raw"),
        (r"W_{a + b}", "W_(a + b)"),
        (r"\mathbf{W}_{1}", "W_1"),
        (r"\hat{y}", "hat y"),
        ("学习率", "学习率"),
        ("t\r\nimport os\u2028x\x0cy", "t import os x y"),
    ],
)
def test_a_symbol_in_one_line(latex: str, text: str) -> None:
    assert plain_symbol(latex) == text


def test_precautions_are_left_out_and_cases_left_to_words() -> None:
    far = Case(Compare(A, "<", Const("-30")), exp(A))
    assert plain_formula(Cases((far,), 1 / A, "other_form")) == "1 / a"
    assert plain_formula(Cases((far,), 1 / A)) == ""
    assert plain_formula(1 + Cases((far,), A)) == ""
    assert plain_formula(Diag(A)) == ""


def test_brackets_stand_where_the_value_needs_them() -> None:
    """Python reads 500 random formulas; each has the value that the tree has by its own arithmetic."""
    dice = random.Random(5)
    for _ in range(500):
        tree, value = _drawn(dice, 4)
        text = re.sub(r"²", "**2", plain_formula(tree).replace("×", "*"))
        assert math.isclose(eval(text, {"a": 1.7, "b": -0.6, "c": 2.3}), value, rel_tol=1e-9, abs_tol=1e-9), text


def _drawn(dice: random.Random, depth: int) -> tuple[Expr, float]:
    """A tree, and its value for a = 1.7, b = −0.6, c = 2.3."""
    if depth == 0 or dice.random() < 0.2:
        return dice.choice([(A, 1.7), (B, -0.6), (C, 2.3), (Const("1/2"), 0.5)])
    (left, x), (right, y) = _drawn(dice, depth - 1), _drawn(dice, depth - 1)
    kind = dice.choice("+-*/n2")
    if kind == "+":
        return left + right, x + y
    if kind == "-":
        return left - right, x - y
    if kind == "*":
        return left * right, x * y
    if kind == "/" and abs(y) > 1e-6:
        return left / right, x / y
    return (left**2, x * x) if kind == "2" else (-left, -x)
