"""Whoever makes one error and carries on correctly is blamed for that one quantity, and for nothing after it.

Every quantity of every problem is altered, and everything after it computed again by the tests' own evaluator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from stepwise.asking.lines import Line
from stepwise.checking import Report, check_class

from .evaluating import NUMERIC, Array, Values, answer, everything, questions, rounding, students, whole, work, written

Count = Callable[[str, object], None]
ALTERATIONS: tuple[Callable[[Array], Array], ...] = (
    lambda numbers: numbers * 1.1,
    lambda numbers: numbers + 0.05,
    lambda numbers: numbers + 0.1 * (np.arange(numbers.size).reshape(numbers.shape) == numbers.size // 2),
)
"""All of a quantity 1.1 times as large, all of it larger by 0.05, and one entry of it larger by 0.1."""


class Altered(NamedTuple):
    """A student who alters one quantity."""

    quantity: str
    alteration: int


@cache
def altered(name: str) -> tuple[Altered, ...]:
    lines = {line.id: line for line in whole(name).lines}
    quantities = [one for one in everything(name) if written(lines[one])]
    return tuple(Altered(one, number) for one in quantities for number in range(len(ALTERATIONS)))


def carried(name: str, rounded: bool = False) -> Values:
    """What these students write: the altered quantity, and what follows from it; `rounded`: to 4 decimals."""
    people = altered(name)
    place = {line.id: number for number, line in enumerate(whole(name).lines)}
    starts = np.array([place[one.quantity] for one in people])

    def after(line: Line, numbers: Array) -> Array:
        numbers = np.array(np.broadcast_to(numbers, (len(people), *line.shape)))
        if rounded:
            later = place[line.id] > starts
            numbers[later] = rounding(line, numbers[later], np.full((int(later.sum()), 1, 1), 4))
        for student, one in enumerate(people):
            if one.quantity == line.id:
                numbers[student] = ALTERATIONS[one.alteration](numbers[student])
        return numbers

    return work(whole(name), len(people), after=after)


def inside(accepted: Any, numbers: Array, halves: Array = 0.0) -> bool:
    """Whether all of a student's numbers are accepted, or reach what is accepted by half a unit of their last digit."""
    bounds = np.asarray(accepted, dtype=float).reshape(*numbers.shape, 2)
    room = 1e-12 + 2e-9 * np.abs(bounds).max(axis=-1) + halves
    return bool(((numbers >= bounds[..., 0] - room) & (numbers <= bounds[..., 1] + room)).all())


@cache
def first_asked(name: str) -> dict[str, set[str]]:
    """For every line the asked quantities that it shows in first: itself, or those computed from it without another."""
    asked = {one.id for one in questions(name).asked}
    found: dict[str, set[str]] = {line.id: set() for line in whole(name).lines}
    for line in reversed(whole(name).lines):
        if line.id in asked:
            found[line.id] = {line.id}
        for operand in line.operands():
            found.setdefault(operand, set()).update(found[line.id])
    return found


def wrong(report: Report) -> set[str]:
    return {name for name, marked in report.quantities.items() if marked.verdict not in ("right", "follows")}


@cache
def depending(name: str, quantity: str) -> set[str]:
    """The quantity and everything that is computed from it."""
    found = {quantity}
    for line in whole(name).lines:
        if found & set(line.operands()):
            found.add(line.id)
    return found


def check_following(name: str, report: Report, off: set[str], beyond: set[str]) -> None:
    """What is not as in the key follows; unless the error has come to so little that what comes next is right.

    `off` is what is not accepted as it stands, `beyond` what is not either when taken as rounded.
    """
    following = {quantity for quantity, marked in report.quantities.items() if marked.verdict == "follows"}
    assert following <= off
    left = beyond - following
    for line in whole(name).lines if left else ():
        if line.id in left:
            assert report[line.id].verdict == "right"
            assert not any(other in report and report[other].verdict != "right" for other in line.operands())


def outside(report: Report, values: Values, *, as_rounded: bool = False) -> list[set[str]]:
    """For every student the quantities in which the numbers are not accepted; what is accepted is the same for all.

    `as_rounded`: a number is accepted, too, where it rounds one inside.
    """
    found: list[set[str]] = [set() for _ in next(iter(values.values()))]
    for name, one in report.quantities.items():
        numbers = values[name]
        bounds = np.asarray(one.accepted, dtype=float).reshape(*numbers.shape[1:], 2)
        room = 1e-12 + 2e-9 * np.abs(bounds).max(axis=-1)
        if as_rounded:
            room = room + np.stack([answer(one, typed=True).halves for one in numbers])
        off = (numbers < bounds[..., 0] - room) | (numbers > bounds[..., 1] + room)
        for student in np.flatnonzero(off.any(axis=(1, 2))):
            found[student].add(name)
    return found


def not_right(report: Report) -> set[str]:
    return {name for name, marked in report.quantities.items() if marked.verdict != "right"}


@pytest.mark.parametrize("rounded", [False, True], ids=["in full", "to 4 decimals"])
@pytest.mark.parametrize("name", NUMERIC)
class TestOneErrorCarriedOn:
    """With every line written down, and with only those that are asked for."""

    def test_only_the_altered_quantity_is_wrong(self, name: str, rounded: bool, record_property: Count) -> None:
        values = carried(name, rounded)
        reports = check_class(questions(name), students(values, everything(name), typed=rounded)).reports
        stayed = 0
        beyond = outside(reports[0], values, as_rounded=rounded)
        for one, report, off, far in zip(altered(name), reports, outside(reports[0], values), beyond, strict=True):
            if one.quantity not in off:
                stayed += 1
                assert wrong(report) == set(), one
            else:
                assert wrong(report) == {one.quantity}, one
                assert report[one.quantity].verdict == "wrong" or _near(report, one, values, rounded), one
                assert not_right(report) <= depending(name, one.quantity), one
                check_following(name, report, off - {one.quantity}, far - {one.quantity})
        record_property("stayed", stayed)
        assert stayed <= len(reports) / 10

    def test_of_a_student_who_writes_what_is_asked(self, name: str, rounded: bool) -> None:
        values = carried(name, rounded)
        asked = [one.id for one in questions(name).asked]
        reports = check_class(questions(name), students(values, asked, typed=rounded)).reports
        beyond = outside(reports[0], values, as_rounded=rounded)
        for one, report, off, far in zip(altered(name), reports, outside(reports[0], values), beyond, strict=True):
            out = first_asked(name)[one.quantity] & off
            assert wrong(report) == out if one.quantity in asked else wrong(report) <= out, one
            assert not_right(report) <= depending(name, one.quantity), one
            if out:
                check_following(name, report, off - out, far - out)


def _near(report: Report, one: Altered, values: Values, rounded: bool) -> bool:
    """Whether the altered numbers have so few digits that they may have been rounded from what is accepted."""
    student = int(report.student.removeprefix("student "))
    numbers = answer(values[one.quantity][student], typed=rounded)
    return inside(report[one.quantity].accepted, numbers.values, numbers.halves)
