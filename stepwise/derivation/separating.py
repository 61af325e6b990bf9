"""Can one perceptron tell the 1-points from the 0-points? Decided in fractions: weights that do, or a proof of none.

The proof is a combination of points (a certificate, after Farkas): multipliers u ≥ 0, not all 0, for which the 1-points
and the 0-points have the same weighted sum, the constant 1 beside the coordinates included. Adding w·x + b > 0 over the
1-points and w·x + b ≤ 0 over the 0-points as often as u says then gives 0 < E ≤ 0 for one and the same E.

Both answers come from one linear program: how near do the convex hulls of the two classes come to each other? Its
optimum is 0 exactly where there is a certificate, else its dual is the normal of a plane between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import gcd, lcm

from msgspec import Struct

Point = tuple[Fraction, ...]

_TRIED = 24
"""So many whole-number weights are compared for the simplest."""
_SIMPLE = 1000
"""Weights are brought to whole numbers by a factor of this size at most."""


class Separator(Struct, frozen=True):
    """w and b with w·x + b > 0 for every 1-point and < 0 for every 0-point."""

    weights: tuple[Fraction, ...]
    bias: Fraction


class Certificate(Struct, frozen=True):
    """One multiplier a point, the smallest whole numbers of their ratio."""

    multipliers: tuple[int, ...]


@lru_cache(maxsize=16)
def separate(points: tuple[Point, ...], labels: tuple[bool, ...]) -> Separator | Certificate:
    """A separator of the points labelled True from the others, or the certificate that there is none."""
    if all(labels) or not any(labels):
        return Separator((Fraction(0),) * len(points[0]), Fraction(1 if labels[0] else -1))
    hulls = _Hulls(points, labels)
    hulls.approach()
    if hulls.touch:
        return Certificate(_whole(hulls.multipliers))
    return _simplest(points, labels, hulls.normal)


class _Hulls:
    """The linear program, as a simplex tableau.

    Variables: a multiplier for each point, then for each coordinate what the two sums differ by, up and down. Rows: one
    a coordinate, one for equal multipliers on both sides, one for their total. To be made small: all that they differ
    by. The rule of Bland (the first variable that helps) cannot go round in circles.
    """

    def __init__(self, points: Sequence[Point], labels: Sequence[bool]) -> None:
        self.points, self.size = len(points), len(points[0])
        signs = [1 if label else -1 for label in labels]
        self.rows = [
            self._coordinate(j, [s * x[j] for s, x in zip(signs, points, strict=True)]) for j in range(self.size)
        ]
        nothing = [Fraction(0)] * (2 * self.size)
        self.rows.append([*map(Fraction, signs), *nothing, Fraction(0)])
        self.rows.append([Fraction(1)] * self.points + nothing + [Fraction(2)])
        self.basis, self.costs = [-1] * len(self.rows), list[Fraction]()
        one, zero = _nearest(points, labels)
        self._pivot(self.size, zero)
        self._pivot(self.size + 1, one)
        for j in range(self.size):
            negative = self.rows[j][-1] < 0
            if negative:
                self.rows[j] = [-entry for entry in self.rows[j]]
            self.basis[j] = self.points + j + negative * self.size
        self.costs = self._costs()

    def _coordinate(self, j: int, entries: list[Fraction]) -> list[Fraction]:
        differences = [Fraction((k == j) - (k == self.size + j)) for k in range(2 * self.size)]
        return [*entries, *differences, Fraction(0)]

    def _costs(self) -> list[Fraction]:
        """What a unit of each variable adds to the total difference; at the end, minus that total."""
        costs = [Fraction(0)] * self.points + [Fraction(1)] * (2 * self.size) + [Fraction(0)]
        for row in self.rows[: self.size]:
            costs = [cost - entry for cost, entry in zip(costs, row, strict=True)]
        return costs

    def approach(self) -> None:
        """Pivot until nothing makes the difference smaller."""
        while not self.touch:
            column = next((k for k, cost in enumerate(self.costs[:-1]) if cost < 0), None)
            if column is None:
                return
            ratios = [(row[-1] / row[column], self.basis[i], i) for i, row in enumerate(self.rows) if row[column] > 0]
            self._pivot(min(ratios)[2], column)

    def _pivot(self, place: int, column: int) -> None:
        """Bring a variable into the basis, in the row `place`."""
        divisor = self.rows[place][column]
        pivot = [entry / divisor for entry in self.rows[place]]
        self.rows[place], self.basis[place] = pivot, column
        for i, row in enumerate(self.rows):
            if i != place:
                self.rows[i] = _less(row, row[column], pivot)
        if self.costs:
            self.costs = _less(self.costs, self.costs[column], pivot)

    @property
    def touch(self) -> bool:
        """Whether the hulls have a point in common."""
        return self.costs[-1] == 0

    @property
    def multipliers(self) -> list[Fraction]:
        values = {variable: row[-1] for variable, row in zip(self.basis, self.rows, strict=True)}
        return [values.get(i, Fraction(0)) for i in range(self.points)]

    @property
    def normal(self) -> Point:
        """The dual values of the coordinates, turned so that the 1-points lie above."""
        return tuple(cost - 1 for cost in self.costs[self.points : self.points + self.size])


def _less(row: list[Fraction], factor: Fraction, pivot: list[Fraction]) -> list[Fraction]:
    if not factor:
        return row
    return [entry - factor * other if other else entry for entry, other in zip(row, pivot, strict=True)]


def _nearest(points: Sequence[Point], labels: Sequence[bool]) -> tuple[int, int]:
    """A 1-point and a 0-point that lie as near as any: two equal points are a certificate of their own."""
    ones = [i for i, label in enumerate(labels) if label]
    zeros = [i for i, label in enumerate(labels) if not label]

    def distance(pair: tuple[int, int]) -> Fraction:
        return sum((abs(a - b) for a, b in zip(points[pair[0]], points[pair[1]], strict=True)), Fraction(0))

    return min(product(ones, zeros), key=distance)


def _whole(values: Sequence[Fraction]) -> tuple[int, ...]:
    """The smallest whole numbers in the same ratio."""
    factor = lcm(*(value.denominator for value in values))
    numbers = [int(value * factor) for value in values]
    common = gcd(*numbers)
    return tuple(number // common for number in numbers)


def _simplest(points: Sequence[Point], labels: Sequence[bool], normal: Point) -> Separator:
    """The separator with the smallest numbers among those whose weights are `normal` in whole numbers, ever finer."""
    largest = max(abs(entry) for entry in normal)
    found: list[Separator] = []
    fineness = 1
    while fineness <= _TRIED or not found:
        weights = tuple(Fraction(round(entry * fineness / largest)) for entry in normal)
        separator = _with_bias(points, labels, weights)
        if separator is not None:
            found.append(separator)
        fineness += 1 if fineness < _TRIED else fineness
    return min(found, key=lambda one: sum(map(abs, one.weights)) + abs(one.bias))


def _with_bias(points: Sequence[Point], labels: Sequence[bool], weights: Point) -> Separator | None:
    """These weights with a threshold well inside the gap between the classes, if there is one."""
    sums = [sum((w * x for w, x in zip(weights, point, strict=True)), Fraction(0)) for point in points]
    below = max(value for value, label in zip(sums, labels, strict=True) if not label)
    above = min(value for value, label in zip(sums, labels, strict=True) if label)
    if below >= above:
        return None
    quarter = (above - below) / 4
    threshold = between(below + quarter, above - quarter)
    factor = threshold.denominator if threshold.denominator <= _SIMPLE else 1
    numbers = [factor * weight for weight in weights]
    bias = -factor * threshold
    common = gcd(*(int(number) for number in numbers), int(bias)) if bias.denominator == 1 else 1
    return Separator(tuple(number / common for number in numbers), bias / common)


def between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator from `low` to `high`, and of those the nearest to 0."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -between(-high, -low)
    # the continued fraction, as far as both ends share it
    whole = low.numerator // low.denominator
    if whole == low:
        return low
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / between(1 / (high - whole), 1 / (low - whole))
