"""Slips of the pen: the right number, written down wrongly. A slip happens once in a quantity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.checking.judging import Flags, Floats, Range
from stepwise.problem.numbers import NumberError, parse_number

SLIPS = ("sign_lost", "decimal_point_moved", "digits_exchanged", "entries_exchanged")
_SHIFTS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)


def slips(values: Floats, wrong: Flags, ranges: Sequence[Range], texts: npt.NDArray[Any]) -> Iterator[str]:
    """The slips that explain the wrong numbers of one student's quantity, each by itself."""
    places = np.argwhere(wrong)
    if len(places) == 1:
        place = tuple(places[0])
        limits = [_limits(one, place) for one in ranges]
        value = float(values[place])
        meant = {
            "sign_lost": [-value],
            "decimal_point_moved": [value * shift for shift in _SHIFTS],
            "digits_exchanged": list(_exchanged(str(texts[place]))),
        }
        yield from (slip for slip, numbers in meant.items() if any(_inside(limits, number) for number in numbers))
    elif len(places) == 2:
        one, other = (tuple(place) for place in places)
        if any(
            _inside([_limits(bounds, one)], float(values[other]))
            and _inside([_limits(bounds, other)], float(values[one]))
            for bounds in ranges
        ):
            yield "entries_exchanged"


def _limits(bounds: Range, place: tuple[int, ...]) -> Range:
    return Range(np.asarray(bounds.lo[place]), np.asarray(bounds.hi[place]))


def _inside(limits: Sequence[Range], number: float) -> bool:
    return any(bool(one.holds(np.asarray(number))) for one in limits)


def _exchanged(text: str) -> Iterator[float]:
    """The numbers with two neighbouring digits exchanged; a decimal point between them stays where it is."""
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    for left, right in pairwise(digits):
        if text[left] != text[right] and text[left + 1 : right] in {"", "."}:
            signs = list(text)
            signs[left], signs[right] = signs[right], signs[left]
            try:
                yield parse_number("".join(signs)).value
            except NumberError:
                continue
