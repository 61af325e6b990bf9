"""The summary of a class, counted by hand."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from stepwise.checking import Report
from stepwise.checking.summary import Bin, Frequent, Hard, Summary, summary_of
from tests.checking.marked import everyone, marked, report, whole_class


def summary(*reports: Report) -> Summary:
    return summary_of(whole_class(*reports))


def test_marks_of_a_class_of_five() -> None:
    """Of 7 marks Ada has 7, Li Ming 6, s3 5 (trivially nothing for dW1), s4 4, s5 6."""
    found = summary(*everyone())
    assert (found.students, found.all_right, found.of) == (5, 1, 7)
    assert (found.mean, found.median, found.best) == (5.6, 6, 7)
    assert not found.percent
    assert [one.students for one in found.distribution] == [0, 0, 0, 0, 1, 1, 2, 1]
    assert [(one.low, one.high) for one in found.distribution] == [(mark, mark) for mark in range(8)]


def test_where_errors_start() -> None:
    """An entry that is wrong counts though another is missing; what follows or is missing does not."""
    assert summary(*everyone()).hardest == (
        Hard("delta2", 2, 0.4),
        Hard("delta1", 1, 0.2),
        Hard("dW1", 1, 0.2),
    )


def test_what_nobody_gave_does_not_make_a_quantity_easier() -> None:
    found = summary(report("a", marked("L", "wrong", "1")), report("b", marked("L", "missing")), report("c"))
    assert found.hardest == (Hard("L", 1, 0.5),)


def test_the_most_frequent_mistakes() -> None:
    assert summary(*everyone()).mistakes == (
        Frequent("forgot_activation_derivative", 2),
        Frequent("digits_exchanged", 1),
        Frequent("weights_not_transposed", 1),
    )


def test_a_mistake_counts_once_for_a_student() -> None:
    twice = [marked(name, "wrong", given, mistakes=everyone()[1]["delta2"].mistakes) for name, given in WRONG.items()]
    assert summary(report("s", *twice)).mistakes == (Frequent("forgot_activation_derivative", 1),)


WRONG = {"delta2": ["1"], "delta1": ["1", "1"]}


@pytest.mark.parametrize(
    ("marks", "tenth"), [(0.0, 0), (0.69, 0), (0.7, 1), (4.9, 7), (6.31, 9), (6.999, 9), (7.0, 9), (8.5, 9)]
)
def test_parts_of_marks_are_counted_in_tenths(marks: float, tenth: int) -> None:
    found = summary(report("s", by_hand=marks), report("t", by_hand=0.05))
    assert found.percent
    (place,) = [place for place, one in enumerate(found.distribution) if one.students == (2 if tenth == 0 else 1)][-1:]
    assert place == tenth
    assert (found.distribution[0], found.distribution[-1].high) == (Bin(0, 10, 2 if tenth == 0 else 1), 100)


def test_many_marks_are_counted_in_tenths() -> None:
    worth = [replace(one, marks=10.0, of=10.0) for one in report("s").quantities.values()]
    found = summary(replace(report("s"), quantities={one.asked.id: one for one in worth}))
    assert (found.percent, found.of, found.distribution[-1]) == (True, 70, Bin(90, 100, 1))


def test_more_than_all_marks_by_hand_are_counted() -> None:
    assert summary(report("s", by_hand=9.0)).distribution[-1] == Bin(9, 9, 1)


def test_a_class_of_nobody() -> None:
    found = summary()
    assert (found.students, found.mean, found.best, found.hardest, found.mistakes) == (0, None, None, (), ())


def test_a_thousand_students_take_no_time() -> None:
    big = whole_class(*(everyone() * 200))
    took = []
    for _ in range(3):
        start = time.perf_counter()
        assert summary_of(big).students == 1000
        took.append(time.perf_counter() - start)
    assert min(took) < 0.2
