"""Numbers as a person prints them. The one place where stepwise rounds, for printing and for hand arithmetic alike.

Rounding is half-up in decimal, ties away from zero. Float noise lies just below true ties (0.285 × 1 is 0.28499…), so a
value within its twelfth significant digit of a tie counts as the tie.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import repeat
from math import isfinite
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct

FloatArray = npt.NDArray[np.float64]
Trailing = Literal["auto", "always", "never"]

SNAP = 1e-11
"""Relative distance to a tie, or to the printed value, that is looked at with care."""
NOISE = 1e-12
"""Relative difference below which two results of float arithmetic are the same number."""
_FEW = 3
"""So few numbers are rounded one by one."""
_MANY = 50
_MOST = 20
"""Beyond so many decimals floats are rounded one by one."""
_LEAST = 2.2250738585072014e-308
"""Nearer to 0 floats lose their digits one by one: such a number is printed as 0."""
_LARGE, _SMALL = 1e8, 1e-4
"""Computed numbers are printed with a power of ten from here on, and (in significant figures) below here."""


class Digits(Struct, frozen=True):
    """How finely numbers are printed: `count` decimals, or `count` significant figures."""

    count: int
    figures: bool = False

    def finer(self, by: int) -> Digits:
        return Digits(self.count + by, self.figures)


class Printed(Struct, frozen=True):
    """An array as printed: rounded values, their texts (plain, `1.5e-7` for powers of ten), where nothing was lost."""

    values: FloatArray
    texts: npt.NDArray[np.object_]
    exact: npt.NDArray[np.bool_]

    def part(self, start: int, shape: tuple[int, int]) -> Printed:
        """Of a list of numbers those from `start` on, as an array of `shape`."""
        chosen = slice(start, start + shape[0] * shape[1])
        texts, exact = self.texts[chosen].reshape(shape), self.exact[chosen].reshape(shape)
        return Printed(self.values[chosen].reshape(shape), texts, exact)


def round_half_up(values: Any, decimals: Any) -> FloatArray:
    """`values` rounded half-up to `decimals` places (a number, or one for each value); −0 becomes 0."""
    values = np.asarray(values, dtype=float)
    usual = 0 <= decimals <= _MOST if isinstance(decimals, int) else False
    if usual and values.size <= _FEW:
        # what follows for many is soon said of one
        each = [_round_decimal(value, decimals) for value in values.ravel().tolist()]
        return np.array(each, dtype=float).reshape(values.shape) + 0.0
    decimals = np.asarray(decimals)
    with np.errstate(all="ignore"):
        scale = _scale(int(decimals)) if usual else np.power(10.0, decimals)
        scaled = np.abs(values) * scale
        whole = np.floor(scaled + 0.5)
        rounded = np.asarray(np.copysign(whole / scale, values))
        # false for what is near a tie, and for what is infinite or becomes it here
        clear = np.abs(scaled - np.floor(scaled) - 0.5) > SNAP * scaled
        if not usual:
            clear &= (decimals >= 0) & (decimals <= _MOST) | (values == 0)
            rounded = np.asarray(np.where(values == 0, values, rounded))
    if not every(clear):
        careful = ~clear
        rounded[careful] = _round_each(values[careful], np.broadcast_to(decimals, values.shape)[careful])
    return np.asarray(rounded + 0.0)


@lru_cache(maxsize=_MOST + 1)
def _scale(decimals: int) -> Any:
    return np.power(10.0, np.asarray(decimals))


def some(flags: npt.NDArray[np.bool_]) -> bool:
    """Whether any holds; of a few flags, looking at the bytes is quicker than `any()`."""
    return b"\1" in flags.tobytes() if flags.size <= _MANY else bool(np.count_nonzero(flags))


def every(flags: npt.NDArray[np.bool_]) -> bool:
    """Whether all hold."""
    return b"\0" not in flags.tobytes() if flags.size <= _MANY else bool(np.count_nonzero(flags) == flags.size)


def _round_each(values: FloatArray, places: Any) -> FloatArray:
    """A list of values rounded in decimal; of many (a whole class) most are the same."""
    if len(values) < _MANY:
        return np.array([_round_decimal(*pair) for pair in zip(values.tolist(), places.tolist(), strict=True)])
    each, back = np.unique(values + 1j * places, return_inverse=True)
    rounded = np.array([_round_decimal(float(pair.real), int(pair.imag)) for pair in each])
    return np.asarray(rounded[back.reshape(-1)])


def _round_decimal(value: float, decimals: int) -> float:
    if not isfinite(value):
        return value
    many = abs(value) * 10.0**decimals >= 1e11 if decimals < 300 else True
    number = Decimal(repr(value)) if many else Decimal(f"{value:.11e}")
    if number.adjusted() + decimals > 40:
        return value
    return float(number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE))


def _wide() -> Any:
    from decimal import Context

    return Context(prec=60)


_WIDE = _wide()


def decimals_of(values: FloatArray, digits: Digits) -> Any:
    """The decimals that each value is rounded to."""
    if not digits.figures:
        return digits.count
    size = np.abs(values)
    with np.errstate(all="ignore"):
        exponent = np.where(size > 0, np.floor(np.log10(size * (1 + NOISE))), 0.0)
    exponent = np.where(np.isfinite(exponent), exponent, 0.0)
    places = (digits.count - 1 - exponent).astype(int)
    with np.errstate(all="ignore"):
        # 9.996 at three figures is 10.0, not 10.00
        grown = np.abs(round_half_up(values, places)) >= np.power(10.0, exponent + 1) * (1 - NOISE)
    return places - grown


def same(left: Any, right: Any) -> npt.NDArray[np.bool_]:
    """Where two results are the same number up to float noise; what is infinite is the same as nothing."""
    return np.asarray(np.abs(left - right) <= NOISE * np.minimum(np.abs(left), np.abs(right)))


def rounded(values: Any, digits: Digits) -> FloatArray:
    """The values a person gets who rounds to `digits`."""
    values = np.asarray(values, dtype=float)
    return round_half_up(values, decimals_of(values, digits))


def carried(values: Any, digits: Digits) -> FloatArray:
    """The values a person carries on with who writes `digits`: what is printed with a power of ten has figures."""
    near = rounded(values, digits)
    if digits.figures or not some(large := np.abs(near) >= _LARGE):
        return near
    return np.where(large, rounded(values, Digits(_figures(digits), figures=True)), near)


def print_array(
    values: Any,
    digits: Digits,
    *,
    trailing: Trailing = "auto",
    guard: int = 0,
    exact: npt.NDArray[np.bool_] | None = None,
    unrounded: npt.NDArray[np.bool_] | None = None,
    padding: int | npt.NDArray[np.int_] | None = None,
) -> Printed:
    """An array as printed with `digits`, and `guard` more.

    `exact` says which values were not rounded on the way (hand arithmetic, where the values are already rounded); it
    is found here otherwise. Of those that were `unrounded` in their own line but computed from rounded ones, trailing
    zeros stay up to `padding` decimals: 1 − 0.690 is 0.310. A number that is not zero is never printed as zero: it
    gets a power of ten.
    """
    values = np.asarray(values, dtype=float)
    result, places, with_power = _rounded_for_print(values, digits, guard)
    unchanged = same(result, values) if exact is None else exact
    padded = unrounded if padding is not None and unrounded is not None and trailing == "auto" else False
    texts = []
    each = (_each(one) for one in (places, with_power, unchanged, padded, padding))
    for value, count, power, kept, pad, least in zip(result.ravel().tolist(), *each, strict=False):
        text = _text(value, count, power=power)
        strip = trailing == "never" or (trailing == "auto" and kept)
        if pad and not strip:
            text = _padded(_stripped(text), min(least, count))
        texts.append(_stripped(text) if strip else text)
    return Printed(result, np.array(texts, dtype=object).reshape(values.shape), unchanged)


def _each(one: Any) -> Iterable[Any]:
    """One thing for each number of an array: those of another array, or always the same."""
    listed = one.ravel().tolist() if isinstance(one, np.ndarray) else [one]
    return listed if len(listed) != 1 else repeat(listed[0])


def printed_values(values: Any, digits: Digits) -> FloatArray:
    """The numbers that an array is printed as."""
    return _rounded_for_print(np.asarray(values, dtype=float), digits, 0)[0]


def _rounded_for_print(values: FloatArray, digits: Digits, guard: int) -> tuple[FloatArray, Any, Any]:
    """The numbers to print, the decimals of each, and which of them have a power of ten."""
    if digits.figures and some(np.abs(values) < _LEAST):
        values = np.where(np.abs(values) < _LEAST, 0.0, values)
    near = rounded(values, digits)
    size = np.abs(values)
    with_power = ((near == 0) & (size >= _LEAST)) | (size >= _LARGE)
    if digits.figures:
        with_power |= (size < _SMALL) & (size >= _LEAST)
    finer, powers = digits.finer(guard) if guard else digits, some(with_power)
    places = decimals_of(values, finer)
    if powers:
        places = np.where(with_power, decimals_of(values, Digits(_figures(finer), figures=True)), places)
    result = round_half_up(values, places) if guard or powers else near
    return result, places, with_power


def leaning(values: FloatArray, digits: Digits, direction: int) -> FloatArray:
    """Values that `digits` round away from zero (1) or towards it (−1); what they hold exactly stays."""
    places = decimals_of(values, digits)
    moved = values + np.sign(values) * direction * 0.499 * np.power(10.0, -np.asarray(places, dtype=float))
    return np.asarray(np.where(same(round_half_up(values, places), values), values, moved))


def _figures(digits: Digits) -> int:
    """Significant figures for a number printed with a power of ten."""
    return digits.count if digits.figures else max(digits.count, 1)


def _text(value: float, places: int, *, power: bool) -> str:
    if not isfinite(value):
        return str(value)
    if not power or value == 0:
        return f"{value:.{max(places, 0)}f}"
    exponent = int(f"{value:e}".split("e")[1])
    mantissa, exponent_text = f"{value:.{max(places + exponent, 0)}e}".split("e")
    return f"{mantissa}e{int(exponent_text)}"


def _stripped(text: str) -> str:
    """0.80 → 0.8, 1.00 → 1, 2.50e-7 → 2.5e-7."""
    mantissa, mark, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}{mark}{exponent}"


def _padded(text: str, decimals: int) -> str:
    """0.47 → 0.470 at three decimals; more digits stay."""
    whole, _, rest = text.partition(".")
    return text if "e" in text or decimals <= 0 else f"{whole}.{rest.ljust(decimals, '0')}"


def number_latex(text: str, *, typed: bool = False) -> str:
    """A printed number as LaTeX: 1/3 as a fraction, 50% with its sign, powers of ten; a typed 1e-3 stays 1e−3."""
    if text in ("pi", "e"):
        return r"\pi" if text == "pi" else text
    sign, plain = ("-", text[1:]) if text.startswith("-") else ("", text)
    if "/" in plain:
        numerator, denominator = plain.split("/", 1)
        return rf"{sign}\frac{{{numerator.strip()}}}{{{denominator.strip()}}}"
    if plain.endswith("%"):
        return sign + plain[:-1].strip() + r"\%"
    mantissa, mark, exponent = plain.lower().partition("e")
    if not mark:
        return sign + plain
    if typed:
        return rf"{sign}{mantissa}\mathrm{{e}}{{{exponent}}}"
    exponent = str(int(exponent))
    return f"{sign}10^{{{exponent}}}" if mantissa == "1" else rf"{sign}{mantissa} \times 10^{{{exponent}}}"
