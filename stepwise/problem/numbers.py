"""Numbers as people type them: `0.10`, `.5`, `1e-3`, `1/3`, `50%`. Nothing is ever evaluated as code."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from stepwise.notation.letters import PATTERN as LETTER
from stepwise.notation.letters import is_letter
from stepwise.problem.model import Number

_PLAIN = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_DECIMAL = rf"-?(?:{_PLAIN})(?:[eE][+-]?[0-9]{{1,9}})?"
_PERCENT = rf"(-?(?:{_PLAIN}))(?:[eE]([+-]?[0-9]{{1,9}}))?\s*%"
_FRACTION = rf"(-?(?:{_PLAIN}))\s*/\s*({_PLAIN})"
_NOT_FINITE = r"(?i)[+-]?\.?(?:nan|inf|infinity)"
_COMMA = r"-?[0-9]+[,，][0-9]+"
_OPEN_POINT = r"\.(?![0-9])"
"""A point with no digit behind it: on a page, `3.` is the end of a sentence."""
_SIGNS = r"[0-9.eE%/\s+-]+"
_WHOLE = "-?[0-9]{1,15}"
LONGEST = 60
"""Characters of a number: it is printed as typed, wherever it is used."""
USUAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
"""How nearly every number is typed."""

PATTERN = r"^\s*[+−-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\s*(%|/\s*([0-9]+(\.[0-9]*)?|\.[0-9]+))?\s*$"
"""What a typed number looks like, for the JSON Schema."""
LETTER_PATTERN = rf"{PATTERN}|^\s*({LETTER})\s*$"
"""The same, or a letter in place of a number."""

EXAMPLES = "write a number such as 0.5, 1e-3, 1/3 or 50%"


SMALLEST = 2.2250738585072014e-308
"""Floats nearer to 0 have fewer digits the smaller they are: a calculation with them is noise."""


class NumberError(ValueError):
    """Why a text is not a number; `hint` says what to write."""

    def __init__(self, message: str, hint: str = EXAMPLES) -> None:
        super().__init__(message)
        self.hint = hint


def parse_number(text: str) -> Number:
    """The number that was typed. Its text keeps the digits as typed, with a plain minus sign and without blanks."""
    if USUAL.fullmatch(text):
        value = float(text)
        return Number(value, text) if value else Number(0.0, text.removeprefix("-"))
    typed = _tidied(text)
    if len(typed) > LONGEST and re.fullmatch(_SIGNS, typed):
        raise NumberError(f"{_short(text)} is too long for a number", f"write at most {LONGEST} characters")
    if re.fullmatch(_DECIMAL, typed):
        value = float(typed)
    elif found := re.fullmatch(_PERCENT, typed):
        value = float(f"{found[1]}e{int(found[2] or 0) - 2}")
        typed = re.sub(r"\s", "", typed)
    elif found := re.fullmatch(_FRACTION, typed):
        value = _divided(found[1], found[2], text)
        typed = f"{found[1]}/{found[2]}"
    else:
        raise _not_a_number(text, typed)
    typed = re.sub(_OPEN_POINT, "", typed)
    if math.isinf(value):
        raise NumberError(f"{_short(text)} is too large for a number", "write one below 1e308")
    if abs(value) < SMALLEST:
        if value or re.search("[1-9]", re.split("[eE/]", typed)[0]):
            raise NumberError(f"{_short(text)} is too small for a number", "write 0, or one above 1e-307")
        return Number(0.0, typed.removeprefix("-"))
    return Number(value, typed)


def parse_number_or_letter(text: str) -> Number:
    """The number that was typed, or a letter in its place: w, w11, w1_12, eta. Its value is then not a number."""
    letter = text.strip()
    if letter[:1].isalpha() and is_letter(letter) and not re.fullmatch(_NOT_FINITE, letter):
        return Number(math.nan, letter)
    return parse_number(text)


def _tidied(text: str) -> str:
    typed = text.strip().replace("\u2212", "-")
    return typed[1:] if typed[:1] == "+" and typed[1:2] not in {"+", "-"} else typed


def _divided(above: str, below: str, text: str) -> float:
    if re.fullmatch(_WHOLE, above) and re.fullmatch(_WHOLE, below) and int(below):
        return int(above) / int(below)  # the same number, ten times quicker
    divisor = Fraction(below)
    if divisor == 0:
        raise NumberError(f"{_short(text)} divides by zero", "write a fraction such as 1/3")
    try:
        return float(Fraction(above) / divisor)
    except OverflowError:
        return math.inf


def _not_a_number(text: str, typed: str) -> NumberError:
    if re.fullmatch(_NOT_FINITE, typed):
        return NumberError(f"{_short(text)} cannot be calculated with", "write a finite number")
    if re.fullmatch(_COMMA, typed):
        return NumberError(f"{_short(text)} is not a number", f"write {re.sub('[,，]', '.', typed)}, with a point")
    return NumberError(f"{_short(text)} is not a number")


def _short(text: str) -> str:
    line = " ".join(text[:200].split())
    return repr(line if len(line) <= 40 else line[:39] + "…")
