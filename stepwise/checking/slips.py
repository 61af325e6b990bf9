"""Slips of the pen: the right numbers, written down wrongly.

Signs may be lost and points moved in a whole quantity at once; digits and entries are exchanged once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.checking.judging import Flags, Floats, Range
from stepwise.problem.numbers import NumberError, parse_number

LAST_DIGIT_OFF = "last_digit_off"
"""Right but for a unit or two of the last digit: cut off, or rounded badly. It is less precise than it looks."""
SLIPS = ("sign_lost", "decimal_point_moved", "digits_exchanged", "entries_exchanged")
_SHIFTS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)


def slips(values: Floats, wrong: Flags, ranges: Sequence[Range], texts: npt.NDArray[Any]) -> Iterator[str]:
    """The slips that explain all the wrong numbers of one student's quantity, each by itself."""
    places = [tuple(place) for place in np.argwhere(wrong).tolist()]
    numbers = [float(values[place]) for place in places]
    limits = [[one.limits(place) for place in places] for one in ranges]

    def explains(meant: Iterable[float]) -> bool:
        meant = list(meant)
        return any(all(low <= number <= high for number, (low, high) in zip(meant, one, strict=True)) for one in limits)

    if explains(-number for number in numbers):
        yield "sign_lost"
    if any(explains(number * shift for number in numbers) for shift in _SHIFTS):
        yield "decimal_point_moved"
    if len(places) == 1 and any(explains([number]) for number in _exchanged(str(texts[places[0]]))):
        yield "digits_exchanged"
    if len(places) == 2 and explains(reversed(numbers)):
        yield "entries_exchanged"


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
