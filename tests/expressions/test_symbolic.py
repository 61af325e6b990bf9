"""sympy's arithmetic: Φ as a function of its own, signs of exact numbers, forms that stand for results, axes."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
import sympy

from stepwise.expressions.symbolic import SymbolicArithmetic, UndecidedError, approximation, exact, normal_distribution

WAY = SymbolicArithmetic()
A, B, C = sympy.symbols("a b c", real=True)
GRID = np.array([[A, B, C], [2 * A, 3 * B, 4 * C]], dtype=object)


def test_the_normal_distribution_against_math() -> None:
    phi = normal_distribution()
    for x in (-2, sympy.Rational(1, 3), 1):
        assert float(phi(x).evalf()) == pytest.approx(0.5 + 0.5 * math.erf(float(x) / math.sqrt(2)), rel=1e-14)
    assert phi(0) == sympy.Rational(1, 2)
    assert phi(1).func is phi


def test_the_derivative_of_the_normal_distribution_is_its_density() -> None:
    slope = normal_distribution()(A).diff(A)
    for x in (-2.0, 0.0, 0.7):
        density = math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        assert float(slope.subs(A, x)) == pytest.approx(density, rel=1e-14, abs=0)


def test_the_normal_distribution_of_a_real_number_is_real_and_positive() -> None:
    phi, unknown = normal_distribution(), sympy.Symbol("unknown")
    assert phi(A).is_real is True
    assert phi(A).is_positive is True
    assert phi(unknown).is_real is None
    assert phi(unknown).is_positive is None


def test_numbers_keep_thirty_digits_and_fractions_all() -> None:
    assert approximation(exact("1/3")) == sympy.Rational(1, 3)
    assert approximation(sympy.sqrt(4) / 3) == sympy.Rational(2, 3)
    for number in (sympy.pi, sympy.sqrt(2), sympy.exp(sympy.Rational(1, 3)) - 1):
        found = approximation(number)
        assert found.is_Float
        assert abs(found - number.evalf(50)) < sympy.Float("1e-28")
    assert approximation(A + 1) is None
    assert approximation(sympy.true) is None


@pytest.mark.parametrize(
    ("number", "sign"),
    [("1e-24", 1), ("-1e-24", -1), ("1e-26", 0), ("-1e-26", 0), ("0", 0), ("7", 1), ("-1/7", -1)],
)
def test_the_sign_of_a_number(number: str, sign: int) -> None:
    assert WAY.sign(exact(number)) == sign


def test_the_sign_of_what_cancels_and_of_a_letter() -> None:
    root = sympy.sqrt(2)
    assert WAY.sign((1 + root) ** 2 - 3 - 2 * root) == 0
    assert WAY.sign(root - sympy.Rational(3, 2)) == -1
    assert WAY.sign(A) is None


def test_letters_leave_a_maximum_open_or_refuse_it() -> None:
    assert WAY.maximum(A, B) == sympy.Max(A, B, evaluate=False)
    assert WAY.maximum(sympy.Integer(2), sympy.Integer(3)) == 3
    assert WAY.maximum(sympy.Integer(3), sympy.Integer(3)) == 3
    with pytest.raises(UndecidedError, match="a > b") as caught:
        SymbolicArithmetic(decide=True).maximum(A, B)
    assert caught.value.condition == sympy.Gt(A, B, evaluate=False)


def test_sums_and_turns_of_arrays() -> None:
    assert WAY.total(GRID, "rows", largest=False).tolist() == [[3 * A, 4 * B, 5 * C]]
    assert WAY.total(GRID, "columns", largest=False).tolist() == [[A + B + C], [2 * A + 3 * B + 4 * C]]
    assert WAY.total(GRID, "all", largest=False).tolist() == [[3 * A + 4 * B + 5 * C]]
    numbers = np.array([[sympy.Integer(1), sympy.Integer(4)], [sympy.Integer(3), sympy.Integer(2)]], dtype=object)
    assert WAY.total(numbers, "rows", largest=True).tolist() == [[3, 4]]
    assert WAY.total(numbers, "all", largest=True).tolist() == [[4]]
    assert WAY.transpose(GRID).tolist() == [[A, 2 * A], [B, 3 * B], [C, 4 * C]]
    made = WAY.function("exp", GRID)
    assert made.dtype == object
    assert made[1, 2] == sympy.exp(4 * C)


@pytest.mark.parametrize(
    ("relation", "wanted", "of_equal", "of_smaller"),
    [
        ("<", sympy.Lt, False, True),
        ("<=", sympy.Le, True, True),
        (">", sympy.Gt, False, False),
        (">=", sympy.Ge, True, False),
    ],
)
def test_numbers_are_compared_and_letters_are_left_open(
    relation: str, wanted: type, of_equal: bool, of_smaller: bool
) -> None:
    three, four = sympy.Integer(3), sympy.Integer(4)
    assert bool(WAY.compare(three, relation, three)) is of_equal
    assert bool(WAY.compare(three, relation, four)) is of_smaller
    assert WAY.compare(A, relation, B) == wanted(A, B, evaluate=False)
    listed = WAY.compare(np.array([[three, four]], dtype=object), relation, np.array([[four, four]], dtype=object))
    assert [bool(one) for one in listed[0]] == [of_smaller, of_equal]


def test_arrays_of_one_number_and_moved_ones() -> None:
    assert WAY.shifted(GRID, "columns").tolist() == [[B, C, 0], [3 * B, 4 * C, 0]]
    assert WAY.shifted(GRID, "rows").tolist() == [[2 * A, 3 * B, 4 * C], [0, 0, 0]]
    assert WAY.fill(exact("1/2"), GRID).tolist() == [[sympy.Rational(1, 2)] * 3] * 2
    assert WAY.fill(exact("1/2"), A) == sympy.Rational(1, 2)
    assert WAY.diagonal(GRID[:1]).tolist() == [[A, 0, 0], [0, B, 0], [0, 0, C]]


def test_a_form_stands_for_a_result_and_comes_back() -> None:
    way = SymbolicArithmetic()
    first = way.stands_for(A + 1)
    second = way.stands_for(first * B)
    assert first.is_real
    assert first != second
    assert way.spelt_out(second + first) == (A + 1) * B + A + 1
    assert way.spelt_out(C) == C
    assert way.sign(way.stands_for(sympy.Integer(-2)) * 3) == -1


def test_a_large_form_is_spelt_out_as_it_was_written() -> None:
    """A small one is brought into sympy's own form: a − a is 0 there."""
    way = SymbolicArithmetic()
    few, many = sum(sympy.symbols("x:3", real=True)), sum(sympy.symbols("x:60", real=True))
    for form, whole in ((few, True), (many, False)):
        letter = way.stands_for(form)
        made = way.spelt_out(sympy.Add(letter, -form, evaluate=False))
        assert (made == 0) is whole
        assert sympy.expand(made.doit()) == 0


