"""Outputs next to the end of their range: what follows from them has all its digits, as 60 of `decimal` say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, localcontext
from typing import Any

import pytest

from stepwise import Trace, render
from stepwise.derivation.outline import planned
from stepwise.operations.operation import Operation
from stepwise.verifying.printed import check_page
from stepwise.verifying.run import verify_trace
from tests.trace.small import solved

UNIT = """
architecture: {{layers: [{{units: 1, activation: {activation}}}], loss: {loss}}}
weights: {z}
inputs: 1
{labels}
lr: 0.1
"""
PAIR = """
architecture: {{layers: [{{units: 2, activation: softmax}}], loss: {loss}}}
weights: [[{z}], [0.5]]
inputs: 1
labels: {labels}
lr: 0.1
"""
SCORES = ["7.5", "13", "14.5", "20", "24", "26", "27.9", "28", "28.5", "29", "31.5", "34", "40", "100"]


@contextmanager
def digits(count: int = 60) -> Iterator[None]:
    with localcontext() as context:
        context.prec = count
        yield


def holds(trace: Trace) -> None:
    """Every printed line comes out, and every gradient is right to its last printed digit."""
    page = render(trace)
    assert check_page(page).wrong == []
    assert verify_trace(trace, page).misses == ()


def unit(activation: str, loss: str, z: str, label: str, more: str = "") -> Trace:
    labels = f"labels: {label}" if label else ""
    return solved(UNIT.format(activation=activation, loss=loss, z=z, labels=labels) + more)


@pytest.mark.parametrize("z", SCORES)
def test_a_sure_sigmoid_that_is_right(z: str) -> None:
    """δ = −1/(1 + e^z) and L = ln(1 + e^{−z})."""
    trace = unit("sigmoid", "binary_cross_entropy", z, "1")
    with digits():
        small = (-Decimal(z)).exp()
        error, loss = float(-small / (1 + small)), float((1 + small).ln())
    assert trace["delta1"] == pytest.approx(error, rel=1e-9, abs=0)
    assert trace["L"] == pytest.approx(loss, rel=1e-9, abs=0)
    holds(trace)


@pytest.mark.parametrize("z", ["14.5", "20", "24", "26", "27"])
def test_a_sure_sigmoid_that_is_wrong(z: str) -> None:
    """L = z + ln(1 + e^{−z}), as far as logarithms are not clipped."""
    trace = unit("sigmoid", "binary_cross_entropy", z, "0")
    with digits():
        loss = float(Decimal(z) + (1 + (-Decimal(z)).exp()).ln())
    assert trace["L"] == pytest.approx(loss, rel=1e-13, abs=0)
    holds(trace)


@pytest.mark.parametrize("z", ["-13", "-14.5", "-20", "-26", "-28.5", "-40"])
def test_a_sigmoid_that_is_sure_of_0(z: str) -> None:
    """L = ln(1 + e^z): 1 − a is next to 1 itself."""
    trace = unit("sigmoid", "binary_cross_entropy", z, "0")
    with digits():
        loss = float((1 + Decimal(z).exp()).ln())
    assert trace["L"] == pytest.approx(loss, rel=1e-9, abs=0)
    holds(trace)


@pytest.mark.parametrize("z", SCORES)
@pytest.mark.parametrize(("activation", "label"), [("sigmoid", "1"), ("tanh", "1"), ("tanh", "-1")])
def test_the_squared_error_of_a_sure_output(activation: str, label: str, z: str) -> None:
    """a − y and δ = (a − y)f′(z), with t = e^{−z} or e^{−2z}: −t/(1 + t) or ∓2t/(1 + t)."""
    sign = -1 if label == "-1" else 1
    trace = unit(activation, "mse", f"{sign * float(z)}", label)
    with digits():
        small = (-Decimal(z) * (2 if activation == "tanh" else 1)).exp()
        lacking = small / (1 + small) * (2 if activation == "tanh" else 1)
        slope = small / (1 + small) ** 2 * (4 if activation == "tanh" else 1)
        difference, error = float(-sign * lacking), float(-sign * lacking * slope)
    assert trace["dL_da1"] == pytest.approx(difference, rel=1e-9, abs=0)
    assert trace["delta1"] == pytest.approx(error, rel=1e-9, abs=0)
    holds(trace)


@pytest.mark.parametrize("z", SCORES)
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "mse"])
def test_a_sure_softmax_that_is_right(loss: str, z: str) -> None:
    """With p the other output: δ = ∓p, ∓2p and ∓2p²(1 − p)."""
    trace = solved(PAIR.format(loss=loss, z=z, labels="[1, 0]"))
    with digits():
        other = 1 / (1 + (Decimal(z) - Decimal("0.5")).exp())
        errors = {"cross_entropy": other, "binary_cross_entropy": 2 * other, "mse": 2 * other**2 * (1 - other)}
        losses = {"cross_entropy": -(1 - other).ln(), "binary_cross_entropy": -2 * (1 - other).ln(), "mse": other**2}
        error, wanted = float(errors[loss]), float(losses[loss])
    assert trace["delta1"] == pytest.approx([-error, error], rel=1e-9, abs=0)
    assert trace["L"] == pytest.approx(wanted, rel=1e-9, abs=0)
    holds(trace)


def test_one_of_many_classes_is_sure() -> None:
    """What it lacks is the sum of the others; the sum of the error terms is 0."""
    text = """
