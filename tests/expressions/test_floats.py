"""Float arithmetic and the value of every kind of node, against Python's own `math` and numbers worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stepwise.expressions import Case, Cases, Compare, Const, Expr, FloatArithmetic, Func, Max, evaluate, ref
from stepwise.expressions.floats import all_finite, on_diagonal
from stepwise.expressions.tree import Diag, Entry, Fill, Largest, MatMul, Neg, Power, Series, Shifted, Sum, Transpose

WAY = FloatArithmetic()
M = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
N = np.array([[2.0, 0.0, -1.0], [1.0, 3.0, 5.0]])
SLOTS = {"m": M, "n": N, "s": np.array([[2.0]])}
m, n = ref("m"), ref("n")

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "ln": math.log,
    "tanh": math.tanh,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "arctan": math.atan,
    "erf": math.erf,
    "abs": abs,
    "Phi": lambda x: 0.5 + 0.5 * math.erf(x / math.sqrt(2)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions(name: str) -> None:
    points = [[0.1, 1.0, 2.5]] if name in ("ln", "sqrt") else [[-1.5, 0.0, 0.7]]
    wanted = [[FUNCTIONS[name](x) for x in points[0]]]
    np.testing.assert_allclose(WAY.function(name, np.array(points)), wanted, rtol=1e-14)


def test_the_distribution_function_keeps_its_digits_far_below() -> None:
    # Abramowitz and Stegun, table 26.2: Q(6) = 9.8659e-10
    assert float(WAY.function("Phi", np.array(-6.0))) == pytest.approx(9.8659e-10, rel=1e-4, abs=0)


@pytest.mark.parametrize(
    ("tree", "wanted"),
    [
        (m + n, [[3, -2, 2], [1.5, 7, 4]]),
        (m - n, [[-1, -2, 4], [-0.5, 1, -6]]),
        (m * n, [[2, 0, -3], [0.5, 12, -5]]),
        (n / m, [[2, 0, -1 / 3], [2, 0.75, -5]]),
        (MatMul(m, Transpose(n)), [[-1, 10], [2, 7.5]]),
        (Transpose(m), [[1, 0.5], [-2, 4], [3, -1]]),
        (Neg(m), [[-1, 2, -3], [-0.5, -4, 1]]),
        (Power(m, 2), [[1, 4, 9], [0.25, 16, 1]]),
        (Power(m, -1), [[1, -0.5, 1 / 3], [2, 0.25, -1]]),
        (Max(m, n), [[2, 0, 3], [1, 4, 5]]),
        (Sum(m, "rows"), [[1.5, 2, 2]]),
        (Sum(m, "columns"), [[2], [3.5]]),
        (Sum(m, "all"), [[5.5]]),
        (Largest(m, "rows"), [[1, 4, 3]]),
        (Largest(m, "columns"), [[3], [4]]),
        (Shifted(m, "rows"), [[0.5, 4, -1], [0, 0, 0]]),
        (Shifted(m, "columns"), [[-2, 3, 0], [4, -1, 0]]),
        (Fill(Const("1/4"), m), [[0.25, 0.25, 0.25], [0.25, 0.25, 0.25]]),
        (Diag(ref("s")), [[2]]),
        (Diag(Transpose(Sum(m, "columns"))), [[2, 0], [0, 3.5]]),
        (Diag(Sum(m, "columns")), [[2, 0], [0, 3.5]]),
        (Entry("m", "1", "2"), [[-1]]),
        (Series((Const("1"), None, Const("1/2"), Entry("m", "0", "1"))), [[-0.5]]),
        (Func("abs", m), [[1, 2, 3], [0.5, 4, 1]]),
        (Const("pi") + Const("e"), [[math.pi + math.e]]),
        (Const("50%"), [[0.5]]),
    ],
)
def test_every_kind_of_node(tree: Expr, wanted: list[list[float]]) -> None:
    found = np.asarray(evaluate(tree, SLOTS, WAY))
    np.testing.assert_allclose(np.atleast_2d(found), wanted, rtol=1e-15)


def test_an_entry_by_itself_goes_before_its_array() -> None:
    entry = Entry("m", "1", "2")
    assert evaluate(entry, {"m": M, entry: 7.0}, WAY) == 7.0


@pytest.mark.parametrize(
    ("relation", "wanted"),
    [("<", [1, 0, 0]), ("<=", [1, 1, 0]), (">", [0, 0, 1]), (">=", [0, 1, 1])],
)
def test_cases(relation: Any, wanted: list[int]) -> None:
    x = np.array([[-1.0, 0.0, 1.0]])
    tree = Cases((Case(Compare(ref("x"), relation, Const("0")), Const("1")),), Const("0"))
    assert evaluate(tree, {"x": x}, WAY).tolist() == [wanted]


def test_the_first_case_that_holds_counts() -> None:
    x = np.array([[-3.0, -1.0, 1.0, 3.0]])
    first = Case(Compare(ref("x"), "<", Const("-2")), Const("10"))
    second = Case(Compare(ref("x"), "<", Const("2")), Const("20"))
    assert evaluate(Cases((first, second), Const("30")), {"x": x}, WAY).tolist() == [[10, 20, 20, 30]]


def test_a_precaution_is_computed_only_where_something_needs_it() -> None:
    when = np.array([[False, False]])
    assert WAY.choose(when, lambda: pytest.fail("computed"), lambda: np.array([[1.0, 2.0]]), rare=True).tolist() == [
        [1.0, 2.0]
    ]
    when = np.array([[False, True]])
    assert WAY.choose(when, lambda: 5.0, lambda: np.array([[1.0, 2.0]]), rare=True).tolist() == [[1.0, 5.0]]
    # a case of the formula itself is looked at always: both branches tell the shape
    none = np.array([[False], [False]])
    assert WAY.choose(none, lambda: np.zeros((2, 2)), lambda: 1.0, rare=False).shape == (2, 2)


def test_leading_axes_are_left_alone() -> None:
    many = np.stack([M, N])
    for tree, axes in [(Sum(m, "rows"), -2), (Sum(m, "all"), (-2, -1)), (Largest(m, "columns"), -1)]:
        found = evaluate(tree, {"m": many}, WAY)
        wanted = (np.max if isinstance(tree, Largest) else np.sum)(many, axis=axes, keepdims=True)
        np.testing.assert_allclose(found, wanted)
    np.testing.assert_allclose(evaluate(Shifted(m, "rows"), {"m": many}, WAY)[1], [[1, 3, 5], [0, 0, 0]])
    np.testing.assert_allclose(evaluate(Shifted(m, "columns"), {"m": many}, WAY)[1], [[0, -1, 0], [3, 5, 0]])
    np.testing.assert_allclose(evaluate(Transpose(m), {"m": many}, WAY)[1], N.T)
    diagonal = evaluate(Diag(Sum(m, "columns")), {"m": many}, WAY)
    np.testing.assert_allclose(diagonal, [[[2, 0], [0, 3.5]], [[1, 0], [0, 9]]])
    np.testing.assert_allclose(evaluate(Entry("m", "0", "2"), {"m": many}, WAY), [[[3]], [[-1]]])


def test_nothing_is_rounded() -> None:
    assert WAY.finish("z1", 1 / 3) == 1 / 3
    assert WAY.name == "exact"


@pytest.mark.parametrize("size", [1, 64, 65, 1000])
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_one_number_that_is_not_finite_is_found_among_few_and_among_many(size: int, bad: float) -> None:
    numbers = np.ones((size, 2))
    assert all_finite(numbers)
    # the square of this is not finite, and the number is
    numbers[0, 0] = 1e200
    with np.errstate(over="ignore"):
        assert all_finite(numbers)
        assert all_finite(numbers[:, :1])
        numbers[-1, 0] = bad
        assert not all_finite(numbers)
        assert not all_finite(numbers[:, :1])
        assert all_finite(numbers[:, 1:])


def test_diagonals_of_rows_of_columns_and_of_many_at_once() -> None:
    column = np.array([[2.0], [3.0]])
    for value in (column, column.T):
        assert on_diagonal(value, 0.0).tolist() == [[2, 0], [0, 3]]
    many = np.arange(12.0).reshape(2, 3, 2, 1)
    found = on_diagonal(many, 0.0)
    assert found.shape == (2, 3, 2, 2)
    assert found[1, 2].tolist() == [[10, 0], [0, 11]]
    letters = np.array([["a"], ["b"]], dtype=object)
    assert on_diagonal(letters, 0).tolist() == [["a", 0], [0, "b"]]


NEARLY = 1 + 4e-13


@pytest.mark.parametrize(
    ("left", "relation", "right", "holds"),
    [
        (NEARLY, ">", 1.0, False),
        (NEARLY, ">=", 1.0, True),
        (NEARLY, "<", 1.0, False),
        (NEARLY, "<=", 1.0, True),
        (1.0, "<", NEARLY, False),
        (1.0, "<=", NEARLY, True),
        (1.0, ">=", NEARLY, True),
        (1 + 1.5e-12, ">", 1.0, True),
        (1 + 4e-12, "<=", 1.0, False),
        (-1.0, "<", 1.0, True),
        (-1.0, ">=", 1.0, False),
        (1.0, "<=", -1.0, False),
        # noise is a part of the larger number
        (1000 * NEARLY, ">", 1000.0, False),
        (1e-3 * NEARLY, ">", 1e-3, False),
        (1e-3, ">", 1e-3 * (1 - 1e-9), True),
        # next to 0 there is none
        (1e-300, ">", 0.0, True),
        (-1e-300, ">=", 0.0, False),
        (0.0, ">=", 0.0, True),
        (0.0, ">", 0.0, False),
    ],
)
def test_numbers_that_differ_by_noise_are_equal(left: float, relation: str, right: float, holds: bool) -> None:
    assert bool(WAY.compare(left, relation, right)) is holds
    assert WAY.compare(np.array([[left, left]]), relation, np.array([[right]])).tolist() == [[holds, holds]]
    assert WAY.compare(np.array([[left]]), relation, right).tolist() == [[holds]]
    assert WAY.compare(left, relation, np.array([[right, right]])).tolist() == [[holds, holds]]


def test_a_branch_that_nobody_takes_warns_of_nothing() -> None:
    with np.errstate(all="raise"):
        made = WAY.choose(np.array([True, False]), lambda: np.array([1.0, 2.0]), lambda: 1 / np.zeros(2), rare=False)
    assert made.tolist() == [1.0, math.inf]
