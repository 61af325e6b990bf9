"""One typed number: its value, half a unit of its last digit, and what is no number."""

from __future__ import annotations

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwise.checking.reading.typed import LONGEST, parse_typed
from stepwise.problem.numbers import NumberError


@pytest.mark.parametrize(
    ("text", "value", "half"),
    [
        ("0.69", 0.69, 0.005),
        ("0.690", 0.69, 0.0005),
        ("-0.47", -0.47, 0.005),
        ("-.47", -0.47, 0.005),
        ("+0.5", 0.5, 0.05),
        ("47%", 0.47, 0.005),
        ("4.7 %", 0.047, 0.0005),
        ("-4.7e-2", -0.047, 0.0005),
        ("-4.7E-2", -0.047, 0.0005),
        ("3", 3, 0.5),
        ("12.", 12, 0.5),
        ("2e3", 2000, 500),
        ("1/3", 1 / 3, 0),
        ("-1 / 3", -1 / 3, 0),
        ("\u22120.47", -0.47, 0.005),  # a typographic minus, and dashes that word processors make of it
        ("\u20130.47", -0.47, 0.005),
        ("－０．４７", -0.47, 0.005),
        ("＋０．５", 0.5, 0.05),
        ("４７％", 0.47, 0.005),
        ("１／３", 1 / 3, 0),
        ("0。47", 0.47, 0.005),
        ("0,47", 0.47, 0.005),
        ("-,47", -0.47, 0.005),
        ("4,7e-2", 0.047, 0.0005),
        ("４，７", 4.7, 0.05),
        ("  0.690\t", 0.69, 0.0005),
        ("\u30000.69", 0.69, 0.005),
        ("—0.47", -0.47, 0.005),
        ("——0.47", -0.47, 0.005),
        ("2.11×10^-1", 0.211, 0.0005),
        ("2.11*10^-1", 0.211, 0.0005),
        ("2.11 × 10^{-1}", 0.211, 0.0005),
        ("2.11 x 10**(-1)", 0.211, 0.0005),
        ("2.11×10⁻¹", 0.211, 0.0005),
        (r"2.11\times 10^{-1}", 0.211, 0.0005),
        ("2,11·10^2", 211, 0.5),
        ("0", 0, 0.5),
        ("-0.00", 0, 0.005),
        ("0e9", 0, 0.5),
    ],
)
def test_a_number_stands_for_half_a_unit_of_its_last_digit(text: str, value: float, half: float) -> None:
    typed = parse_typed(text)
    assert typed.value == pytest.approx(value, rel=1e-15, abs=0)
    assert typed.half == pytest.approx(half, rel=1e-12, abs=0)
    assert typed.text == text.strip()
    assert math.copysign(1, parse_typed("-0.00").value) == 1


@given(st.decimals(min_value=-1000, max_value=1000, places=4))
def test_decimals_are_what_python_reads(number: object) -> None:
    typed = parse_typed(str(number))
    assert typed.value == float(str(number))
    if "E" not in str(number):
        assert typed.half == 0.00005


@pytest.mark.parametrize(
    "text",
    ["", " ", "~", "null", "?", "？", "??", "-", "—", "——", "____", "无", "不会", "缺", "空", "n/a", "N/A", "none"],
)
def test_an_empty_place_is_no_answer(text: str) -> None:
    typed = parse_typed(text)
    assert math.isnan(typed.value)
    assert (typed.half, typed.text) == (0, "")


@pytest.mark.parametrize("text", ["nan", "NaN", "inf", "Inf", "+inf", ".inf", ".nan", "infinity", "∞", "1e999"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_what_is_not_finite_is_an_answer_all_the_same(text: str, sign: str) -> None:
    if sign and text[0] == "+":
        return
    typed = parse_typed(sign + text)
    assert typed.value == (-math.inf if sign else math.inf)
    assert typed.text == sign + text


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("abc", "-0.47"),
        ("1,2,3", "-0.47"),
        ("1.2,3", "-0.47"),
        ("1 2", "-0.47"),
        ("w11", "-0.47"),
        ("--1", "-0.47"),
        ("1_000", "-0.47"),
        ("true", "-0.47"),
        ("٣", "-0.47"),
        ("0.5*3", "result"),
        ("0.5+1", "result"),
        ("4.7×10", "result"),
        ("4.7×10^x", "result"),
        ("4.7×10^-1×10^-1", "-0.47"),
        ("不会做", "-0.47"),
        ("1/0", "1/3"),
        ("1" * (LONGEST + 1), "-0.47"),
        ("__import__('os')", "-0.47"),
    ],
)
def test_anything_else_is_refused_and_says_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(NumberError) as caught:
        parse_typed(text)
    assert advice in caught.value.hint
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 120


def test_the_numbers_of_a_large_class_are_read_in_a_moment() -> None:
    texts = [f"{number / 30_000:.6f}" for number in range(40_000)]
    parse_typed.cache_clear()
    start = time.process_time()
    for text in texts:
        parse_typed(text)
    assert time.process_time() - start < 2
