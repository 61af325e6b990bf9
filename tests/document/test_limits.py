"""A function that only comes close to a number is not said to be it, even where floats cannot tell the two apart."""

from __future__ import annotations

import pytest

from stepwise import render
from stepwise.verifying.printed import check_page
from tests.trace.small import solved

LAYER = """
architecture: {{layers: [{{units: {units}, activation: {activation}}}], loss: mse}}
weights: {weights}
inputs: [{z}]
labels: {labels}
"""


def page(activation: str, z: str, *, units: int = 1) -> str:
    weights, labels = [["1"], ["0"]][:units], ["0"] * units
    text = LAYER.format(activation=activation, z=z, units=units, weights=weights, labels=labels)
    return render(solved(text.replace("'", "")))


@pytest.mark.parametrize("hand", ["", "rounding: {carry: true}\n"], ids=["exact", "hand"])
@pytest.mark.parametrize(
    ("activation", "z", "said"),
    [
        ("tanh", "20", r"\tanh(20) \approx 1"),
        ("tanh", "-20", r"\tanh(-20) \approx -1"),
        ("elu", "-40", r"e^{-40} - 1 \approx -1"),
        ("gelu", "20", r"\Phi(20) \approx 1"),
        ("tanh", "0", r"\tanh(0) = 0"),
        ("elu", "0", r"e^{0} - 1 = 0"),
        ("gelu", "0", r"\Phi(0) = 0.5"),
    ],
)
def test_a_limit_is_reached_only_about(activation: str, z: str, said: str, hand: str) -> None:
    text = LAYER.format(activation=activation, z=z, units=1, weights="1", labels="0")
    written = render(solved(text + hand))
    assert said in written
    assert check_page(written).wrong == []


def test_one_entry_near_its_limit_is_enough() -> None:
    """Not all of them are equal, and no entry is said to be."""
    written = page("tanh", "20", units=2)
    assert r"\tanh(20) \\ \tanh(0) \end{bmatrix} \approx \begin{bmatrix} 1 \\ 0 \end{bmatrix}" in written


def test_a_logarithm_next_to_one_is_taken_of_a_number_that_is_not_one() -> None:
    """ln(1 + 2e-10) is 2e-10, and ln 1.0 is not."""
    text = LAYER.format(activation="softplus", z="-22.3", units=1, weights="1", labels="0")
    written = render(solved(text + "rounding: {decimals: 1}\n"))
    assert r"\ln(1.0000000002" in written
    assert check_page(written).wrong == []
