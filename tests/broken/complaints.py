"""What a check has to say, and how a printed number must have been rounded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_TENS = re.compile(r"\s*\\times 10\^\{(-?\d+)\}$")
_POWER = re.compile(r"^(-?)10\^")
NOISE = 1e-11
"""So much two ways of working out the same number may differ, as a share of it."""

NOTHING = 1e-14
"""What is left where the true number is zero."""


@dataclass(frozen=True)
class Complaint:
    """One error: the check that found it, the quantity or line it is in, and what is wrong."""

    check: str
    at: str
    what: str


def decimal_of(text: str) -> Decimal | None:
    """A printed number; None where it is not one in decimals (1/3)."""
    plain = _TENS.sub(r"e\1", _POWER.sub(r"\g<1>1 \\times 10^", text.replace(r"\mathrm{e}", "e")))
    plain = plain.replace("{", "").replace("}", "").replace("\\%", "%")
    try:
        return Decimal(plain.removesuffix("%")).scaleb(-2 if plain.endswith("%") else 0)
    except ArithmeticError:
        return None


def snapped(value: float) -> Decimal:
    """A number to twelve significant digits: float noise lies below true ties."""
    return Decimal(f"{value:.11e}")


def misprinted(text: str, value: float, decimals: int | None, *, zeros: bool = True) -> str:
    """What is wrong with a printed number, or nothing.

    `decimals`: how many its quantity is printed to; `zeros`: whether zeros at the end of a rounded number are printed.
    """
    number = decimal_of(text)
    if number is None:
        return ""
    if number == 0 and text.startswith("-"):
        return f"minus zero: {text}"
    if number == 0 and abs(value) < NOTHING:
        return ""
    true = snapped(value)
    last = number.as_tuple().exponent
    assert isinstance(last, int)
    if _rounded(true, -last) != number:
        return f"{text} is printed for {value:.12g}"
    if decimals is None or r"\times" in text:
        return ""
    places = max(0, -last)
    vanishes = true != 0 and _rounded(true, decimals) == 0
    if places > decimals and not vanishes:
        return f"{text} has {places} decimals and should have {decimals}"
    if places < decimals and number != true and (zeros or number != _rounded(true, decimals)):
        return f"{text} is rounded to {places} decimals and not to {decimals}"
    return ""


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) if abs(value) < 1e15 else value


def is_printed_as(text: str, value: float) -> bool:
    """Whether a rounded number is the value itself."""
    number = decimal_of(text)
    return number is not None and abs(float(number) - value) <= NOISE * max(1.0, abs(value))


def same_figures(text: str, value: float, figures: int) -> bool:
    """Whether a printed number is the value to so many significant figures."""
    return float(decimal_of(text) or 0) == float(f"{value:.{figures - 1}e}")
