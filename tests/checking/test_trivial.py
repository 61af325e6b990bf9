"""An answer that leaves nothing to calculate: what follows from it earns nothing, and the report says why.

Two ReLU units: z = (1, 1.75) = a, then 0.8·1 − 0.4·1.75 = 0.1 = ŷ, y = 0.5, so δ2 = −0.4, L = ½·0.16 = 0.08;
∇W2 = (−0.4, −0.7), W2 − 0.1∇W2 = (0.84, −0.33); δ1 = (−0.32, 0.16), ∇W1 = δ1·(1, 2).
"""

from __future__ import annotations

from typing import Any

import pytest

from stepwise.checking import Report

from .test_verdicts import TWO_UNITS, marked, verdicts

RELU: dict[str, Any] = TWO_UNITS | {
    "architecture": {
        "layers": [{"units": 2, "activation": "relu"}, {"units": 1, "activation": "identity"}],
        "loss": "mse",
    },
    "weights": [[["0.5", "0.25"], ["0.25", "0.75"]], [["0.8", "-0.4"]]],
}
RIGHT: dict[str, Any] = {
    "z1": ["1", "1.75"],
    "a1": ["1", "1.75"],
    "z2": ["0.1"],
    "a2": ["0.1"],
    "L": "0.08",
    "delta2": ["-0.4"],
    "dW2": [["-0.4", "-0.7"]],
    "delta1": ["-0.32", "0.16"],
    "dW1": [["-0.32", "-0.64"], ["0.16", "0.32"]],
    "W2_new": [["0.84", "-0.33"]],
    "W1_new": [["0.532", "0.314"], ["0.234", "0.718"]],
}
NO_SIGNAL: dict[str, Any] = RIGHT | {
    "delta2": ["0"],
    "dW2": [["0", "0"]],
    "delta1": ["0", "0"],
    "dW1": [["0", "0"], ["0", "0"]],
    "W2_new": [["0.8", "-0.4"]],
    "W1_new": [["0.5", "0.25"], ["0.25", "0.75"]],
}
# the sign of both z lost: both units are off, and ŷ = 0
BOTH_OFF: dict[str, Any] = {
    "z1": ["-1", "-1.75"],
    "a1": ["0", "0"],
    "z2": ["0"],
    "a2": ["0"],
    "L": "0.125",
    "delta2": ["-0.5"],
    "dW2": [["0", "0"]],
    "delta1": ["0", "0"],
    "dW1": [["0", "0"], ["0", "0"]],
    "W2_new": [["0.8", "-0.4"]],
    "W1_new": [["0.5", "0.25"], ["0.25", "0.75"]],
}
# only the first is: ŷ = −0.4·1.75
ONE_OFF: dict[str, Any] = {
    "z1": ["-1", "1.75"],
    "a1": ["0", "1.75"],
    "z2": ["-0.7"],
    "a2": ["-0.7"],
    "L": "0.72",
    "delta2": ["-1.2"],
    "dW2": [["0", "-2.1"]],
    "delta1": ["0", "0.48"],
    "dW1": [["0", "0"], ["0.48", "0.96"]],
    "W2_new": [["0.8", "-0.19"]],
    "W1_new": [["0.5", "0.25"], ["0.202", "0.654"]],
}


def trivial(report: Report) -> set[str]:
    return {name for name, one in report.quantities.items() if one.trivial}


def earned(report: Report) -> set[str]:
    return {name for name, one in report.quantities.items() if one.marks}


def test_the_numbers_are_right() -> None:
    report = marked(RIGHT, RELU)
    assert report.all_right
    assert report.marks == len(RIGHT)


# ---- what earns nothing


def test_zero() -> None:
    report = marked(NO_SIGNAL, RELU)
    after = {"dW2", "delta1", "dW1", "W2_new", "W1_new"}
    assert verdicts(report) == dict.fromkeys(RIGHT, "right") | {"delta2": "wrong"} | dict.fromkeys(after, "follows")
    assert trivial(report) == after
    assert report.marks == 5


def test_every_unit_off() -> None:
    report = marked(BOTH_OFF, RELU)
    assert verdicts(report) == dict.fromkeys(RIGHT, "follows") | {"z1": "wrong"}
    # ½(0 − 0.5)² and 0 − 0.5 are still to be calculated
    assert trivial(report) == set(RIGHT) - {"z1", "L", "delta2"}
    assert report.marks == 2


@pytest.mark.parametrize(
    ("large", "a1", "z2", "nothing"), [("1000", "1", "0.4", {"a1"}), ("-1000", "0", "0", {"a1", "z2"})]
)
def test_a_sigmoid_that_is_always_the_same(large: str, a1: str, z2: str, nothing: set[str]) -> None:
    """The sigmoid of 1000 is 1, whatever the number; 0.8 − 0.4 = 0.4 has to be calculated, 0 − 0 has not."""
    report = marked({"z1": [large, large], "a1": [a1, a1], "z2": [z2]}, TWO_UNITS)
    assert verdicts(report) | {"z1": "wrong", "a1": "follows", "z2": "follows"} == verdicts(report)
    assert trivial(report) == nothing
    assert report.marks == 2 - len(nothing)


