"""What float arithmetic leaves behind where terms cancel is no number of the page."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from stepwise import render
from tests.trace.small import solved

SOFTMAX = """
architecture: {layers: [{units: 3, activation: gelu}, {units: 2, activation: softmax}], loss: hinge}
weights: [[[0.10], [0.10], [0.10]], [[0.10, 0.10, 0.10], [0.10, 0.10, 1/3]]]
inputs: 0.10
labels: [-1, 1]
"""


def test_error_terms_of_a_softmax_that_cancel_leave_nothing() -> None:
    """The two error terms add up to 0; where both weights are 0.10, what is sent back is 0."""
    trace = solved(SOFTMAX)
    back = trace["back1"].tolist()
    assert [math.copysign(1, one) for one in back[:2]] == [1, 1]
    assert back[:2] == [0, 0]
    first, second = trace["delta2"]
    assert first + second == pytest.approx(0, abs=1e-16)
    assert back[2] == pytest.approx((0.1 - 1 / 3) * first, rel=1e-12)
    assert r"10^{-" not in render(trace, until="back1")


@pytest.mark.parametrize(
    ("weights", "bias"),
    [
        (["0.8", "0.2"], "-1"),
        (["0.1", "0.2"], "-0.3"),
        (["1000.1", "-1000"], "-0.1"),
        (["1", "-0.99999999999999"], "0"),
        (["1", "-1"], "1e-14"),
    ],
)
def test_a_sum_of_typed_numbers_is_what_they_come_to(weights: list[str], bias: str) -> None:
    trace = solved(
        "architecture: {layers: [{units: 1, activation: identity}]}\n"
        f"weights: [[{', '.join(weights)}]]\nbiases: [{bias}]\ninputs: [1, 1]\n"
    )
    assert trace["z1"][0] == float(sum(map(Fraction, [*weights, bias])))
