"""One number as a student types it: `-.47`, `47%`, `1/3`, `4.7e-2`, `4.7×10^-2`, `−0.47`, `0,47`, `－０．４７`.

A typed number stands for a range: ± half a unit of its last digit.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from stepwise.problem.nodes import shortened
from stepwise.problem.numbers import NumberError, parse_number

EXAMPLES = "write a number such as -0.47, -4.7e-2, 1/3 or 47%"
LONGEST = 60
"""Characters of one number; nobody types more."""


class Typed(NamedTuple):
    """A typed number: its value, half a unit of its last digit, its text. Not given: NaN; not finite: ±infinity."""

    value: float
    half: float
    text: str


NOTHING = Typed(math.nan, 0.0, "")
"""Where nothing was written."""

_ASCII = str.maketrans(
    {
        **{chr(0xFF01 + code): chr(0x21 + code) for code in range(94)},  # ！ … ～ of a Chinese keyboard
        **dict.fromkeys("\u2212\u2010\u2011\u2013\u2014\u2015\ufe63", "-"),  # minus sign, hyphens, dashes
        **dict.fromkeys("【〔", "["),
        **dict.fromkeys("】〕", "]"),
        **dict.fromkeys("\u200b\u200e\u200f\ufeff", ""),  # invisible, brought along by copying
        "、": ",",
        "。": ".",
        "\u3000": " ",
    }
)
_BLANK = re.compile(r"\?*|-+|_+|~|null|none|n/a|无|不会|缺|空", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?\s*%?")
_COMMA = re.compile(r"([+-]?[0-9]*),([0-9]+(?:[eE][+-]?[0-9]{1,9})?\s*%?)")
_WHOLE = "([+-]?[0-9]{1,9})"
_POWER = re.compile(
    r"(?<=[0-9.])\s*(?:[x×*·]|\\times|\\cdot)\s*10\s*"
    rf"(?:(?:\^|\*\*)\s*(?:{_WHOLE}|\{{\s*{_WHOLE}\s*\}}|\(\s*{_WHOLE}\s*\))|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,9}}))"
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_NOT_FINITE = re.compile(r"([+-]?)\.?(?:nan|inf|infinity|∞)", re.IGNORECASE)


def plain(text: str) -> str:
    """The same text with the signs of an English keyboard: full-width digits and signs, a typographic minus."""
    # a Chinese keyboard writes its dash twice
    return (text if text.isascii() else text.replace("——", "—").translate(_ASCII)).strip()


def with_exponents(text: str) -> str:
    """The same text with `2.11×10^-1` as `2.11e-1`."""
    if "10" not in text:
        return text
    return _POWER.sub(lambda found: f"e{found[found.lastindex or 0].translate(_RAISED)}", text)


@lru_cache(maxsize=1 << 16)
def parse_typed(text: str) -> Typed:
    """The number that was typed, `NOTHING` where the place was left empty; NumberError for anything else."""
    typed = with_exponents(plain(text))
    if _BLANK.fullmatch(typed):
        return NOTHING
    if len(typed) > LONGEST:
        raise NumberError(f"{shortened(text)!r} is too long for a number", EXAMPLES)
    if found := _NOT_FINITE.fullmatch(typed):
        return Typed(-math.inf if found[1] == "-" else math.inf, 0.0, text.strip())
    if found := _COMMA.fullmatch(typed):
        typed = f"{found[1]}.{found[2]}"
    try:
        number = parse_number(typed)
    except NumberError as error:
        if _DECIMAL.fullmatch(typed):  # beyond what a float holds, and yet an answer
            return Typed(float(typed.rstrip("% ")), 0.0, text.strip())
        raise NumberError(*_said(text, typed, error)) from None
    return Typed(number.value, _half(number.text, number.value), text.strip())


def _half(text: str, value: float) -> float:
    """Half a unit of the last digit in a typed number without blanks."""
    if "/" in text:
        return 0.0
    mantissa, _, exponent = text.rstrip("%").lower().partition("e")
    power = int(exponent or 0) - (2 if text.endswith("%") else 0)
    if value == 0:
        power = min(power, 0)  # 0e9 does not stand for everything below half a milliard
    return float(f"5e{power - len(mantissa.partition('.')[2]) - 1}")


def _said(text: str, typed: str, error: NumberError) -> tuple[str, str]:
    """Why this is no number, and what to write instead."""
    what = f"{shortened(text)!r} is not a number"
    if re.search(r"[0-9)][ ]*[-+*×·^/x][ ]*[0-9(]", typed) and "zero" not in str(error):
        return what, f"write the result of the calculation, {EXAMPLES.removeprefix('write ')}"
    return (str(error), error.hint) if "zero" in str(error) else (what, EXAMPLES)