def test_cases_of_large_forms_are_not_looked_into() -> None:
    way = SymbolicArithmetic()
    letter = way.stands_for(sum(sympy.symbols("x:60", real=True)))
    made = way.spelt_out(sympy.Piecewise((letter, letter > 0), (0, True)))
    assert isinstance(made, sympy.Piecewise)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert made.subs(dict.fromkeys(made.free_symbols, 1)) == 60


TRUE, FALSE, OPEN = sympy.true, sympy.false, sympy.Gt(A, 0)


@pytest.mark.parametrize(
    ("conditions", "wanted"),
    [
        ([TRUE, TRUE], ["first", "first"]),
        ([TRUE, FALSE], ["first", "second"]),
        ([TRUE, OPEN], ["first", "second"]),
        ([FALSE, OPEN], ["second", "second"]),
    ],
)
def test_a_precaution_is_taken_where_it_is_surely_needed(conditions: list[object], wanted: list[str]) -> None:
    """An open condition is no reason for one."""
    first, second = np.array([["first"], ["first"]], dtype=object), np.array([["second"], ["second"]], dtype=object)
    when = np.array([[one] for one in conditions], dtype=object)
    found = WAY.choose(when, lambda: first, lambda: second, rare=True)
    assert found.ravel().tolist() == wanted


def test_what_is_left_open_is_written_as_it_stands() -> None:
    """sympy would say that a² + 1 is above 0, and that both cases are the same: on the page they are not decided."""
    relation = WAY.compare(A**2 + 1, ">", exact("0"))
    assert relation.args == (A**2 + 1, 0)
    case = WAY.choose(sympy.Gt(A, 0), lambda: B, lambda: B, rare=False)
    assert case == sympy.Piecewise((B, A > 0), (B, True), evaluate=False)
    assert len(case.args) == 2