@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_no_number(text: str) -> None:
    """Nothing follows from it: what is right after it is right, and what is not is wrong or earns nothing."""
    report = marked(RIGHT | {"z2": [text]}, RELU)
    assert verdicts(report) == dict.fromkeys(RIGHT, "right") | {"z2": "wrong"}
    report = marked(RIGHT | {"z2": [text], "a2": [text], "delta2": [text]}, RELU)
    assert earned(report) == set(RIGHT) - {"z2", "a2", "delta2"}
    report = marked({"z1": [text, text], "a1": ["0", "0"]}, RELU)
    assert report.marks == 0


def test_a_zero_carried_over_lines_that_were_left_out() -> None:
    report = marked({"delta2": ["0"], "W2_new": [["0.8", "-0.4"]]}, RELU)
    assert trivial(report) == {"W2_new"}
    assert report.marks == 0


# ---- what earns its marks


def test_one_of_two_units_off() -> None:
    report = marked(ONE_OFF, RELU)
    assert verdicts(report)["z1"] == "wrong"
    assert set(verdicts(report).values()) == {"wrong", "follows"}
    assert trivial(report) == set()
    assert report.marks == len(RIGHT) - 1


def test_one_of_two_sigmoids_always_the_same() -> None:
    """0.8·1 − 0.4·0.85195 = 0.45922."""
    report = marked({"z1": ["1000", "1.75"], "a1": ["1", "0.85195"], "z2": ["0.45922"]}, TWO_UNITS)
    assert verdicts(report) | {"z1": "wrong", "a1": "follows", "z2": "follows"} == verdicts(report)
    assert trivial(report) == set()
    assert report.marks == 2


def test_zeros_that_are_right() -> None:
    """With the label 0.1 there is nothing to learn: δ2 is 0, and so is everything after it."""
    right = NO_SIGNAL | {"L": "0"}
    assert marked(right, RELU, labels=["0.1"]).all_right
    report = marked(right | {"z1": ["1.1", "1.75"], "a1": ["1.1", "1.75"]}, RELU, labels=["0.1"])
    assert trivial(report) == set()
    assert report.marks == len(RIGHT) - 1


def test_an_error_among_zeros_that_are_right() -> None:
    """The first unit is off for everybody: x = (−1, 2) gives z1 = (−0.25, 1.25).

    With z1 = (−0.25, 2.25): ŷ = −0.9, δ2 = −1.4, ∇W2 = (0, −3.15), δ1 = (0, 0.56).
    """
    document = RELU | {"weights": [[["0.5", "0.125"], ["0.25", "0.75"]], [["0.8", "-0.4"]]], "inputs": ["-1", "2"]}
    answers = {"z1": ["-0.25", "2.25"], "a1": ["0", "2.25"], "z2": ["-0.9"], "a2": ["-0.9"], "delta2": ["-1.4"]}
    report = marked(answers | {"dW2": [["0", "-3.15"]], "delta1": ["0", "0.56"]}, document)
    assert report["z1"].entries == ["right", "wrong"]
    assert report["delta1"].entries == ["right", "follows"]
    assert trivial(report) == set()
    assert report.marks == 6


def test_a_zero_that_nothing_follows_from() -> None:
    report = marked(RIGHT | {"L": "0"}, RELU)
    assert verdicts(report) == dict.fromkeys(RIGHT, "right") | {"L": "wrong"}
    assert trivial(report) == set()


def test_one_zero_of_several() -> None:
    """δ1 = (0, 0.16) by an error: the second row of the gradient is right, and −0 in the first follows."""
    answers = {"delta1": ["0", "0.16"], "dW1": [["0", "0"], ["0.16", "0.32"]]}
    report = marked(RIGHT | answers | {"W1_new": [["0.5", "0.25"], ["0.234", "0.718"]]}, RELU)
    assert report["dW1"].entries == [["follows", "follows"], ["right", "right"]]
    assert trivial(report) == set()
    assert report.marks == len(RIGHT) - 1


def test_weights_that_stay_after_a_saturated_output() -> None:
    """a2 = 1 makes a(1 − a) = 0: no gradient, though nobody wrote one down, and no new weights."""
    from stepwise import check, load_problem

    answers = {"a2": "1.000", "W2_new": [[1, 1]], "b2_new": -0.5, "W1_new": [[0.5, 0.5], [-0.5, -0.5]]}
    report = check(load_problem("xor-mlp"), answers)
    assert report["a2"].verdict == "wrong"
    assert all(report[name].verdict == "follows" for name in answers if name != "a2")
    assert trivial(report) == set(answers) - {"a2"}
    assert report.marks == 0


def test_a_class_of_0_is_an_answer() -> None:
    """A perceptron that answers 0 where 1 is right has an error of 0 − y, and goes on: nothing of it is empty."""
    from stepwise import check, load_problem

    answers = {"t1.yhat": 0, "t1.error": 0, "t1.w_new": [-0.5, 1], "t1.b_new": 0.25, "t2.z": 1.25}
    report = check(load_problem("perceptron-and"), answers)
    assert report["t1.yhat"].verdict == "wrong"
    assert [report[name].marks for name in answers] == [0, 1, 1, 1, 1]
    assert trivial(report) == set()
