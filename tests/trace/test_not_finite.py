"""Where a line has no finite number, the message says why that is."""

from __future__ import annotations

import pytest

from stepwise import UnsupportedError
from tests.trace.small import solved

LAYER = """
architecture: {{layers: [{{units: 2, activation: {activation}}}], loss: {loss}}}
weights: [[{weight}, 0], [0, {weight}]]
inputs: [{x}, {x}]
labels: [1, 0]
"""
OWN = "{name: f, expr: 'ln(z)'}"
LEAKY = "{name: leaky_relu, alpha: 1e10}"


@pytest.mark.parametrize(
    ("activation", "weight", "x", "more", "said"),
    [
        (OWN, "1", "-1", "", "a1 is not a finite number: a logarithm, root or quotient has no value there"),
        (OWN, "1e200", "1e200", "", "the numbers grow too large: z1 is"),
        ("identity", "1e200", "1e200", "", "the numbers grow too large: z1 is"),
        (LEAKY, "-1e300", "1", "", "the numbers grow too large: a1 is"),
        (LEAKY, "-1e300", "1", "rounding: {carry: true}\n", "the numbers grow too large: a1 is"),
    ],
)
def test_a_number_that_is_not_finite(activation: str, weight: str, x: str, more: str, said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        solved(LAYER.format(activation=activation, loss="mse", weight=weight, x=x) + more)


def test_exponentials_that_are_all_rounded_to_zero() -> None:
    text = LAYER.format(activation="softmax", loss="cross_entropy", weight="-10", x="1")
    with pytest.raises(UnsupportedError, match="all exponentials of a1 are rounded to 0"):
        solved(text + "rounding: {carry: true, decimals: 2}\n")
    assert solved(text)["a1"].tolist() == [0.5, 0.5]


THREE = """
architecture:
  layers:
    - {{units: 1, activation: identity}}
    - {{units: 2, activation: {activation}}}
    - {{units: 1, activation: identity}}
  loss: mse
weights: [[[1]], [[{weight}], [{weight}]], [[1, 1]]]
inputs: 1
labels: 1
rounding: {{carry: true, decimals: 2}}
"""


@pytest.mark.parametrize(
    ("activation", "weight", "said"),
    [("softmax", "-10", "all exponentials of a2 are rounded to 0"), (OWN, "-1", "a2 is not a finite number: a log")],
)
def test_the_layer_in_the_middle_is_told_from_its_neighbours(activation: str, weight: str, said: str) -> None:
    with pytest.raises(UnsupportedError, match=said):
        solved(THREE.format(activation=activation, weight=weight))
