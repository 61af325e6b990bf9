"""Numbers brought together in a formula, and sympy's results as trees: the value stays, sympy says so."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Func, Max, Neg, Power, Series, evaluate, exp, ref
from stepwise.expressions.fold import folded, rational_of
from stepwise.expressions.from_sympy import number_text, tree_of
from stepwise.expressions.symbolic import SymbolicArithmetic
from stepwise.expressions.tree import rational

W, X = ref("w"), ref("x")
LETTERS = {"w": sympy.Symbol("w", real=True), "x": sympy.Symbol("x", real=True)}


def c(text: str) -> Const:
    return Const(text)


def value(tree: Expr) -> Any:
    return evaluate(tree, LETTERS, SymbolicArithmetic())


def positive(then: Expr, otherwise: Expr, of: Expr) -> Cases:
    return Cases((Case(Compare(of, ">", c("0")), then),), otherwise)


@pytest.mark.parametrize(
    ("tree", "number"),
    [
        (c("1/3") * c("2"), "2/3"),
        (Series((c("0.5") * c("1"), c("0.5") * c("1"), c("-0.2"))), "4/5"),
        (exp(c("0.2") - c("1/5")), "1"),
        (Func("ln", c("0.5") * c("2")), "0"),
        (Func("sqrt", c("9/4")), "3/2"),
        (Func("tanh", c("0")), "0"),
        (Func("sin", c("0")), "0"),
        (Func("sqrt", c("0")), "0"),
        (Func("sqrt", c("1/4")), "1/2"),
        (c("0") ** 2, "0"),
        (Power(c("2"), -1), "1/2"),
        (W * Power(W, -1), "1"),
        (c("10") ** 29, "1e29"),
        (Func("Phi", c("0")), "1/2"),
        (c("50%") ** 3, "1/8"),
        (c("2") / c("-4"), "-1/2"),
        (Max(c("0"), c("-0.3")), "0"),
        (Max(c("0.25"), c("1/5")), "1/4"),
        (positive(c("1"), c("7"), c("-2")), "7"),
        (positive(c("1"), c("7"), c("2")), "1"),
        ((W - c("3")) * c("0"), "0"),
        (c("0") / W, "0"),
    ],
)
def test_what_comes_to_a_number_is_that_number(tree: Expr, number: str) -> None:
    assert rational_of(folded(tree, decimals=False)) == rational(number)


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (W * c("1") + c("0.5") * c("1") + c("-0.2"), W + c("0.3")),
        (W - c("0"), W),
        (c("1") - W, c("1") - W),
        (W * W * X, Power(W, 2) * X),
        (W / c("1"), W),
        (c("0.5") * (W * c("4")), c("2") * W),
    ],
)
def test_letters_stay_and_keep_their_order(tree: Expr, wanted: Expr) -> None:
    assert folded(tree, decimals=True) == wanted


LARGE = Power(c("10"), 40)


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        # terms left out keep their place, and the others their signs
        (Series((c("0.5") * W * c("2"), None, Neg(X))), Series((W, None, Neg(X)))),
        (W - Series((X, c("2") * W)), W - X - c("2") * W),
        # the first number says where the sum of the numbers stands
        (c("1") + W + c("2"), c("3") + W),
        (W + c("1") + c("2"), W + c("3")),
        (W - c("1") - c("2"), W - c("3")),
        (c("1") - W - c("3"), Neg(c("2")) - W),
        # signs go to the front
        (Neg(W) / X, Neg(W / X)),
        (W / c("-1"), Neg(W)),
        (W / c("-2"), W / Neg(c("2"))),
        (Neg(c("2") * Neg(W)), c("2") * W),
        (c("-3") * W, Neg(c("3") * W)),
        # what is not a number, or is one that nobody writes out, stays
        (Power(W, 1), W),
        (Power(c("0"), -1), Power(c("0"), -1)),
        (Power(c("0"), 0), Power(c("0"), 0)),
        (LARGE, LARGE),
        (Func("sqrt", c("2")), Func("sqrt", c("2"))),
        (Func("sqrt", c("-4")), Func("sqrt", Neg(c("4")))),
        (Func("ln", c("0")), Func("ln", c("0"))),
        (Func("exp", c("1")), Func("exp", c("1"))),
        (Max(W, c("0")), Max(W, c("0"))),
        (W / c("0"), W / c("0")),
        # of cases only those stay that a letter leaves open
        (positive(c("1") + c("1"), c("7"), W), positive(c("2"), c("7"), W)),
    ],
)
def test_what_is_written_after_folding(tree: Expr, wanted: Expr) -> None:
    assert folded(tree, decimals=True) == wanted


@pytest.mark.parametrize(
    ("relation", "holds"),
    [
        ("<", (True, False, False)),
        ("<=", (True, True, False)),
        (">", (False, False, True)),
        (">=", (False, True, True)),
    ],
)
def test_cases_of_numbers_are_decided_also_at_the_border(relation: Any, holds: tuple[bool, ...]) -> None:
    for number, held in zip(("-1/3", "1/3", "2/3"), holds, strict=True):
        tree = Cases((Case(Compare(c(number), relation, c("1/3")), W),), X)
        assert folded(tree, decimals=False) == (W if held else X)
    first = Case(Compare(W, relation, c("0")), c("1"))
    decided = Case(Compare(c("1"), ">", c("0")), c("2"))
    tree = Cases((first, decided), c("3"))
    assert folded(tree, decimals=False) == Cases((first,), c("2"))


def test_a_letter_of_a_constant_is_kept_where_letters_are() -> None:
    alpha = Const("0.1", r"\alpha")
    assert folded(alpha * W, decimals=True, letters=True) == alpha * W
    assert folded(alpha * W, decimals=True) == c("0.1") * W


NUMBERS = st.sampled_from(["0", "1", "-1", "2", "1/3", "-0.5", "0.25", "3"]).map(Const)
LEAVES: st.SearchStrategy[Expr] = st.one_of(NUMBERS, st.sampled_from([W, X]))


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda pair: pair[0] + pair[1]),
        two.map(lambda pair: pair[0] - pair[1]),
        two.map(lambda pair: pair[0] * pair[1]),
        # nothing is divided by zero
        two.map(lambda pair: pair[0] / (pair[1] ** 2 + c("1"))),
        inner.map(lambda one: -one),
        inner.map(lambda one: one**2),
        inner.map(exp),
        inner.map(lambda one: Func("tanh", one)),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: Series(tuple(parts))),
    )


TREES = st.recursive(LEAVES, grown, max_leaves=8)
POINT = {LETTERS["w"]: sympy.Rational(3, 7), LETTERS["x"]: sympy.Rational(-5, 11)}


@settings(max_examples=250, deadline=None)
@given(TREES, st.booleans())
def test_folding_keeps_the_value(tree: Expr, decimals: bool) -> None:
    difference = (value(tree) - value(folded(tree, decimals=decimals))).subs(POINT)
    size = 1 + abs(value(tree).subs(POINT).evalf(30))
    assert abs(difference.evalf(30)) < 1e-15 * size


@settings(max_examples=250, deadline=None)
@given(TREES, st.booleans())
def test_a_result_of_sympy_becomes_a_tree_of_the_same_value(tree: Expr, decimals: bool) -> None:
    result = sympy.sympify(value(tree))
    again = value(tree_of(result, ref, decimals=decimals))
    difference = (result - again).subs(POINT)
    assert abs(difference.evalf(30)) < 1e-15 * (1 + abs(result.subs(POINT).evalf(30)))


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [("3/10", True, "0.3"), ("3/10", False, "3/10"), ("2/3", True, "2/3"), ("-1/8", True, "-0.125"), ("4", True, "4")],
)
def test_a_number_as_it_is_typed(number: str, decimals: bool, text: str) -> None:
    assert number_text(rational(number), decimals=decimals) == text


def test_a_number_with_very_many_decimals_stays_a_fraction() -> None:
    assert number_text(rational("1/8192"), decimals=True) == "1/8192"


def test_numbers_that_nobody_would_write_out_stay_powers() -> None:
    assert folded(c("10") ** 30, decimals=False) == c("10") ** 30
    assert folded(Power(c("0"), -1), decimals=False) == Power(c("0"), -1)


@pytest.mark.parametrize(
    ("tree", "as_decimals", "as_fractions"),
    [
        (c("1/4") * c("3"), c("3/4"), c("3/4")),
        (c("0.25") * c("3"), c("0.75"), c("3/4")),
        (-(c("0.25") * c("3")), Neg(c("0.75")), Neg(c("3/4"))),
        (c("25%") * c("3"), c("0.75"), c("3/4")),
    ],
)
def test_a_number_is_decimal_where_a_typed_one_was(tree: Expr, as_decimals: Expr, as_fractions: Expr) -> None:
    assert folded(tree, decimals=True) == as_decimals
    assert folded(tree, decimals=False) == as_fractions


def test_of_two_equal_numbers_the_first_stays_as_typed() -> None:
    assert folded(Max(c("1/2"), c("0.5")), decimals=True) == c("1/2")
    assert folded(Max(c("0.5"), c("1/2")), decimals=True) == c("0.5")
