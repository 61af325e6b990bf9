"""A range of accepted numbers as it is printed: few digits, and nothing in it that is not accepted."""

from __future__ import annotations

import math

Range = tuple[float, float]

_FIGURES = 4
"""Significant figures that a range is printed with where they are enough."""
_MOST_DIGITS = 12
_ZERO = 1e-14
"""What terms that cancel leave behind."""
_KEPT = 0.8
"""The share of a range that must be left when its ends are rounded inwards."""
_NOISE = 1e-9
"""An end within this share of a unit of a round number is that number."""


def printed_range(low: float, high: float) -> Range:
    """The range with its ends rounded inwards to as few digits as leave most of it."""
    low, high = (0.0 if abs(end) < _ZERO else end for end in (low, high))
    if not (math.isfinite(low) and math.isfinite(high)) or low >= high:
        return _tidied(low), _tidied(high)
    decimals = _FIGURES - 1 - math.floor(math.log10(max(abs(low), abs(high))))
    for places in range(max(decimals, 0), min(decimals + _MOST_DIGITS, 300)):
        bottom, top = _rounded_up(low, places), -_rounded_up(-high, places)
        if top - bottom >= _KEPT * (high - low):
            return bottom + 0.0, top + 0.0
    return _tidied(low), _tidied(high)


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
