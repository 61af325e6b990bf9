"""Intervals: the ends are what the smallest and the largest of many samples come to, and nothing lies outside."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stepwise.expressions import Const
from stepwise.expressions.intervals import Interval, IntervalArithmetic, Truth, ends

WAY = IntervalArithmetic()
SPANS = [(-2.0, -0.5), (-1.5, 2.0), (0.25, 3.0), (0.0, 1.0), (-1.0, 0.0), (1.5, 1.5)]
PAIRS = list(itertools.product(SPANS, SPANS))


def interval(*spans: tuple[float, float]) -> Interval:
    """A row of intervals."""
    return Interval(np.array([[lo for lo, _ in spans]]), np.array([[hi for _, hi in spans]]))


def one(made: Interval) -> tuple[float, float]:
    return float(np.squeeze(made.lo)), float(np.squeeze(made.hi))


def sampled(span: tuple[float, float], count: int = 41) -> Any:
    return np.linspace(*span, count)


TWO: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "max": lambda a, b: WAY.maximum(a, b) if isinstance(a, Interval) else np.maximum(a, b),
}


@pytest.mark.parametrize("sign", TWO)
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_sums_and_products_reach_just_as_far_as_their_samples(
    sign: str, left: tuple[float, float], right: tuple[float, float]
) -> None:
    every = TWO[sign](sampled(left)[:, None], sampled(right)[None, :])
    assert one(TWO[sign](interval(left), interval(right))) == pytest.approx((every.min(), every.max()), abs=1e-12)


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("number", [-3.0, 0.0, 0.5])
def test_a_number_on_either_side_is_an_interval_of_one(span: tuple[float, float], number: float) -> None:
    x, each = interval(span), sampled(span)
    for made, every in [
        (x + number, each + number),
        (number + x, each + number),
        (x - number, each - number),
        (number - x, number - each),
        (x * number, each * number),
        (number * x, each * number),
        (-x, -each),
        (WAY.maximum(x, number), np.maximum(each, number)),
    ]:
        assert one(made) == pytest.approx((every.min(), every.max()), abs=1e-12)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_a_quotient_reaches_as_far_as_its_samples_and_anywhere_where_0_may_be_below(
    left: tuple[float, float], right: tuple[float, float]
) -> None:
    with np.errstate(all="ignore"):
        made = interval(left) / interval(right)
        if right[0] <= 0 <= right[1]:
            # 0 × ∞ is 0: what may be 0 above leaves that end where it is
            assert one(made)[0] == (-math.inf if left != (0.0, 0.0) else 0.0)
            assert one(made)[1] == math.inf
            return
    every = sampled(left)[:, None] / sampled(right)[None, :]
    assert one(made) == pytest.approx((every.min(), every.max()), abs=1e-12)


def test_a_quotient_with_a_number() -> None:
    assert one(interval((0.5, 4.0)) / 2.0) == (0.25, 2.0)
    assert one(2.0 / interval((0.5, 4.0))) == (0.5, 4.0)
    assert one(interval((0.5, 4.0)) / -2.0) == (-2.0, -0.25)


def test_an_end_that_is_infinite_times_0_is_0() -> None:
    with np.errstate(all="ignore"):
        assert one(interval((0.0, 1.0)) * interval((1.0, math.inf))) == (0.0, math.inf)
        assert one(interval((-math.inf, 2.0)) * interval((0.0, 0.0))) == (0.0, 0.0)


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "tanh": math.tanh,
    "sinh": math.sinh,
    "arctan": math.atan,
    "erf": math.erf,
    "Phi": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "abs": abs,
    "cosh": math.cosh,
    "sin": math.sin,
    "cos": math.cos,
}
TURNS = [
    (-7.0, -6.2),
    (-4.0, -1.0),
    (-2.0, 1.0),
    (-0.5, 0.4),
    (0.2, 0.9),
    (1.0, 2.0),
    (1.8, 4.0),
    (3.0, 3.5),
    (4.5, 5.0),
    (2.5, 9.0),
    (-0.5, 0.0),
    (0.0, 0.5),
]


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("span", [*SPANS, *TURNS])
def test_functions_reach_just_as_far_as_their_samples(name: str, span: tuple[float, float]) -> None:
    inside = [0.0] if span[0] < 0 < span[1] else []
    every = [FUNCTIONS[name](x) for x in [*sampled(span, 4001), *inside]]
    assert one(WAY.function(name, interval(span))) == pytest.approx((min(every), max(every)), abs=2e-6)


@pytest.mark.parametrize(("name", "function"), [("ln", math.log), ("sqrt", math.sqrt)])
def test_functions_of_positive_numbers(name: str, function: Callable[[float], float]) -> None:
    assert one(WAY.function(name, interval((0.25, 3.0)))) == pytest.approx((function(0.25), function(3.0)))


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("span", SPANS)
def test_powers(exponent: int, span: tuple[float, float]) -> None:
    every = [x**exponent for x in [*sampled(span), *([0.0] if span[0] < 0 < span[1] else [])]]
    assert one(WAY.power(interval(span), exponent)) == pytest.approx((min(every), max(every)), abs=1e-12)


def test_powers_below_the_line() -> None:
    assert one(WAY.power(interval((0.5, 2.0)), -1)) == (0.5, 2.0)
    assert one(WAY.power(interval((-2.0, -0.5)), -2)) == (0.25, 4.0)
    with np.errstate(all="ignore"):
        assert one(WAY.power(interval((-2.0, 0.5)), -1)) == (-math.inf, math.inf)
    assert WAY.power(2.0, 3) == 8.0
    assert WAY.power(2.0, -2) == 0.25


def test_what_moves_arrays_moves_both_ends() -> None:
    rng = np.random.default_rng(0)
    lo = rng.normal(size=(2, 3))
    x = Interval(lo, lo + rng.uniform(0.1, 1, size=(2, 3)))
    for made, way in [
        (WAY.transpose(x), lambda a: a.T),
        (WAY.shifted(x, "rows"), lambda a: np.vstack([a[1:], np.zeros((1, 3))])),
        (WAY.shifted(x, "columns"), lambda a: np.hstack([a[:, 1:], np.zeros((2, 1))])),
        (WAY.total(x, "rows", largest=False), lambda a: a.sum(axis=0, keepdims=True)),
        (WAY.total(x, "columns", largest=False), lambda a: a.sum(axis=1, keepdims=True)),
        (WAY.total(x, "all", largest=True), lambda a: a.max(axis=(0, 1), keepdims=True)),
        (x[..., 0:1, 1:2], lambda a: a[0:1, 1:2]),
    ]:
        np.testing.assert_allclose(made.lo, way(x.lo))
        np.testing.assert_allclose(made.hi, way(x.hi))
    filled = WAY.fill(2.5, x)
    assert (filled.lo == np.full((2, 3), 2.5)).all()
    assert (filled.hi == filled.lo).all()


def test_a_diagonal_has_nothing_beside_it() -> None:
    made = WAY.diagonal(interval((1.0, 2.0), (-3.0, -1.0)))
    assert made.lo.tolist() == [[1.0, 0.0], [0.0, -3.0]]
    assert made.hi.tolist() == [[2.0, 0.0], [0.0, -1.0]]


def test_a_matrix_product_reaches_as_far_as_its_corners() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 2)), rng.normal(size=(2, 1))
    left, right = Interval(a, a + 0.7), Interval(b, b + 1.1)
    made = WAY.matmul(left, right)
    # each entry of a product is linear in every number, so its ends lie at corners
    corners = [
        np.where(np.reshape(chosen[:4], (2, 2)), left.hi, left.lo)
        @ np.where(np.reshape(chosen[4:], (2, 1)), b + 1.1, b)
        for chosen in itertools.product([False, True], repeat=6)
    ]
    np.testing.assert_allclose(made.lo, np.min(corners, axis=0))
    np.testing.assert_allclose(made.hi, np.max(corners, axis=0))
    with pytest.raises(ValueError, match="a row of 2 does not fit a column of 3"):
        WAY.matmul(left, Interval(np.ones((3, 1)), np.ones((3, 1))))


def test_many_matrix_products_at_once_are_each_by_itself() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(4, 2, 3)), rng.normal(size=(4, 3, 1))
    made = WAY.matmul(Interval(a, a + 0.5), Interval(b, b + 0.5))
    for k in range(4):
        one_by_one = WAY.matmul(Interval(a[k], a[k] + 0.5), Interval(b[k], b[k] + 0.5))
        np.testing.assert_array_equal(made.lo[k], one_by_one.lo)
        np.testing.assert_array_equal(made.hi[k], one_by_one.hi)


ALWAYS, NEVER, OPEN = (True, True), (False, False), (False, True)
"""Surely and possibly."""


@pytest.mark.parametrize(
    ("left", "relation", "right", "wanted"),
    [
        ((0, 1), "<", (2, 3), ALWAYS),
        ((0, 2), "<", (2, 3), OPEN),
        ((0, 2), "<=", (2, 3), ALWAYS),
        ((2, 3), "<", (0, 2), NEVER),
        ((2, 3), "<=", (0, 2), OPEN),
        ((0, 3), "<", (1, 2), OPEN),
        ((2, 3), ">", (0, 1), ALWAYS),
        ((2, 3), ">", (0, 2), OPEN),
        ((2, 3), ">=", (0, 2), ALWAYS),
        ((0, 2), ">", (2, 3), NEVER),
        ((0, 2), ">=", (2, 3), OPEN),
        ((0, 3), ">=", (1, 2), OPEN),
    ],
)
def test_a_condition_holds_surely_possibly_or_never(
    left: tuple[float, float], relation: str, right: tuple[float, float], wanted: tuple[bool, bool]
) -> None:
    found = WAY.compare(interval(left), relation, interval(right))
    assert (bool(found.sure[0, 0]), bool(found.possible[0, 0])) == wanted


def test_what_is_not_decided_gives_both_branches() -> None:
    when = Truth(np.array([[True, False, False]]), np.array([[True, True, False]]))
    first, second = interval((1, 2), (1, 2), (1, 2)), interval((-5, 1.5), (-5, 1.5), (-5, 1.5))
    made = WAY.choose(when, lambda: first, lambda: second, rare=False)
    assert made.lo.tolist() == [[1, -5, -5]]
    assert made.hi.tolist() == [[2, 2, 1.5]]
    made = WAY.choose(when, lambda: second, lambda: first, rare=True)
    assert made.lo.tolist() == [[-5, -5, 1]]
    assert made.hi.tolist() == [[1.5, 2, 2]]


def test_a_branch_without_a_value_says_nothing() -> None:
    undecided = Truth(np.array([[False]]), np.array([[True]]))
    made = WAY.choose(undecided, lambda: math.nan, lambda: interval((0, 1)), rare=False)
    assert one(made) == (0, 1)


def test_a_precaution_that_nothing_needs_is_not_computed() -> None:
    never = Truth(np.array([[False, False]]), np.array([[False, False]]))
    other = interval((0, 1), (2, 3))

    def costly() -> Any:
        raise AssertionError("computed")

    assert WAY.choose(never, costly, lambda: other, rare=True) is other
    with pytest.raises(AssertionError, match="computed"):
        WAY.choose(never, costly, lambda: other, rare=False)
    needed = Truth(np.array([[False, False]]), np.array([[False, True]]))
    with pytest.raises(AssertionError, match="computed"):
        WAY.choose(needed, costly, lambda: other, rare=True)


def test_constants_and_numbers_are_both_their_ends() -> None:
    assert WAY.constant(Const("1/4")) == 0.25
    assert ends(0.25) == (0.25, 0.25)
    assert ends(Interval(1, 2)) == (1, 2)
    assert WAY.finish("z1", 3) == 3


@pytest.mark.parametrize("span", [*SPANS, (-0.5, 0.5), (-0.1, 2.0)])
@pytest.mark.parametrize("exponent", [1, 2, 3, 4])
def test_a_power_reaches_as_far_as_its_samples(span: tuple[float, float], exponent: int) -> None:
    every = sampled(span, 3001) ** exponent
    assert one(WAY.power(interval(span), exponent)) == pytest.approx((every.min(), every.max()), abs=1e-6)


def test_matrices_of_any_shape_are_multiplied() -> None:
    left = np.array([[1.0, -2.0, 3.0]])
    right = np.array([[1.0, 0.5], [-1.0, 2.0], [0.25, -3.0]])
    made = WAY.matmul(Interval(left, left), Interval(right, right))
    for end in (made.lo, made.hi):
        np.testing.assert_allclose(end, left @ right)
    assert WAY.transpose(Interval(right, right)).lo.tolist() == right.T.tolist()
    assert WAY.transpose(Interval(right, right)).hi.tolist() == right.T.tolist()


def test_what_is_not_decided_warns_of_nothing() -> None:
    when = Truth(np.array([[False, True]]), np.array([[True, True]]))

    def endless() -> Interval:
        return Interval(1 / np.zeros((1, 2)), 1 / np.zeros((1, 2)))

    with np.errstate(all="raise"):
        made = WAY.choose(when, lambda: interval((1.0, 2.0), (3.0, 4.0)), endless, rare=False)
    assert made.lo.tolist() == [[1.0, 3.0]]
    assert made.hi.tolist() == [[math.inf, 4.0]]
