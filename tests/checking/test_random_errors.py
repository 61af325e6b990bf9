"""An error that is none of the known mistakes stays unnamed: a number 1.37 times too large means nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import numpy as np
import pytest

from stepwise.asking.lines import Line
from stepwise.checking import Marked, check_class

from .evaluating import NUMERIC, Array, everything, questions, students, whole, work, written
from .test_carried_forward import inside, wrong

DRAWS = 500
MOST_NAMED = 0.02


class Drawn(NamedTuple):
    """One number of one quantity that comes out 1.37 times too large."""

    quantity: str
    entry: int


def names(name: str, only_asked: bool) -> list[str]:
    return [one.id for one in questions(name).asked] if only_asked else everything(name)


def draw(seed: int, count: int, only_asked: bool) -> dict[str, list[Drawn]]:
    """So many errors in random problems, by problem."""
    rng = Random(seed)
    found: dict[str, list[Drawn]] = defaultdict(list)
    for _ in range(count):
        name = rng.choice(NUMERIC)
        lines = {line.id: line for line in whole(name).lines}
        quantity = rng.choice([one for one in names(name, only_asked) if written(lines[one])])
        rows, columns = lines[quantity].shape
        found[name].append(Drawn(quantity, rng.randrange(rows * columns)))
    return found


def marked(name: str, errors: list[Drawn], only_asked: bool) -> list[Marked]:
    """The quantities with an error that leaves the accepted range, as they were marked."""

    def after(line: Line, numbers: Array) -> Array:
        numbers = np.array(np.broadcast_to(numbers, (len(errors), *line.shape)))
        for student, one in enumerate(errors):
            if one.quantity == line.id:
                numbers[student].flat[one.entry] *= 1.37
        return numbers

    values = work(whole(name), len(errors), after=after)
    reports = check_class(questions(name), students(values, names(name, only_asked))).reports
    found = []
    for student, (one, report) in enumerate(zip(errors, reports, strict=True)):
        if not inside(report[one.quantity].accepted, values[one.quantity][student]):
            assert wrong(report) == {one.quantity}, (name, one)
            found.append(report[one.quantity])
    return found


@pytest.mark.parametrize("only_asked", [False, True], ids=["everything written", "what is asked written"])
def test_a_random_error_is_given_no_name(only_asked: bool, record_property: Callable[[str, object], None]) -> None:
    drawn = draw(0, DRAWS + DRAWS // 10, only_asked)
    errors = [one for name, errors in drawn.items() for one in marked(name, errors, only_asked)]
    named = [one for one in errors if one.mistakes]
    record_property("named", (len(named), len(errors)))
    # the others are zeros, or lie inside what is accepted
    assert len(errors) >= DRAWS
    assert len(named) <= MOST_NAMED * len(errors), [(one.asked.id, one.mistakes) for one in named]
