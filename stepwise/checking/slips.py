"""Slips of the pen: the right number, written down wrongly. A slip happens once in a quantity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    places = [tuple(place) for place in np.argwhere(wrong).tolist()]
    if len(places) == 1:
        place = places[0]
        limits = [one.limits(place) for one in ranges]
        value = float(values[place])
        meant: dict[str, Iterable[float]] = {
            "sign_lost": (-value,),
            "decimal_point_moved": (value * shift for shift in _SHIFTS),
            "digits_exchanged": _exchanged(str(texts[place])),
        }
        for slip, numbers in meant.items():
            if any(low <= number <= high for number in numbers for low, high in limits):
                yield slip
    elif len(places) == 2:
        one, other = places
        for bounds in ranges:
            (low, high), (least, most) = bounds.limits(one), bounds.limits(other)
            if low <= values[other] <= high and least <= values[one] <= most:
                yield "entries_exchanged"
                return


def _exchanged(text: str) -> Iterator[float]:
    """The numbers with two neighbouring digits exchanged; a decimal point between them stays where it is.

    Across the point a 0 is not exchanged: 2.0 for 0.2 is a moved point.
    """
    digits = [place for place, sign in enumerate(text) if sign.isdigit()]
    for left, right in pairwise(digits):
        across = text[left + 1 : right]
        if text[left] == text[right] or across not in {"", "."} or (across and "0" in {text[left], text[right]}):
            continue
        signs = list(text)
        signs[left], signs[right] = signs[right], signs[left]
        try:
            yield parse_number("".join(signs)).value
        except NumberError:
            continue
