"""Rounding and printing against exact arithmetic in fractions: half-up, ties away from zero."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from stepwise.notation.numbers import Digits, leaning, number_latex, print_array, printed_values, round_half_up, rounded

LINES = 10_000


@dataclass(frozen=True)
class _Line:
    """A line of calculation: what float arithmetic gives, what it is, and the decimals it is rounded to."""

    text: str
    computed: float
    true: Fraction
    decimals: int

    @property
    def tie(self) -> bool:
        return bool((abs(self.true) * 10**self.decimals * 2) % 2 == 1)


def _exactly(true: Fraction, decimals: int) -> Fraction:
    """`true` rounded half-up, in whole numbers."""
    scaled = abs(true) * Fraction(10) ** decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (1 if true >= 0 else -1) * whole / Fraction(10) ** decimals


def _typed(rng: random.Random, most: int = 3) -> str:
    places = rng.randint(1, most)
    return f"{rng.choice(('', '-'))}{rng.choice((0, 0, 0, 1, 2, 17))}.{rng.randrange(10**places):0{places}d}"


def _product(rng: random.Random) -> tuple[str, float, Fraction]:
    a, b = _typed(rng), _typed(rng)
    return f"{a} × {b}", float(a) * float(b), Fraction(a) * Fraction(b)


def _dot(rng: random.Random) -> tuple[str, float, Fraction]:
    length = rng.randint(2, 6)
    w, x, b = [_typed(rng) for _ in range(length)], [_typed(rng, 2) for _ in range(length)], _typed(rng)
    computed = float(np.array([float(a) for a in w]) @ np.array([float(a) for a in x]) + float(b))
    true = sum((Fraction(p) * Fraction(q) for p, q in zip(w, x, strict=True)), Fraction(b))
    return f"{w} · {x} + {b}", computed, true


def _quotient(rng: random.Random) -> tuple[str, float, Fraction]:
    a = _typed(rng)
    b = rng.choice(("2", "4", "5", "8", "16", "3", "7", "0.4", "1.25", "0.16", "2.5", f"{rng.randint(1, 999) / 1000}"))
    return f"{a} / {b}", float(a) / float(b), Fraction(a) / Fraction(b)


def _places(true: Fraction) -> int:
    """Decimals of a number that has an end; 7 where it has none."""
    return next((places for places in range(7) if (true * 10**places).denominator == 1), 7)


def _lines(seed: int) -> list[_Line]:
    """Lines of three kinds, a part of them rounded to one decimal fewer than they have: there the ties are."""
    rng = random.Random(seed)
    found = []
    for number in range(LINES):
        text, computed, true = (_product, _dot, _quotient)[number % 3](rng)
        near = _places(true) - 1
        decimals = near if rng.random() < 0.5 and 0 <= near <= 6 else rng.randint(0, 6)
        found.append(_Line(text, computed, true, decimals))
    return found


@pytest.fixture(scope="module", name="lines")
def _fixture() -> list[_Line]:
    return _lines(20)


def test_random_lines_round_as_exact_arithmetic_does(lines: list[_Line]) -> None:
    wrong = [
        line
        for line in lines
        if round_half_up(line.computed, line.decimals) != float(_exactly(line.true, line.decimals))
    ]
    assert wrong == []


def test_ties_and_noise_are_plentiful(lines: list[_Line]) -> None:
    ties = [line for line in lines if line.tie]
    below = [line for line in ties if abs(Fraction(line.computed)) < abs(line.true)]
    assert len(ties) >= 500
    assert len(below) >= 100, "float noise below a tie is what the snap is for"


def _wrong(lines: list[_Line], rounding: Callable[[float, int], float]) -> int:
    return sum(
        abs(rounding(line.computed, line.decimals) - float(_exactly(line.true, line.decimals))) > 1e-9 for line in lines
    )


def test_other_roundings_would_fail(lines: list[_Line]) -> None:
    """Binary rounding, half-even in decimal, and half-up without the snap are each seen to differ."""
    half = np.vectorize(lambda x, d: np.copysign(np.floor(abs(x) * 10.0**d + 0.5) / 10.0**d, x))
    even: Callable[[float, int], float] = lambda x, d: float(  # noqa: E731  (a table of roundings in three lines)
        Decimal(f"{x:.11e}").quantize(Decimal(1).scaleb(-d), rounding=ROUND_HALF_EVEN)
    )
    assert _wrong(lines, round) >= 100
    assert _wrong(lines, even) >= 100
    assert _wrong(lines, half) >= 20
    assert _wrong(lines, lambda x, d: float(round_half_up(x, d))) == 0


def test_arrays_round_as_single_numbers_do(lines: list[_Line]) -> None:
    values, decimals = np.array([line.computed for line in lines]), np.array([line.decimals for line in lines])
    expected = np.array([float(_exactly(line.true, line.decimals)) for line in lines])
    np.testing.assert_array_equal(round_half_up(values, decimals), expected)
    for places in range(7):
        chosen = values[decimals == places]
        np.testing.assert_array_equal(rounded(chosen, Digits(places)), expected[decimals == places])
        np.testing.assert_array_equal(
            rounded(chosen.reshape(-1, 1), Digits(places))[:, 0], expected[decimals == places]
        )


def test_printed_lines_say_the_rounded_number(lines: list[_Line]) -> None:
    """Each with all its decimals; a number that is not 0 never as 0."""
    for line in lines:
        text = str(print_array([line.computed], Digits(line.decimals), trailing="always").texts[0])
        exact = _exactly(line.true, line.decimals)
        if exact != 0 or line.true == 0:
            assert Fraction(text) == exact, line
            assert len(text.partition(".")[2]) == line.decimals, line
            assert text.strip("-0.") or not text.startswith("-"), line
        elif abs(line.true) > Fraction(1, 10**9):  # float noise where the sum is 0 is not the business of printing
            assert Fraction(text) != 0, line


def _figures_exactly(true: Fraction, figures: int) -> tuple[Fraction, int]:
    """`true` rounded half-up to significant figures, and the decimals that shows."""
    exponent = 0
    while abs(true) >= Fraction(10) ** (exponent + 1):
        exponent += 1
    while abs(true) < Fraction(10) ** exponent:
        exponent -= 1
    places = figures - 1 - exponent
    result = _exactly(true, places)
    return result, places - (abs(result) >= Fraction(10) ** (exponent + 1))


def test_random_lines_in_significant_figures(lines: list[_Line]) -> None:
    ties = 0
    for number, line in enumerate(lines):
        if line.true == 0:
            continue
        figures = (number // 3) % 6 + 1
        expected, places = _figures_exactly(line.true, figures)
        ties += (abs(line.true) * Fraction(10) ** places * 2) % 2 == 1
        assert rounded(line.computed, Digits(figures, figures=True)) == float(expected), (line, figures)
        text = str(print_array([line.computed], Digits(figures, figures=True), trailing="always").texts[0])
        assert Fraction(text) == expected, (line, figures)
        assert len(text.partition(".")[2]) == max(places, 0), (line, figures)
    assert ties >= 300


TIES = [
    (2.675, 2, 2.68),
    (-2.675, 2, -2.68),
    (-0.125, 2, -0.13),
    (0.125, 2, 0.13),
    (1.005, 2, 1.01),
    (0.285 * 1, 2, 0.29),
    (0.145, 2, 0.15),
    (2.5, 0, 3),
    (-0.5, 0, -1),
    (0.15 * 0.15, 3, 0.023),
    (1.1 * 1.1 * 0.5, 2, 0.61),
]


@pytest.mark.parametrize(("value", "decimals", "expected"), TIES)
def test_ties_go_away_from_zero(value: float, decimals: int, expected: float) -> None:
    assert round_half_up(value, decimals) == expected
    assert round_half_up([value, 0.0], decimals).tolist() == [expected, 0.0]


def test_half_even_and_binary_rounding_give_other_numbers() -> None:
    even = Decimal("-0.125").quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    assert (round(2.675, 2), round(-0.125, 2), float(even)) == (2.67, -0.12, -0.12)
    assert np.round(2.5) == 2
    binary = [value for value, decimals, expected in TIES if round(value, decimals) != expected]
    half_even = [
        value
        for value, decimals, expected in TIES
        if float(Decimal(f"{value:.11e}").quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)) != expected
    ]
    assert len(binary) >= 5
    assert len(half_even) >= 5


@pytest.mark.parametrize("value", [-0.0, -0.0004, -1e-12, 0.0, 0.00049999])
def test_minus_zero_is_zero(value: float) -> None:
    result = round_half_up(value, 3)
    assert result == 0
    assert not np.signbit(result)
    assert not np.signbit(round_half_up([value], 3)).any()


def _printed(value: float, digits: Digits, **options: object) -> str:
    return str(print_array([value], digits, **options).texts[0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (0.8, 3, "0.8"),
        (-0.3, 3, "-0.3"),
        (0.690, 4, "0.69"),
        (0.68997, 3, "0.690"),
        (0.53998, 3, "0.540"),
        (2.675, 2, "2.68"),
        (-0.125, 2, "-0.13"),
        (0.1 + 0.2, 4, "0.3"),
        (3.0, 4, "3"),
        (0.99999, 3, "1.000"),
        (99.9996, 3, "100.000"),
        (0.0004, 3, "4e-4"),
        (-0.0000215, 3, "-2.15e-5"),
        (0.00021548, 3, "2.15e-4"),
        (2e-16, 4, "2e-16"),
        (1e-300, 2, "1e-300"),
        (0.0005, 3, "0.001"),
        (12345678.25, 2, "12345678.25"),
        (123456789.0, 3, "1.23e8"),
        (-1e20, 4, "-1e20"),
        (0.034, 1, "3e-2"),
        (0.34, 0, "3e-1"),
    ],
)
def test_printed_texts(value: float, decimals: int, expected: str) -> None:
    assert _printed(value, Digits(decimals)) == expected


@pytest.mark.parametrize(
    ("value", "figures", "expected"),
    [
        (9.996, 3, "10.0"),
        (99.96, 3, "100"),
        (0.09996, 3, "0.100"),
        (-9.996, 3, "-10.0"),
        (9.995, 3, "10.0"),
        (9.994, 3, "9.99"),
        (0.0012345, 4, "0.001235"),
        (12345.678, 4, "12350"),
        (12345.678, 2, "12000"),
        (0.5, 4, "0.5"),
        (1000.0, 2, "1000"),
        (0.0, 4, "0"),
        (123456789.0, 4, "1.235e8"),
        (0.000000123456, 4, "1.235e-7"),
        (-0.000000123456, 3, "-1.23e-7"),
        (0.00012345, 4, "0.0001235"),
        (0.0001, 4, "0.0001"),
        (0.0000998, 2, "1.0e-4"),
        (0.0000993, 2, "9.9e-5"),
        (0.0000034, 1, "3e-6"),
    ],
)
def test_printed_figures(value: float, figures: int, expected: str) -> None:
    assert _printed(value, Digits(figures, figures=True)) == expected


def test_trailing_zeros() -> None:
    assert _printed(0.8, Digits(3), trailing="always") == "0.800"
    assert _printed(0.68997, Digits(3), trailing="never") == "0.69"
    assert _printed(0.99999, Digits(3), trailing="never") == "1"
    assert _printed(1500.0, Digits(3), trailing="never") == "1500"
    # hand arithmetic: 1 − 0.690 was not rounded, but comes from a rounded number
    not_true, unrounded = np.array([False]), np.array([True])
    assert _printed(0.31, Digits(4), exact=not_true, unrounded=unrounded, padding=3) == "0.310"
    assert _printed(3.0, Digits(2), exact=not_true, unrounded=unrounded, padding=1) == "3.0"
    assert _printed(3.0, Digits(0), exact=not_true, unrounded=unrounded, padding=0) == "3"
    assert _printed(2e-9, Digits(4), exact=not_true, unrounded=unrounded, padding=3) == "2e-9"
    assert _printed(0.3, Digits(3), exact=not_true) == "0.300"
    assert _printed(0.3, Digits(3), exact=~not_true) == "0.3"


def test_guard_digits() -> None:
    assert _printed(2 / 3, Digits(2), guard=2) == "0.6667"
    assert _printed(2 / 3, Digits(2, figures=True), guard=1) == "0.667"
    assert _printed(0.5, Digits(2), guard=2) == "0.5"


def test_what_is_not_zero_is_never_printed_as_zero() -> None:
    for exponent, decimals in product(range(-300, 0, 7), range(7)):
        for mantissa in (1.0, -4.9999, 9.99999):
            text = _printed(mantissa * 10.0**exponent, Digits(decimals))
            assert float(text) == pytest.approx(mantissa * 10.0**exponent, rel=0.5, abs=0), text


def test_decimals_print_as_zero_only_what_floats_do_not_hold_with_all_their_digits() -> None:
    least = float(np.finfo(float).smallest_normal)
    assert [_printed(value, Digits(3)) for value in (least, -least)] == ["2.23e-308", "-2.23e-308"]
    assert _printed(float(np.nextafter(least, 0)), Digits(3)) == "0.000"
    assert _printed(least, Digits(3, figures=True)) == "2.23e-308"


@pytest.mark.parametrize("decimals", range(7))
def test_large_numbers_lose_nothing(decimals: int) -> None:
    """From 1e11 on a value's own digits count, not the first twelve."""
    rng = random.Random(decimals)
    for exponent in (*range(8, 16), 18, 25, 100, 300):
        value = rng.uniform(1, 10) * 10.0**exponent
        for number in (value, -value):
            expected = float(_exactly(Fraction(repr(number)), decimals))
            assert round_half_up(number, decimals) == expected
    assert round_half_up(123456789012.345, 2) == 123456789012.35
    assert round_half_up(1234567890123.5, 0) == 1234567890124
    assert round_half_up(2.0**53 + 2, 0) == 2.0**53 + 2


