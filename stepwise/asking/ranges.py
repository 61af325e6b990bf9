"""A range of accepted numbers as it is printed: few digits, and everything in it that is accepted."""

from __future__ import annotations

import math

Range = tuple[float, float]

_FIGURES = 6
"""Significant figures of the larger end."""
_MOST_DIGITS = 12
_ZERO = 1e-14
"""What terms that cancel leave behind."""
_NOISE = 1e-9
"""An end within this share of a unit of a round number is that number."""


def printed_range(low: float, high: float) -> Range:
    """The range with its ends rounded outwards to six figures: whoever is inside is inside what is printed."""
    low, high = (0.0 if abs(end) < _ZERO else end for end in (low, high))
    if not (math.isfinite(low) and math.isfinite(high)) or low >= high:
        return _tidied(low), _tidied(high)
    places = max(_FIGURES - 1 - math.floor(math.log10(max(abs(low), abs(high)))), 0)
    return -_rounded_up(-low, places) + 0.0, _rounded_up(high, places) + 0.0


def number_text(value: float) -> str:
    """A number without float noise and without trailing zeros."""
    return format(value, f".{_MOST_DIGITS}g")


def _rounded_up(value: float, places: int) -> float:
    scaled = value * 10.0**places
    nearest = round(scaled)
    whole = nearest if abs(scaled - nearest) <= _NOISE * max(abs(scaled), 1.0) else math.ceil(scaled)
    return float(whole) / 10.0**places


def _tidied(value: float) -> float:
    return float(number_text(value)) + 0.0 if math.isfinite(value) else value
