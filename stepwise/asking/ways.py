"""What an answer may be: the numbers of a line as everybody gets them who calculates with care.

Arrays have a leading axis for the students as soon as something depends on what a student wrote.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.asking.lines import Calculation, Line, is_result
from stepwise.expressions import Expr, FloatArithmetic, evaluate, refs
from stepwise.expressions.intervals import Interval, ends
from stepwise.trace.arithmetic import HandArithmetic, digits_in
from stepwise.trace.careful import CarefulArithmetic

Floats = npt.NDArray[np.float64]
Lookup = Callable[[str], "Known"]
_FLOATS = FloatArithmetic()
_NOISE = 1e-9
_WHOLE = 0.5
"""Half a unit of a whole number's last digit."""


class Known(Struct, frozen=True, eq=False):
    """What is known of a quantity: it lies from `lo` to `hi`; `point` is what one way of calculating gives."""

    lo: Floats
    hi: Floats
    point: Floats

    def take(self, students: npt.NDArray[Any]) -> Known:
        """The same for some of the students."""
        return Known(*(part[students] if part.ndim == 3 else part for part in (self.lo, self.hi, self.point)))

    def spread(self, students: npt.NDArray[Any], count: int) -> Known:
        """What is known of some of `count` students; nothing of the others."""
        nothing = np.full((count, *self.point.shape[-2:]), np.nan)
        return Known(nothing, nothing, nothing).put(students, count, self)

    def put(self, students: npt.NDArray[Any], count: int, other: Known) -> Known:
        """The same with what some of `count` students have replaced."""

        def replaced(old: Floats, new: Floats) -> Floats:
            whole = np.array(np.broadcast_to(old, (count, *old.shape[-2:])))
            whole[students] = new
            return whole

        pairs = ((self.lo, other.lo), (self.hi, other.hi), (self.point, other.point))
        return Known(*(replaced(old, new) for old, new in pairs))

    def with_written(self, other: Known, written: npt.NDArray[np.bool_]) -> Known:
        """The same with what a student wrote taken from `other`."""
        pairs = ((other.lo, self.lo), (other.hi, self.hi), (other.point, self.point))
        return Known(*(np.where(written, theirs, own) for theirs, own in pairs))

    def told(self, values: Floats, halves: Floats) -> Known:
        """The same where a student did not write a number; where one did, ± half a unit of its last typed digit.

        Of a number that rounds what is expected only that is taken, and a whole number is meant as it stands: 1 does
        not stand for 0.5 to 1.5.
        """
        given = np.isfinite(values)
        halves = np.where(halves < _WHOLE, halves, 0.0)
        low, high = values - halves, values + halves
        near = (low <= self.hi + _NOISE) & (high >= self.lo - _NOISE)
        low = np.where(near, np.maximum(low, np.minimum(self.lo, values)), low)
        high = np.where(near, np.minimum(high, np.maximum(self.hi, values)), high)
        return Known(
            np.where(given, low, self.lo),
            np.where(given, high, self.hi),
            np.where(given, values, self.point),
        )


def full_value(value: Any, line: Line) -> Floats:
    """The value as an array of the line's shape, with the students' axis before it; ValueError for another shape."""
    array = np.asarray(value, dtype=float)
    if line.part is not None:
        axis, chosen = line.part
        array = array[..., chosen] if axis == 1 else array[..., chosen, :]
    if array.shape[-2:] != line.shape:
        raise ValueError(f"{line.id} has the shape {line.shape}, not {array.shape[-2:]}")
    return array


def float_value(line: Line, tree: Expr, lookup: Callable[[str], Floats]) -> Floats:
    """What a line gives in float64 that is computed by `tree`."""
    operands = {name: lookup(line.sources.get(name, name)) for name in refs(tree)}
    return full_value(evaluate(tree, operands, _FLOATS), line)


class Way(ABC):
    """How a line is computed from what is carried on, and which answers are right then."""

    rounds = True
    """Whether what is accepted comes from rounding."""

    def known(self, values: Floats) -> Known:
        """A given number."""
        return Known(values, values, values)

    @abstractmethod
    def line(self, line: Line, tree: Expr, lookup: Lookup) -> Known:
        """What a line gives that is computed by `tree`. KeyError where an operand is missing, ValueError where the
        shapes do not fit: both can only be a mistake's."""

    @abstractmethod
    def accepted(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        """Between which numbers an answer is right that follows from what is `known`."""

    def key(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        """Between which numbers an answer is right where nothing before it is a student's own."""
        return self.accepted(line, known)


class Careful(Way):
    """Full precision, the problem's own rounding, and every line rounded to 3, 4, 5 or 6 decimals (3 figures).

    The key also holds what comes out where only results are rounded as the problem asks, and nothing inside a formula:
    e^−z stays in the calculator.
    """

    def __init__(self, whole: Calculation) -> None:
        self._hand = HandArithmetic(digits_in(whole.problem, whole.derivation))
        self._careful = CarefulArithmetic()
        self._results: dict[str, Floats] = dict(whole.givens)
        with np.errstate(all="ignore"):
            for line in whole.lines:
                value = float_value(line, line.tree, self._results.__getitem__)
                rounds = line.is_written and is_result(line.name)
                self._results[line.id] = np.asarray(self._hand.finish(line.name, value)) if rounds else value

    def line(self, line: Line, tree: Expr, lookup: Lookup) -> Known:
        operands = {name: lookup(line.sources.get(name, name)) for name in refs(tree)}
        bounds = evaluate(tree, {name: Interval(one.lo, one.hi) for name, one in operands.items()}, self._careful)
        point = evaluate(tree, {name: one.point for name, one in operands.items()}, self._hand)
        if line.is_written:
            bounds = self._careful.finish(line.id, bounds)
            point = self._hand.finish(line.name, point)
        lo, hi = ends(bounds)
        return Known(full_value(lo, line), full_value(hi, line), full_value(point, line))

    def accepted(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        return np.fmin(known.lo, known.point), np.fmax(known.hi, known.point)

    def key(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        lo, hi = self.accepted(line, known)
        return np.fmin(lo, self._results[line.id]), np.fmax(hi, self._results[line.id])


class Points(Way):
    """Full precision alone is carried on."""

    def line(self, line: Line, tree: Expr, lookup: Lookup) -> Known:
        return self.known(float_value(line, tree, lambda name: lookup(name).point))


class Within(Points):
    """Full precision, and so much to either side: `tolerance`, or that share of the value where it is `relative`."""

    rounds = False

    def __init__(self, tolerance: float, *, relative: bool = False) -> None:
        self._tolerance = tolerance
        self._relative = relative

    def accepted(self, line: Line, known: Known) -> tuple[Floats, Floats]:
        room = self._tolerance * (np.abs(known.point) if self._relative else 1.0)
        return known.point - room, known.point + room
