"""The numbers that may stand in one place of a problem file: as a file writes them, or as a teacher would choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct

from stepwise.problem.model import Array
from stepwise.problem.numbers import parse_number

_MOST = 100_000
"""Numbers in one grid."""
_MOST_DECIMALS = 4
"""Decimals that are drawn at most where nobody says otherwise."""
_FEW, _FEW_WHOLE = 9, 3
"""A usual grid has at least so many numbers to a side: 0.1 to 0.9, or 1 to 3."""
_FAR = 20
"""Numbers of so many units, all positive, are a measurement: they stay between the least and the largest."""


class GridError(ValueError):
    """Why something is no grid; `hint` says what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Grid(Struct, frozen=True, eq=False):
    """The numbers that may stand in one place, as typed and as values."""

    texts: tuple[str, ...]
    values: Array


def grid_of(texts: Sequence[str]) -> Grid:
    """The grid of these numbers, as typed."""
    return Grid(tuple(texts), np.array([parse_number(text).value for text in texts]))


def written_grid(rule: Mapping[str, Any]) -> Grid:
    """The grid that a file writes down: {from, to, step, not} or {choices, not}. GridError where it is none."""
    if "choices" in rule:
        if odd := [part for part in ("from", "to", "step") if part in rule]:
            raise GridError(f"`choices` and `{odd[0]}` exclude one another", "write one of them")
        numbers = [parse_number(str(number)).text for number in rule["choices"]]
    else:
        if missing := [part for part in ("from", "to", "step") if part not in rule]:
            example = "write {from: -0.9, to: 0.9, step: 0.1}, or {choices: [1, 2, 3]}"
            raise GridError(f"`{missing[0]}` is missing", example)
        numbers = _steps(*(str(rule[part]) for part in ("from", "to", "step")))
    left_out = {exact(number) for number in rule.get("not", ())}
    kept: dict[Fraction, str] = {}
    for text in numbers:
        if exact(text) not in left_out:
            kept.setdefault(exact(text), text)
    if not kept:
        raise GridError("no number is left to draw", "leave fewer out")
    return grid_of(list(kept.values()))


def usual_grid(texts: Sequence[str], *, signed: bool) -> Grid:
    """What a teacher would draw in place of `texts`: as many decimals, about as large, and never 0.

    With both signs where it is `signed` or one of the numbers is negative.
    """
    numbers = [exact(text) for text in texts]
    decimals = min(max(map(decimals_typed, texts)), _MOST_DECIMALS)
    unit = Fraction(1, 10**decimals)
    least, largest = min(numbers), max(map(abs, numbers))
    if least > 0 and not signed and largest >= _FAR * unit and max(numbers) - least >= _FEW_WHOLE * unit:
        low, high = least, largest
    else:
        high = max(largest, unit * (_FEW if decimals else _FEW_WHOLE))
        low = -high if signed or least < 0 else unit
    while (high - low) / unit > _MOST:
        unit *= 10
        decimals -= 1
    first, last = -(-low // unit), high // unit
    return grid_of([decimal_text(place * unit, max(decimals, 0)) for place in range(first, last + 1) if place])


def _steps(low: str, high: str, step: str) -> list[str]:
    """All numbers of a grid, with the decimals of its step and its start."""
    least, largest, distance = map(exact, (low, high, step))
    if distance <= 0:
        raise GridError(f"the step {step} is not positive", "write a step such as 0.1")
    if largest < least:
        raise GridError(f"the grid ends at {high}, below {low}", "exchange `from` and `to`")
    count = (largest - least) // distance + 1
    if count > _MOST:
        many = f"{count:,}" if count < 10**12 else "far too many"
        raise GridError(f"the grid has {many} numbers", f"at most {_MOST:,}: write a larger step")
    decimals = max(decimals_typed(low), decimals_typed(step))
    return [decimal_text(least + place * distance, decimals) for place in range(count)]


def exact(number: object) -> Fraction:
    """A typed number, exactly."""
    text = parse_number(str(number)).text
    if text.endswith("%"):
        return Fraction(text[:-1]) / 100
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or 1)


def decimals_typed(text: str) -> int:
    """The decimals of a number as typed: two of 0.10, three of 1e-3; four of a fraction that has no end."""
    if text.replace(".", "", 1).lstrip("-").isdigit():
        return len(text.partition(".")[2])
    value = exact(text)
    return next((count for count in range(13) if (value * 10**count).denominator == 1), _MOST_DECIMALS)


def decimal_text(value: Fraction, decimals: int) -> str:
    """A number with so many decimals."""
    scaled = round(value * 10**decimals)
    sign, digits = "-" if scaled < 0 else "", f"{abs(scaled):0{decimals + 1}d}"
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else f"{sign}{digits}"
