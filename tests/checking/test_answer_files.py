"""Answer files: what is read out of them, and one clear message for each that cannot be."""

from __future__ import annotations

import io
import json
import time
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stepwise import load_problem
from stepwise.asking import Questions, questions_of
from stepwise.checking import Answers
from stepwise.checking.reading.answers import answers_from
from stepwise.checking.reading.files import read_answers, read_many
from stepwise.errors import AnswerError, SpecError
from stepwise.problem.load import LARGEST
from stepwise.problem.yamltree import read_yaml
from tests.tooling import ROOT


@cache
def questions(name: str = "xor-mlp") -> Questions:
    """xor-mlp: z1, a1 of two numbers, L one, dW1 2 × 2, dW2 1 × 2, delta2 one number in brackets."""
    return questions_of(load_problem(name))


def texts(answers: Answers) -> dict[str, Any]:
    return {name: answer.texts.tolist() for name, answer in answers.values.items()}


def read(tmp_path: Path, name: str, content: str | bytes, problem: str = "xor-mlp") -> Answers:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    (answers,) = read_answers(path, questions(problem))
    return answers


def complaint(tmp_path: Path, name: str, content: str | bytes, problem: str = "xor-mlp") -> str:
    """The one message about a file, without its folder."""
    with pytest.raises(AnswerError) as caught:
        read(tmp_path, name, content, problem)
    message = str(caught.value).replace(f"{tmp_path}/", "")
    assert message.startswith(name)
    assert "\n" not in message
    assert len(message) < 500
    return message


FULL = """\
problem: xor-mlp
student: 李雷
answers:
  z1: [0.80, -0.3]
  a1: [[0.690], [0.426]]
  L: 21.1%
  dW1:
    - [0.032, 1/3]
    - ["0,036", −0.036]
  dW2: [0.1, ~]
  delta2: 0.148
  db1[2]: 0.5
  a2: ~
"""

# ---- YAML


def test_a_file_is_read_as_it_was_typed(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.yaml", FULL)
    assert (answers.student, answers.source, answers.notes) == ("李雷", str(tmp_path / "a.yaml"), ())
    assert list(answers.values) == ["z1", "a1", "L", "delta2", "dW2", "dW1", "db1"]  # in calculation order
    assert texts(answers) == {
        "z1": [["0.80"], ["-0.3"]],
        "a1": [["0.690"], ["0.426"]],
        "L": [["21.1%"]],
        "delta2": [["0.148"]],
        "dW2": [["0.1", ""]],
        "dW1": [["0.032", "1/3"], ["0,036", "−0.036"]],
        "db1": [[""], ["0.5"]],
    }
    assert answers.values["dW1"].values.tolist() == [[0.032, 1 / 3], [0.036, -0.036]]
    assert answers.values["z1"].halves.tolist() == [[0.005], [0.05]]
    assert np.isnan(answers.values["dW2"].values).tolist() == [[False, True]]
    assert answers.values["L"].values.shape == (1, 1)


@pytest.mark.parametrize("name", ["a.yml", "a.txt", "a.YAML", "answers"])
def test_other_names_of_yaml(tmp_path: Path, name: str) -> None:
    assert texts(read(tmp_path, name, FULL))["L"] == [["21.1%"]]


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("z1: [0.8, -0.3]", [["0.8"], ["-0.3"]]),
        ("z1: [[0.8], [-0.3]]", [["0.8"], ["-0.3"]]),
        ("z1: [[0.8, -0.3]]", [["0.8"], ["-0.3"]]),
        ("z1: '[0.8, -0.3]'", [["0.8"], ["-0.3"]]),
        ("z1: 0.8 -0.3", [["0.8"], ["-0.3"]]),
        ("z1: 0.8,-0.3", [["0.8"], ["-0.3"]]),
        ("z1: 0,8; -0,3", [["0,8"], ["-0,3"]]),
        ("z1: 0,8 -0,3", [["0,8"], ["-0,3"]]),
        ("z1: '[0,8, -0,3]'", [["0,8"], ["-0,3"]]),
        ("z1: [0.8，-0.3]", [["0.8"], ["-0.3"]]),
        ("z1: 【0.8，-0.3】", [["0.8"], ["-0.3"]]),
        ("z1: （0.8，-0.3）", [["0.8"], ["-0.3"]]),
        ("z1: (0.8, -0.3)", [["0.8"], ["-0.3"]]),
        ("z1: [（0.8），（-0.3）]", [["0.8"], ["-0.3"]]),
        ("z1: 0，8；-0，3", [["0,8"], ["-0,3"]]),
        ("z1: 8×10^-1 -3 × 10^{-1}", [["8e-1"], ["-3e-1"]]),
        ("z1: (8×10^-1, -3×10^-1)", [["8e-1"], ["-3e-1"]]),
        ("z1: [0.8, -0.3]，", [["0.8"], ["-0.3"]]),
        ("z1: [0.8, 无]", [["0.8"], [""]]),
        ("L: （0.2）", [["0.2"]]),
        ("dW1: [[1, 2]，[3, 4]]", [["1", "2"], ["3", "4"]]),
        ("dW1: [[1、 2]；[3，4]]", [["1", "2"], ["3", "4"]]),
        ("dW1: [【1， 2】， [3，4】]  # 第一，二行", [["1", "2"], ["3", "4"]]),
        ("dW1: [[1, 2],\n    [3，4]]", [["1", "2"], ["3", "4"]]),
        ("dW1: [['1,5'，\"2,5\"]，[3, 4]]", [["1,5", "2,5"], ["3", "4"]]),
        ("dW1: '(1, 2)，(3, 4)'", [["1", "2"], ["3", "4"]]),
        ("dW1[1，2]: 7", [["", "7"], ["", ""]]),
        ("\u3000\u3000L: 0.2", [["0.2"]]),
        ("z1: 0.8、-0.3", [["0.8"], ["-0.3"]]),
        ("z1: 1 / 3, 50 %", [["1/3"], ["50%"]]),
        ("z1: [0.8, ~]", [["0.8"], [""]]),
        ("z1: [0.8, '?']", [["0.8"], [""]]),
        ("z1[2]: -0.3", [[""], ["-0.3"]]),
        ("z1[2,1]: -0.3", [[""], ["-0.3"]]),
        ("z1: [0.8, ~]\n  z1[2]: -0.3", [["0.8"], ["-0.3"]]),
        ("L: 0.2", [["0.2"]]),
        ("L: [0.2]", [["0.2"]]),
        ("L: [[0.2]]", [["0.2"]]),
        ("L: '[0.2]'", [["0.2"]]),
        ("L: 0,2", [["0,2"]]),
        ("delta2: [0.1]", [["0.1"]]),
        ("delta2[1]: 0.1", [["0.1"]]),
        ("dW1: [[1, 2], [3, 4]]", [["1", "2"], ["3", "4"]]),
        ("dW1: '[[1, 2], [3, 4]]'", [["1", "2"], ["3", "4"]]),
        ("dW1: 1 2; 3 4", [["1", "2"], ["3", "4"]]),
        ("dW1: 1,5 2,5; 3,5 4,5", [["1,5", "2,5"], ["3,5", "4,5"]]),
        ("dW1[1,2]: 7\n  dW1[2, 2]: 8", [["", "7"], ["", "8"]]),
        ("dW2: [1, 2]", [["1", "2"]]),
        ("dW2[2]: 2", [["", "2"]]),
        ("dW2: [[1, 2]]", [["1", "2"]]),
    ],
)
def test_ways_to_write_a_quantity(tmp_path: Path, written: str, wanted: list[list[str]]) -> None:
    (found,) = texts(read(tmp_path, "a.yaml", f"answers:\n  {written}\n")).values()
    assert found == wanted


