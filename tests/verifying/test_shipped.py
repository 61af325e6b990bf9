"""Every problem that ships is verified: nothing is missed, and how much was compared stands at the end of the run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from stepwise import load_problem, solve, verify
from stepwise.problem import problem_from_document, shipped_problems, with_options
from stepwise.verifying.gradients import MOST

Count = Callable[[str, object], None]
NAMES = tuple(shipped_problems())
WITHOUT_GRADIENTS = {"perceptron", "separability"}


@pytest.mark.parametrize("name", NAMES)
def test_everything_holds(name: str, record_property: Count) -> None:
    problem = load_problem(name)
    verified = verify(problem)
    assert verified.misses == ()
    assert verified.holds
    assert verified.name == name
    assert {one.verdict for one in verified.counts} <= {"holds", "skipped"}
    assert verified.exact_instead == problem.rounding.carry
    learns = problem.has_numbers and problem.labels is not None and problem.model not in WITHOUT_GRADIENTS
    assert bool(verified.gradients) == learns or problem.loss is not None
    for one in verified.gradients:
        assert (one.differences.verdict, one.symbolic.verdict) == ("holds", "holds")
        assert one.differences.compared == min(one.size, MOST)
        assert one.symbolic.compared == one.size
    record_property("redone", verified.count("equalities").counted)


def test_much_is_compared() -> None:
    """Nothing is left out silently: the numbers of XOR's page are as many as there are, counted by hand."""
    verified = verify(load_problem("xor-mlp"))
    assert [(one.quantity, one.size) for one in verified.gradients] == [("dW1", 4), ("db1", 2), ("dW2", 2), ("db2", 1)]
    assert verified.count("outputs").counted == 4  # a2 and L, before and after the update
    assert verified.count("equalities").counted >= 60
    assert verified.count("operands").counted >= 100
    assert [one.kind for one in verified.counts] == ["outputs", "equalities", "operands", "sizes", "finite"]
    with pytest.raises(KeyError):
        verified.count("proof")


def test_every_iteration_that_is_shown_is_checked_at_its_own_parameters() -> None:
    verified = verify(load_problem("sgd-linear-regression"))
    expected = [f"t{t}.{name}" for t in (1, 2, 250) for name in ("dW1", "db1")]
    assert [one.quantity for one in verified.gradients] == expected


@pytest.mark.parametrize("forms", ["letters", "forms"])
@pytest.mark.parametrize("name", ["xor-mlp", "softmax-regression", "minibatch-softmax-epoch", "ridge-regression"])
def test_forms_hold_too(name: str, forms: str) -> None:
    trace = solve(load_problem(name), "letters" if forms == "letters" else "forms")
    verified = verify(trace)
    assert verified.misses == ()
    assert {one.symbolic.verdict for one in verified.gradients} == {"holds"}
    assert verified.count("operands").reason == verified.count("finite").reason == "letters"


def test_letters_are_put_in() -> None:
    verified = verify(load_problem("one-letter"))
    assert len(verified.letters) == 1
    assert [one.symbolic.verdict for one in verified.gradients] == ["holds", "holds"]


def test_other_digits() -> None:
    for carry in (False, True):
        for digits in ({"decimals": 2}, {"figures": 3}):
            problem = with_options(load_problem("softmax-cross-entropy-mlp"), carry=carry, **digits)
            assert verify(problem).misses == ()


@pytest.mark.parametrize(("samples", "units"), [(20, 12), (1, 30)])
def test_lines_of_large_arrays_are_true_where_they_are_shown(samples: int, units: int) -> None:
    """The exponentials of many units: each that is printed is what its printed exponent gives."""
    rng = np.random.default_rng(1)

    def typed(rows: int, columns: int) -> list[list[str]]:
        return [[f"{number:.4f}" for number in row] for row in rng.uniform(-1, 1, (rows, columns))]

    layers = [{"units": units, "activation": "softmax"}]
    architecture = {"layout": "row", "layers": layers, "loss": "cross_entropy"}
    labels = [place % units for place in range(samples)]
    document = {"title": "x", "architecture": architecture, "weights": [typed(2, units)], "labels": labels}
    verified = verify(problem_from_document({**document, "inputs": typed(samples, 2)}))
    assert verified.misses == ()
    assert verified.count("equalities").exempt > 0
