"""Printed quantities of a trace: the small ones are printed together, each as if it were printed by itself."""

from __future__ import annotations

import pytest

from stepwise import solve
from stepwise.notation.numbers import print_array
from stepwise.problem import load_problem
from stepwise.problem.read import problem_from_document
from tests.pages.generated import problem_document


@pytest.mark.parametrize("carry", [True, False])
@pytest.mark.parametrize("which", ["xor-mlp", "softmax-cross-entropy-mlp", "svm-pegasos", *map(str, range(30))])
def test_each_quantity_is_printed_as_if_alone(which: str, *, carry: bool) -> None:
    document = problem_document(int(which)) if which.isdigit() else dict(load_problem(which).document)
    problem = problem_from_document({**document, "rounding": {**document.get("rounding", {}), "carry": carry}})
    trace = solve(problem)
    computed = [one for one in trace.quantities.values() if one.texts is None and one.value is not None]
    assert computed
    for one in computed:
        alone = print_array(
            one.value,
            trace.digits(one.name),
            trailing=problem.rounding.trailing_zeros,
            exact=one.true,
            unrounded=one.unrounded,
            padding=one.padding,
        )
        printed = trace.printed(one)
        assert printed.texts.tolist() == alone.texts.tolist(), one.id
        assert printed.values.tolist() == alone.values.tolist(), one.id
        assert printed.exact.tolist() == alone.exact.tolist(), one.id
