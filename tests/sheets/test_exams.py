"""Exam files: what is read, and that everything wrong is told at once, each with its line."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from stepwise.errors import SpecError
from stepwise.sheets.exams import MOST_QUESTIONS, is_exam, read_exam
from stepwise.sheets.series import Series

OWN = """title: {en: Mine, zh: 我的题}
architecture: {layers: [{units: 1, activation: sigmoid}], loss: mse}
weights: [[0.5, -0.25]]
biases: [0.1]
inputs: [1, 2]
labels: 1
lr: 0.5
"""
EXAM = """title: {en: Practice exam, zh: 模拟考试}
questions:
  - {problem: xor-mlp, marks: 10}
  - {problem: mine.yaml, marks: 1/2, vary: {inputs: {choices: [-2, -1, 1, 2]}}, ask: [z1, a1]}
language: zh
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(OWN, encoding="utf-8")
    return tmp_path


def exam(folder: Path, text: str) -> Path:
    path = folder / "exam.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def complaints(folder: Path, text: str) -> list[str]:
    """`line: path: message (hint)` of every fault."""
    path = exam(folder, text)
    with pytest.raises(SpecError) as error:
        read_exam(path)
    return [line.removeprefix(f"{path}:") for line in str(error.value).splitlines()]


def test_the_questions_of_an_exam(folder: Path) -> None:
    found = read_exam(exam(folder, EXAM))
    assert found.name == "exam"
    assert found.title == {"en": "Practice exam", "zh": "模拟考试"}
    assert found.languages == ("zh",)
    first, second = found.questions
    assert (first.problem.name, first.marks, first.vary, first.ask) == ("xor-mlp", 10, None, ())
    assert (second.problem.name, second.marks, second.ask) == ("mine", 0.5, ("z1", "a1"))
    assert second.vary == {"inputs": {"choices": [-2, -1, 1, 2]}}


def test_a_paper_has_a_variant_of_each_question_and_its_marks(folder: Path) -> None:
    series = Series(read_exam(exam(folder, EXAM)))
    (paper,) = series.papers(list(series.tickets("1", 1)))
    assert [one.code.split("-")[0] for one in paper.variants] == ["XOR", "MINE"]
    assert [one.marks for one in paper.variants] == pytest.approx([10, 0.5])
    assert set(paper.variants[1].problem.document["inputs"]) <= {-2, -1, 1, 2}
    assert [one.id for one in paper.variants[1].asked] == ["z1", "a1"]


def test_an_exam_travels_to_another_process_as_it_is(folder: Path) -> None:
    here = Series(read_exam(exam(folder, EXAM)))
    there = Series(pickle.loads(pickle.dumps(here.assignment)))
    tickets = list(here.tickets("5", 3))
    assert list(there.tickets("5", 3)) == tickets
    documents = [
        [dict(one.problem.document) for paper in series.papers(tickets) for one in paper.variants]
        for series in (here, there)
    ]
    assert documents[0] == documents[1]


def test_a_fault_of_a_named_problem_travels_too(folder: Path) -> None:
    path = exam(folder, "questions: [{problem: nothing.yaml}]")
    with pytest.raises(SpecError) as error:
        read_exam(path)
    copy = pickle.loads(pickle.dumps(error.value))
    assert (str(copy), copy.faults, copy.source) == (str(error.value), error.value.faults, error.value.source)


@pytest.mark.parametrize(
    ("head", "languages"),
    [
        ("title: {zh: 模拟考试}\n", ("zh",)),
        ("title: {en: Exam, zh: 模拟考试}\n", ("en",)),
        ("title: Exam\n", ("en",)),
        ("title: Exam\nlanguage: en+zh\n", ("en", "zh")),
        ("", ("en",)),
    ],
)
def test_the_language_of_an_exam(head: str, languages: tuple[str, ...], folder: Path) -> None:
    assert read_exam(exam(folder, f"{head}questions: [{{problem: mine.yaml}}]\n")).languages == languages


