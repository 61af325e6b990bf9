"""stepwise blank"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

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
        (["xor-mpl"], "did you mean `xor-mlp`?"),
    ],
)
def test_what_cannot_be_done_is_said(arguments: list[str], part: str) -> None:
    assert part in complaint_of(["blank", *arguments])