def test_tens_and_hundreds() -> None:
    assert round_half_up([1250.0, 1249.9, -1250.0, 50.0, 49.0], -2).tolist() == [1300, 1200, -1300, 100, 0]
    assert round_half_up([15.0, 0.26], [-1, 1]).tolist() == [20, 0.3]


def test_what_is_not_finite_stays() -> None:
    result = round_half_up([np.inf, -np.inf, np.nan], 3)
    assert result[0] == np.inf
    assert result[1] == -np.inf
    assert np.isnan(result[2])


def test_the_shape_is_kept() -> None:
    for shape in ((), (1,), (2, 3), (4, 1, 2), (0, 3)):
        assert rounded(np.full(shape, 0.125), Digits(2)).shape == shape
        assert print_array(np.full(shape, 0.125), Digits(2)).texts.shape == shape
        assert (rounded(np.full(shape, 0.125), Digits(2)) == 0.13).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.690", "0.690"),
        ("-0.3", "-0.3"),
        ("0", "0"),
        ("1/3", r"\frac{1}{3}"),
        ("-1/3", r"-\frac{1}{3}"),
        ("1.5 / 2", r"\frac{1.5}{2}"),
        ("50%", r"50\%"),
        ("-12.5%", r"-12.5\%"),
        ("2.1e-5", r"2.1 \times 10^{-5}"),
        ("-2.15e-5", r"-2.15 \times 10^{-5}"),
        ("1e-7", "10^{-7}"),
        ("-1e20", "-10^{20}"),
        ("1.23e8", r"1.23 \times 10^{8}"),
        ("pi", r"\pi"),
    ],
)
def test_numbers_as_latex(text: str, expected: str) -> None:
    assert number_latex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e-3", r"1\mathrm{e}{-3}"),
        ("2.50E4", r"2.50\mathrm{e}{4}"),
        ("-1e-3", r"-1\mathrm{e}{-3}"),
        ("0.10", "0.10"),
        ("1/3", r"\frac{1}{3}"),
    ],
)
def test_typed_numbers_as_latex(text: str, expected: str) -> None:
    assert number_latex(text, typed=True) == expected


