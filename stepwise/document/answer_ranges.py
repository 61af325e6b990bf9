"""The accepted range of every number as a learning system takes it: two ends, or a middle and a tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
from msgspec import Struct

from stepwise.asking import Asked, calculation
from stepwise.asking.key import way_of
from stepwise.asking.lines import Line
from stepwise.asking.ranges import number_text, printed_range
from stepwise.asking.ways import Floats, Known, Way
from stepwise.sheets.model import Variant

Place = tuple[int, int]
_FINE = 12
"""Significant figures where six let a mistake in."""
_SHORT = 8
"""Digits of a number that everybody writes in full, so that it needs no room."""
_NOISE = 1e-9
"""Float noise, as a share of a number."""
_ROOM = Decimal("1e-7")
"""Of a longer number: what a calculator leaves that cuts its eighth figure off."""
_MOST_DECIMALS = 20
"""Beyond these there is only noise."""
_SNAP = Decimal("1e-12")
"""An end within this share of a round number is that number."""
_ROUNDED = Decimal("0.01")
"""How much wider than the accepted range, as a share, its rounded ends may be."""
_ONE_SIDED = Decimal("0.1")
"""The same where the printed result stands in the middle."""


class Entry(Struct, frozen=True):
    """One number that is asked for: between which ends it is right, and the same as `centre` ± `tolerance`."""

    low: Decimal
    high: Decimal
    centre: Decimal
    tolerance: Decimal


def entries_of(variant: Variant, shown: Mapping[str, Any]) -> dict[str, dict[Place, Entry]]:
    """The entries of every asked quantity by place, counted from 0, row after row.

    `shown` has the printed results (texts, as on paper) of the quantities that have one. The printed result is the
    centre where that takes hardly more than the accepted range and no known mistake, else the middle of the range is.
    """
    wrong = mistaken(variant)
    found: dict[str, dict[Place, Entry]] = {}
    for one in variant.asked:
        low, high = variant.accepted[one.id]
        texts = shown.get(one.id)
        found[one.id] = {
            place: _entry(
                float(low[place]),
                float(high[place]),
                None if texts is None else Decimal(str(texts[place])),
                [float(values[place]) for values in wrong.get(one.id, ())],
            )
            for place in places(one)
        }
    return found


def places(one: Asked) -> Iterator[Place]:
    """The places of a quantity, row after row."""
    yield from ((row, column) for row in range(one.shape[0]) for column in range(one.shape[1]))


def plain(number: Decimal) -> str:
    """A number without an exponent and without trailing zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _entry(low: float, high: float, shown: Decimal | None, wrong: Sequence[float]) -> Entry:
    noise = _NOISE * max(abs(low), abs(high), 1e-3)
    mistakes = [value for value in wrong if np.isfinite(value) and not low - noise <= value <= high + noise]
    accepted = Decimal(low), Decimal(high)
    ends = [_six_figures(low, high), *_more_decimals(*accepted), _outwards(low, high)]
    ends = [two for two in ends if _fits(two[1] - two[0], accepted, _ROUNDED)]
    made = [_around((bottom + top) / 2, bottom, top) for bottom, top in ends]
    if shown is not None:
        around = _around(shown, *ends[0])
        made[:0] = [around] if _fits(2 * around.tolerance, accepted, _ONE_SIDED) else []
    return next((one for one in made if not any(_lets_in(one, value) for value in mistakes)), made[-1])


def _six_figures(low: float, high: float) -> tuple[Decimal, Decimal]:
    bottom, top = printed_range(low, high)
    return Decimal(number_text(bottom)), Decimal(number_text(top))


def _more_decimals(low: Decimal, high: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """The ends rounded outwards to the fewest decimals that hardly widen the range; none where only noise is left."""
    for places in range(_MOST_DECIMALS):
        unit = Decimal(1).scaleb(-places)
        bottom, top = _rounded(low, unit, ROUND_FLOOR), _rounded(high, unit, ROUND_CEILING)
        if _fits(top - bottom, (low, high), _ROUNDED):
            yield bottom, top
            return


def _rounded(end: Decimal, unit: Decimal, rounding: str) -> Decimal:
    """To a multiple of `unit`; float noise does not lead to the next one."""
    nearest = (end / unit).to_integral_value() * unit
    return nearest if abs(nearest - end) <= _SNAP * abs(end) else (end / unit).to_integral_value(rounding) * unit


def _fits(width: Decimal, accepted: tuple[Decimal, Decimal], share: Decimal) -> bool:
    """Whether an interval around the accepted range is wider by no more than this share, or by a calculator's room."""
    low, high = accepted
    return width - (high - low) <= max(share * (high - low), _ROOM * max(abs(low), abs(high)))


def _outwards(low: float, high: float) -> tuple[Decimal, Decimal]:
    floor, ceiling = Context(_FINE, ROUND_FLOOR), Context(_FINE, ROUND_CEILING)
    return floor.create_decimal(low), ceiling.create_decimal(high)


def _around(centre: Decimal, low: Decimal, high: Decimal) -> Entry:
    """A range around `centre` that holds both ends; a single long number gets room for its last figures."""
    if low == high and len(low.normalize().as_tuple().digits) > _SHORT:
        room = (abs(low) * _ROOM).normalize(Context(1, ROUND_CEILING))
        low, high = low - room, high + room
    return Entry(low, high, centre, max(high - centre, centre - low, Decimal(0)))


def _lets_in(one: Entry, value: float) -> bool:
    number = Decimal(value)
    # systems compare in floats, where a number on the edge may count as inside
    return abs(number - one.centre) <= one.tolerance + abs(number) * Decimal(_NOISE)


def mistaken(variant: Variant) -> dict[str, list[Floats]]:
    """What the known mistakes make of each asked quantity: the lowest, the likeliest and the highest numbers."""
    whole = calculation(variant.problem)
    way, asked = way_of(whole), {one.id for one in variant.asked}
    known: dict[str, Known] = {name: way.known(values) for name, values in whole.givens.items()}
    found: dict[str, list[Floats]] = {}
    with np.errstate(all="ignore"):
        for line in whole.lines:
            known[line.id] = way.line(line, line.tree, known.__getitem__)
            if line.id in asked:
                found[line.id] = list(_of_line(line, way, known))
    return found


def _of_line(line: Line, way: Way, known: Mapping[str, Known]) -> Iterator[Floats]:
    for mistake in line.step.mistakes if line.step is not None and line.is_written else ():
        try:
            made = way.line(line, mistake.tree, known.__getitem__)
        except (KeyError, ValueError):
            # the problem has no such quantity, or the shapes do not fit
            continue
        low, high = way.accepted(line, made)
        yield from (low, made.point, high)
