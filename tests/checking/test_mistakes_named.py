"""Every known mistake, made alone and carried on, is named where it is made, and nothing after it is blamed.

The mistaken trees are computed by the tests' own evaluator, so what is named was really done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from msgspec.structs import replace

from stepwise.asking.lines import Line
from stepwise.checking import MadeMistake, Report, check_class
from stepwise.checking.slips import SLIPS
from stepwise.expressions.tree import Expr

from .evaluating import (
    EACH,
    Array,
    Values,
    computed,
    everything,
    questions,
    rounding,
    students,
    typed,
    whole,
    work,
    written,
)
from .test_carried_forward import depending, inside, wrong

Count = Callable[[str, object], None]


class Made(NamedTuple):
    """A mistake that can be made in a line."""

    name: str
    line: str
    tree: Expr


@cache
def mistakes(name: str) -> tuple[Made, ...]:
    """Every mistake that can be made in a problem: its line can be computed so, and comes to finite numbers."""
    exact = {name: numbers[0] for name, numbers in work(whole(name)).items()} | dict(whole(name).givens)
    lines = {line.id: line for line in whole(name).lines}
    found = []
    for line in (lines[one] for one in everything(name) if written(lines[one])):
        assert line.step is not None
        for mistake in line.step.mistakes:
            numbers = _tried(line, mistake.tree, exact)
            if numbers is not None and np.isfinite(numbers).all():
                found.append(Made(mistake.name, line.id, mistake.tree))
    return tuple(found)


def _tried(line: Line, tree: Expr, values: Values) -> Array | None:
    with np.errstate(all="ignore"):
        try:
            return computed(line, tree, values)
        except (KeyError, ValueError):
            return None


def carried(name: str, *, rounded: bool) -> Values:
    """What students write of whom each makes one of the mistakes: in full, or every line rounded to 4 decimals."""
    instead: dict[str, dict[int, Expr]] = {}
    for student, one in enumerate(mistakes(name)):
        instead.setdefault(one.line, {})[student] = one.tree
    count = len(mistakes(name))
    four = np.full((count, 1, 1), 4)
    after = (lambda line, numbers: rounding(line, numbers, four)) if rounded else None
    return work(whole(name), count, after=after, instead=instead)


@cache
def marked(name: str, only_asked: bool, rounded: bool) -> tuple[Values, Sequence[Report]]:
    values = carried(name, rounded=rounded)
    names = [one.id for one in questions(name).asked] if only_asked else everything(name)
    return values, check_class(questions(name), students(values, names, typed=rounded)).reports


def first_off(report: Report, values: Values, student: int) -> str | None:
    """The first quantity whose numbers are not accepted."""
    for name, one in report.quantities.items():
        numbers = values[name][student]
        if not np.isfinite(numbers).all():
            return None
        if not inside(one.accepted, numbers):
            return name
    return None


def shown(name: str, only_asked: bool, rounded: bool = False) -> Iterator[tuple[Made, Report, str]]:
    """The mistakes that show, with their reports and the first quantity in which they do."""
    values, reports = marked(name, only_asked, rounded)
    for student, (one, report) in enumerate(zip(mistakes(name), reports, strict=True)):
        start = first_off(report, values, student)
        if start is not None:
            yield one, report, start


@pytest.mark.parametrize("only_asked", [False, True], ids=["everything written", "what is asked written"])
@pytest.mark.parametrize("name", EACH)
def test_every_mistake_is_named_and_nothing_after_it_blamed(
    name: str, only_asked: bool, record_property: Count
) -> None:
    """With every line written down, and with only those that are asked for."""
    alone, count = 0, 0
    for one, report, start in shown(name, only_asked):
        named = report[start].mistakes
        assert MadeMistake(one.name, one.line) in named, (one, start)
        assert report[start].verdict == "wrong"
        assert wrong(report) == {start}, one
        count += 1
        alone += len(named) == 1
    record_property("mistakes", (count, alone))
    assert count >= 0.6 * len(mistakes(name))
    assert alone >= 0.7 * count


@pytest.mark.parametrize("name", EACH)
def test_a_mistake_is_named_when_rounded(name: str) -> None:
    """By students who round every line to 4 decimals; a mistake that gives a short number may look like few digits."""
    for one, report, start in shown(name, only_asked=True, rounded=True):
        assert wrong(report) == {start}, one
        named = MadeMistake(one.name, one.line) in report[start].mistakes
        assert named or report[start].verdict == "too_few_digits", one


@pytest.mark.parametrize("name", EACH)
def test_a_second_error_after_a_mistake_is_blamed_too(name: str) -> None:
    """After a mistake in a line that was not written down, a number is wrong once more, and carried on."""
    asked = [one.id for one in questions(name).asked]
    rows: list[tuple[Made, str, str]] = []
    for one, _, start in shown(name, only_asked=True):
        later = [other for other in asked[asked.index(start) + 1 :] if other in depending(name, start)]
        if one.line not in asked and later:
            rows.append((one, start, later[0]))
    instead: dict[str, dict[int, Expr]] = {}
    for student, (one, _, _) in enumerate(rows):
        instead.setdefault(one.line, {})[student] = one.tree

    def after(line: Line, numbers: Array) -> Array:
        numbers = np.array(np.broadcast_to(numbers, (len(rows), *line.shape)))
        for student, (_, _, second) in enumerate(rows):
            if line.id == second:
                numbers[student] = 1.37 * numbers[student] + 0.31
        return numbers

    reports = check_class(
        questions(name), students(work(whole(name), len(rows), after=after, instead=instead), asked)
    ).reports
    for (one, start, second), report in zip(rows, reports, strict=True):
        assert MadeMistake(one.name, one.line) in report[start].mistakes, (one, second)
        assert {start} <= wrong(report) <= {start, second}, (one, second)


# ---- slips of the pen


class Slipped(NamedTuple):
    """A slip in a quantity: what is written in place of its numbers."""

    slip: str
    quantity: str
    texts: tuple[str, ...]


def slipped(name: str) -> Iterator[Slipped]:
    """Every slip in every asked quantity, in its first number where it makes a difference; numbers have 4 decimals."""
    exact = work(whole(name))
    for one in questions(name).asked:
        numbers = [f"{number:.4f}" for number in exact[one.id].ravel().tolist()]
        for slip in SLIPS:
            for place in range(len(numbers)):
                texts = _SLIPS[slip](numbers, place)
                if texts is not None:
                    yield Slipped(slip, one.id, tuple(texts))
                    break


def _with(numbers: list[str], place: int, text: str) -> list[str]:
    return [*numbers[:place], text, *numbers[place + 1 :]]


def _lost(numbers: list[str], place: int) -> list[str] | None:
    return _with(numbers, place, numbers[place][1:]) if numbers[place].startswith("-") else None


def _moved(numbers: list[str], place: int) -> list[str] | None:
    return _with(numbers, place, f"{float(numbers[place]) * 10:.3f}") if float(numbers[place]) else None


def _exchanged(numbers: list[str], place: int) -> list[str] | None:
    """The two digits after the point."""
    whole_part, _, decimals = numbers[place].partition(".")
    changed = decimals[1] + decimals[0] + decimals[2:]
    return _with(numbers, place, f"{whole_part}.{changed}") if changed != decimals else None


def _entries(numbers: list[str], place: int) -> list[str] | None:
    """With the number after it."""
    if place + 1 == len(numbers) or abs(float(numbers[place]) - float(numbers[place + 1])) < 0.01:
        return None
    return [*numbers[:place], numbers[place + 1], numbers[place], *numbers[place + 2 :]]


_SLIPS: dict[str, Callable[[list[str], int], list[str] | None]] = {
    "sign_lost": _lost,
    "decimal_point_moved": _moved,
    "digits_exchanged": _exchanged,
    "entries_exchanged": _entries,
}


@pytest.mark.parametrize("goes_on_with_it", [False, True], ids=["goes on rightly", "goes on with the slip"])
@pytest.mark.parametrize("name", EACH)
def test_a_slip_of_the_pen_is_named(name: str, goes_on_with_it: bool, record_property: Count) -> None:
    """Written down wrongly only, or carried on as written; nothing else is blamed."""
    made = list(slipped(name))

    def after(line: Line, numbers: Array) -> Array:
        numbers = rounding(line, numbers, np.full((len(made), 1, 1), 4))
        for student, one in enumerate(made):
            if one.quantity == line.id and goes_on_with_it:
                numbers[student] = np.array([float(text) for text in one.texts]).reshape(line.shape)
        return numbers

    values = work(whole(name), len(made), after=after)
    answers = []
    for one, student in zip(made, students(values, [one.id for one in questions(name).asked], typed=True), strict=True):
        written_down = dict(student.values) | {
            one.quantity: typed(one.texts, questions(name).quantities[one.quantity].shape)
        }
        answers.append(replace(student, values=written_down))
    count = 0
    for one, report in zip(made, check_class(questions(name), answers).reports, strict=True):
        marked = report[one.quantity]
        if marked.verdict == "wrong":
            count += 1
            assert one.slip in [mistake.name for mistake in marked.mistakes], one
        assert wrong(report) <= {one.quantity}, one
    record_property("slips", count)
    assert count >= 0.7 * len(made)