def test_the_numbers_that_an_array_is_printed_as() -> None:
    values = np.array([[0.12345, -2.5, 0.00012345], [1 / 3, 0.0, 1234.5678]])
    found = printed_values(values, Digits(3))
    # 0.00012345 would be 0.000, so it gets a power of ten and three figures
    np.testing.assert_array_equal(found, [[0.123, -2.5, 0.000123], [0.333, 0.0, 1234.568]])
    found = printed_values(values, Digits(3, figures=True))
    np.testing.assert_array_equal(found, [[0.123, -2.5, 0.000123], [0.333, 0.0, 1230.0]])


def test_a_value_leans_by_nearly_half_a_unit_unless_its_digits_hold_it() -> None:
    values = np.array([0.1234, -0.1234, 0.125, 0.0])
    up = leaning(values, Digits(3), 1)
    np.testing.assert_allclose(up, [0.123899, -0.123899, 0.125, 0.0], rtol=1e-12)
    down = leaning(values, Digits(3), -1)
    np.testing.assert_allclose(down, [0.122901, -0.122901, 0.125, 0.0], rtol=1e-12)


@pytest.mark.parametrize("digits", [Digits(3, figures=True), Digits(9)])
def test_a_number_too_small_for_its_digits_is_0(digits: Digits) -> None:
    """Below the least normal float there are not even three figures; no page has three hundred zeros."""
    printed = print_array([7.38e-309, -5e-324, 1.5], digits)
    assert [float(text) for text in printed.texts] == [0, 0, 1.5]
    assert max(map(len, printed.texts)) < 12
    assert printed.exact.tolist() == [False, False, True]