@pytest.mark.parametrize("blank", ["\u3000", "\u3000\u3000", "\xa0\xa0", " \u3000"])
def test_blanks_of_a_chinese_keyboard_indent_too(tmp_path: Path, blank: str) -> None:
    wanted = {"z1": [["1"], ["2"]], "L": [["0.2"]]}
    assert texts(read(tmp_path, "a.yaml", f"answers:\n{blank}z1: [1, 2]\n{blank}L: 0.2\n")) == wanted
    assert texts(read(tmp_path, "a.yaml", f"answers:\n    z1: [1, 2]\n{blank}L:\xa00.2\n")) == wanted


def test_only_answers_are_freed_of_full_width_signs(tmp_path: Path) -> None:
    written = "student: 李，雷 [二班、三班\nanswers:\n  L: 1\n\n# 备注：[，\ncode: '[1，2]'\n"
    assert read(tmp_path, "a.yaml", written).student == "李，雷 [二班、三班"


@pytest.mark.parametrize("name", ["学生", "学号", "姓名", "Student"])
def test_fields_have_the_names_of_the_form(tmp_path: Path, name: str) -> None:
    answers = read(tmp_path, "a.yaml", f"题目: xor-mlp\n{name}: 李雷\n答案:\n  z1: [1，2]\n")
    assert (answers.student, answers.notes, texts(answers)) == ("李雷", (), {"z1": [["1"], ["2"]]})
    data = json.dumps({"题目": "xor-mlp", name: "李雷", "答案": {"L": 1}})
    assert read(tmp_path, "a.json", data).student == "李雷"
    assert answers_from(json.loads(data), questions()).student == "李雷"


@pytest.mark.parametrize("name", ["code", "Code", "代码", "试卷代码", "题目代码"])
@pytest.mark.parametrize("colon", [": ", "：", "： "])
def test_the_code_of_a_sheet(tmp_path: Path, name: str, colon: str) -> None:
    text = f"学生编号：007\n{name}{colon}XOR-7F3K9QDM-E\n答案：\n  L：1\n"
    answers = read(tmp_path, "a.yaml", text)
    assert (answers.code, answers.student, texts(answers)) == ("XOR-7F3K9QDM-E", "007", {"L": [["1"]]})
    table = "| q | a |\n|---|---|\n| L | 1 |\n"
    assert read(tmp_path, "a.md", f"- **{name}**{colon}`XOR-7F3K9QDM-E`\n\n{table}").code == "XOR-7F3K9QDM-E"
    assert read(tmp_path, "a.csv", f"学号,{name},L\n007,XOR-7F3K9QDM-E,1\n").code == "XOR-7F3K9QDM-E"