def test_without_a_title_the_file_names_the_exam(folder: Path) -> None:
    assert read_exam(exam(folder, "questions: [{problem: xor-mlp}]")).title == {"": "exam"}


def test_a_problem_beside_the_exam_comes_before_one_that_ships(folder: Path) -> None:
    (folder / "xor-mlp").write_text(OWN, encoding="utf-8")
    found = read_exam(exam(folder, "questions: [{problem: xor-mlp}]"))
    assert found.questions[0].problem.title["en"] == "Mine"


def test_everything_wrong_is_told_at_once_with_its_line(folder: Path) -> None:
    (folder / "bad.yaml").write_text("inputs: [1]\nweihts: [[1]]\nlabels: [a b]\n", encoding="utf-8")
    text = """tilte: x
questions:
  - {problem: xor-mpl, mark: 10}
  - {problem: mine.yaml, marks: -1, vary: {inputs: {choises: [1]}}}
  - {problem: xor-mlp, ask: [z9]}
  - {problem: bad.yaml, marks: many}
  - {problem: exam.yaml}
  - {problem: step-xor-network, marks: 0}
  - {marks: 3}
language: fr
"""
    found = complaints(folder, text)
    for start, said in [
        ("1: tilte: ", "did you mean `title`?"),
        ("3: questions[1].mark: ", "did you mean `marks`?"),
        ("3: questions[1].problem: ", "did you mean `xor-mlp`?"),
        ("4: questions[2].marks: ", "above 0"),
        ("4: questions[2].vary.inputs.choises: ", "did you mean `choices`?"),
        ("5: questions[3].ask: ", "no quantity `z9` in xor-mlp"),
        ("6: questions[4].marks: ", "'many' is not a number"),
        ("6: questions[4].problem: ", "bad.yaml:2: weihts: unknown field (did you mean `weights`?)"),
        ("6: questions[4].problem: ", "bad.yaml:3: labels"),
        ("7: questions[5].problem: ", "exam.yaml is an exam, not a problem"),
        ("8: questions[6].marks: ", "0 marks"),
        ("9: questions[7].problem: missing field", "name of a shipped problem"),
        ("10: language: ", "'fr' is not known"),
    ]:
        assert any(line.startswith(start) and said in line for line in found), (start, found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("- {problem: xor-mlp}\n", "an exam file is made of fields"),
        ("questions: []\n", "the list is empty"),
        ("questions: xor-mlp\n", "questions"),
        ("questions: {problem: xor-mlp}\n", "questions"),
        ("questions: [xor-mlp]\n", "questions[1]: 'xor-mlp' stands where"),
        ("title: x\n", "questions: missing field"),
        (f"questions: [{', '.join(['{problem: xor-mlp}'] * (MOST_QUESTIONS + 1))}]\n", "write at most 50"),
        (f"questions: [{', '.join(['{problem: x, marks: 6e400}'] * 2003)}]\n", "write at most 50"),
        ("questions: [{problem: xor-mlp, ask: z1}]\n", "ask"),
        ("questions: [{problem: [1]}]\n", "problem"),
        ("questions: [{problem: parity-3-separability}]\n", "questions[1].problem"),
        ("questions: &q [{problem: xor-mlp}]\nquestions: *q\n", "questions"),
    ],
)
def test_what_is_no_exam_is_said(text: str, said: str, folder: Path) -> None:
    assert any(said in line for line in complaints(folder, text)), complaints(folder, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (EXAM, True),
        ('{"questions": [{"problem": "xor-mlp"}]}', True),
        ("question: [{problem: xor-mlp}]", True),
        (OWN, False),
        (f"{OWN}questions: []\n", False),
        ("questions", False),
        ("", False),
        ("a: [", False),
    ],
)
def test_an_exam_is_known_by_its_questions(text: str, expected: bool, folder: Path) -> None:
    assert is_exam(exam(folder, text)) is expected


def test_what_is_no_file_is_no_exam(tmp_path: Path) -> None:
    assert not is_exam(tmp_path)
    assert not is_exam("xor-mlp")
    assert not is_exam("a\0b")
