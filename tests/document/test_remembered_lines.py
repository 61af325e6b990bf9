"""What is remembered of lines and stories changes nothing: a page is the same whether or not others came before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stepwise import draw, load_problem, render, solve
from stepwise.derivation.outline import planned
from stepwise.document.holes import around, filling, hole, marked, unmarked
from stepwise.document.telling import forget
from stepwise.errors import StepwiseError
from stepwise.notation.widths import width
from stepwise.problem import Problem, problem_from_document, shipped_problems, with_options

_WAYS = [("md", "en", "full"), ("latex", "zh", "full"), ("md", "zh", "brief")]


def _forget() -> None:
    """Formulas and layouts go with the derivations that keep them."""
    planned.cache_clear()
    forget()


def _problems(name: str) -> Iterator[Problem]:
    """A problem, some others that differ from it in numbers alone, and all of them in the other arithmetic."""
    problem = load_problem(name)
    try:
        problems = [problem, *(variant.problem for variant in draw(problem, 3, 3))]
    except StepwiseError:
        problems = [problem]
    yield from problems
    for one in problems:
        try:
            yield with_options(one, carry=not one.rounding.carry)
        except StepwiseError:
            return


@pytest.mark.parametrize("name", shipped_problems())
def test_a_page_is_the_same_whatever_was_written_before(name: str) -> None:
    problems = list(_problems(name))
    _forget()
    # three times: a line is written, laid out, and then found
    for _ in range(3):
        after_others = [[render(solve(one), *way) for way in _WAYS] for one in problems]
    for one, pages in zip(problems, after_others, strict=True):
        _forget()
        assert [render(solve(one), *way) for way in _WAYS] == pages


def _bent(weight: str) -> Problem:
    """One unit whose function has a corner at 1/2."""
    return problem_from_document(
        {
            "architecture": {"layers": [{"activation": {"name": "bent", "expr": "max(z, 1/2)"}}], "loss": "mse"},
            "weights": weight,
            "biases": "0.1",
            "inputs": "1",
            "labels": "0",
        }
    )


def test_the_case_that_holds_is_not_remembered() -> None:
    """0.3 is below the corner and 0.7 is not, and both look alike; so do the slopes 0 and 1."""
    below, above = _bent("0.2"), _bent("0.6")
    assert [float(solve(one)["z1"][0]) for one in (below, above)] == [pytest.approx(0.3), pytest.approx(0.7)]
    for one, other in ((below, above), (above, below)):
        _forget()
        alone = render(solve(one))
        _forget()
        for _ in range(3):
            render(solve(other))
        assert render(solve(one)) == alone


def test_holes_are_filled_with_what_stood_there() -> None:
    text = f"a{hole(1, 'x')}b{hole(0, 'aligned')}{hole(1, 'x')}"
    assert filling(text).filled(["p", "q"]) == "aqbpq"


def test_marks_leave_the_text_as_it_is() -> None:
    numbers = ["-0.5", "12"]
    text = rf"\frac{{{marked(0, numbers[0])}}}{{{marked(1, numbers[1])}}} = {marked(0, numbers[0])}"
    plain = r"\frac{-0.5}{12} = -0.5"
    assert unmarked(text) == plain
    assert width(text) == width(plain)
    assert around(text, numbers).filled(numbers) == plain
    assert around(text, numbers).filled(["-0.7", "34"]) == r"\frac{-0.7}{34} = -0.7"