def test_other_names_of_the_student_are_kept(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.yaml", "编号：7\n姓名：李雷\n学号：007\n答案：\n  L：1\n")
    assert (answers.student, answers.also) == ("007", ("李雷", "7"))
    answers = read(tmp_path, "a.csv", "姓名,学号,L\n李雷,007,1\n")
    assert (answers.student, answers.also) == ("007", ("李雷",))


def test_a_number_counts_before_a_name(tmp_path: Path) -> None:
    assert read(tmp_path, "a.yaml", "姓名: 李雷\n学号: 007\n答案: {L: 1}\n").student == "007"
    assert read(tmp_path, "a.yaml", "学号: ~\n姓名: 李雷\n答案: {L: 1}\n").student == "李雷"


@pytest.mark.parametrize("written", ["z1: ~", "z1:", "z1: ''", "z1: []", "z1: [~, ~]", "z1: '?'", "z1[1]: ~", "L: '—'"])
def test_an_empty_quantity_is_missing(tmp_path: Path, written: str) -> None:
    assert read(tmp_path, "a.yaml", f"answers:\n  {written}\n").values == {}


def test_iterations_have_their_prefix(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.yaml", "answers: {t2.L: 0.1, W1_new: [[1, 2], [3, 4]]}", "minibatch-softmax-epoch")
    assert list(answers.values) == ["t2.L", "W1_new"]
    message = complaint(tmp_path, "a.yaml", "answers: {L: 0.1}", "minibatch-softmax-epoch")
    assert "in every iteration" in message
    assert "`t1.L` … `t2.L`" in message
    assert "did you mean `t1.L`?" in complaint(tmp_path, "a.csv", "student,t2.L,loss\n", "minibatch-softmax-epoch")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("z1: [0.8]", ("2: z1: one number where 2 numbers belong", "`z1: [~, ~]`")),
        ("z1: 3", ("one number where 2 numbers belong",)),
        ("z1: [0,8, -0,3]", ("4 numbers where 2", "decimal comma", '"0,47"')),
        ("L: [0,2]", ("2 numbers where one number belongs", "decimal comma")),
        ("dW1: [[1, 2]]", ("1 × 2 numbers where 2 × 2 numbers belong", "`dW1: [[~, ~], [~, ~]]`")),
        ("dW1: [1, 2, 3, 4]", ("4 numbers where 2 × 2",)),
        ("dW1: [[1, 2], [3]]", ("row 2 has one number, the first has 2 numbers",)),
        ("dW2: [[1], [2]]", ("2 × 1 numbers where 1 × 2 numbers belong", "transposed", "`dW2: [[~, ~]]`")),
        ("z1: [[[1, 2]]]", ("lists in lists in lists",)),
        ("z1: {1: 2}", ("fields (name: value) stand where a number belongs",)),
        ("z1: don't know", ("is not a number", "-0.47")),
        ("z1: [0.8, x]", ("z1[2]: 'x' is not a number",)),
        ("z1: '[0.8, [0.3]'", ("is no list of numbers",)),
        ("L: 0.5*3", ("is not a number", "result of the calculation")),
        ("L: true", ("'true' is not a number",)),
        ("dW1[3,1]: 1", ("no such entry", "dW1[2,2]")),
        ("z1[0]: 1", ("no such entry", "from 1")),
        ("dW1[1]: 1", ("matrix of 2 × 2", "dW1[1,2]")),
        ("z1[1]: [1, 2]", ("z1[1]: a list stands where one number belongs",)),
        ("dW1: [[1, 2], [3, 4]]\n  dW1[1,1]: 1", ("dW1[1,1] is given twice",)),
        ("z1: [1, 2]\n  z1[1]: 0.9", ("a.yaml:3: z1[1] is given twice",)),
        ("z1[2]: 3\n  z1[2,1]: 4", ("3: z1[2,1]: this is given twice",)),
        ("z1: [1, 2]\n  z1: [1, 2]", ("given twice",)),
        ("Z1: [1, 2]", ("no quantity `Z1`", "did you mean `z1`?")),
        ("delta_1: [1, 2]", ("did you mean `delta1`?",)),
        ("δ1: [1, 2]", ("did you mean `delta1`?",)),
        ("t1.z1: [1, 2]", ("did you mean `z1`?",)),
        ("foo: 1", ("no quantity `foo`", "there are z1, a1")),
        ("h: [1, 2]", ("2: no quantity `h`", "did you mean `a1`, which the page writes as h?")),
        ("y: 0.5", ("2: `y` stands for a given", "did you mean `a2`, which the page writes as y?")),
        ("h_2: 1", ("no quantity `h_2`", "did you mean `a1[2]`, which the page writes as h_2?")),
        ("t: 0", ("`t` is given, not asked",)),
        ("loss: 0.2", ("did you mean `L`?",)),
        ("W1: [[1, 2], [3, 4]]", ("`W1` is given, not asked", "leave it out")),
        ("x: [1, 1]", ("`x` is given, not asked",)),
        ("L: !!python/object:os.system x", ("2: the tag '!!python/object:os.system' is not allowed",)),
        ("L: !!python/object/apply:os.system [x]", ("tag",)),
        ("L: 1\n  7z：[1, 2]", ("a.yaml:3: not valid YAML", "`：`")),
        ("7z：1\n  z1: [1, 2]", ("a.yaml:2: not valid YAML", "`：`")),
        ("dW1: [[1, 2] [3， 4]]", ("a.yaml:2: not valid YAML",)),
        ("L: 1\n  z1: 1，2]: 3: 4", ("a.yaml:3: not valid YAML", "`，`")),
        ("7z：[1, 2]", ("stands where fields belong", "`：`")),
        ("\tL: 1", ("2: not valid YAML",)),
    ],
)
def test_what_does_not_fit_is_one_message_with_its_line(tmp_path: Path, written: str, parts: tuple[str, ...]) -> None:
    message = complaint(tmp_path, "a.yaml", f"answers:\n  {written}\n")
    for part in parts:
        assert part in message
    assert message.startswith("a.yaml:") or "given twice" in message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("problem: xor-mlp\n备注：无\nanswers:\n  L: 1\n", 2),
        ("problem: xor-mlp\n备注：无\n\n# 备注：无\nanswers:\n  L: 1\n", 2),
        ("备注：无\nstudent：李雷\nanswers:\n  L: 1\n", 1),
        ("# 题目：异或\nproblem: xor-mlp\n答 案：\n  L: 1\n", 3),
    ],
)
def test_a_full_width_colon_is_found_in_its_line(tmp_path: Path, text: str, line: int) -> None:
    message = complaint(tmp_path, "a.yaml", text)
    assert message.startswith(f"a.yaml:{line}: ")
    assert "`: `, not `：`" in message


