"""Whoever makes one error and carries on correctly is blamed for that one quantity, and for nothing that follows from it.

Every quantity of every problem is altered, and everything after it computed again by the tests' own evaluator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from stepwise.checking import Report, check_class
from stepwise.checking.lines import Line

from .evaluating import NUMERIC, Array, Values, answer, everything, rounding, sheet, students, whole, work, written

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
    asked = {one.id for one in sheet(name).asked}
    found: dict[str, set[str]] = {line.id: set() for line in whole(name).lines}
    for line in reversed(whole(name).lines):
        if line.id in asked:
            found[line.id] = {line.id}
        for operand in line.operands():
            found.setdefault(operand, set()).update(found[line.id])
    return found


def wrong(report: Report) -> set[str]:
    return {name for name, marked in report.quantities.items() if marked.verdict not in ("right", "follows")}


def not_right(report: Report) -> set[str]:
    return {name for name, marked in report.quantities.items() if marked.verdict != "right"}


@pytest.mark.parametrize("rounded", [False, True], ids=["in full", "to 4 decimals"])
@pytest.mark.parametrize("name", NUMERIC)
class TestOneErrorCarriedOn:
    """With every line written down, and with only those that are asked for."""

    def test_only_the_altered_quantity_is_wrong(self, name: str, rounded: bool, record_property: Count) -> None:
        values = carried(name, rounded)
        reports = check_class(sheet(name), students(values, everything(name), typed=rounded)).reports
        stayed = 0
        for student, (one, report) in enumerate(zip(altered(name), reports, strict=True)):
            if inside(report[one.quantity].accepted, values[one.quantity][student]):
                stayed += 1
                assert wrong(report) == set(), one
            else:
                assert wrong(report) == {one.quantity}, one
                assert report[one.quantity].verdict == "wrong" or _near(report, one, values, rounded), one
                assert not_right(report) <= _from(name, one.quantity), one
        record_property("stayed", stayed)
        assert stayed <= len(reports) / 2

    def test_of_a_student_who_writes_what_is_asked(self, name: str, rounded: bool) -> None:
        values = carried(name, rounded)
        asked = [one.id for one in sheet(name).asked]
        reports = check_class(sheet(name), students(values, asked, typed=rounded)).reports
        for student, (one, report) in enumerate(zip(altered(name), reports, strict=True)):
            starts = first_asked(name)[one.quantity]
            out = {start for start in starts if not inside(report[start].accepted, values[start][student])}
            assert wrong(report) == out if one.quantity in asked else wrong(report) <= out, one
            assert not_right(report) <= _from(name, one.quantity), one


def _near(report: Report, one: Altered, values: Values, rounded: bool) -> bool:
    """Whether the altered numbers have so few digits that they may have been rounded from what is accepted."""
    student = int(report.student.removeprefix("student "))
    numbers = answer(values[one.quantity][student], typed=rounded)
    return inside(report[one.quantity].accepted, numbers.values, numbers.halves)


@cache
def _from(name: str, quantity: str) -> set[str]:
    """The quantity and everything that is computed from it."""
    found = {quantity}
    for line in whole(name).lines:
        if found & set(line.operands()):
            found.add(line.id)
    return found
