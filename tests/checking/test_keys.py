"""Whoever calculates with care is right: the key, the key rounded by hand, and keys rounded in many other ways.

The other ways are worked by an evaluator of the tests' own (`evaluating.py`), rounded in decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from stepwise.checking import Answers, check_class
from stepwise.problem import with_options
from stepwise.trace import solve
from tests.pages.problems import GENERATED, problem

from .evaluating import EACH, LONG, NUMERIC, Values, answer, everything, questions, rounding, students, whole, work

KEYS = 200
ALL = (*NUMERIC, *(f"generated-{seed}" for seed in range(GENERATED)))
EXACT = {"perceptron-and", "step-xor-network", "svm-pegasos"}
"""Problems whose numbers all end before the third decimal: nothing is rounded."""


def rounded_keys(name: str, count: int = KEYS) -> Values:
    """Keys whose lines are rounded at random to 3, 4 or 5 decimals: every line as a whole, or each number of it."""
    draws = np.random.default_rng(0)

    def after(line: Any, numbers: Any) -> Any:
        by_line = draws.integers(3, 6, (count, 1, 1))
        by_number = draws.integers(3, 6, (count, *line.shape))
        return rounding(line, numbers, np.where(np.arange(count)[:, None, None] % 2, by_number, by_line))

    return work(whole(name), count, after=after)


def not_right(name: str, answers: Sequence[Answers]) -> dict[str, list[str]]:
    """The quantities that are not right, and for which students."""
    found: dict[str, list[str]] = {}
    for report in check_class(questions(name), answers).reports:
        for quantity, marked in report.quantities.items():
            if marked.verdict != "right":
                found.setdefault(quantity, []).append(f"{report.student}: {marked.verdict}")
        if not found:
            assert report.marks == pytest.approx(report.of)
    return found


def asked(name: str) -> list[str]:
    return [one.id for one in questions(name).asked]


@pytest.mark.parametrize("name", ALL)
class TestCarefulStudents:
    """Of every shipped problem and of fifty made ones."""

    def test_the_key_is_right(self, name: str) -> None:
        values = work(whole(name))
        answers = [*students(values, everything(name)), *students(values, asked(name))]
        assert not_right(name, [*answers, *students(values, everything(name), typed=True)]) == {}

    def test_the_numbers_of_the_page_are_right(self, name: str) -> None:
        """In full precision and rounded by hand."""
        answers = []
        for carry in (False, True):
            trace = solve(with_options(problem(name), carry=carry))
            numbers = {
                quantity: answer(kept.value, typed=carry)
                for quantity, kept in trace.quantities.items()
                if kept.step is not None
            }
            only_asked = {quantity: numbers[quantity] for quantity in asked(name)}
            answers += [Answers(f"all {carry}", "page", numbers), Answers(f"asked {carry}", "page", only_asked)]
        assert not_right(name, answers) == {}

    def test_two_hundred_keys_rounded_at_random_are_right(self, name: str) -> None:
        values = rounded_keys(name)
        answers = students(values, everything(name), typed=True)
        only_asked = students(values, asked(name), typed=True)
        assert not_right(name, [*answers, *(only_asked if name in NUMERIC else only_asked[:50])]) == {}

    def test_who_writes_rounded_numbers_and_carries_all_digits_on_is_right(self, name: str) -> None:
        exact = work(whole(name))
        decimals = np.array([3, 4, 5])[:, None, None]
        values = {line.id: rounding(line, exact[line.id], decimals) for line in whole(name).lines}
        answers = students(values, everything(name), typed=True)
        assert not_right(name, [*answers, *students(values, asked(name), typed=True)]) == {}


@pytest.mark.parametrize("name", EACH)
def test_the_range_is_no_wider_than_careful_rounding_makes_it(name: str) -> None:
    """In the middle over all numbers at most twice as wide as what these keys, the page's and their roundings reach."""
    report = check_class(questions(name), students(work(whole(name)), asked(name))).reports[0]
    pages = [solve(with_options(problem(name), carry=carry)) for carry in (False, True)]
    keys, shares = rounded_keys(name), []
    for quantity in asked(name):
        numbers = np.concatenate([keys[quantity], [page.quantity(quantity).value for page in pages]])
        low, high = numbers.min(axis=0), numbers.max(axis=0)
        bounds = np.asarray(report[quantity].accepted, dtype=float).reshape(*low.shape, 2)
        width = high - low
        shares += ((bounds[..., 1] - bounds[..., 0])[width > 1e-9] / width[width > 1e-9]).tolist()
    if shares:
        assert np.median(shares) < 2
    else:
        assert name in EXACT


@pytest.mark.slow
def test_every_line_of_a_long_training_is_right() -> None:
    """Two hundred and fifty iterations, written down from the first line to the last."""
    values = rounded_keys(LONG, 50)
    assert not_right(LONG, students(values, list(questions(LONG).quantities), typed=True)) == {}


def test_as_many_keys_differ() -> None:
    """The random roundings are different: otherwise two hundred would be as good as one."""
    keys = rounded_keys("xor-mlp")["W2_new"]
    assert {0.968, 0.969} < set(keys[:, 0, 1])
    assert len(np.unique(keys.reshape(KEYS, -1), axis=0)) > 10


@pytest.mark.parametrize(
    ("quantity", "place", "low", "high"),
    [("W2_new", (0, 1), 0.968, 0.969), ("delta2", (0,), 0.1476, 0.1481)],
)
def test_how_wide_a_range_is(quantity: str, place: tuple[int, ...], low: float, high: float) -> None:
    """Rounding decides whether the new weight of the XOR example is 0.968 or 0.969: all between is right."""
    accepted: Any = check_class(questions("xor-mlp"), students(work(whole("xor-mlp")), asked("xor-mlp"))).reports[0]
    accepted = accepted[quantity].accepted
    for index in place:
        accepted = accepted[index]
    assert accepted == pytest.approx([low, high], abs=5e-5)
