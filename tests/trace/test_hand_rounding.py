"""Hand arithmetic: each line rounded to the digits of its quantity; what was given stays as typed."""

from __future__ import annotations

import numpy as np
import pytest

from stepwise import load_problem, solve
from stepwise.problem import with_options
from tests.trace.small import BATCH, half_up, mlp, neuron


def _by_hand(z: int, a: int, new: int, step: int, other: int = 3) -> dict[str, float]:
    """The neuron of `_neuron`, line by line, with so many decimals; identity and half the square."""
    found = {"z1": half_up(0.37 * 1.2 - 0.61 * 0.7 + 0.15, z)}
    found["a1"] = half_up(found["z1"], a)
    found["diff"] = half_up(found["a1"] - 0.9, other)
    found["square"] = half_up(found["diff"] ** 2, other)
    found["L"] = half_up(found["square"] / 2, other)
    found["delta1"] = half_up(half_up(found["a1"] - 0.9, other), other)
    found["dW1"] = half_up(round(found["delta1"] * 1.2, 10), other)
    found["step_W1"] = half_up(round(0.3 * found["dW1"], 10), step)
    found["W1_new"] = half_up(round(0.37 - found["step_W1"], 10), new)
    return found


@pytest.mark.parametrize(
    ("quantities", "digits"),
    [
        ("{}", (3, 3, 3, 3)),
        ("{z1: 1}", (1, 3, 3, 3)),
        ("{z1: 2, a1: 1}", (2, 1, 3, 3)),
        ("{'*1': 1, z1: 2}", (2, 1, 3, 3, 1)),  # the exact name comes first; dW1 and delta1 end in 1 too
        ("{'?1': 2, '*1': 1}", (2, 2, 3, 3, 1)),  # the first pattern that fits; step_W1 rounds by its own name
        ("{'*_new': 2}", (3, 3, 2, 2)),
        ("{W1_new: 1}", (3, 3, 1, 1)),
        ("{'*_new': 2, step_W1: 4}", (3, 3, 2, 4)),
        ("{'W*_new': 2, '*_new': 1}", (3, 3, 2, 2)),
        ("{'*_new': 1, W1_new: 2}", (3, 3, 2, 2)),
        ("{'*': 2, a1: 3}", (2, 3, 2, 2)),
    ],
)
def test_hand_rounding(quantities: str, digits: tuple[int, ...]) -> None:
    trace = neuron(f"rounding: {{carry: true, decimals: 3, quantities: {quantities}}}\n")
    z, a, new, step = digits[:4]
    expected = _by_hand(z, a, new, step)
    if len(digits) == 4 and "'*'" not in quantities:
        for name, value in expected.items():
            assert trace[name].reshape(-1)[0] == value, name
        return
    assert trace["z1"][0] == expected["z1"]
    assert trace["a1"][0] == expected["a1"]
    for name in ("delta1", "dW1") if "1'" in quantities else ("diff", "dW1", "W1_new"):
        decimals = 1 if "1'" in quantities else 2
        assert trace[name].reshape(-1)[0] == half_up(float(trace[name].reshape(-1)[0]), decimals), name


def test_the_step_by_its_own_pattern() -> None:
    """A pattern that fits step_W1 itself names it; `*_new` does only where nothing else does."""
    trace = neuron("rounding: {carry: true, decimals: 3, quantities: {'*_new': 2, 'step_*': 4}}\n")
    step, gradient = trace["step_W1"][0, 0], trace["dW1"][0, 0]
    assert step == half_up(round(0.3 * gradient, 10), 4)
    assert step != half_up(step, 2)
    assert trace["W1_new"][0, 0] == half_up(round(0.37 - step, 10), 2)


def test_hand_rounding_in_figures() -> None:
    numbers = "weights: [[123.37, -0.61]]\nbiases: [0.15]\ninputs: [1.2, 0.7]\nlabels: 0.9\n"
    trace = neuron("rounding: {carry: true, figures: 3, quantities: {diff: 1}}\n", numbers=numbers)
    assert trace["z1"].tolist() == [148]
    assert trace["diff"].tolist() == [147.1]  # decimals: a quantity's own digits are always decimals
    assert trace["square"].tolist() == [21600]
    assert trace["L"] == 10800


def test_without_decimals_every_line_is_a_whole_number() -> None:
    """4.05 is 4, 4 − 0.9 = 3.1 is 3, 3² = 9, 9/2 = 4.5 is 5."""
    numbers = "weights: [[1.6, 2.3]]\nbiases: [0.15]\ninputs: [1, 1]\nlabels: 0.9\n"
    trace = neuron("rounding: {carry: true, decimals: 0}\n", numbers=numbers)
    assert [float(trace[name].item()) for name in ("z1", "a1", "diff", "square", "L")] == [4, 4, 3, 9, 5]


def test_patterns_match_the_name_without_the_iteration() -> None:
    more = "labels: [0, 1, 0, 1]\nlr: 0.1\ntrain: {batch_size: 2}\n"
    trace = mlp(more + "rounding: {decimals: 5, quantities: {z1: 1, '*_new': 2}}\n", inputs=BATCH)
    for name in ("t1.z1", "t2.z1"):
        assert {len(text.partition(".")[2]) for row in trace.shown(name) for text in row} <= {0, 1}
    assert all(len(text.partition(".")[2]) <= 2 for row in trace.shown("t2.W1") for text in row)
    assert all(len(text.partition(".")[2]) <= 2 for row in trace.shown("W1_new") for text in row)


def test_exact_and_hand() -> None:
    problem = load_problem("softmax-cross-entropy-mlp")
    hand, exact = solve(problem), solve(with_options(problem, carry=False))
    assert (hand.arithmetic, exact.arithmetic) == ("hand", "exact")
    assert float(exact["W1_new"][0, 0]) == pytest.approx(float(hand["W1_new"][0, 0]), abs=0.01)
    assert not np.array_equal(exact["a2"], hand["a2"])
    for name in hand:
        if not hand.quantity(name).given:
            places = hand.digits(name).count
            values = hand[name].reshape(-1)
            assert values.tolist() == [half_up(value, places) for value in values], name
    z = exact["W2"] @ np.maximum(0, exact["W1"] @ exact["x"])
    np.testing.assert_allclose(exact["a2"], np.exp(z) / np.exp(z).sum(), rtol=1e-15)


def test_given_numbers_are_never_rounded() -> None:
    numbers = "weights: [[0.123456, 1/3]]\nbiases: [50%]\ninputs: [0.10, 1e-3]\nlabels: 0.90\nlr: 0.30\n"
    trace = neuron("rounding: {carry: true, decimals: 1}\n", numbers=numbers)
    assert trace["W1"].tolist() == [[0.123456, 1 / 3]]
    assert trace.shown("W1") == [["0.123456", "1/3"]]
    assert trace.shown("b1") == ["50%"]
    assert trace.shown("x") == ["0.10", "1e-3"]
    assert (trace.shown("y"), trace.shown("lr")) == (["0.90"], "0.30")
