"""Verdicts and marks of small cases whose numbers were worked out by hand.

The neuron: z = 0.37·1.2 − 0.61·0.7 + 0.15 = 0.167 = a, y = 0.9, so δ = a − y = −0.733 and L = ½δ² = 0.2686445;
∇W = δx = (−0.8796, −0.5131), and with η = 0.3 the new weights are 0.63388 and −0.45607, the new bias 0.3699.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from stepwise.checking import Report, check
from stepwise.errors import AnswerError, UnsupportedError
from stepwise.problem import problem_from_document

NEURON: dict[str, Any] = {
    "architecture": {"layers": [{"units": 1, "activation": "identity"}], "loss": "mse"},
    "weights": [[["0.37", "-0.61"]]],
    "biases": [["0.15"]],
    "inputs": ["1.2", "0.7"],
    "labels": ["0.9"],
    "lr": "0.3",
}
RIGHT: dict[str, Any] = {
    "z1": ["0.167"],
    "a1": ["0.167"],
    "L": "0.269",
    "delta1": ["-0.733"],
    "dW1": [["-0.8796", "-0.5131"]],
    "db1": ["-0.733"],
    "W1_new": [["0.63388", "-0.45607"]],
    "b1_new": ["0.3699"],
}
# the same neuron from z = 0.267 on
FROM_0267: dict[str, Any] = {
    "z1": ["0.267"],
    "a1": ["0.267"],
    "L": "0.2003",
    "delta1": ["-0.633"],
    "dW1": [["-0.7596", "-0.4431"]],
    "db1": ["-0.633"],
    "W1_new": [["0.59788", "-0.47707"]],
    "b1_new": ["0.3399"],
}
# two sigmoid units: z1 = (0, 1.75), a1 = (0.5, 0.85195), z2 = 0.8·0.5 − 0.4·0.85195 = 0.05922
TWO_UNITS: dict[str, Any] = {
    "architecture": {
        "layers": [{"units": 2, "activation": "sigmoid"}, {"units": 1, "activation": "identity"}],
        "loss": "mse",
    },
    "weights": [[["0.5", "-0.25"], ["0.25", "0.75"]], [["0.8", "-0.4"]]],
    "inputs": ["1", "2"],
    "labels": ["0.5"],
    "lr": "0.1",
}


def marked(
    answers: dict[str, Any], document: dict[str, Any] = NEURON, *, tolerance: Any = None, **fields: Any
) -> Report:
    """The answers, marked; `fields` are added to the problem file."""
    problem = problem_from_document(deepcopy(document) | fields, name="by hand")
    return check(problem, answers, tolerance=tolerance)


def verdicts(report: Report) -> dict[str, str]:
    return {name: one.verdict for name, one in report.quantities.items()}


# ---- right, too few digits, wrong


def test_everything_right() -> None:
    report = marked(RIGHT)
    assert set(verdicts(report).values()) == {"right"}
    assert (report.marks, report.of) == (8, 8)
    assert report.all_right


def test_nothing_given() -> None:
    report = marked({"L": None})
    assert set(verdicts(report).values()) == {"missing"}
    assert list(report.quantities) == list(RIGHT)
    assert (report.marks, report.of) == (0, 8)


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("0.2686445", "right"),
        ("0.2686", "right"),
        ("0.269", "right"),
        ("26.9%", "right"),
        ("2.69e-1", "right"),
        # δ² = 0.537, half of it 0.2685
        ("0.2685", "right"),
        ("0.27", "too_few_digits"),
        ("0.3", "too_few_digits"),
        ("0.28", "wrong"),
        ("0.2", "wrong"),
        ("0.2693", "wrong"),
        ("-0.269", "wrong"),
        # would be right as a rounded number, and says nothing
        ("0", "wrong"),
        ("nan", "wrong"),
        ("inf", "wrong"),
    ],
)
def test_one_number(typed: str, verdict: str) -> None:
    report = marked({"L": typed})
    assert report["L"].verdict == verdict
    assert report["L"].marks == {"right": 1, "too_few_digits": 0.5, "wrong": 0}[verdict]


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("0.0592", "right"),
        ("0.059", "too_few_digits"),
        ("0.06", "too_few_digits"),
        ("0.1", "too_few_digits"),
        ("0.0", "wrong"),
        ("0", "wrong"),
        ("0.0692", "wrong"),
    ],
)
def test_three_figures_are_wanted_of_small_numbers(typed: str, verdict: str) -> None:
    assert marked({"z2": [typed]}, TWO_UNITS)["z2"].verdict == verdict


def test_a_right_zero_is_right() -> None:
    assert marked({"z1": ["0", "1.75"]}, TWO_UNITS)["z1"].verdict == "right"


def test_a_quantity_is_as_good_as_its_worst_number() -> None:
    one = marked({"dW1": [["-0.88", "-0.5"]]})["dW1"]
    assert one.entries == [["right", "too_few_digits"]]
    assert one.verdict == "too_few_digits"
    one = marked({"dW1": [["-0.5", "1.5131"]]})["dW1"]
    assert one.entries == [["wrong", "wrong"]]
    one = marked({"dW1": [["-0.9", "1.5131"]]})["dW1"]
    assert one.entries == [["too_few_digits", "wrong"]]
    assert one.verdict == "wrong"


# ---- missing numbers


def test_a_number_left_out() -> None:
    one = marked({"dW1": [["-0.8796", None]]})["dW1"]
    assert one.entries == [["right", "missing"]]
    assert one.given == [["-0.8796", None]]
    assert (one.verdict, one.marks) == ("missing", 0)


def test_what_follows_from_a_number_left_out_is_not_blamed() -> None:
    report = marked({"dW1": [["-0.7796", None]], "W1_new": [["0.60388", "-0.45607"]]})
    assert report["dW1"].entries == [["wrong", "missing"]]
    assert report["W1_new"].entries == [["follows", "right"]]


# ---- errors carried on


def test_an_error_is_blamed_once() -> None:
    report = marked(FROM_0267)
    assert verdicts(report) == {"z1": "wrong", **dict.fromkeys(list(RIGHT)[1:], "follows")}
    assert report.marks == 7
    assert report["a1"].accepted == [pytest.approx([0.167, 0.167])]
    # 0.267 stands for 0.2665 to 0.2675, which may be rounded to 0.268
    assert report["a1"].expected == [pytest.approx([0.2665, 0.268])]


def test_an_error_is_carried_over_lines_that_were_left_out() -> None:
    report = marked({name: FROM_0267[name] for name in ("z1", "W1_new", "b1_new")})
    assert (report["z1"].verdict, report["W1_new"].verdict, report["b1_new"].verdict) == ("wrong", "follows", "follows")


def test_a_second_error_is_blamed_too() -> None:
    report = marked(FROM_0267 | {"db1": ["-0.5"], "b1_new": ["0.3"]})
    assert (report["db1"].verdict, report["b1_new"].verdict) == ("wrong", "follows")
    assert report["W1_new"].verdict == "follows"


def test_the_key_is_right_also_after_an_error() -> None:
    """Whoever corrects an error on the way is right again."""
    report = marked(RIGHT | {"z1": ["0.267"]})
    assert verdicts(report) == dict.fromkeys(RIGHT, "right") | {"z1": "wrong"}


def test_the_loss_is_no_way_to_the_weights() -> None:
    report = marked(RIGHT | {"L": "0.9"})
    assert verdicts(report) == dict.fromkeys(RIGHT, "right") | {"L": "wrong"}


def test_entry_by_entry() -> None:
    """−0.61 − 0.3·0.5131 = −0.76393."""
    report = marked(RIGHT | {"dW1": [["-0.8796", "0.5131"]], "W1_new": [["0.63388", "-0.76393"]]})
    assert report["dW1"].entries == [["right", "wrong"]]
    assert report["W1_new"].entries == [["right", "follows"]]


def test_too_few_digits_carried_on() -> None:
    """From −0.7 the gradient is (−0.84, −0.49), from −0.733 it is the key: both are fair, and nothing outside is."""
    assert marked({"delta1": ["-0.7"], "dW1": [["-0.84", "-0.49"]]})["dW1"].verdict == "follows"
    assert marked({"delta1": ["-0.7"], "dW1": [["-0.8796", "-0.5131"]]})["dW1"].verdict == "right"
    assert marked({"delta1": ["-0.7"], "dW1": [["-0.96", "-0.49"]]})["dW1"].verdict == "wrong"


@pytest.mark.parametrize(
    ("loss", "verdict"),
    # ½·(0.9 − 0.265)² = 0.2016 and ½·(0.9 − 0.275)² = 0.1953
    [("0.2016", "follows"), ("0.2003", "follows"), ("0.1954", "follows"), ("0.2050", "wrong"), ("0.1910", "wrong")],
)
def test_a_wrong_number_stands_for_half_a_unit_of_its_last_digit(loss: str, verdict: str) -> None:
    assert marked({"z1": ["0.27"], "L": loss})["L"].verdict == verdict


@pytest.mark.parametrize(("z2", "verdict"), [("0.0592", "right"), ("0.0792", "wrong"), ("0.0392", "wrong")])
def test_a_right_number_stands_for_what_it_rounds(z2: str, verdict: str) -> None:
    """A right 0.5 is not anything from 0.45 to 0.55."""
    assert marked({"a1": ["0.5", "0.852"], "z2": [z2]}, TWO_UNITS)["z2"].verdict == verdict


# ---- tolerance


@pytest.mark.parametrize(
    ("tolerance", "typed", "verdict"),
    [
        (0.01, "0.2750", "right"),
        (0.01, "0.2800", "wrong"),
        ("0.01", "0.2750", "right"),
        ("1%", "0.2710", "right"),
        ("1%", "0.2720", "wrong"),
        (0, "0.2686445", "right"),
        (0, "0.2690", "wrong"),
    ],
)
def test_a_tolerance_takes_the_place_of_careful_rounding(tolerance: Any, typed: str, verdict: str) -> None:
    assert marked({"L": typed}, tolerance=tolerance)["L"].verdict == verdict


def test_a_tolerance_is_measured_from_what_follows_too() -> None:
    answers = {"z1": ["0.267"], "L": "0.209"}
    assert marked(answers, tolerance=0.01)["L"].verdict == "follows"
    assert marked(answers)["L"].verdict == "wrong"


@pytest.mark.parametrize("tolerance", ["much", -1, "-1%"])
def test_no_such_tolerance(tolerance: Any) -> None:
    with pytest.raises(AnswerError, match="tolerance"):
        marked(RIGHT, tolerance=tolerance)


# ---- marks


def test_marks_by_quantity() -> None:
    report = marked(RIGHT | {"L": "0.9"}, marks={"L": 3, "d*": 2, "dW1": 4})
    assert report.of == 3 + 2 + 2 + 4 + 1 + 1 + 1 + 1
    assert report.marks == report.of - 3


def test_what_follows_may_be_worth_less() -> None:
    report = marked(FROM_0267, marking={"follows": 0.5})
    assert report.marks == 3.5


def test_too_few_digits_may_be_worth_more_or_less() -> None:
    assert marked({"L": "0.27"}, marking={"too_few_digits": 1})["L"].marks == 1
    assert marked({"L": "0.27"}, marking={"too_few_digits": 0})["L"].marks == 0


@pytest.mark.parametrize(("by", "marks"), [("entry", 2.0), ("quantity", 0.0)])
def test_marks_entry_by_entry(by: str, marks: float) -> None:
    report = marked({"dW1": [["-0.8796", "0.4"]]}, marking={"by": by}, marks={"dW1": 4})
    assert report["dW1"].marks == marks


def test_what_is_not_asked_counts_nothing_but_is_judged() -> None:
    report = marked({"diff": ["-0.633"], "L": "0.2003", "delta1": ["-0.733"]})
    assert (report["diff"].verdict, report["diff"].of, report["diff"].marks) == ("wrong", 0, 0)
    assert report["L"].verdict == "follows"
    assert report.of == 8


def test_only_some_are_asked() -> None:
    report = marked({"L": "0.2003"}, ask=["L", "dW*"])
    assert verdicts(report) == {"L": "wrong", "dW1": "missing"}


def test_what_is_asked_of_nobody() -> None:
    with pytest.raises(UnsupportedError, match="no quantity `M`"):
        check(problem_from_document(deepcopy(NEURON), name="by hand"), RIGHT, ask=["M"])


# ---- names


@pytest.mark.parametrize(
    ("answers", "quantity", "names"),
    [
        # 0.9 − 0.167
        ({"delta1": ["0.733"]}, "delta1", {"sign_of_delta", "sign_lost"}),
        # 0.37 − 0.3·0.8796 …
        ({"W1_new": [["0.10612", "-0.76393"]]}, "W1_new", {"gradient_ascent", "sign_of_delta"}),
        ({"delta1": ["-0.733"], "W1_new": [["0.10612", "-0.76393"]]}, "W1_new", {"gradient_ascent"}),
        # 0.37 + 0.8796, −0.61 + 0.5131
        ({"W1_new": [["1.2496", "-0.0969"]]}, "W1_new", {"forgot_learning_rate"}),
        # 0.37·1.2 − 0.61·0.7
        ({"z1": ["0.017"]}, "z1", {"forgot_bias"}),
        # δ² without the half
        ({"L": "0.5373"}, "L", {"forgot_half"}),
        ({"L": "2.69"}, "L", {"decimal_point_moved"}),
        ({"L": "0.2868"}, "L", {"digits_exchanged"}),
        ({"dW1": [["-0.5131", "-0.8796"]]}, "dW1", {"entries_exchanged"}),
        ({"b1_new": ["0.5"]}, "b1_new", set()),
    ],
)
def test_names_of_mistakes(answers: dict[str, Any], quantity: str, names: set[str]) -> None:
    assert {one.name for one in marked(answers)[quantity].mistakes} == names


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        # ½δ² = 0.26864…: cut off, or a unit beside
        ("0.268", "too_few_digits"),
        ("0.2692", "too_few_digits"),
        ("0.26849", "too_few_digits"),
        ("0.2679", "wrong"),
        ("0.2698", "wrong"),
    ],
)
def test_a_last_digit_that_is_off(typed: str, verdict: str) -> None:
    found = marked({"L": typed})["L"]
    assert found.verdict == verdict
    assert [one.name for one in found.mistakes if one.name == "last_digit_off"] == (
        ["last_digit_off"] if verdict == "too_few_digits" else []
    )


def test_nothing_is_cut_off_a_number_that_needs_no_rounding() -> None:
    from stepwise import check, load_problem

    assert check(load_problem("homework-relu"), {"z1": ["-0.202", "1.8"]})["z1"].verdict == "wrong"


def test_the_last_digit_is_measured_by_the_students_own_numbers() -> None:
    """With δ1 = 0.102 of one's own, ∂L/∂w₂₂ is 0.204; 0.215 is no rounding of the key's 0.216."""
    from stepwise import check, load_problem

    answers = {"delta1": [0, "0.102"], "dW1": [[0, 0], ["0.102", "0.215"]]}
    assert check(load_problem("homework-relu"), answers)["dW1"].verdict == "wrong"


def test_the_old_weights_are_no_rounded_weights() -> None:
    """Of somebody who writes three decimals elsewhere; who writes one decimal everywhere may have rounded."""
    from stepwise import check, load_problem

    old = {"W1_new": [["0.5", "-0.4"], ["0.3", "0.8"]]}
    found = check(load_problem("homework-relu"), old | {"a2": "0.460"})["W1_new"]
    assert (found.verdict, [one.name for one in found.mistakes]) == ("wrong", ["not_updated"])
    assert check(load_problem("homework-relu"), old | {"a2": "0.5"})["W1_new"].verdict == "too_few_digits"


def test_the_share_where_nothing_was_left_can_be_set() -> None:
    document = TWO_UNITS | {"marking": {"nothing_left": "1/2"}}
    zeros = {"delta2": ["0"], "dW2": [["0", "0"]]}
    assert marked(zeros, TWO_UNITS)["dW2"].marks == 0
    assert marked(zeros, document)["dW2"].marks == 0.5


def test_thirds_of_a_mark_add_up() -> None:
    document = NEURON | {"ask": ["z1", "a1", "L"], "marks": {"*": "1/3"}}
    report = marked({name: RIGHT[name] for name in ("z1", "a1", "L")}, document)
    assert report.all_right
    assert report.marks == pytest.approx(1)
    assert report.marks == report.of


def test_marks_have_a_limit() -> None:
    from stepwise import SpecError

    with pytest.raises(SpecError, match="marks are too many"):
        marked({"z1": ["1", "1"]}, TWO_UNITS | {"marks": {"z1": "1e308"}})


TIE: dict[str, Any] = {**NEURON, "weights": [[["0.25"]]], "biases": [["0"]], "inputs": ["0.5"]}


@pytest.mark.parametrize(
    ("factor", "typed", "verdict"),
    [
        # z = 0.125: halves are rounded away from zero, and by Python to the even digit
        ("0.25", "0.13", "too_few_digits"),
        ("0.25", "0.12", "too_few_digits"),
        ("0.25", "0.1", "too_few_digits"),
        ("0.25", "0.14", "wrong"),
        ("0.25", "0.11", "wrong"),
        ("-0.25", "-0.13", "too_few_digits"),
        ("-0.25", "-0.14", "wrong"),
        # z = 0.1235, with digits enough
        ("0.247", "0.124", "right"),
    ],
)
def test_a_half_may_be_rounded_up(factor: str, typed: str, verdict: str) -> None:
    assert marked({"z1": [typed]}, TIE, weights=[[[factor]]])["z1"].verdict == verdict
