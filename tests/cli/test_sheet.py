"""stepwise sheet: one document or a file a paper, what is said of the search, options that do not go together."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepwise import load_problem, solve
from stepwise.asking import questions_of
from stepwise.sheets.by_code import coded
from stepwise.sheets.series import Assignment, Question, Series
from tests.cli.running import complaint_of, invoke, run, run_here
from tests.sheets.drawn import VARY
from tests.tooling import ROOT

ROSTER = "学号,姓名\ns1,李雷\ns2,韩梅梅\ns3,Ada\n"
EXAM = """title: {en: Practice exam, zh: 模拟考试}
questions:
  - {problem: xor-mlp, marks: 10}
  - {problem: svm-hinge-subgradient, marks: 6}
"""
CODE = re.compile(r"XOR-[0-9A-Z]{8}-[0-9A-Z]\b")


def sheet(folder: Path, *arguments: str) -> tuple[str, str]:
    """Standard output and standard error of a run that ends well."""
    code, out, err = run_here("sheet", *arguments, folder=folder)
    assert code == 0, err
    return out, err


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def codes_of(name: str, seed: str, count: int) -> list[str]:
    series = Series(Assignment(name, (Question(load_problem(name)),)))
    return [ticket.name for ticket in series.tickets(seed, count)]


# ---- one document


def test_one_sheet_is_the_default(tmp_path: Path) -> None:
    out, err = sheet(tmp_path, "xor-mlp")
    (code,) = dict.fromkeys(CODE.findall(out))
    assert [code] == codes_of("xor-mlp", "1", 1)
    assert r"\boxed" in out
    assert re.match(r"xor-mlp: 1 variant of [0-9]+ draws? \([0-9.]+%\)\n", err)
    assert sheet(tmp_path, "xor-mlp", "--count", "1", "--seed", "1")[0] == out
    assert not list(tmp_path.iterdir())


def test_all_papers_are_one_document_in_the_order_of_the_seed(tmp_path: Path) -> None:
    out, _ = sheet(tmp_path, "xor-mlp", "--count", "4", "--seed", "7")
    assert list(dict.fromkeys(CODE.findall(out))) == codes_of("xor-mlp", "7", 4)
    assert codes_of("xor-mlp", "8", 4) != codes_of("xor-mlp", "7", 4)
    sheet(tmp_path, "xor-mlp", "--count", "4", "--seed", "7", "-o", "s.md")
    assert (tmp_path / "s.md").read_text(encoding="utf-8") == out


def test_the_key_and_the_solutions_are_of_the_same_papers(tmp_path: Path) -> None:
    papers = codes_of("xor-mlp", "7", 2)
    for option in ("--key", "--solutions"):
        out, _ = sheet(tmp_path, "xor-mlp", "--count", "2", "--seed", "7", option)
        assert list(dict.fromkeys(CODE.findall(out))) == papers
        assert r"\boxed" not in out
    a2 = coded(load_problem("xor-mlp"), papers[0]).document["inputs"]
    assert str(a2[0]) in out


def test_solve_draws_the_numbers_of_a_code(tmp_path: Path) -> None:
    (code,) = codes_of("xor-mlp", "1", 1)
    out = run_here("solve", "xor-mlp", "--code", code.lower(), "--format", "json")[1]
    document = json.loads(out)["problem"]
    assert document == json.loads(json.dumps(dict(coded(load_problem("xor-mlp"), code).document)))
    assert document["weights"] != load_problem("xor-mlp").document["weights"]
    assert "mistyped" in complaint_of(["solve", "xor-mlp", "--code", code[:-1] + ("0" if code[-1] != "0" else "1")])
    assert "is not of svm-pegasos" in complaint_of(["solve", "svm-pegasos", "--code", code])
    assert "--code" in complaint_of(["solve", "xor-mlp", "--vary", "inputs: any"])


def test_what_varied_decides_about_the_numbers_of_a_code(tmp_path: Path) -> None:
    vary = "inputs: {choices: [3, 4, 5]}"
    sheet(tmp_path, "xor-mlp", "--vary", vary, "--format", "yaml", "-o", "v.yaml")
    document = yaml.safe_load((tmp_path / "v.yaml").read_text(encoding="utf-8"))
    assert set(document["inputs"]) <= {3, 4, 5}
    assert document["weights"] == load_problem("xor-mlp").document["weights"]
    code = document["code"]
    assert "another state" in complaint_of(["solve", "xor-mlp", "--code", code])
    for arguments in (("xor-mlp", "--code", code, "--vary", vary), ("v.yaml",), ("v.yaml", "--code", code)):
        status, out, _ = run_here("solve", *arguments, "--format", "json", folder=tmp_path)
        assert status == 0
        assert json.loads(out)["problem"]["inputs"] == document["inputs"]


@pytest.mark.parametrize(("wanted", "right"), [("right", True), ("wrong", False)])
def test_the_prediction_is_as_asked(wanted: str, right: bool, tmp_path: Path) -> None:
    sheet(tmp_path, "xor-mlp", "--count", "12", "--prediction", wanted, "--format", "yaml", "--each", "-o", "out")
    for row in table(tmp_path / "out" / "variants.csv"):
        status, out, _ = run_here("solve", str(tmp_path / "out" / row["file"]), "--format", "json")
        found = json.loads(out)
        a2, label = found["quantities"]["a2"]["value"][0], found["problem"]["labels"]
        assert status == 0
        assert ((a2 > 0.5) == (int(label) == 1)) is right


def test_only_what_is_asked_for_has_boxes(tmp_path: Path) -> None:
    out, _ = sheet(tmp_path, "xor-mlp", "--ask", "z1", "a1", "--ask", "L,delta2")
    assert len(re.findall(r"^\*\*[0-9]+\.\*\*", out, re.MULTILINE)) == 4


def test_formulas_are_given_where_they_are_asked_for(tmp_path: Path) -> None:
    plain, with_formulas = (sheet(tmp_path, "xor-mlp", *more)[0] for more in ((), ("--formulas",)))
    loss = r"\frac{1}{2} (y - t)^{2}"
    assert loss in with_formulas
    assert loss not in plain


def test_the_language_is_the_one_asked_for(tmp_path: Path) -> None:
    assert "试卷代码" in sheet(tmp_path, "xor-mlp", "--lang", "zh")[0]
    assert "no language 'fr'" in complaint_of(["sheet", "xor-mlp", "--lang", "fr"])


@pytest.mark.parametrize("form", ["latex", "moodle", "qti", "ipynb"])
def test_every_format_bears_the_codes(form: str, tmp_path: Path) -> None:
    sheet(tmp_path, "xor-mlp", "--count", "3", "--format", form, "-o", "s.out")
    content = (tmp_path / "s.out").read_bytes()
    if form == "qti":
        with zipfile.ZipFile(tmp_path / "s.out") as package:
            content = b"".join(package.read(name) for name in package.namelist())
    for code in codes_of("xor-mlp", "1", 3):
        assert code.encode() in content


def test_a_pipe_takes_what_is_no_text(tmp_path: Path) -> None:
    done = invoke("sheet", "xor-mlp", "--format", "qti", "--quiet")
    assert done.stdout_bytes[:2] == b"PK"


def test_an_exam_has_the_questions_on_one_paper(tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    out, err = sheet(tmp_path, "exam.yaml", "--lang", "zh", "--count", "2")
    assert out.count("模拟考试") >= 2
    assert len(dict.fromkeys(CODE.findall(out))) == 2
    assert "xor-mlp: 2 variants of " in err
    assert "svm-hinge-subgradient: 2 variants of " in err


# ---- a file for each


@pytest.mark.parametrize(
    ("option", "ending", "name"),
    [
        ((), ".md", "variants.csv"),
        (("--key",), "-key.md", "variants-key.csv"),
        (("--solutions",), "-solutions.md", "variants-solutions.csv"),
        (("--format", "latex"), ".tex", "variants.csv"),
        (("--format", "yaml"), ".yaml", "variants.csv"),
    ],
)
def test_each_paper_has_a_file_named_by_its_code(
    option: tuple[str, ...], ending: str, name: str, tmp_path: Path
) -> None:
    _, err = sheet(tmp_path, "xor-mlp", "--count", "23", "--each", "-o", "out", *option)
    codes = codes_of("xor-mlp", "1", 23)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*(f"{code}{ending}" for code in codes), name}
    assert "23 papers written" in err
    rows = table(tmp_path / "out" / name)
    assert [row["code"] for row in rows] == codes
    for row in rows:
        content = (tmp_path / "out" / row["file"]).read_bytes()
        assert row["file"] == f"{row['code']}{ending}"
        assert row["code"].encode() in content
        assert (int(row["bytes"]), row["sha256"]) == (len(content), sha256(content).hexdigest())


def test_a_file_of_its_own_is_what_the_paper_alone_would_be(tmp_path: Path) -> None:
    sheet(tmp_path, "xor-mlp", "--count", "25", "--key", "--each", "-o", "out")
    first = codes_of("xor-mlp", "1", 25)[0]
    assert (tmp_path / "out" / f"{first}-key.md").read_text(encoding="utf-8") == sheet(tmp_path, "xor-mlp", "--key")[0]


def test_a_variant_as_a_problem_file_is_the_same_problem(tmp_path: Path) -> None:
    sheet(tmp_path, "svm-pegasos", "--count", "3", "--format", "yaml", "--each", "-o", "out")
    for row in table(tmp_path / "out" / "variants.csv"):
        own = load_problem(tmp_path / "out" / row["file"])
        assert dict(own.document) == dict(coded(load_problem("svm-pegasos"), row["code"]).document)


def test_an_exam_has_numbers_and_every_question_a_problem_file(tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    sheet(tmp_path, "exam.yaml", "--count", "10", "--each", "-o", "out")
    rows = table(tmp_path / "out" / "variants.csv")
    assert [row["file"] for row in rows] == [f"exam-{number:02d}.md" for number in range(1, 11)]
    assert all(len(row["code"].split()) == 2 for row in rows)
    sheet(tmp_path, "exam.yaml", "--count", "2", "--each", "-o", "files", "--format", "yaml")
    rows = table(tmp_path / "files" / "variants.csv")
    assert len(rows) == 4
    first, second = rows[0]["code"].split()
    assert [row["file"] for row in rows[:2]] == [f"exam-1_1_{first}.yaml", f"exam-1_2_{second}.yaml"]
    assert load_problem(tmp_path / "files" / rows[1]["file"]).model == "svm"


# ---- a class


def test_a_roster_gives_everybody_a_paper(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    sheet(tmp_path, "xor-mlp", "--roster", "r.csv", "--seed", "5", "--each", "-o", "out")
    rows = table(tmp_path / "out" / "variants.csv")
    assert [(row["student"], row["name"]) for row in rows] == [("s1", "李雷"), ("s2", "韩梅梅"), ("s3", "Ada")]
    assert len({row["code"] for row in rows}) == 3
    for row in rows:
        assert row["file"] == f"{row['code']}_{row['student']}.md"
        assert row["name"] in (tmp_path / "out" / row["file"]).read_text(encoding="utf-8")


def test_a_student_keeps_the_numbers_whoever_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "more.csv").write_text("id,name\nnew,New\ns3,Ada\ns1,李雷\n", encoding="utf-8")
    sheet(tmp_path, "xor-mlp", "--roster", "r.csv", "--each", "-o", "out")
    before = contents(tmp_path / "out")
    _, err = sheet(tmp_path, "xor-mlp", "--roster", "more.csv", "--each", "-o", "out")
    assert "2 papers written" not in err
    assert "1 paper written, 2 papers kept" in err
    after = contents(tmp_path / "out")
    assert {name: after[name] for name in before if name != "variants.csv"} == {
        name: content for name, content in before.items() if name != "variants.csv"
    }
    assert [row["student"] for row in table(tmp_path / "out" / "variants.csv")] == ["new", "s3", "s1", "s2"]


def test_the_table_keeps_the_papers_of_other_runs(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("id,name\n1,A\n2,=B\n", encoding="utf-8")
    (tmp_path / "late.csv").write_text("id,name\n3,C\n", encoding="utf-8")
    sheet(tmp_path, "xor-mlp", "--roster", "r.csv", "--each", "-o", "out")
    for _ in range(2):
        _, err = sheet(tmp_path, "xor-mlp", "--roster", "late.csv", "--each", "-o", "out")
        assert "it also has 2 files of other runs" in err
        rows = table(tmp_path / "out" / "variants.csv")
        assert [(row["student"], row["name"]) for row in rows] == [("3", "C"), ("1", "A"), ("2", "'=B")]
    (tmp_path / "out" / rows[1]["file"]).unlink()
    sheet(tmp_path, "xor-mlp", "--roster", "late.csv", "--each", "-o", "out")
    assert [row["student"] for row in table(tmp_path / "out" / "variants.csv")] == ["3", "2"]


def test_a_foreign_table_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "variants.csv").write_text("student,grade\ns1,5\n", encoding="utf-8")
    done = run("sheet", "xor-mlp", "--each", "-o", "out", folder=tmp_path)
    assert done.returncode == 2
    assert "out/variants.csv is no table of papers" in done.stderr
    assert contents(tmp_path / "out") == {"variants.csv": b"student,grade\ns1,5\n"}


@pytest.mark.parametrize("name", ["r.csv", "p.yaml"])
def test_what_a_sheet_is_made_from_is_not_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "r.csv").write_text("id,name\n1,A\n", encoding="utf-8")
    (tmp_path / "p.yaml").write_bytes((ROOT / "problems" / "xor-mlp.yaml").read_bytes())
    before = contents(tmp_path)
    done = run("sheet", "p.yaml", "--roster", "r.csv", "-q", "-o", name, folder=tmp_path)
    assert (done.returncode, contents(tmp_path)) == (2, before)
    assert "would be written over what it is made from" in done.stderr


def test_an_exam_has_other_numbers_than_the_homework_of_the_same_seed(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("s1\n", encoding="utf-8")
    homework, _ = sheet(tmp_path, "xor-mlp", "--roster", "r.csv")
    exam, _ = sheet(tmp_path, "practice-exam", "--roster", "r.csv")
    codes = re.compile(r"`(XOR-[0-9A-Z-]+)`")
    assert len({codes.findall(homework)[0], codes.findall(exam)[0]}) == 2


def test_a_name_that_changed_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("s1,Ada\n", encoding="utf-8")
    sheet(tmp_path, "xor-mlp", "--roster", "r.csv", "--each", "-o", "out")
    (tmp_path / "r.csv").write_text("s1,Ada Byron\n", encoding="utf-8")
    _, err = sheet(tmp_path, "xor-mlp", "--roster", "r.csv", "--each", "-o", "out")
    assert "1 paper written;" in err
    (row,) = table(tmp_path / "out" / "variants.csv")
    assert "Ada Byron" in (tmp_path / "out" / row["file"]).read_text(encoding="utf-8")


def test_ids_become_file_names_that_every_system_takes(tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    (tmp_path / "r.csv").write_text("a/b\nA_B\na_b\n../x\n=1\n", encoding="utf-8")
    sheet(tmp_path, "exam.yaml", "--roster", "r.csv", "--each", "-o", "out")
    rows = table(tmp_path / "out" / "variants.csv")
    names = [row["file"] for row in rows]
    assert len({name.casefold() for name in names}) == 5
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*names, "variants.csv"}
    assert {path.name for path in tmp_path.iterdir()} == {"exam.yaml", "r.csv", "out"}
    # and a spreadsheet runs none of them as a formula
    assert [row["student"] for row in rows] == ["a/b", "A_B", "a_b", "../x", "'=1"]


# ---- what is said


def test_what_rejected_how_many_is_said(tmp_path: Path) -> None:
    _, err = sheet(tmp_path, "xor-mlp", "--count", "50")
    series = Series(Assignment("xor-mlp", (Question(load_problem("xor-mlp")),)))
    tickets = list(series.tickets("1", 50))
    (tally,) = series.tallies
    assert f"50 variants of {tally.tried:,} draws ({50 / tally.tried:.1%})" in err
    for name, count in tally.rejected.items():
        assert f"{name} {count}" in err
    shown, possible = series.in_sight(0, tickets)
    assert f"known mistakes that would show in the answers: {shown / possible:.1%}" in err


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_quiet_is_quiet(option: str, tmp_path: Path) -> None:
    assert sheet(tmp_path, "xor-mlp", option)[1] == ""
    assert sheet(tmp_path, "xor-mlp", option, "--each", "-o", "out") == ("", "")


def test_conditions_that_cannot_be_met_are_named(tmp_path: Path) -> None:
    vary = "{inputs: {choices: [1, 2]}, conditions: {loss_above: 100}}"
    message = complaint_of(["sheet", "xor-mlp", "--vary", vary], folder=tmp_path)
    assert "no variant in " in message
    assert "`loss_above` rejects 100 %" in message


def test_too_few_variants_write_nothing(tmp_path: Path) -> None:
    arguments = ["xor-mlp", "--vary", "inputs: {choices: [1, 2]}", "--count", "9", "--each", "-o", "out"]
    assert "of 9 variants" in complaint_of(["sheet", *arguments], folder=tmp_path)
    assert not (tmp_path / "out").exists()


# ---- what does not go together


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key", "--solutions"], "--key and --solutions"),
        (["--each"], "-o DIR"),
        (["--each", "-o", "-"], "-o DIR"),
        (["--jobs", "2"], "--each"),
        (["--dask", "tcp://127.0.0.1:1"], "--each"),
        (["--jobs", "2", "--dask", "x:1", "--each", "-o", "out"], "exclude each other"),
        (["--jobs", "0", "--each", "-o", "out"], "--jobs"),
        (["--count", "0"], "--count"),
        (["--count", "2", "--roster", "r.csv"], "leave --count out"),
        (["--roster", "none.csv"], "none.csv: the file cannot be read"),
        (["--format", "docx"], "no format 'docx' (there are md, latex,"),
        (["--format", "moodle", "--solutions"], "leave --solutions out"),
        (["--format", "qti", "--key"], "leave --key out"),
        (["--format", "yaml", "--key"], "leave --key out"),
        (["--format", "yaml", "--count", "2"], "give --each"),
        (["--formulas", "--key"], "--formulas"),
        (["--formulas", "--format", "moodle"], "--formulas"),
        (["--templates", ".", "--format", "ipynb"], "--templates"),
        (["--templates", "nowhere"], "no folder nowhere"),
        (["-o", "folder"], "is a folder"),
        (["--each", "-o", "file"], "is a file, not a folder"),
        (["another"], "what is 'another'?"),
        (["--vary", "weigths: any"], "did you mean `weights`?"),
        (["--ask", "z9"], "no quantity `z9`"),
        (["--lang", "fr", "--each", "-o", "out"], "no language 'fr'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("s1\n", encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    assert said in complaint_of(["sheet", "xor-mlp", *arguments, "-q"], folder=tmp_path)
    assert {path.name for path in tmp_path.rglob("*")} == {"r.csv", "file", "folder"}


@pytest.mark.parametrize("option", [("--ask", "z1"), ("--vary", "inputs: any")])
def test_an_exam_says_itself_what_its_questions_ask_and_vary(option: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text(EXAM, encoding="utf-8")
    assert "in an exam every question" in complaint_of(["sheet", "exam.yaml", *option], folder=tmp_path)


def test_a_faulty_exam_is_one_message_a_fault(tmp_path: Path) -> None:
    (tmp_path / "exam.yaml").write_text("questions: [{problem: xor-mpl, mark: 1}]\n", encoding="utf-8")
    message = complaint_of(["sheet", "exam.yaml"], folder=tmp_path)
    assert "exam.yaml:1: questions[1].problem: " in message
    assert "exam.yaml:1: questions[1].mark: " in message


# ---- every problem that can vary


@pytest.mark.parametrize("name", VARY)
def test_solutions_taken_as_answers_are_right_and_those_of_another_variant_wrong(name: str, tmp_path: Path) -> None:
    sheet(tmp_path, name, "--count", "3", "--seed", "q", "--format", "yaml", "--each", "-o", "out")
    codes = [row["code"] for row in table(tmp_path / "out" / "variants.csv")]
    for code in codes:
        answers = {"student": code, "code": code, "answers": answers_of(name, code)}
        (tmp_path / f"{code}.yaml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    files = [f"{code}.yaml" for code in codes]
    status, out, err = run_here("check", name, *files, "--format", "json", folder=tmp_path)
    found = json.loads(out)
    assert (status, {one["code"] for one in found["students"]}) == (0, set(codes)), err
    assert all(one["student"] == one["code"] for one in found["students"])
    assert all(one["marks"] == one["of"] > 0 for one in found["students"])
    # the first sheet's answers, said to be of the second
    (tmp_path / "a.yaml").write_text(yaml.safe_dump({"answers": answers_of(name, codes[0])}), encoding="utf-8")
    assert run_here("check", name, "a.yaml", "--code", codes[0], folder=tmp_path)[0] == 0
    assert run_here("check", name, "a.yaml", "--code", codes[1], folder=tmp_path)[0] == 1


def answers_of(name: str, code: str) -> dict[str, Any]:
    """What the solutions of a variant say, in the shape that a student writes."""
    problem = coded(load_problem(name), code)
    trace = solve(problem)
    found = {}
    for one in questions_of(problem).asked:
        value = trace.quantity(one.id).value
        assert value is not None
        found[one.id] = one.edge(value)
    return found
