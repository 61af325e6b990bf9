"""Whatever is read is solved: finite numbers come to finite numbers, and a trace goes out as JSON and comes back."""

from __future__ import annotations

import json
import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stepwise import SpecError, StepwiseError, Trace, render, solve
from stepwise.document.rendering import format_names
from stepwise.problem import with_options
from stepwise.trace import trace_from_json, trace_to_json
from stepwise.trace.forms import MOST_ITERATIONS
from tests.trace.putting_in import assert_same, numbers_of

from .problems import EXTREME, Size, linear, network_files, networks, problems
from .running import tried
from .solving import SOURCE, problem, worked
from .yaml_text import yaml_text

_NOT_FINITE = re.compile(r"(?<![A-Za-z\\])(nan|inf|infty|NaN|Infinity)(?![A-Za-z])|\\infty|∞")
FAR = 14
"""Where the least exponential, that of softplus with β = 2, is written in another form: |2z| > 30."""
_TINY = Size(layers=2, units=2, samples=2, own=False)


def check_finite(trace: Trace) -> None:
    """Every quantity has finite numbers of its shape."""
    for name, quantity in trace.quantities.items():
        assert quantity.value is not None, name
        assert np.isfinite(quantity.value).all(), name
        assert np.shape(trace.shown(name)) == trace[name].shape, name


@tried(35)
@given(problems())
def test_every_problem_is_solved_and_written(text: str) -> None:
    trace = worked(problem(text))
    check_finite(trace)
    for form in format_names():
        written = render(trace, form)
        assert written
        assert form == "ipynb" or not re.search(r"\b(None|nan|inf)\b", written), form


def check_extreme(text: str) -> bool:
    """Whether the problem is solved; where it is not, the error says why."""
    try:
        trace = solve(problem(text))
        pages = [render(trace, form) for form in ("md", "latex")]
    except StepwiseError as error:
        check_message(error)
        return False
    check_finite(trace)
    assert not any(_NOT_FINITE.search(written) for written in pages)
    return True


def check_message(error: StepwiseError) -> None:
    """An error names the file, says something, and says what to do."""
    assert type(error) is not StepwiseError
    for line in str(error).splitlines():
        assert line.startswith(SOURCE)
        assert len(line) < 400
        assert line.endswith(")"), "a hint in parentheses"
    if isinstance(error, SpecError):
        assert error.faults
        assert all(fault.message and fault.hint for fault in error.faults)


def test_extreme_numbers_come_to_finite_ones_or_are_refused() -> None:
    solved = []

    @tried(80)
    @given(problems(Size(layers=3, units=3, samples=3, numbers=EXTREME)))
    def one(text: str) -> None:
        solved.append(check_extreme(text))

    one()
    assert 0.1 * len(solved) < sum(solved) < 0.9 * len(solved)


@st.composite
def mixed(draw: st.DrawFn) -> str:
    """Fields of two problems that need not go together."""
    small = Size(layers=2, units=2, samples=3)
    either = st.one_of(networks(small), linear(small))
    first, second = draw(either), draw(either)
    fields = [*first, *(name for name in second if name not in first)]
    taken = {name: draw(st.sampled_from((first, second))).get(name) for name in fields}
    if isinstance(taken.get("architecture"), dict):
        others = {**first.get("architecture", {}), **second.get("architecture", {})}
        taken["architecture"] = {**taken["architecture"], **draw(st.sampled_from(({}, others)))}
    return yaml_text({name: value for name, value in taken.items() if value is not None})


def test_what_does_not_go_together_is_refused_clearly() -> None:
    refused = []

    @tried(150)
    @given(mixed())
    def one(text: str) -> None:
        refused.append(not check_extreme(text))

    one()
    assert 0.3 * len(refused) < sum(refused) < len(refused)


@tried(30)
@given(problems())
def test_json_comes_back_unchanged(text: str) -> None:
    data = trace_to_json(worked(problem(text)))
    first = json.dumps(data, allow_nan=False)
    again = trace_from_json(json.loads(first))
    assert json.dumps(trace_to_json(again), allow_nan=False) == first
    assert render(again) == render(solve(problem(text)))


def check_forms(text: str) -> bool:
    """Compare letters and exact forms with the numbers; False where there are too many iterations for letters, or the
    numbers are so large that the page writes exponentials in another form."""
    asked = with_options(problem(text), carry=False)
    numeric = solve(asked)
    if numeric.iterations > MOST_ITERATIONS:
        return False
    if any(np.abs(q.value).max() > FAR for name, q in numeric.quantities.items() if re.search(r"\bz\d", name)):
        return False
    assert_same(solve(asked, "letters"), numeric, numbers_of(numeric))
    assert_same(solve(asked, "forms"), numeric, {})
    return True


def test_letters_and_exact_forms_are_the_numeric_trace() -> None:
    compared = []

    @tried(10)
    @given(network_files(_TINY))
    def one(text: str) -> None:
        compared.append(check_forms(text))

    one()
    assert sum(compared) > len(compared) / 2
