"""The accepted range of long trainings: what many people get who each round every line in a way of their own.

Intervals count every occurrence of a weight by itself. Over many iterations that adds up to ranges without any meaning,
where the calculation itself brings rounding errors back to nothing: each step corrects them. So here the key is
calculated by many people at once, a leading axis, and the range is what lies around what they get.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stepwise.asking.lines import Calculation, Line
from stepwise.asking.ways import Floats, Known, Points, float_value
from stepwise.expressions.intervals import Interval
from stepwise.notation.numbers import Digits, decimals_of, round_half_up
from stepwise.trace.arithmetic import HandArithmetic, digits_in
from stepwise.trace.careful import DECIMALS, FIGURES, CarefulArithmetic

ITERATIONS = 8
"""With more iterations than this the range is sampled."""
_PEOPLE = 200
_WIDER = 1.5
"""So much wider than what they get: there are more people than these."""
_NEVER = 99
"""The decimals of somebody who does not round."""


class Sampled(Points):
    """Full precision, and to either side what rounding with care makes of the key."""

    def __init__(self, whole: Calculation) -> None:
        self._key: dict[str, Floats] = dict(whole.givens)
        self._below: dict[str, Floats] = {}
        self._above: dict[str, Floats] = {}
        with np.errstate(all="ignore"):
            self._sample(whole)

    def _sample(self, whole: Calculation) -> None:
        draws = np.random.default_rng(0)
        people: dict[str, Floats] = dict(whole.givens)
        hand: dict[str, Floats] = dict(whole.givens)
        by_hand, careful = HandArithmetic(digits_in(whole.problem, whole.derivation)), CarefulArithmetic()
        choices = np.array([*DECIMALS, _NEVER])
        for line in whole.lines:
            exact, value, own = (
                float_value(line, line.tree, numbers.__getitem__) for numbers in (self._key, people, hand)
            )
            if line.is_written:
                decimals = draws.choice(choices, size=_PEOPLE)
                # some do the same all the way
                decimals[: len(choices)] = choices
                value = _rounded(np.broadcast_to(value, (_PEOPLE, *line.shape)), decimals)
                own = np.asarray(by_hand.finish(line.name, own))
            self._key[line.id], people[line.id], hand[line.id] = exact, value, own
            spread = value - exact
            lowest = exact + _WIDER * (np.min(spread, axis=0) if spread.ndim == 3 else spread)
            highest = exact + _WIDER * (np.max(spread, axis=0) if spread.ndim == 3 else spread)
            ends = careful.finish(line.id, Interval(lowest, highest))
            self._below[line.id] = np.minimum(np.minimum(ends.lo, own) - exact, 0.0)
            self._above[line.id] = np.maximum(np.maximum(ends.hi, own) - exact, 0.0)

    def accepted(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        """Between which numbers an answer is right; larger numbers than the key's have a range as much wider."""
        point = known.point
        size = np.abs(self._key[line.id]).max()
        grown = np.abs(point).max(axis=(-2, -1), keepdims=True) / size if size else np.ones((1, 1))
        room = np.maximum(grown, 1.0)
        around = Interval(point + room * self._below[line.id], point + room * self._above[line.id])
        ends = CarefulArithmetic().finish(line.id, around)
        return ends.lo, ends.hi


def _rounded(values: Floats, decimals: npt.NDArray[np.int_]) -> Floats:
    """Each person's numbers rounded to the decimals of that person, never to fewer than three figures."""
    places = np.maximum(decimals[:, None, None], decimals_of(values, Digits(FIGURES, figures=True)))
    rounds = np.broadcast_to(decimals[:, None, None] != _NEVER, values.shape)
    return np.where(rounds, round_half_up(values, np.where(rounds, places, 6)), values)
