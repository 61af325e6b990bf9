"""Float arithmetic and the value of every kind of node, against Python's own `math` and numbers worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stepwise.expressions import Case, Cases, Compare, Const, Expr, FloatArithmetic, Func, Max, evaluate, ref
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
    assert float(WAY.function("Phi", np.array(-6.0))) == pytest.approx(9.8659e-10, rel=1e-4)


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
