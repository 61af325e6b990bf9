"""True as printed: whoever re-does a printed line with the printed numbers gets the printed result, to the last digit.

Every formula of every page is read by `tests/independent`, which shares no code with the program. How many printed
results were re-done stands at the end of the test run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import prod
from random import Random
from typing import Any

import numpy as np
import pytest

from stepwise import Trace, render, solve
from stepwise.problem import with_options
from stepwise.trace import Quantity
from stepwise.verifying.printed.chains import is_equality, page_chains
from stepwise.verifying.printed.pages import read_segments
from stepwise.verifying.printed.values import grid
from tests.independent import alter_one_digit, check_operands, check_page, substitutions

from .problems import MODES, NAMES, Mode, constants, givens, in_mode, problem

Count = Callable[[str, object], None]
# a proof is exact and has no other arithmetic: its pages are read in tests/document/test_separability.py
NUMERIC = [
    name
    for name in NAMES
    if problem(name).has_numbers and not problem(name).has_letters and problem(name).model != "separability"
]
PLAIN = Mode(carry=False, style="matrix", product="times")
AT_LEAST_ON_A_PAGE = 6
AT_LEAST_IN_ALL = 6000
ALTERATIONS, PAGES_ALTERED = 200, 40
SHOWN = 10
"""A longer axis is printed as its first three places and its last."""


@cache
def _page(name: str, mode: Mode, format: str = "md") -> str:
    return render(solve(in_mode(name, mode)), format, "en", "full")


# ---- every equality, every operand


@pytest.mark.parametrize("name", NUMERIC, scope="class")
class TestPage:
    """All pages of one problem; they are written once for both tests."""

    def test_every_printed_equality_is_true(self, name: str, record_property: Count) -> None:
        figures, redone = problem(name).rounding.figures, 0
        for mode in MODES:
            report = check_page(_page(name, mode), figures=figures)
            assert report.wrong == [], mode
            assert report.redone >= AT_LEAST_ON_A_PAGE, mode
            redone += report.redone
        record_property("redone", redone)

    def test_every_operand_is_a_given_or_was_printed_before(self, name: str) -> None:
        asked = problem(name)
        for mode in MODES:
            complaints = check_operands(
                _page(name, mode), givens(asked), constants(asked), figures=asked.rounding.figures
            )
            assert complaints == [], mode


@pytest.mark.parametrize("digits", [{"decimals": 2}, {"decimals": 6}, {"figures": 3}], ids=str)
@pytest.mark.parametrize("carry", [False, True], ids=["exact", "hand"])
def test_every_printed_equality_is_true_at_other_digits(
    digits: dict[str, Any], carry: bool, record_property: Count
) -> None:
    redone = 0
    for name in NUMERIC[carry::3]:
        page = render(solve(with_options(problem(name), carry=carry, **digits)), "md", "en", "full")
        report = check_page(page, figures=digits.get("figures"))
        assert report.wrong == [], name
        redone += report.redone
    record_property("redone", redone)


@pytest.mark.parametrize("name", NUMERIC[::6])
def test_latex_pages_say_the_same(name: str) -> None:
    figures = problem(name).rounding.figures
    for mode in (MODES[0], MODES[-1]):
        latex = check_page(_page(name, mode, "latex"), figures=figures)
        markdown = check_page(_page(name, mode), figures=figures)
        assert latex.wrong == []
        assert (latex.redone, latex.elided) == (markdown.redone, markdown.elided)


def test_a_page_has_many_equalities() -> None:
    assert check_page(render(solve(problem("xor-mlp")))).redone >= 60
    in_all = sum(check_page(_page(name, PLAIN), figures=problem(name).rounding.figures).redone for name in NUMERIC)
    assert in_all >= AT_LEAST_IN_ALL


# ---- every entry


@pytest.mark.parametrize("name", NUMERIC)
def test_every_entry_has_its_own_substitution(name: str) -> None:
    for mode in (MODES[0], MODES[-1]):
        trace = solve(in_mode(name, mode))
        for quantity in _worked(trace):
            if not _is_copy(trace, quantity) and not _is_constant(quantity):
                found = substitutions(render(trace, "md", "en", "full", only=[quantity.id]))
                assert found == _entries(quantity), (quantity.id, mode)


def test_few_entries_need_no_substitution() -> None:
    """Copies (∂L/∂b = δ) and constants (the derivative of z is 1) are few."""
    counted = copied = 0
    for name in NUMERIC:
        trace = solve(problem(name))
        for quantity in _worked(trace):
            counted += _entries(quantity)
            copied += _entries(quantity) * (_is_copy(trace, quantity) or _is_constant(quantity))
    assert counted > 4000
    assert copied < counted / 6


def _worked(trace: Trace) -> list[Quantity]:
    """The computed quantities that a full page must work out: of several iterations those of the first."""
    one = trace.iterations == 1
    return [
        quantity
        for quantity in trace.quantities.values()
        if quantity.step is not None and (quantity.iteration == 1 or (one and quantity.iteration is None))
    ]


def _entries(quantity: Quantity) -> int:
    """How many entries are printed: of a long axis the first three and the last."""
    return prod(length if length <= SHOWN else 4 for length in quantity.shape)


def _is_copy(trace: Trace, quantity: Quantity) -> bool:
    """Are the numbers those of one operand, with nothing to calculate? A sum over one sample is such a line, and a
    diagonal matrix."""
    assert quantity.step is not None
    assert quantity.value is not None
    if quantity.step.operation == "diagonal":
        return True
    calculates = {"copy", "identity", "bias_gradient", "total", "mean", "hinge", "mse", "neg_log_sigmoid"}
    if quantity.step.operation not in calculates:
        return False
    operands = [
        trace.quantities.get(f"t{quantity.iteration}.{name}") or trace.quantities[name]
        for name in quantity.step.numbers_from
    ]
    source = operands[0].value
    return len(operands) == 1 and source is not None and np.array_equal(source.ravel(), quantity.value.ravel())


def _is_constant(quantity: Quantity) -> bool:
    assert quantity.step is not None
    return quantity.step.operation in {"identity_derivative", "step_derivative"}


# ---- the checker itself


@pytest.mark.parametrize("part", range(8))
def test_one_altered_digit_is_noticed(part: int) -> None:
    rng = Random(part)
    each = ALTERATIONS // PAGES_ALTERED
    for number in range(part, PAGES_ALTERED, 8):
        name = NUMERIC[number * len(NUMERIC) // PAGES_ALTERED]
        page = _page(name, MODES[number % len(MODES)])
        for _ in range(each):
            altered = alter_one_digit(page, rng)
            assert check_page(altered, figures=problem(name).rounding.figures).wrong, name


# ---- the sign between formula and result


@pytest.mark.parametrize("name", NUMERIC[::2])
def test_equals_is_printed_where_the_number_is_the_value(name: str) -> None:
    """On a brief page, where the numbers put in are left out, the sign alone says whether a result was rounded."""
    trace = solve(in_mode(name, PLAIN))
    for quantity in _worked(trace):
        printed, relation = _result(render(trace, "md", "en", "brief", only=[quantity.id]))
        assert quantity.value is not None
        if relation == "=" and printed is not None and printed.shape == quantity.shape:
            np.testing.assert_allclose(printed, quantity.value, rtol=1e-11, atol=0, err_msg=quantity.id)


def _result(page: str) -> tuple[np.ndarray[Any, Any] | None, str]:
    """The number or the whole matrix at the end of the last chain of a page, and the relation before it."""
    chains = [chain for chain in page_chains(page).chains if is_equality("".join(chain.relations[-1:]))]
    if not chains:
        return None, ""
    last = read_segments(chains[-1])[-1]
    if not last.printed or last.dotted:
        return None, ""
    rows = grid(last.value).rows
    return np.array([[float(cell.value) for cell in row if cell] for row in rows]), chains[-1].relations[-1]
