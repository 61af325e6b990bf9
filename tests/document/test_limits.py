"""A function that only comes close to a number is not said to be it, even where floats cannot tell the two apart."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

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
        ("tanh", "14.2", r"\tanh(14.2) \approx 1"),
        ("gelu", "7.5", r"\Phi(7.5) \approx 1"),
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
                assert trace[name] == pytest.approx(true, rel=bound, abs=0)


def _slope(activation: str, z: str) -> float:
    """f′(z) in forty digits: e^{−z}/(1 + e^{−z})², and tanh′(z) = 4σ′(2z)."""
    with localcontext() as context:
        context.prec = 40
        t = (-abs(Decimal(z)) * (2 if activation == "tanh" else 1)).exp()
        return float(t / (1 + t) ** 2 * (4 if activation == "tanh" else 1))


ENDS = ["6.9", "7.1", "13.9", "14.1", "-14.1", "14.2", "20", "-20", "30", "33", "40", "-40", "300"]


@pytest.mark.parametrize("hand", ["", "rounding: {carry: true, figures: 6}\n"], ids=["exact", "hand"])
@pytest.mark.parametrize("z", ENDS)
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_slope_at_the_end_of_a_function_has_all_its_digits(activation: str, z: str, hand: str) -> None:
    """a(1 − a) and 1 − a² keep few of them, or none, where a is next to 1."""
    text = LAYER.format(activation=activation, z=z, units=1, weights="1", labels="0")
    trace = solved(text + "lr: 0.1\n" + hand)
    if not hand or abs(float(z)) > 14:
        # nearer to 0 a person who rounds a to six figures has no more digits of 1 − a
        assert trace["da_dz1"] == pytest.approx(_slope(activation, z), rel=1e-5 if hand else 1e-9, abs=0)
    found = check_page(render(trace, only=["da_dz1"]))
    assert found.redone > 0
    assert found.wrong == []


@pytest.mark.parametrize("z", ["9", "12", "14", "14.2", "18", "-14", "-20"])
@pytest.mark.parametrize("label", ["0", "1"])
def test_the_logarithm_of_a_sure_output_is_taken_of_enough_digits(z: str, label: str) -> None:
    """Never of 1.0000 − 1."""
    text = LAYER.format(activation="sigmoid", z=z, units=1, weights="1", labels=label)
    written = render(solved(text.replace("mse", "binary_cross_entropy") + "lr: 0.1\n"))
    assert "1 - 1.0000)" not in written
    assert check_page(written).wrong == []


def test_far_below_zero_the_sigmoid_is_a_quotient_of_the_exponential() -> None:
    written = page("sigmoid", "-40")
    assert r"a = \sigma(z) = \frac{e^{z}}{1 + e^{z}}$$" in written
    assert r"a = \frac{4.248 \times 10^{-18}}{1}" in written


def test_a_unit_beside_one_far_out_is_written_as_usual() -> None:
    """And no entry bears the name of another form: a² is not said to be e^{−18}."""
    text = LAYER.format(activation="tanh", z="10", units=2, weights=[[0.9], [0.1]], labels=[0, 0])
    written = render(solved(text + "lr: 0.1\n"))
    assert r"\tanh'(z) = 1 - a^{2}" in written
    assert r"e^{-2 \left|z_{1}\right|} &= e^{-2 \times \left|9\right|} \approx 1.523 \times 10^{-8}" in written
    assert r"a_{2}^{2} &= 0.7616^{2} \approx 0.5800" in written
    far = r"4 \times 1.523 \times 10^{-8}}{(1 + 1.523 \times 10^{-8})^{2}}"
    assert rf"\frac{{{far} \\[0.5em] 1 - 0.5800 \end{{bmatrix}}" in written


def test_units_far_out_on_both_sides_have_one_formula() -> None:
    text = LAYER.format(activation="tanh", z="10", units=2, weights=[[0.9], [-0.8]], labels=[0, 0])
    written = render(solved(text + "lr: 0.1\n"))
    size = r"e^{-2 \left|z\right|}"
    assert rf"\tanh'(z) = \frac{{4 {size}}}{{(1 + {size})^{{2}}}}" in written
    assert rf"{size} = \begin{{bmatrix}} e^{{-2 \times \left|9\right|}} \\ e^{{-2 \times \left|-8\right|}}" in written


def test_a_sigmoid_far_below_zero_beside_others_is_listed_unit_by_unit() -> None:
    written = render(solved(LAYER.format(activation="sigmoid", z="40", units=2, weights=[[1], [-1]], labels=[0, 0])))
    assert r"e^{-z_{1}} &= e^{-40}" in written
    assert r"e^{z_{2}} &= e^{-40}" in written


def _softplus(z: float) -> str:
    return LAYER.format(activation="softplus", z=z, units=1, weights="1", labels="0")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (_softplus(-40), [r"a = \operatorname{softplus}(z) \approx e^{z}$$"]),
        (
            _softplus(-20),
            [
                r"\operatorname{softplus}(z) \approx e^{z} - \frac{(e^{z})^{2}}{2}$$",
                r"a \approx 2.061 \times 10^{-9} - \frac",
            ],
        ),
        (_softplus(-2), [r"a = \operatorname{softplus}(z) = \ln(1 + e^{z})$$", r"a = \ln(1.1353) \approx"]),
        (SCORES.format(weight=40) + "inputs: 1\n", [r"L \approx e^{-a}$$"]),
        (SCORES.format(weight=2) + "inputs: 1\n", [r"L = -\ln\left(\frac{1}{1 + e^{-a}}\right)$$"]),
        (
            SCORES.format(weight=40) + "inputs: 1\nnotation: {style: elementwise}\n",
            [r"L \approx e^{-a} \approx 4.248 \times 10^{-18}$$"],
        ),
    ],
)
def test_the_terms_of_a_series_are_not_said_to_be_the_logarithm(document: str, said: list[str]) -> None:
    written = render(solved(document))
    assert [one for one in said if one not in written] == []


def test_entry_by_entry_only_what_comes_close_is_about() -> None:
    text = LAYER.format(activation="sigmoid", z="40", units=2, weights=[[1], [0]], labels=[0, 0])
    written = render(solved(text + "notation: {style: elementwise}\n"))
    for said in (r"e^{-40} \approx 4.248 \times 10^{-18}", r"e^{-0} = 1", r"1 + 4.248 \times 10^{-18} \approx 1"):
        assert said in written
    assert r"1 + 1 = 2" in written
    assert r"\frac{1}{2} = 0.5" in written
