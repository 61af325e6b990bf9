"""Rounding goes several ways: one number, few, many, usual decimals and others. All give what `decimal` gives."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np
import pytest

from stepwise.notation.numbers import every, round_half_up, same, some

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