architecture: {layout: row, layers: [{units: 4, activation: softmax}], loss: cross_entropy}
weights: [[30, 1, 2, 3]]
inputs: [[1], [-1]]
labels: [0, 2]
"""
    trace = solved(text)
    with digits():
        powers = [Decimal(z).exp() for z in (30, 1, 2, 3)]
        others = [float(power / sum(powers)) for power in powers[1:]]
        lacking = float(sum(powers[1:]) / sum(powers))
    assert trace["delta1"][0] == pytest.approx([-lacking, *others], rel=1e-12, abs=0)
    holds(trace)


@pytest.mark.parametrize("z", ["-13", "-15", "-20", "-32", "-40", "-100"])
def test_the_slope_of_elu_far_below_zero(z: str) -> None:
    trace = unit("elu", "mse", z, "0.5")
    with digits():
        assert trace["da_dz1"] == pytest.approx(float(Decimal(z).exp()), rel=1e-9, abs=0)
    holds(trace)


def test_the_formula_stays_and_the_numbers_are_others() -> None:
    page = render(unit("sigmoid", "binary_cross_entropy", "20", "1"))
    assert r"\delta = a - y = -\frac{e^{-20}}{1 + e^{-20}} \approx -2.061 \times 10^{-9}" in page
    assert r"L &= -(y \ln(a) + (1 - y) \ln(1 - a)) \\[0.4em]" in page
    assert r"&\approx -\left(1 \times \left(-e^{-20} + \frac{(e^{-20})^{2}}{2}\right)" in page


def test_a_person_who_rounds_takes_away() -> None:
    """By hand a is 1.000, and a − y is 0."""
    trace = unit("sigmoid", "mse", "20", "1", "rounding: {carry: true}\n")
    assert trace["dL_da1"] == 0
    assert r"a - y = 1.0000 - 1 = 0" in render(trace)


def test_wrong_digits_of_a_tiny_gradient_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """At z = 27.7 floats keep three digits of a − 1, and of δ no more than that."""

    def as_floats(operation: Operation, *_: Any) -> Operation:
        return operation

    monkeypatch.setattr("stepwise.derivation.network.keeping_digits", as_floats)
    planned.cache_clear()
    trace = unit("sigmoid", "mse", "27.7", "1")
    planned.cache_clear()
    assert [miss.place for miss in verify_trace(trace, render(trace)).misses] == ["dW1"]


@pytest.mark.parametrize("score", ["13", "14.1", "20", "28.5", "40"])
def test_a_score_that_is_sure(score: str) -> None:
    """∂L/∂s = −e^{−s}/(1 + e^{−s}) and L = ln(1 + e^{−s}), whether s is an output or goes through a sigmoid."""
    for activation in ("identity", "sigmoid"):
        trace = unit(activation, "neg_log_sigmoid", score, "")
        with digits():
            small = (-Decimal(score)).exp()
            error, loss = float(-small / (1 + small)), float((1 + small).ln())
        assert trace["delta1"] == pytest.approx(error, rel=1e-9, abs=0)
        assert trace["L"] == pytest.approx(loss, rel=1e-9, abs=0)
        holds(trace)


def test_of_a_sum_that_is_0_nothing_is_taken_away() -> None:
    """Where the other outputs are too small for floats, there is no −0 on the page."""
    page = render(solved(PAIR.format(loss="cross_entropy", z="1000", labels="[1, 0]")))
    assert "(-0)" not in page
    assert r"\begin{bmatrix} 1 - 1 \\ 0 - 0 \end{bmatrix}" in page


@pytest.mark.parametrize("z", ["13", "14.5", "20", "26", "27"])
def test_the_derivative_of_the_loss_by_an_output_that_is_wrong(z: str) -> None:
    """∂L/∂a = 1/(1 − a) = 1 + e^z."""
    trace = unit("sigmoid", "binary_cross_entropy", z, "0", "notation: {backward: chain}\n")
    with digits():
        assert trace["dL_da1"] == pytest.approx(float(1 + Decimal(z).exp()), rel=1e-9, abs=0)
    holds(trace)
