"""A function that only comes close to a number is not said to be it, even where floats cannot tell the two apart."""

from __future__ import annotations

import math

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
    """ln(1 + 1e-6) is 1e-6, and ln 1.0 is not."""
    text = LAYER.format(activation="softplus", z="-13.3", units=1, weights="1", labels="0")
    written = render(solved(text + "rounding: {decimals: 1}\n"))
    assert r"\ln(1.000002)" in written
    assert check_page(written).wrong == []


SCORES = "architecture: {{layers: [{{units: 1, activation: identity}}], loss: neg_log_sigmoid}}\nweights: {weight}\n"
DIGITS = [*(f"decimals: {count}" for count in (0, 1, 4, 6, 8, 9, 12)), "figures: 4"]


@pytest.mark.parametrize("hand", ["false", "true"])
@pytest.mark.parametrize("z", [-13.9, -14.1, -18.4, -22.3, -27.9, -28.1, -30.3, -36.3, -100.0])
def test_a_logarithm_of_one_plus_nearly_nothing_comes_out_with_all_digits(z: float, hand: str) -> None:
    """Floats keep a few digits of 1 + e^z, or none; the page has them all, and every line comes out as printed."""
    after, true = "rounding: {{carry: {}, {}}}\n", math.log1p(math.exp(z))
    softplus = LAYER.format(activation="softplus", z=z, units=1, weights="1", labels="0") + "lr: 0.1\n"
    score = SCORES.format(weight=-z) + "inputs: 1\nlr: 0.1\n"
    for digits in DIGITS:
        for text in (softplus, score):
            trace = solved(text + after.format(hand, digits))
            wrong = [one for one in check_page(render(trace)).wrong if str(one).startswith(("a =", "L =", r"\delta ="))]
            assert wrong == [], digits
            if hand == "false":
                name, bound = ("a1", 1e-9) if text == softplus else ("L", 1e-9)
                assert trace[name] == pytest.approx(true, rel=bound)
