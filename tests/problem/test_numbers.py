"""Numbers as typed."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwise.problem.numbers import LONGEST, PATTERN, NumberError, parse_number


@pytest.mark.parametrize(
    ("typed", "value", "text"),
    [
        ("0.10", 0.1, "0.10"),
        (".5", 0.5, ".5"),
        ("1e-3", 0.001, "1e-3"),
        ("1/3", 1 / 3, "1/3"),
        ("-1/3", -1 / 3, "-1/3"),
        ("1.5/0.5", 3.0, "1.5/0.5"),
        ("50%", 0.5, "50%"),
        ("12.5 %", 0.125, "12.5%"),
        ("29%", 0.29, "29%"),
        ("\u22120.5", -0.5, "-0.5"),
        ("+1", 1.0, "1"),
        ("012", 12.0, "012"),
        ("1 / 3", 1 / 3, "1/3"),
        (" 2 ", 2.0, "2"),
        ("1E5", 1e5, "1E5"),
        ("3.", 3.0, "3"),
        ("-3.e2", -300.0, "-3e2"),
        ("3.%", 0.03, "3%"),
        ("3./4.", 0.75, "3/4"),
    ],
)
def test_a_number_keeps_its_text(typed: str, value: float, text: str) -> None:
    number = parse_number(typed)
    assert (number.value, number.text) == (value, text)


@pytest.mark.parametrize("typed", ["-0", "-0.00", "0", "0%", "-0/3"])
def test_minus_zero_is_zero(typed: str) -> None:
    number = parse_number(typed)
    assert math.copysign(1.0, number.value) == 1.0
    assert number.value == 0.0
    assert not number.text.startswith("-")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("abc", "not a number"),
        ("", "not a number"),
        ("nan", "cannot be calculated"),
        (".nan", "cannot be calculated"),
        ("-.inf", "cannot be calculated"),
        ("Infinity", "cannot be calculated"),
        ("1e999999", "too large"),
        ("1e999%", "too large"),
        ("1e-999999", "too small"),
        ("1e99999999999999999999", "not a number"),
        ("1/0", "divides by zero"),
        ("1/0.0", "divides by zero"),
        ("1/-3", "not a number"),
        ("1_000", "not a number"),
        ("0x1F", "not a number"),
        ("\uff11", "not a number"),
        ("--1", "not a number"),
        ("+-1", "not a number"),
        ("2*3", "not a number"),
        ("__import__('os')", "not a number"),
        ("1" * 500 + "/3", "too long"),
        ("0." + "3" * 100_000, "too long"),
        ("5e-324", "too small"),
        ("2.2e-308", "too small"),
        ("1e" + "0" * 100_000, "too long"),
    ],
)
def test_what_is_not_a_number_says_why(typed: str, reason: str) -> None:
    with pytest.raises(NumberError, match=reason) as caught:
        parse_number(typed)
    assert caught.value.hint


def test_a_decimal_comma_is_explained() -> None:
    with pytest.raises(NumberError) as caught:
        parse_number("0,5")
    assert caught.value.hint == "write 0.5, with a point"


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**20))
def test_fractions_are_rounded_once(above: int, below: int) -> None:
    assert parse_number(f"{above}/{below}").value == float(Fraction(above, below))


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_every_float_comes_back(value: float) -> None:
    number = parse_number(repr(value))
    assert number.value == value


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_says_why(typed: str) -> None:
    try:
        value = parse_number(typed).value
    except NumberError as error:
        value = 0.0 if "\n" not in str(error) and error.hint else math.nan
    assert math.isfinite(value)


def test_a_number_is_as_long_as_a_line_can_hold() -> None:
    assert parse_number("0." + "3" * (LONGEST - 2)).value == 0.3333333333333333
    with pytest.raises(NumberError, match="too long"):
        parse_number("0." + "3" * (LONGEST - 1))


@pytest.mark.parametrize("typed", ["0.10", ".5", "1e-3", "1/3", "50%", "\u22121", "-2.5e+10"])
def test_the_schema_pattern_knows_the_same_numbers(typed: str) -> None:
    assert re.fullmatch(PATTERN, typed)
    assert not re.fullmatch(PATTERN, typed + "x")
