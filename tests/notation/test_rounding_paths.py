"""Rounding goes several ways: one number, few, many, usual decimals and others. All give what `decimal` gives."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
import pytest

from stepwise.notation.numbers import Digits, carried, decimals_of, every, round_half_up, same, some

TYPED = (
    *("0", "-0", "0.5", "1.5", "2.5", "-2.5", "1.005", "2.675", "0.285", "123456.785", "99999.95", "12.345678905"),
    *("1e-9", "4.5e-7", "-1.25e-3", "350", "250", "-150", "1050", "5e20", "1e300", "-1.7e308", "5e-324", "-3.3333333"),
    *("99999999999.5", "199999999999.5", "1234567890.12345", "0.00000000000000000005", "-0.000000000000000000045"),
)
DECIMALS = (-3, -2, -1, 0, 1, 2, 3, 4, 8, 9, 12, 19, 20, 21, 22, 25, 299, 300, 301, 305)
SIZES = (1, 3, 4, 49, 50, 51, 120)
WIDE = Context(prec=2000)


def by_decimal(text: str, decimals: int) -> float:
    """The typed number, rounded half-up on paper."""
    return float(Decimal(text).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=WIDE)) + 0.0


@pytest.mark.parametrize("decimals", DECIMALS)
@pytest.mark.parametrize("size", SIZES)
def test_every_way_rounds_typed_numbers_as_decimal_does(size: int, decimals: int) -> None:
    for start in range(0, len(TYPED), 3):
        texts = [TYPED[(start + place) % len(TYPED)] for place in range(size)]
        values, wanted = np.array([[float(text)] for text in texts]), [by_decimal(text, decimals) for text in texts]
        for asked in (decimals, np.full(values.shape, decimals), np.asarray(decimals)):
            found = round_half_up(values, asked)
            assert found.shape == values.shape
            assert found.ravel().tolist() == wanted, (texts, asked)
            assert not np.signbit(found[found == 0]).any()


@pytest.mark.parametrize("size", SIZES)
def test_each_number_may_have_its_own_decimals(size: int) -> None:
    texts = [TYPED[place % len(TYPED)] for place in range(size)]
    places = np.array([DECIMALS[7 * place % len(DECIMALS)] for place in range(size)])
    wanted = [by_decimal(text, count) for text, count in zip(texts, places.tolist(), strict=True)]
    assert round_half_up(np.array([float(text) for text in texts]), places).tolist() == wanted


@pytest.mark.parametrize("decimals", [-1000, -400, -324, 309, 400, 1000])
def test_zero_is_zero_to_any_decimals(decimals: int) -> None:
    for asked in (decimals, np.full(4, decimals)):
        assert round_half_up(np.zeros(4), asked).tolist() == [0.0] * 4


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("decimals", [-1, 0, 2, 21])
def test_what_is_not_finite_stays_among_others(size: int, decimals: int) -> None:
    values = np.full(size, 2.675)
    values[-1] = math.inf
    for bad in (math.inf, -math.inf, math.nan):
        values[-1] = bad
        for asked in (decimals, np.full(size, decimals)):
            found = round_half_up(values, asked)
            np.testing.assert_equal(found[-1], bad)
            assert set(found[:-1].tolist()) <= {by_decimal("2.675", decimals)}


def test_whole_numbers_may_come_as_integers() -> None:
    for decimals in (-1, 2):
        assert round_half_up([[15, 24, 30, 7, 1]], decimals).tolist() == [
            [by_decimal(text, decimals) for text in ("15", "24", "30", "7", "1")]
        ]
        assert round_half_up(15, decimals).dtype == float


def test_rounding_warns_of_nothing() -> None:
    with np.errstate(all="raise"):
        for decimals in (2, 21, -2, np.full(6, 305)):
            round_half_up(np.array([math.nan, math.inf, 1e300, 5e-324, 0.0, 2.5]), decimals)


@pytest.mark.parametrize("size", [1, 2, 49, 50, 51, 1000])
def test_some_and_every(size: int) -> None:
    flags = np.zeros(size, dtype=bool)
    assert not some(flags)
    assert not every(flags)
    flags[-1] = True
    assert some(flags)
    assert every(flags) is (size == 1)
    assert every(np.ones(size, dtype=bool))
    assert some(np.ones(size, dtype=bool))
    assert some(np.array([[False], [True]]))
    assert not every(np.array([[False], [True]]))


@pytest.mark.parametrize("size", [1.0, 1e-7, 1e9])
def test_numbers_are_the_same_up_to_the_noise_of_floats(size: float) -> None:
    assert same(size, size * (1 + 5e-13))
    assert same(-size * (1 + 5e-13), -size)
    assert not same(size, size * (1 + 1.5e-12))
    assert not same(size * (1 + 1.5e-12), size)
    assert not same(size, -size)
    assert not same(0.0, size)
    for infinite in (math.inf, -math.inf, math.nan):
        assert not same(infinite, size)
        assert not same(size, infinite)


def by_figures(text: str, figures: int) -> float:
    """The typed number at so many significant figures, rounded half-up on paper."""
    number = Decimal(text)
    return float(number.quantize(Decimal(1).scaleb(number.adjusted() - figures + 1), ROUND_HALF_UP, context=WIDE))


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("others", [[], ["3.14159", "-2.675"], ["0.5"] * 60])
def test_a_large_number_is_carried_on_as_it_is_written(count: int, others: list[str]) -> None:
    """From 1e8 on with a power of ten, whose figures are as many as there are decimals."""
    for large in ("123456785.4", "100000000", "-98765432109.5", "1.23456e20"):
        texts = [large, *others]
        found = carried(np.array([float(text) for text in texts]), Digits(count))
        assert found.tolist() == [by_figures(large, count), *(by_decimal(text, count) for text in others)]
    assert carried(np.array([99999999.0]), Digits(count)).tolist() == [99999999.0]
    assert carried(np.array([-123456.785] * 2), Digits(2)).tolist() == [-123456.79] * 2


def test_without_decimals_a_large_number_has_one_figure() -> None:
    assert carried(np.array([266666666.0, 2.5]), Digits(0)).tolist() == [3e8, 3.0]


@pytest.mark.parametrize(
    ("value", "figures", "decimals"),
    [
        (9.996, 3, 1),
        (9.994, 3, 2),
        (0.9999999999999, 3, 2),
        (1.0, 3, 2),
        (999.6, 3, -1),
        (0.000123456, 3, 6),
        (0.0, 3, 2),
        (1234.0, 2, -2),
        (0.1 + 0.2 - 0.2, 2, 2),
        (1000 * (1 - 2e-16), 2, -2),
    ],
)
def test_how_many_decimals_some_figures_are(value: float, figures: int, decimals: int) -> None:
    for others in ([], [1.0] * 3, [1.0] * 60):
        found = decimals_of(np.array([value, *others]), Digits(figures, figures=True))
        assert found.tolist() == [decimals, *([figures - 1] * len(others))]


def test_figures_of_what_is_not_finite_warn_of_nothing() -> None:
    with np.errstate(all="raise"):
        found = decimals_of(np.array([math.inf, -math.inf, math.nan, 0.0, 1e308, 1.0]), Digits(2, figures=True))
    assert found[3:].tolist() == [1, -307, 1]
