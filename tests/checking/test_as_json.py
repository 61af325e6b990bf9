"""The JSON of a marked class: the agreed shape, numbers as a person types them, and nothing that tells a student."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwise.asking.ranges import number_text, printed_range
from stepwise.checking import MadeMistake, Unreadable
from stepwise.checking.as_json import report_to_json
from tests.checking.marked import FORGOT, everyone, marked, report, whole_class


def test_it_has_the_agreed_shape() -> None:
    """The example of the specification, word for word."""
    student = report("s2023017", marked("delta2", "wrong", ["0.649"], mistakes=(FORGOT,)))
    data = report_to_json(whole_class(student))
    assert data["format"] == 1
    (found,) = data["students"]
    assert (found["student"], found["marks"], found["of"]) == ("s2023017", 6, 7)
    assert found["quantities"]["delta2"] == {
        "verdict": "wrong",
        "marks": 0,
        "of": 1,
        "given": [0.649],
        "accepted": [[0.1476, 0.1481]],
        "entries": ["wrong"],
        "mistakes": ["forgot_activation_derivative"],
    }
    assert list(found["quantities"]) == list(student.quantities)


def quantity(*of: Any, audience: Any = "teacher", **more: Any) -> dict[str, Any]:
    one = marked(*of, **more)
    (student,) = report_to_json(whole_class(report("s", one)), audience)["students"]
    found: dict[str, Any] = student["quantities"][one.asked.id]
    return found


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("0.649", 0.649),
        ("-.47", -0.47),
        ("+0.5", 0.5),
        ("3", 3),
        ("-4.7e-2", -0.047),
        ("47%", "47%"),
        ("1/3", "1/3"),
        ("0,47", "0,47"),
        ("inf", "inf"),
        ("1e999", "1e999"),
        (None, None),
    ],
)
def test_plain_numbers_are_numbers_and_others_stay_as_typed(typed: str | None, wanted: object) -> None:
    found = quantity("delta2", "wrong", [typed])["given"]
    assert found == [wanted]
    assert type(found[0]) is type(wanted)


def test_a_matrix_keeps_its_shape() -> None:
    found = quantity("dW1", "missing", [["1", None], ["2.5", "x"]])
    assert found["given"] == [[1, None], [2.5, "x"]]
    assert found["accepted"] == [[[0.0315, 0.032], [0.0315, 0.032]], [[0.036, 0.0363], [0.036, 0.0363]]]


def test_what_follows_from_earlier_answers_is_there_where_it_differs() -> None:
    own = [[0.138, 0.14], [0.1581, 0.1594]]
    assert quantity("delta1", "follows", ["0.14", "0.159"], expected=own)["expected"] == own
    assert "expected" not in quantity("delta1", "right", ["0.032", "0.036"])
    assert "expected" not in quantity("L", "right", "0.211", expected=[0.2105, 0.211])


def test_no_nan_is_written() -> None:
    nothing = [[math.nan, math.nan], [-math.inf, math.inf]]
    found = report("s", marked("delta1", "wrong", ["inf", "nan"], accepted=nothing, expected=[None, [math.nan, 1.0]]))
    text = json.dumps(report_to_json(whole_class(found)), allow_nan=False)
    assert json.loads(text)["students"][0]["quantities"]["delta1"]["accepted"] == [None, None]


def test_what_is_special_is_marked() -> None:
    found = quantity("dW1", "follows", [["0", "0"], ["0", "0"]], trivial=True, by_hand=True)
    assert (found["trivial"], found["by_hand"]) == (True, True)
    assert not {"trivial", "by_hand", "made"} & set(quantity("L", "right", "0.211"))
    made = quantity(
        "delta1", "wrong", ["0.5", "0.036"], mistakes=(MadeMistake("weights_not_transposed", "back1", (1,)),)
    )
    assert made["mistakes"] == ["weights_not_transposed"]
    assert made["made"] == [{"name": "weights_not_transposed", "line": "back1", "place": [1]}]


def test_the_class_is_told_with_it() -> None:
    missing = Unreadable("x.yaml", "x.yaml: there are no answers")
    data = report_to_json(whole_class(*everyone(), unreadable=(missing,), warnings=("Ada handed in 2 times",)))
    assert data["unreadable"] == [{"source": "x.yaml", "message": "x.yaml: there are no answers"}]
    assert data["warnings"] == ["Ada handed in 2 times"]
    assert data["summary"]["students"] == 5
    json.dumps(data, allow_nan=False)
    (noted,) = report_to_json(whole_class(report("s", notes=("odd",), by_hand=2.5)))["students"]
    assert (noted["notes"], noted["marks"], noted["by_hand"]) == (["odd"], 2.5, True)


def test_a_student_is_told_no_answer() -> None:
    data = report_to_json(whole_class(*everyone()), "student")
    text = json.dumps(data)
    assert "summary" not in data
    assert not re.search("accepted|expected", text)
    assert "forgot_activation_derivative" in text
    of_two = json.dumps(report_to_json(whole_class(everyone()[1]), "student"))
    assert "0.1476" not in of_two
    assert "0.1476" in json.dumps(report_to_json(whole_class(everyone()[1])))


# ---- ranges


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (0.1476, 0.1481, (0.1476, 0.1481)),
        (0.1475601, 0.148123, (0.14756, 0.148123)),
        (0.0996679946, 0.1, (0.099667, 0.1)),
        (0.968, 0.969, (0.968, 0.969)),
        (0.9679999999999999, 0.9690000000000001, (0.968, 0.969)),
        (0.8, 0.8, (0.8, 0.8)),
        (0.30000000000000004, 0.30000000000000004, (0.3, 0.3)),
        (-0.57412, -0.573811, (-0.57412, -0.573811)),
        (0.14751, 0.14769, (0.14751, 0.14769)),
        (-0.00021, 0.00019, (-0.00021, 0.00019)),
        (0.0, 1e-9, (0.0, 1e-9)),
        (123456.7, 123470.2, (123456.0, 123471.0)),
        (-0.0, 0.0, (0.0, 0.0)),
    ],
)
def test_a_range_has_few_digits(low: float, high: float, wanted: tuple[float, float]) -> None:
    assert printed_range(low, high) == wanted


@given(st.floats(-1e6, 1e6), st.floats(1e-9, 1e3))
def test_what_is_accepted_lies_in_the_printed_range(low: float, width: float) -> None:
    high = low + width
    bottom, top = printed_range(low, high)
    size = max(abs(low), abs(high))
    assert bottom <= low + 1e-8 * size
    assert top >= high - 1e-8 * size
    assert top - bottom <= width + 2e-5 * size


@pytest.mark.parametrize(("value", "text"), [(0.1, "0.1"), (0.1 + 0.2, "0.3"), (3.0, "3"), (-0.25, "-0.25")])
def test_a_number_is_written_without_noise(value: float, text: str) -> None:
    assert number_text(value) == text