@pytest.mark.parametrize(
    "text",
    [
        "题目：xor-mlp\n学生：李：雷\n答案：\n  z1：[0.8，-0.3]\n  dW1[1，2]：7\n",
        "problem： xor-mlp\nstudent：李：雷\nanswers：\n  z1 ：【0.8，-0.3】\n  dW1[1,2]：\u30007\n",
        "problem: xor-mlp\nstudent：\u3000李：雷\n\n# 备注：无\nAnswers:\n  z1: [0.8,\n    -0.3]\n  dW1[1, 2]： 7\n",
        "姓名：李：雷\n答案： # 备注：无\n\u3000\u3000z1：[0.8，-0.3]  # 第一层：两个数\n  'dW1[1,2]'：7\n",
    ],
)
def test_a_colon_may_be_full_width_behind_a_name(tmp_path: Path, text: str) -> None:
    answers = read(tmp_path, "a.yaml", text)
    assert answers.student == "李：雷"
    assert answers.values["z1"].texts.tolist() == [["0.8"], ["-0.3"]]
    assert answers.values["dW1"].texts.tolist() == [["", "7"], ["", ""]]


def test_a_title_with_a_full_width_colon_is_not_blamed() -> None:
    with pytest.raises(SpecError) as caught:
        read_yaml("title: 异或网络：一步\nlr: 0.5\n  inputs: [1, 1]\n", "p.yaml")
    assert "`：`" not in str(caught.value)
    for text, hint in (("inputs: [[1, 2]，[3, 4]]\n", "`,`, not `，`"), ("a: 1\n\xa0\xa0b: [\n", "ordinary blanks")):
        with pytest.raises(SpecError) as caught:
            read_yaml(text, "p.yaml")
        assert hint in str(caught.value)


def bomb() -> str:
    names = "abcdefghij"
    lines = ["a: &a [" + ", ".join("x" * 10) + "]"]
    lines += [f"{y}: &{y} [" + ", ".join([f"*{x}"] * 10) + "]" for x, y in pairwise(names)]
    return "\n".join(lines)


DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.yaml", "", "the file is empty (`stepwise blank PROBLEM`"),
        ("a.yaml", "# nothing\n", "the file is empty"),
        ("a.yaml", "- 1\n", "an answer file is made of fields"),
        ("a.yaml", "5", "an answer file is made of fields"),
        ("a.yaml", "student: x\n", "there are no answers"),
        ("a.yaml", "answers:\n", "there are no answers"),
        ("a.yaml", "answers: {}\n", "there are no answers"),
        ("a.yaml", "answers: [1, 2]\n", "answers: a list stands where fields belong"),
        ("a.yaml", "answers: {L: 1}\nstudnt: x\n", "2: studnt: unknown field (did you mean `student`?)"),
        ("a.yaml", "answers: {L: 1}\nzzz: x\n", "unknown field (write one of: problem, student, code, answers)"),
        ("a.yaml", "z1: [1, 2]\n", "`z1` stands outside of `answers`"),
        ("a.yaml", "student: [a]\nanswers: {L: 1}\n", "student: a list stands where one text belongs"),
        ("a.yaml", "problem: relu-mlp-rows\nanswers: {L: 1}\n", "answers to relu-mlp-rows, not to xor-mlp"),
        ("a.yaml", "answers: {L: 1}\n---\nanswers: {L: 1}\n", "one file is one student's answers"),
        ("a.yaml", bomb(), "more than 100,000 values"),
        ("a.yaml", "answers: &a [*a]", "contains itself"),
        ("a.yaml", f"answers: {DEEP}", "inside one another"),
        ("a.yaml", "x" * (LARGEST + 1), "larger than 5 MB"),
        ("a.yaml", "answers: {L: 1}\0", "byte 0"),
        ("a.yaml", bytes(range(1, 256)), "not UTF-8"),
        ("a.yaml", "学生: x\n".encode("gbk"), "not UTF-8 (save the file as UTF-8"),
        ("a.yaml", "answers: {L: 1}".encode("utf-16"), "this is UTF-16"),
        ("a.yaml", b"PK\x03\x04rest", "an Office document or a zip archive"),
        ("a.docx", "answers: {L: 1}", ".docx is no ending of an answer file"),
        ("a.md", b"%PDF-1.7", "this is a PDF"),
        ("a.json", "", "the file is empty"),
        ("a.json", "[1]", "an answer file is made of fields"),
        (
            "a.json",
            '[{"student": "a", "answers": {"L": 1}}]',
            "one file is one student's answers, or a .csv with a row",
        ),
        ("a.yaml", "- {student: a, answers: {L: 1}}", "one file is one student's answers, or a .csv with a row"),
        ("a.yaml", "answers: {L: 1}\n答案: {L: 1}\n", "a.yaml:2: 答案: the answers are given twice"),
        ("a.json", "5", "an answer file is made of fields"),
        ("a.json", '{"answers": \n', "not valid JSON"),
        ("a.json", '{"answers": {"L": 1, "L": 2}}', "the field `L` is given twice"),
        ("a.json", '{"answers": {"L": true}}', "'true' is not a number"),
        ("a.json", f'{{"answers": {DEEP}', "inside one another"),
        ("a.json", '{"answers": {"z1": ' + "[" * 60 + "]" * 60 + "}}", "inside one another"),
        ("a.json", '{"answers": {"L": ' + "1" * 5000 + "}}", "too long for a number"),
        ("a.json", '{"answers": {}}', "there are no answers"),
        ("a.md", "", "there is no table"),
        ("a.md", "hello", "there is no table"),
        ("a.md", "| a | b |\n|---|---|\n| foo | 1 |\n", "no table that names a quantity"),
        ("a.md", "| a | b |\n|---|---|\n| L | x |\n", "a.md:3: L: 'x' is not a number"),
        ("a.md", "| a | b |\n|---|---|\n| L | 1 |\n| dW3 | 1 |\n", "a.md:4: no quantity `dW3`"),
        ("a.md", "| a | b |\n|---|---|\n| L | 1 |\n| `L` | 2 |\n", "a.md:4: L: this is given twice"),
        ("a.csv", "", "the file is empty"),
        ("a.csv", "student,L\n", "there are no answers"),
        ("a.csv", "student\nx\n", "no column holds answers"),
        ("a.csv", "student,z9\nx,1\n", "a.csv:1: no quantity `z9`"),
        ("a.csv", "L," * 9000 + "\n1\n", "a.csv:1: 9,001 columns are more than the problem has numbers"),
        (
            "a.csv",
            "student,L,delta_2\nx,1,1\n",
            "a.csv:1: no quantity `delta_2` in this problem (did you mean `delta2`?)",
        ),
        ("a.csv", "student,L,z9\nx,1,1\n", "a.csv:1: no quantity `z9`"),
        ("a.csv", "student,L,h1,h2\nx,1,1,1\n", "did you mean `a1[1]`"),
        ("a.csv", "student,marks,of,L,by_hand\nx,1,1,right,\n", "a.csv:1: this is a table of marks, not of answers"),
        ("a.csv", "student,L,dL/da2\nx,1,1\n", "a.csv:1: no quantity `dL/da2`"),
        ("a.csv", "student,L,z1[3]\nx,1,1\n", "no such entry"),
        ("a.csv", "student,L,W1\nx,1,1\n", "`W1` is given"),
        ("a.csv", "甲,乙\nx,1\n".encode("gbk"), "is not UTF-8 (save the file as UTF-8; in a spreadsheet: CSV UTF-8)"),
        ("a.csv", "student,L\nMüller,1\n".encode("latin-1"), "is not UTF-8"),
        ("a.csv", "student,L\nx\xff,1\n".encode("latin-1"), "is not UTF-8"),
        ("a.csv", "student,L,L\nx,1,1\n", "two columns are called `L`"),
        ("a.csv", "student,x\nx,1\n", "`x` is given, not asked"),
        ("a.csv", "student,L\na,0,47\n", "a.csv:2: 3 values where the header has 2"),
        ("a.csv", 'student,L\n"a,0.4\nb,0.5\n', "a quotation mark is not closed"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_file_gives_one_clear_message_at_once(tmp_path: Path, name: str, content: str | bytes, part: str) -> None:
    start = time.process_time()
    assert part in complaint(tmp_path, name, content)
    assert time.process_time() - start < 2


MANY = 1_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "answers: {z1: '1" + " " * MANY + "x'}"),
        ("a.yaml", "answers: {z1: '1" + "," * MANY + "x'}"),
        ("a.yaml", "answers: {z1: '1" + " ," * MANY + "x'}"),
        ("a.yaml", "answers: {z1: '1" + "[" * MANY + "'}"),
        ("a.yaml", "answers: {z1: '" + "1" * MANY + "'}"),
        ("a.json", '{"answers": {"z1' + " " * MANY + 'x": 1}}'),
        ("a.json", '{"answers": {"z1' + "[" * MANY + '": 1}}'),
        ("a.yaml", "answers: {z1: '1" + "x10^" * MANY + "'}"),
        ("a.yaml", "answers: {z1: '1x10^" + " " * MANY + "x'}"),
        ("a.yaml", "答案: [" + ' "' * MANY + "，"),
        ("a.yaml", "答案: [" + " '，" * MANY),
        ("a.yaml", "答案: " + "（" * MANY),
        ("a.yaml", "答案:\n" + "：\n" * MANY),
        ("a.yaml", "答案:\n" + "\u3000" * MANY + "x"),
        ("a.yaml", "答案:\n" + "\u3000Q: 1\n" * (MANY // 20)),
        ("a.csv", "甲".encode("gbk") * MANY + b",L\nx,\xff\n"),
        ("a.md", ("-" * 990 + "\n") * 1000),
        ("a.md", (" " * 990 + "||\n") * 1000),
        ("a.md", ("*" * 990 + "\n") * 1000),
        ("a.md", ("|" * 990 + "\n") * 1000),
        ("a.csv", "student," + "[" * 100_000 + "\nx,1\n"),
        ("a.csv", "[1," * MANY + "\nx,1\n"),
    ],
    ids=lambda value: f"{value[:16]!r} {len(value)}",
)
def test_a_hostile_file_costs_no_time(tmp_path: Path, name: str, content: str | bytes) -> None:
    start = time.process_time()
    complaint(tmp_path, name, content)
    assert time.process_time() - start < 4


def test_a_problem_file_is_no_answer_file(tmp_path: Path) -> None:
    text = (ROOT / "problems" / "xor-mlp.yaml").read_text(encoding="utf-8")
    assert "this is a problem file" in complaint(tmp_path, "a.yaml", text)


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name, part in (("none.yaml", "no such file"), ("folder.yaml", "a directory"), ("a\0b.yaml", "cannot be read")):
        with pytest.raises(AnswerError, match=part):
            read_answers(str(tmp_path / name), questions())


@pytest.mark.parametrize("name", ["xor-mlp", "XOR_MLP", "xor mlp", "xor-mlp.yaml", "problems/xor-mlp.yaml", "~"])
def test_the_problem_may_be_named_in_any_way(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, "a.yaml", f"problem: {name}\nanswers: {{L: 1}}\n").notes == ()


def test_the_problem_may_be_named_by_its_title(tmp_path: Path) -> None:
    title = questions().problem.title["zh"]
    assert read(tmp_path, "a.yaml", f"problem: {title}\nanswers: {{L: 1}}\n").notes == ()


def test_an_unknown_name_of_the_problem_is_noted(tmp_path: Path) -> None:
    (note,) = read(tmp_path, "a.yaml", "problem: homework 3\nanswers: {L: 1}\n").notes
    assert "homework 3" in note
    assert "xor-mlp" in note


@pytest.mark.parametrize(("written", "name"), [("2023017", "2023017"), ("007", "007"), ("~", ""), ("Žofie", "Žofie")])
def test_a_student_is_a_text(tmp_path: Path, written: str, name: str) -> None:
    assert read(tmp_path, "a.yaml", f"student: {written}\nanswers: {{L: 1}}\n").student == name


# ---- JSON and streams


def test_json_keeps_the_digits_as_typed(tmp_path: Path) -> None:
    text = (
        '{"student": 7, "problem": null, "answers": {"L": 0.210, "z1": [0.80, -3e-1], "dW2": [[1, "1/3"]], "a2": null}}'
    )
    answers = read(tmp_path, "a.json", text)
    assert answers.student == "7"
    assert texts(answers) == {"z1": [["0.80"], ["-3e-1"]], "L": [["0.210"]], "dW2": [["1", "1/3"]]}
    assert answers.values["L"].halves.tolist() == [[0.0005]]


def test_nan_in_json_is_no_finite_number(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.json", '{"answers": {"z1": [NaN, -Infinity]}}')
    assert answers.values["z1"].values.tolist() == [[np.inf], [-np.inf]]


@pytest.mark.parametrize("text", [FULL, json.dumps({"answers": {"L": "21.1%"}})])
def test_a_stream_holds_yaml_or_json(text: str) -> None:
    (answers,) = read_answers(io.BytesIO(text.encode()), questions())
    assert texts(answers)["L"] == [["21.1%"]]
    with pytest.raises(AnswerError, match="standard input: the file is empty"):
        read_answers(io.BytesIO(b""), questions())


# ---- Markdown

MARKDOWN = r"""# Homework

**Problem:** `xor-mlp`

- **学生：** 李雷

| Quantity | What it is | Answer |
|:---|---|---:|
| `z1` | pre-activation; `z1 = W1 x` | [0.8, −0.3] |
| **L** | loss \| cost | $0.211$ |
| dW1 | gradient | [[1, 2], [3, 4]] |
| W1\_new | weights | 1 2<br>3 4 |
| db1[1] | one entry | 0.5 |
| a2 | not done | ? |
| delta1 | not done | [?, ?] |

| some | other |
|---|---|
| table | here |
"""


def test_a_filled_in_markdown_table(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.md", MARKDOWN)
    assert (answers.student, answers.notes) == ("李雷", ())
    assert texts(answers) == {
        "z1": [["0.8"], ["-0.3"]],
        "L": [["0.211"]],
        "dW1": [["1", "2"], ["3", "4"]],
        "db1": [["0.5"], [""]],
        "W1_new": [["1", "2"], ["3", "4"]],
    }


def test_a_table_without_outer_bars(tmp_path: Path) -> None:
    answers = read(tmp_path, "a.md", "student: s1\n\n量 | 答案\n---|---\nL | 0.2\nz1 | 1 2\n")
    assert answers.student == "s1"
    assert texts(answers) == {"z1": [["1"], ["2"]], "L": [["0.2"]]}


@pytest.mark.parametrize(
    "line",
    [
        "**学生：** ____安娜____",
        "学生：________安娜",
        "**学生：** 安娜________",
        "学生: ``安娜``",
        "- 学生：\\_\\_安娜",
    ],
)
def test_the_blank_of_the_form_is_no_part_of_a_name(tmp_path: Path, line: str) -> None:
    assert read(tmp_path, "a.md", f"{line}\n\n| a | b |\n|---|---|\n| L | 1 |\n").student == "安娜"


def test_a_table_names_its_problem(tmp_path: Path) -> None:
    message = complaint(tmp_path, "a.md", "题目：relu-mlp-rows\n\n| a | b |\n|---|---|\n| L | 1 |\n")
    assert "a.md:1: these are answers to relu-mlp-rows" in message


# ---- CSV


def of_class(tmp_path: Path, text: str) -> tuple[list[Answers], list[str]]:
    path = tmp_path / "class.csv"
    path.write_text(text, encoding="utf-8")
    answers, unreadable = read_many([path], questions())
    return answers, [f"{one.source.removeprefix(f'{tmp_path}/')}|{one.message}" for one in unreadable]


def test_a_class_has_one_row_a_student(tmp_path: Path) -> None:
    head = '\ufeffstudent,z1[1],z1[2],L,"dW1[1,2]"\r\n'
    answers, unreadable = of_class(tmp_path, head + 's1,0.80,-0.3,21%,1/3\r\n"李, 雷",,,,\r\n\r\ns3,"0,8",−.3,?,\r\n')
    assert unreadable == []
    assert [one.student for one in answers] == ["s1", "李, 雷", "s3"]
    assert [one.source.removeprefix(f"{tmp_path}/") for one in answers] == [
        "class.csv line 2", "class.csv line 3", "class.csv line 5",
    ]  # fmt: skip
    assert [texts(one) for one in answers] == [
        {"z1": [["0.80"], ["-0.3"]], "L": [["21%"]], "dW1": [["", "1/3"], ["", ""]]},
        {},
        {"z1": [["0,8"], ["−.3"]]},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "学号;姓名;z1;L;dW1[1,1]\n7;李雷;0,8 -0,3;0,21;1\n",
        "name\tstudent\tz1\tL\tdW1[1,1]\n李雷\t7\t[0,8; -0,3]\t0,21\t1\n",
        "student,z1[1],z1[2],L,dW1[1,1]\n7,0.8,-0.3,0.21,1\n",
    ],
)
def test_semicolons_tabs_and_unquoted_entries(tmp_path: Path, text: str) -> None:
    (answers,), unreadable = of_class(tmp_path, text)
    assert (answers.student, unreadable) == ("7", [])
    found = {name: answer.values.tolist() for name, answer in answers.values.items() if name != "dW1"}
    assert found == {"z1": [[0.8], [-0.3]], "L": [[0.21]]}
    assert answers.values["dW1"].values[0, 0] == 1


def test_other_columns_are_passed_over_with_one_note(tmp_path: Path) -> None:
    answers, unreadable = of_class(tmp_path, "学号,班级,email,L,z1\n7,三班,a@b.cn,0.2,1 2\n8,三班,,0.3,3 4\n")
    assert unreadable == []
    assert [(one.student, one.values["L"].texts[0, 0]) for one in answers] == [("7", "0.2"), ("8", "0.3")]
    assert [len(one.notes) for one in answers] == [1, 0]
    assert "班级, email" in answers[0].notes[0]
    (nameless,), _ = of_class(tmp_path, "Who,L\n7,0.2\n")
    assert "`student`" in nameless.notes[0]


@pytest.mark.parametrize("name", ["李雷", "李喆", "欧阳堃", "Anna"])
def test_a_table_of_excel_in_china_is_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "class.csv"
    path.write_bytes(f"学号,姓名,L\n7,{name},0.2\n8,李雷,0,3\n".encode("gb18030"))
    (answers,), unreadable = read_many([path], questions())
    assert (answers.student, texts(answers), len(unreadable)) == ("7", {"L": [["0.2"]]}, 1)
    assert "GBK" in answers.notes[0]
    path.write_bytes(f"姓名,L\n{name},0.2\n".encode("gb18030"))
    (answers,), _ = read_many([path], questions())
    assert answers.student == name


def test_a_bad_row_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    answers, unreadable = of_class(tmp_path, "student,L\ns1,0.1\ns2,abc\ns3,0.3\ns4,1,2\n")
    assert [one.student for one in answers] == ["s1", "s3"]
    assert [line.split(" (")[0].replace(f"{tmp_path}/", "") for line in unreadable] == [
        "class.csv line 3|class.csv:3: L: 'abc' is not a number",
        "class.csv line 5|class.csv:5: 3 values where the header has 2",
    ]


# ---- many files


def test_many_files_in_natural_order_and_bad_ones_skipped(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        (tmp_path / f"s{number}.yaml").write_text(f"student: s{number}\nanswers: {{L: {number}}}\n", encoding="utf-8")
    (tmp_path / "s3.yaml").write_text("answers: {L: x}\n", encoding="utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "s4.json").write_text('{"student": "s4", "answers": {"L": 4}}', encoding="utf-8")
    for ignored in ("notes.docx", ".hidden.yaml", "picture.png"):
        (tmp_path / ignored).write_text("x", encoding="utf-8")
    heard: list[tuple[int, int]] = []
    answers, unreadable = read_many([tmp_path], questions(), lambda done, of: heard.append((done, of)))
    assert [one.student for one in answers] == ["s4", "s1", "s2", "s10"]
    assert [Path(one.source).name for one in unreadable] == ["s3.yaml"]
    assert "'x' is not a number" in unreadable[0].message
    assert heard == [(number, 5) for number in range(1, 6)]


def test_patterns_are_expanded_and_every_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a1", "a2", "b1"):
        Path(f"{name}.yaml").write_text(f"student: {name}\nanswers: {{L: 1}}\n", encoding="utf-8")
    answers, unreadable = read_many(["a?.yaml", "a1.yaml", str(tmp_path / "[b]*.yaml")], questions())
    assert [one.student for one in answers] == ["b1", "a1", "a2"]
    assert unreadable == []


def test_names_that_fit_nothing_are_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    names = [str(tmp_path / name) for name in ("empty", "*.yaml", "none.yaml", "a\0b")]
    answers, unreadable = read_many(names, questions())
    assert answers == []
    messages = " ".join(one.message for one in unreadable)
    for part in ("no answer file is in this folder", "no file fits this pattern", "there is no such file", "read"):
        assert part in messages
    assert len(unreadable) == len(names)


def test_the_problem_beside_its_answers_is_passed_over(tmp_path: Path) -> None:
    problem = tmp_path / "mine.yaml"
    problem.write_text((ROOT / "problems" / "xor-mlp.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "s1.yaml").write_text("problem: mine\nanswers: {L: 1}\n", encoding="utf-8")
    answers, unreadable = read_many([tmp_path], questions_of(load_problem(problem)))
    assert (len(answers), unreadable) == (1, [])


# ---- out of a program


def test_numbers_lists_and_arrays_of_a_program() -> None:
    given = {
        "z1": np.array([0.8, -0.3]),
        "a1": np.array([[0.69], [0.426]]),
        "L": np.float64(0.25),
        "dW1": [[1, 2.5], (3, "1/3")],
        "dW2": [None, Fraction(1, 3)],
        "delta2": 0.125,
        "a2": None,
    }
    answers = answers_from(given, questions(), "me")
    assert answers.student == "me"
    assert texts(answers) == {
        "z1": [["0.8"], ["-0.3"]],
        "a1": [["0.69"], ["0.426"]],
        "L": [["0.25"]],
        "delta2": [["0.125"]],
        "dW2": [["", "1/3"]],
        "dW1": [["1", "2.5"], ["3", "1/3"]],
    }


def test_the_data_of_an_answer_file_is_taken_too() -> None:
    answers = answers_from({"student": 5, "problem": "xor-mlp", "answers": {"L": 0.5}}, questions())
    assert (answers.student, texts(answers)) == ("5", {"L": [["0.5"]]})


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({}, "no answers"),
        ({"z1": "x"}, "not a number"),
        ({"z1": np.zeros((3, 3, 3))}, "lists in lists"),
        ({"z1": np.zeros(3)}, "3 numbers where 2 numbers belong"),
        ({"L": True}, "'true' is not a number"),
        ({"L": 1 + 2j}, "not a number"),
        ({"nope": 1}, "no quantity `nope`"),
        (3, "by quantity"),
    ],
)
def test_what_a_program_passes_wrongly_is_an_answer_error(given: Any, part: str) -> None:
    with pytest.raises(AnswerError) as caught:
        answers_from(given, questions())
    assert part in str(caught.value)


def test_a_list_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(AnswerError, match="inside one another"):
        answers_from({"z1": endless}, questions())


def test_a_large_class_is_read_quickly(tmp_path: Path) -> None:
    names = [f"{one.id}[{row},{column}]" for one in questions().asked for row in (1, 2)[: one.shape[0]]
             for column in (1, 2)[: one.shape[1]]]  # fmt: skip
    rows = [";".join([f"s{student}", *(f"{student % 97}.{place:03}" for place in range(len(names)))])
            for student in range(1000)]  # fmt: skip
    path = tmp_path / "class.csv"
    path.write_text("\n".join([";".join(["student", *names]), *rows]), encoding="utf-8")
    start = time.process_time()
    assert len(read_answers(path, questions())) == 1000
    assert time.process_time() - start < 3


def test_a_thousand_files_are_read_quickly(tmp_path: Path) -> None:
    for student in range(1000):
        (tmp_path / f"{student}.yaml").write_text(FULL.replace("李雷", f"李雷{student}"), encoding="utf-8")
    start = time.process_time()
    answers, unreadable = read_many([tmp_path], questions())
    assert (len(answers), unreadable) == (1000, [])
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "text",
    [
        "学号，delta1[1]，L\n007，0.5，1\n",
        "学号，delta1[1],L\n007，0.5,1\n",
    ],
)
def test_a_class_may_be_typed_with_the_commas_of_a_chinese_keyboard(tmp_path: Path, text: str) -> None:
    (found,), unreadable = of_class(tmp_path, text)
    assert unreadable == []
    assert found.student == "007"
    assert [str(Fraction(one)) for one in np.ravel(texts(found)["delta1"]) if one] == ["1/2"]
