"""stepwise blank"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from stepwise import load_problem
from stepwise.sheets.series import draw
from tests.cli.running import complaint_of, output_of, run, run_here


def test_the_form_goes_to_standard_output_or_a_file(tmp_path: Path) -> None:
    text = output_of("blank", "xor-mlp")
    assert yaml.safe_load(text)["answers"]["dW1"] == [[None, None], [None, None]]
    done = run("blank", "xor-mlp", "-o", "form.yaml", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "form.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("arguments", [["z1", "exp1", "back1"], ["z1,exp1", "back1"]])
def test_the_quantities_can_be_chosen(arguments: list[str]) -> None:
    form = yaml.safe_load(output_of("blank", "xor-mlp", "--ask", *arguments))
    assert list(form["answers"]) == ["exp1", "z1", "back1"] or list(form["answers"]) == ["z1", "exp1", "back1"]


def test_a_problem_of_ones_own_and_from_standard_input(tmp_path: Path) -> None:
    output_of("new", str(tmp_path / "mine"))
    assert yaml.safe_load(output_of("blank", str(tmp_path / "mine.yaml")))["problem"] == "mine"
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    code, out, _ = run_here("blank", "-", "--format", "csv", stdin=text)
    assert (code, out[:8]) == (0, "student,")


def test_a_table_for_a_class_is_marked_as_utf_8_for_spreadsheets(tmp_path: Path) -> None:
    assert output_of("blank", "xor-mlp", "--format", "csv").startswith("student,z1[1],z1[2]")
    output_of("blank", "xor-mlp", "--format", "csv", "-o", str(tmp_path / "class.csv"))
    assert (tmp_path / "class.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")


CODE = draw(load_problem("xor-mlp"))[0].code


def test_a_form_for_a_sheet_has_its_code(tmp_path: Path) -> None:
    arguments = ("blank", "xor-mlp", "--ask", "z1", "--code", CODE.lower())
    form = yaml.safe_load(output_of(*arguments))
    assert form == {"problem": "xor-mlp", "code": CODE, "student": None, "answers": {"z1": [None, None]}}
    assert json.loads(output_of(*arguments, "--format", "json")) == form
    assert f"**Code:** `{CODE}`\n" in output_of(*arguments, "--format", "md")
    assert f"**试卷代码：** `{CODE}`\n" in output_of(*arguments, "--format", "md", "--lang", "zh")
    assert output_of(*arguments, "--format", "csv") == "student,code,z1[1],z1[2]\n"
    assert "code" not in yaml.safe_load(output_of(*arguments[:-2]))
    output_of("sheet", "xor-mlp", "-q", "--format", "yaml", "-o", str(tmp_path / "v.yaml"))
    assert yaml.safe_load(output_of("blank", str(tmp_path / "v.yaml")))["code"] == CODE


def test_a_form_for_a_question_of_an_exam_has_a_place_for_its_code() -> None:
    arguments = ("blank", "practice-exam", "--question", "3")
    form = yaml.safe_load(output_of(*arguments))
    assert list(form) == ["problem", "code", "student", "answers"]
    assert (form["problem"], form["code"]) == ("svm-hinge-subgradient", None)
    assert list(form["answers"]) == ["score", "margin", "hinge", "dw", "w_new"]
    assert json.loads(output_of(*arguments, "--format", "json")) == form
    assert "**Code:** ________\n" in output_of(*arguments, "--format", "md", "--lang", "en")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["xor-mlp", "--ask", "dW11"], "did you mean `dW1`?"),
        (["xor-mlp", "--ask", "W1"], "given"),
        (["xor-mlp", "z1"], "--ask"),
        (["xor-mlp", "--format", "pdf"], "yaml, md, csv, json"),
        (["xor-mlp", "--lang", "fr"], "no language 'fr'"),
        (["xor-separability"], "proof"),
        (["batch-softmax-shapes"], "shapes"),
        (["letters-network"], "letters"),
        (["practice-exam"], "name one question: --question 1 …"),
        (["practice-exam", "--question", "4"], "has 3 questions, and no question 4"),
        (["xor-mlp", "--question", "1"], "is one problem, not an exam"),
        (["xor-mlp", "--vary", "inputs: any"], "give --code, too"),
        (["xor-mlp", "--code", CODE, "--vary", "inputs: any"], "another state"),
        (["xor-mpl"], "did you mean `xor-mlp`?"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], part: str) -> None:
    assert part in complaint_of(["blank", *arguments])
