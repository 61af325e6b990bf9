"""A class is marked at once, and each of it as if alone: nobody's errors touch anybody else's marks."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from stepwise.checking import Answers, ClassReport, check, check_class
from stepwise.errors import AnswerError

from .evaluating import problem, questions, students, typed
from .test_carried_forward import altered, carried
from .test_mistakes_named import carried as mistaken

NAMES = ("xor-mlp", "softmax-cross-entropy-mlp", "minibatch-softmax-epoch", "svm-pegasos")
SIZE = 60


def mixed_class(name: str) -> list[Answers]:
    """Students with known mistakes and with other errors, who leave quantities and single numbers out."""
    rng = Random(name)
    asked = [one.id for one in questions(name).asked]
    everybody = [*students(mistaken(name, rounded=True), asked, typed=True), *students(carried(name), asked)]
    assert len(everybody) > len(altered(name))
    return [_with_gaps(name, one, rng) for one in rng.sample(everybody, SIZE)]


def _with_gaps(name: str, student: Answers, rng: Random) -> Answers:
    answers = {quantity: answer for quantity, answer in student.values.items() if rng.random() < 0.8}
    for quantity, answer in answers.items():
        if rng.random() < 0.3:
            texts = [text if rng.random() < 0.6 else "" for text in answer.texts.ravel()]
            answers[quantity] = typed(texts, questions(name).quantities[quantity].shape)
    return replace(student, values=answers)


def told(report: ClassReport, number: int) -> list[Any]:
    return [
        (name, one.verdict, one.marks, one.given, one.accepted, one.entries, one.mistakes, one.trivial, one.expected)
        for name, one in report.reports[number].quantities.items()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_each_student_is_marked_as_if_alone(name: str) -> None:
    everybody = mixed_class(name)
    together = check_class(questions(name), everybody)
    for number, student in enumerate(everybody):
        assert told(together, number) == told(check_class(questions(name), [student]), 0), student.student
    verdicts = {one.verdict for report in together.reports for one in report.quantities.values()}
    assert verdicts >= {"right", "follows", "wrong", "missing"}
    assert any(one.mistakes for report in together.reports for one in report.quantities.values())


def test_a_class_is_marked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Large classes are marked some students at a time, and in the order in which they came."""
    everybody = mixed_class("xor-mlp")
    together = check_class(questions("xor-mlp"), everybody)
    monkeypatch.setattr("stepwise.checking.run._TOGETHER", 500)
    parts = check_class(questions("xor-mlp"), everybody)
    assert [one.student for one in parts.reports] == [one.student for one in everybody]
    assert [told(parts, number) for number in range(SIZE)] == [told(together, number) for number in range(SIZE)]


def test_one_student_is_a_class_of_one() -> None:
    student = mixed_class("xor-mlp")[0]
    alone = check(problem("xor-mlp"), student)
    assert told(ClassReport(questions("xor-mlp"), [alone]), 0) == told(check_class(questions("xor-mlp"), [student]), 0)


def test_nobody() -> None:
    assert list(check_class(questions("xor-mlp"), []).reports) == []


# ---- from a program


def test_a_class_is_a_problem_and_students_with_their_answers() -> None:
    two = {"Ada": {"z1": [0.8, -0.3]}, "李明": {"z1": [0.8, 0.3]}, "Bo": {}}
    found = check_class(problem("xor-mlp"), two, ask=["z1"])
    assert [(one.student, one["z1"].verdict, one.marks) for one in found.reports] == [
        ("Ada", "right", 1),
        ("李明", "wrong", 0),
        ("Bo", "missing", 0),
    ]
    everything = check_class(problem("xor-mlp"), two)
    assert [one.of for one in everything.reports] == [check(problem("xor-mlp"), two["Ada"]).of] * 3
    assert told(everything, 1) == told(check_class(questions("xor-mlp"), two), 1)
    student = mixed_class("xor-mlp")[0]
    assert check_class(problem("xor-mlp"), {"Zoe": student}).reports[0].student == "Zoe"
    assert len(check_class(problem("xor-mlp"), iter([student])).reports) == 1


def test_no_answers_are_all_missing() -> None:
    report = check(problem("xor-mlp"), {})
    assert {one.verdict for one in report.quantities.values()} == {"missing"}
    assert report.marks == 0
    assert report.of == len(report.quantities)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (5, "not an int"),
        (None, "not None"),
        ("li-lei.yaml", "not a str"),
        ([{"z1": [0.8, -0.3]}], "not a dict"),
        (["a.yaml"], "not a str"),
        ({"Ada": 5}, "the answers of Ada are given by quantity"),
        ({"Ada": None}, "not as None"),
        ({"Ada": [0.8]}, "not as a list"),
        ({"z1": [0.8, -0.3]}, "the answers of z1 are given by quantity"),
    ],
)
def test_what_is_no_class_is_one_sentence(answers: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        check_class(problem("xor-mlp"), answers)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_problem_is_one_sentence() -> None:
    wrong: Any = "xor-mlp"
    with pytest.raises(TypeError, match="marking takes a problem, such as load_problem"):
        check_class(wrong, {})
    with pytest.raises(TypeError, match="marking takes a problem"):
        check(wrong, {})
    with pytest.raises(AnswerError, match=r"^Ada: answers: no quantity `q1`"):
        check_class(problem("xor-mlp"), {"Ada": {"q1": 3}})
    with pytest.raises(TypeError, match="given by quantity"):
        check(problem("xor-mlp"), 5)  # type: ignore[arg-type]
