"""Whatever is wrong in a trace or on its page is missed by the check that is there for it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from stepwise import Trace, load_problem, render, solve
from stepwise.problem import problem_from_document, with_options
from stepwise.trace import Quantity
from stepwise.verifying import Verification, verify_trace


def exact(name: str) -> Trace:
    return solve(with_options(load_problem(name), carry=False))


def with_quantity(trace: Trace, name: str, **changes: Any) -> Trace:
    """The trace with something of one quantity changed."""
    quantities = dict(trace.quantities)
    quantities[name] = _replaced(quantities[name], changes)
    return _replaced(trace, {"quantities": quantities})


def _replaced(one: Any, changes: Mapping[str, Any]) -> Any:
    if hasattr(one, "__struct_fields__"):
        return structs.replace(one, **changes)
    from dataclasses import replace

    return replace(one, **changes)


def nudged(quantity: Quantity, factor: float = 1 + 1e-4) -> Any:
    assert quantity.value is not None
    value = quantity.value.copy()
    value.reshape(-1)[-1] *= factor
    return value


def verified(trace: Trace, page: str | None = None) -> Verification:
    return verify_trace(trace, render(trace) if page is None else page)


@pytest.mark.parametrize(
    ("name", "gradient", "place"),
    [
        ("xor-mlp", "dW1", "dW1[2,2]"),
        ("xor-mlp", "db2", "db2"),
        ("ridge-regression", "dW1", "dW1[2]"),
        ("svm-hinge-subgradient", "dw", "dw[2]"),
        ("svm-pegasos", "t2.dw", "t2.dw[2]"),
        ("minibatch-softmax-epoch", "t2.dW1", "t2.dW1[2,2]"),
        ("mish-network", "dW1", "dW1[2,2]"),
    ],
)
def test_a_wrong_gradient(name: str, gradient: str, place: str) -> None:
    trace = exact(name)
    broken = with_quantity(trace, gradient, value=nudged(trace.quantities[gradient]))
    found = verify_trace(broken, "")
    (one,) = (one for one in found.gradients if one.quantity == gradient)
    assert (one.differences.verdict, one.symbolic.verdict) == ("misses", "misses")
    assert one.differences.worst == pytest.approx(1e-4, rel=0.2)
    assert [(miss.what, miss.place) for miss in found.misses] == [("gradient", place)]
    assert not found.holds


def test_every_wrong_number_of_a_gradient() -> None:
    trace = exact("three-layer-network")
    for name in ("dW1", "dW2", "dW3", "db1", "db2", "db3"):
        value = trace.quantities[name].value
        assert value is not None
        found = verify_trace(with_quantity(trace, name, value=value + 0.01), "")
        assert sum(miss.what == "gradient" for miss in found.misses) == value.size


def test_a_wrong_output_and_a_wrong_loss() -> None:
    trace = exact("tanh-regression-network")
    for name in ("a2", "L", "a2_new", "L_new"):
        found = verify_trace(with_quantity(trace, name, value=nudged(trace.quantities[name])), "")
        assert [miss.what for miss in found.misses] == ["value"]
        assert found.count("outputs").verdict == "misses"


def test_sizes() -> None:
    trace = exact("leaky-relu-network")
    value = trace.quantities["dW1"].value
    assert value is not None
    turned = with_quantity(trace, "dW1", value=value.T, shape=value.T.shape)
    found = verify_trace(turned, "")
    assert ("shape", "dW1", "2 × 3", "3 × 2") in [(m.what, m.place, m.found, m.expected) for m in found.misses]
    assert found.count("sizes").verdict == "misses"
    shapes = solve(load_problem("batch-softmax-shapes"))
    assert verify_trace(shapes, "").holds
    assert not verify_trace(with_quantity(shapes, "z1", shape=(3, 100)), "").holds
    assert not verify_trace(with_quantity(shapes, "losses", shape=(1, 100)), "").holds


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite(bad: float) -> None:
    trace = exact("xor-mlp")
    found = verify_trace(with_quantity(trace, "one_minus1", value=np.array([[0.5], [bad]])), "")
    assert [(miss.what, miss.place) for miss in found.misses] == [("finite", "one_minus1[2]")]


def test_a_wrong_line_is_named_with_what_it_should_be() -> None:
    trace = solve(load_problem("xor-mlp"))
    page = render(trace)
    assert page.count("0.616") >= 1
    broken = page.replace("0.616", "0.617")
    found = verify_trace(trace, broken)
    equality = next(miss for miss in found.misses if miss.what == "equality")
    assert (equality.found, equality.expected) == ("0.617", "0.616")
    assert "0.617" in "\n".join(broken.splitlines()[equality.line - 1 : equality.line + 3])
    assert found.count("equalities").verdict == "misses"


def test_a_number_from_nowhere() -> None:
    trace = solve(load_problem("xor-mlp"))
    page = render(trace) + "\n$$q = 77.7 \\times 2 = 155.4$$\n"
    found = verify_trace(trace, page)
    assert [(miss.what, miss.found) for miss in found.misses] == [("operand", "77.7")]
    assert verify_trace(trace, page, whole=False).holds


def test_what_cannot_be_read() -> None:
    found = verify_trace(exact("xor-mlp"), "$$a = 0.5 +$$ and $b")
    assert {miss.what for miss in found.misses} == {"unreadable"}


@pytest.mark.parametrize(
    ("quantity", "place"), [("t2.w_new", "t2.w_new[2]"), ("t16.z", "t16.z"), ("t1.yhat", "t1.yhat")]
)
def test_a_perceptron_that_does_not_learn_by_the_rule(quantity: str, place: str) -> None:
    trace = exact("perceptron-and")
    broken = with_quantity(trace, quantity, value=trace.quantities[quantity].value + np.array([[0.0], [0.5]])[-1:])
    found = verify_trace(broken, "")
    assert found.count("rule").verdict == "misses"
    assert place in [miss.place for miss in found.misses]


@pytest.mark.parametrize(
    ("name", "given", "changed"),
    [
        ("and-separability", "b", [[Fraction(0)]]),
        ("xor-separability", "u", [[Fraction(1)], [Fraction(2)], [Fraction(1)], [Fraction(1)]]),
        ("xor-separability", "u", [[Fraction(0)]] * 4),
        ("xor-separability", "u", [[Fraction(-1)]] * 4),
    ],
)
def test_a_proof_of_nothing(name: str, given: str, changed: list[list[Fraction]]) -> None:
    trace = solve(load_problem(name))
    found = verify_trace(with_quantity(trace, given, value=np.array(changed, dtype=object)), "")
    assert found.count("proof").verdict == "misses"
    assert {miss.what for miss in found.misses} == {"proof"}


# ---- where differences decide nothing


def problem(layers: list[dict[str, Any]], loss: str, weights: Any, inputs: Any, labels: Any, **more: Any) -> Trace:
    document = {"title": "x", "architecture": {"layers": layers, "loss": loss}, "weights": weights, "inputs": inputs}
    return solve(problem_from_document({**document, "labels": labels, "lr": "0.1", **more}))


RELU_AT_ZERO = [{"units": 2, "activation": "relu"}, {"units": 1, "activation": "identity"}]


def at_corner() -> Trace:
    """z₁ = (0, 3): the first unit sits at its corner."""
    weights = [[["1", "-1"], ["1", "2"]], [["1", "1"]]]
    return problem(RELU_AT_ZERO, "mse", weights, ["1", "1"], "1")


def test_at_a_corner_it_says_so() -> None:
    first, second = verified(at_corner()).gradients
    assert (first.quantity, first.differences.verdict, first.symbolic.verdict) == ("dW1", "corner", "holds")
    assert (second.differences.verdict, second.symbolic.verdict) == ("holds", "holds")


def test_at_a_corner_not_everything_passes() -> None:
    """The slopes to the left and right are 0 and 2: 3 is neither, 0.5 is a subgradient but not the convention."""
    trace = at_corner()
    for number, verdict in ((3.0, "misses"), (0.5, "corner")):
        value = trace["dW1"].copy()
        value[0, 0] = number
        one = verify_trace(with_quantity(trace, "dW1", value=value), "").gradients[0]
        assert (one.differences.verdict, one.symbolic.verdict) == (verdict, "misses")


def test_a_margin_of_one() -> None:
    document = {"model": "svm", "architecture": {"loss": "hinge", "l2": "1"}, "weights": ["1", "0"], "title": "x"}
    trace = solve(problem_from_document({**document, "inputs": [["1", "0"], ["2", "1"]], "labels": ["1", "-1"]}))
    (one,) = verified(trace).gradients
    assert (one.differences.verdict, one.symbolic.verdict) == ("corner", "holds")


def test_a_clipped_logarithm() -> None:
    layers = [{"units": 1, "activation": "sigmoid"}]
    trace = problem(layers, "binary_cross_entropy", [[["50"]]], ["1"], "0", notation={"backward": "chain"})
    found = verified(trace)
    assert found.holds
    assert (found.gradients[0].differences.verdict, found.gradients[0].symbolic.verdict) == ("clipped", "clipped")


def test_a_loss_that_overflows() -> None:
    trace = problem([{"units": 1, "activation": "identity"}], "mse", [[["1e153"]]], ["1"], "0")
    (one,) = verify_trace(trace, "").gradients
    assert (one.differences.verdict, one.symbolic.verdict) == ("drowned", "holds")


def test_of_large_parameters_some_numbers_are_compared() -> None:
    rng = np.random.default_rng(1)
    layers = [{"units": 20, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]
    weights = [rng.uniform(-1, 1, (20, 30)).round(2).tolist(), rng.uniform(-1, 1, (3, 20)).round(2).tolist()]
    trace = problem(layers, "cross_entropy", weights, rng.uniform(-1, 1, 30).round(2).tolist(), [0, 1, 0])
    first, second = verify_trace(trace, "").gradients
    assert (first.size, first.differences.compared, first.symbolic.verdict) == (600, 100, "skipped")
    assert (second.size, second.differences.compared) == (60, 60)
    value = trace["dW1"].copy()
    largest = np.unravel_index(np.argmax(np.abs(value)), value.shape)
    value[largest] *= 1.001
    assert not verify_trace(with_quantity(trace, "dW1", value=value), "").holds
