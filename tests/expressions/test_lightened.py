"""Lines with less to calculate have the same values."""

from __future__ import annotations

import numpy as np
import pytest

from stepwise.expressions import Const, Expr, FloatArithmetic, MatMul, Sum, Transpose, evaluate, ref
from stepwise.expressions.lightened import lightened

X, DELTA, LR, MEAN = ref("x"), ref("delta"), ref("lr"), Const("1") / ref("N")
Line = tuple[str, Expr]


def _operands(samples: int, features: int, units: int) -> dict[str, np.ndarray]:
    numbers = np.random.default_rng(5)
    return {
        "x": numbers.standard_normal((samples, features)),
        "delta": numbers.standard_normal((samples, units)),
        "W": numbers.standard_normal((features, units)),
        "lr": np.array([[0.3]]),
        "N": np.array([[float(samples)]]),
    }


def _worked(lines: list[Line], operands: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    known = dict(operands)
    for name, tree in lines:
        known[name] = np.asarray(evaluate(tree, known, FloatArithmetic()))
    return known


DESCENT: list[Line] = [
    ("dW", MEAN * (Transpose(X) @ DELTA)),
    ("step", LR * ref("dW")),
    ("new", ref("W") - ref("step")),
]


@pytest.mark.parametrize("shape", [(3, 20, 5), (3, 5, 20), (40, 3, 2), (1, 4, 4), (4, 1, 1)])
@pytest.mark.parametrize("wanted", [{"new"}, {"new", "dW"}, {"new", "dW", "step"}])
def test_the_values_are_the_same(shape: tuple[int, int, int], wanted: set[str]) -> None:
    operands = _operands(*shape)
    found = lightened(DESCENT, {name: array.shape for name, array in operands.items()}, wanted)
    usual, light = _worked(DESCENT, operands), _worked(found, operands)
    for name in wanted:
        np.testing.assert_allclose(light[name], usual[name], rtol=1e-13, atol=1e-15)


def test_two_numbers_go_into_the_smaller_matrix_together() -> None:
    shapes = {name: array.shape for name, array in _operands(3, 20, 5).items()}
    assert lightened(DESCENT, shapes, {"new"}) == [
        ("step", MatMul(Transpose(X), LR * MEAN * DELTA)),
        ("new", ref("W") - ref("step")),
    ]


def test_the_smaller_matrix_may_be_the_left_one() -> None:
    lines: list[Line] = [("dW", MEAN * (Transpose(DELTA) @ X))]
    shapes = {name: array.shape for name, array in _operands(3, 20, 5).items()}
    assert lightened(lines, shapes, {"dW"}) == [("dW", (MEAN * Transpose(DELTA)) @ X)]


def test_a_product_smaller_than_its_factors_stays() -> None:
    shapes = {name: array.shape for name, array in _operands(40, 3, 2).items()}
    assert lightened(DESCENT[:1], shapes, {"dW"}) == DESCENT[:1]
    # but it is taken from two lines into one
    assert lightened(DESCENT, shapes, {"new"})[0] == ("dW", DESCENT[0][1])


def test_what_two_lines_need_stays() -> None:
    shapes = {name: array.shape for name, array in _operands(3, 20, 5).items()}
    lines = [*DESCENT, ("norm", ref("dW") * ref("dW"))]
    assert [name for name, _ in lightened(lines, shapes, {"new"})] == ["dW", "step", "new", "norm"]


@pytest.mark.parametrize("axes", [("columns", "rows"), ("rows", "columns")])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_sum_of_sums_is_one_sum(axes: tuple[str, str], sign: int) -> None:
    operands = _operands(3, 20, 5)
    each: Expr = Sum(ref("delta") * ref("delta"), axes[0])
    lines: list[Line] = [("losses", each if sign > 0 else -each), ("L", MEAN * Sum(ref("losses"), axes[1]))]
    shapes = {name: array.shape for name, array in operands.items()}
    [(name, tree)] = lightened(lines, shapes, {"L"})
    assert name == "L"
    np.testing.assert_allclose(_worked([(name, tree)], operands)["L"], _worked(lines, operands)["L"], rtol=1e-14)
    assert lightened(lines, shapes, {"L", "losses"}) == lines
