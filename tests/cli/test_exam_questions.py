"""One question of an exam: solved, given a form, marked."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepwise import load_problem, solve
from stepwise.asking import questions_of
from tests.cli.running import complaint_of, run_here

# question 3 sets the problem of question 1 once more, with other numbers to draw from
EXAM = """title: {en: Practice exam, zh: 模拟考试}
questions:
  - {problem: xor-mlp, marks: 10, ask: [z1, a1, L]}
  - {problem: svm-pegasos, marks: 3}
  - {problem: xor-mlp, marks: 1, ask: [L, z1, a1, z2], vary: {inputs: {choices: [2, 3, 4]}}}
language: en
"""
SEED = "5"
WORTH = {"1": 10.0, "3": 1.0}
"""The marks of the questions on xor-mlp."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    (tmp_path / "r.csv").write_text("学号,姓名\ns1,李雷\ns2,韩梅梅\n", encoding="utf-8")
    for form in ("md", "yaml"):
        run = ("sheet", "exam.yaml", "--roster", "r.csv", "--seed", SEED, "--each", "--format", form, "-o", form, "-q")
        assert run_here(*run, folder=tmp_path)[0] == 0
    return tmp_path


def codes(folder: Path, number: str) -> dict[str, str]:
    """The codes that stand on the papers, by the student's id."""
    text = (folder / "md" / "variants.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row["code"].split()[int(number) - 1] for row in csv.DictReader(text.splitlines())}


def right_answers(folder: Path, code: str) -> dict[str, Any]:
    """From the problem file that the exam was written as, in which the numbers stand."""
    for path in (folder / "yaml").glob("*.yaml"):
        problem = load_problem(path)
        if problem.document["code"] == code:
            trace = solve(problem)
            asked = (one for one in questions_of(problem, ["z1", "a1", "z2", "L"]).asked)
            return {one.id: json.loads(json.dumps(one.edge(trace.quantity(one.id).value))) for one in asked}
    raise AssertionError(code)


def hand_in(folder: Path, number: str, *, with_code: bool) -> list[str]:
    """The answers of both students, as files."""
    for student, code in codes(folder, number).items():
        fields = {"student": student, "answers": right_answers(folder, code)} | ({"code": code} if with_code else {})
        (folder / f"{student}.yaml").write_text(yaml.safe_dump(fields), encoding="utf-8")
    return ["s1.yaml", "s2.yaml"]


def check(folder: Path, number: str, *arguments: str) -> tuple[int, dict[str, Any], str]:
    run = ("check", "exam.yaml", "--question", number, *arguments, "--format", "json")
    status, out, err = run_here(*run, folder=folder)
    return status, json.loads(out) if out else {}, err


def test_the_papers_of_a_student_have_different_numbers(folder: Path) -> None:
    first, last = codes(folder, "1"), codes(folder, "3")
    assert len({*first.values(), *last.values()}) == 4


@pytest.mark.parametrize("number", ["1", "3"])
@pytest.mark.parametrize(
    ("with_code", "more"),
    [
        (True, ()),
        (True, ("--roster", "r.csv", "--seed", SEED)),
        (False, ("--roster", "r.csv", "--seed", SEED)),
        (False, ("--roster", "md/variants.csv")),
        (False, ("--roster", "yaml/variants.csv")),
    ],
)
def test_a_question_is_marked(number: str, with_code: bool, more: tuple[str, ...], folder: Path) -> None:
    files = hand_in(folder, number, with_code=with_code)
    status, found, err = check(folder, number, *files, *more)
    assert (status, err) == (0, "")
    assert {one["student"]: one["code"] for one in found["students"]} == codes(folder, number)
    # as a whole worth what the exam says
    for one in found["students"]:
        assert one["marks"] == one["of"] == pytest.approx(WORTH[number])


def test_the_answers_to_one_question_are_none_to_another(folder: Path) -> None:
    files = hand_in(folder, "3", with_code=True)
    status, _, err = check(folder, "1", *files)
    assert status == 2
    assert "or an exam's own `vary` (`--question`) was not what it is now" in err
    files = hand_in(folder, "3", with_code=False)
    status, found, _ = check(folder, "1", *files, "--roster", "md/variants.csv")
    assert status == 1
    assert all(one["marks"] < WORTH["1"] for one in found["students"])


def test_what_counts_keeps_its_marks(folder: Path) -> None:
    files = hand_in(folder, "1", with_code=True)
    _, found, _ = check(folder, "1", *files, "--ask", "z1", "L")
    # 10 marks for z1, a1 and L: two of the three are left
    assert [one["of"] for one in found["students"]] == [pytest.approx(20 / 3)] * 2


def test_one_code_for_all(folder: Path) -> None:
    hand_in(folder, "3", with_code=False)
    status, found, err = check(folder, "3", "s2.yaml", "--code", codes(folder, "3")["s2"])
    assert (status, err, found["students"][0]["marks"]) == (0, "", pytest.approx(1))


def test_answers_without_a_code_have_no_numbers(folder: Path) -> None:
    """Nobody has the numbers of the problem file."""
    files = hand_in(folder, "1", with_code=False)
    status, _, err = check(folder, "1", *files)
    assert status == 2
    assert "error: s1.yaml: there is no code in it, and every paper has other numbers" in err


def test_the_exam_among_the_answers_is_no_answer_file(folder: Path) -> None:
    hand_in(folder, "1", with_code=True)
    for form in ("md", "yaml"):
        shutil.rmtree(folder / form)
    status, found, err = check(folder, "1", ".", "--roster", "r.csv", "--seed", SEED)
    assert (status, err, len(found["students"])) == (0, "", 2)


def test_a_question_is_solved_with_the_numbers_of_its_code(folder: Path) -> None:
    code = codes(folder, "3")["s1"]
    run = ("solve", "exam.yaml", "--question", "3", "--code", code, "--format", "json")
    status, out, err = run_here(*run, folder=folder)
    assert (status, err) == (0, "")
    path = next(path for path in (folder / "yaml").glob("*.yaml") if load_problem(path).document["code"] == code)
    of_paper = run_here("solve", str(path), "--format", "json", folder=folder)[1]
    assert json.loads(out)["quantities"] == json.loads(of_paper)["quantities"]
    # without --question the exam's own numbers to draw from are unknown
    assert "--question" in complaint_of(["solve", "xor-mlp", "--code", code], folder=folder)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["solve", "exam.yaml"], "name one question: --question 1 …, or write the papers with `stepwise sheet`"),
        (["blank", "exam.yaml"], "name one question: --question 1 …"),
        (["check", "exam.yaml", "a.yaml"], "name one question: --question 1 …"),
        (["solve", "exam.yaml", "--question", "0"], "--question"),
        (["solve", "exam.yaml", "--question", "4"], "exam.yaml has 3 questions, and no question 4"),
        (["solve", "xor-mlp", "--question", "1"], "xor-mlp is one problem, not an exam"),
        (["solve", "none.yaml", "--question", "1"], "none.yaml"),
        (["check", "exam.yaml", "a.yaml", "--question", "1", "--vary", "inputs: any"], "has its own `vary`"),
        (["blank", "exam.yaml", "--question", "1", "--code", "XOR-7F3K9QDM-E", "--vary", "a: b"], "its own `vary`"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    (tmp_path / "a.yaml").write_text("answers: {L: 1}\n", encoding="utf-8")
    assert said in complaint_of(arguments, folder=tmp_path)
