"""Marking a class in which everybody has other numbers: codes in files, on the command line, in a roster."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepwise import load_problem, solve
from stepwise.asking import questions_of
from stepwise.sheets.by_code import coded
from stepwise.sheets.model import Student
from stepwise.sheets.series import Assignment, Question, Series
from tests.cli.running import complaint_of, run_here

PROBLEM = "xor-mlp"
ROSTER = "学号,姓名\ns1,李雷\ns2,韩梅梅\ns3,Ada\n"
STUDENTS = (Student("s1", "李雷"), Student("s2", "韩梅梅"), Student("s3", "Ada"))
SEED = "5"
ASKED = ("z1", "a1", "L", "dW1")


@cache
def codes() -> tuple[str, ...]:
    """The codes that the students have."""
    series = Series(Assignment(PROBLEM, (Question(load_problem(PROBLEM)),)))
    return tuple(ticket.name for ticket in series.tickets_for(STUDENTS, SEED))


@cache
def solution(code: str) -> dict[str, Any]:
    """What the worked page of a code says, as a student writes it down."""
    problem = coded(load_problem(PROBLEM), code) if code else load_problem(PROBLEM)
    trace = solve(problem)
    asked = (one for one in questions_of(problem).asked if one.id in ASKED)
    return {one.id: json.loads(json.dumps(one.edge(trace.quantity(one.id).value))) for one in asked}


def hand_in(folder: Path, name: str, student: str, of: str, code: str = "") -> None:
    fields = {"student": student, "code": code, "answers": solution(of)}
    text = yaml.safe_dump({key: value for key, value in fields.items() if value}, allow_unicode=True)
    (folder / name).write_text(text, encoding="utf-8")


def check(folder: Path, *arguments: str) -> tuple[int, dict[str, Any], str]:
    status, out, err = run_here("check", PROBLEM, *arguments, "--ask", *ASKED, "--format", "json", folder=folder)
    return status, json.loads(out) if out else {}, err


def marks(found: dict[str, Any]) -> dict[str, float]:
    return {one["student"]: one["marks"] for one in found["students"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


# ---- codes in the files


def test_everybody_is_marked_against_their_own_numbers(folder: Path) -> None:
    for number, code in enumerate(codes()):
        hand_in(folder, f"{number}.yaml", f"right {number}", code, code)
        hand_in(folder, f"x{number}.yaml", f"copied {number}", codes()[number - 1], code)
    status, found, err = check(folder, "*.yaml")
    assert (status, err) == (1, "")
    # in the order of the files, each with its code
    students = [f"{how} {number}" for how in ("right", "copied") for number in range(3)]
    assert [one["student"] for one in found["students"]] == students
    assert [one["code"] for one in found["students"]] == [*codes(), *codes()]
    assert all(marks(found)[f"right {number}"] == len(ASKED) for number in range(3))
    assert all(marks(found)[f"copied {number}"] < len(ASKED) for number in range(3))


@pytest.mark.parametrize("form", ["json", "csv", "md"])
def test_a_code_stands_in_every_kind_of_answer_file(form: str, folder: Path) -> None:
    code = codes()[0]
    answers = solution(code)
    if form == "json":
        text = json.dumps({"student": "Ada", "code": code, "answers": answers})
    elif form == "csv":
        text = f"student,code,L\nAda,{code},{answers['L']}\n"
    else:
        text = f"**student:** Ada\n\n**code:** `{code}`\n\n| quantity | answer |\n|---|---|\n| L | {answers['L']} |\n"
    (folder / f"a.{form}").write_text(text, encoding="utf-8")
    _, found, err = check(folder, f"a.{form}")
    (one,) = found["students"]
    assert (one["code"], one["quantities"]["L"]["verdict"], err) == (code, "right", "")


def test_a_code_is_read_as_people_type_it(folder: Path) -> None:
    code = codes()[0]
    hand_in(folder, "a.yaml", "Ada", code, f" {code.lower().replace('-', '–').replace('0', 'o')} ")
    status, found, _ = check(folder, "a.yaml")
    assert (status, found["students"][0]["code"]) == (0, code)


def test_a_mistyped_code_is_one_unreadable_file(folder: Path) -> None:
    good, bad = codes()[:2]
    wrong = bad[:-1] + ("0" if bad[-1] != "0" else "1")
    hand_in(folder, "a.yaml", "Ada", good, good)
    hand_in(folder, "b.yaml", "Bob", bad, wrong)
    hand_in(folder, "c.yaml", "Cem", bad, "what?")
    status, found, err = check(folder, "a.yaml", "b.yaml", "c.yaml")
    assert status == 2
    assert marks(found) == {"Ada": len(ASKED)}
    assert f"error: b.yaml: the code '{wrong}' is mistyped" in err
    assert "error: c.yaml: 'what?' is no code" in err
    assert [one["source"] for one in found["unreadable"]] == ["b.yaml", "c.yaml"]


def test_the_code_of_another_problem_is_said(folder: Path) -> None:
    series = Series(Assignment("svm-pegasos", (Question(load_problem("svm-pegasos")),)))
    (ticket,) = series.tickets("1", 1)
    hand_in(folder, "a.yaml", "Ada", codes()[0], ticket.name)
    status, _, err = check(folder, "a.yaml")
    assert status == 2
    assert f"a.yaml: the code {ticket.name} is not of xor-mlp: its codes begin with XOR-" in err


def test_answers_without_a_code_among_others_are_told(folder: Path) -> None:
    hand_in(folder, "a.yaml", "Ada", codes()[0], codes()[0])
    hand_in(folder, "b.yaml", "Bob", "")
    status, found, err = check(folder, "a.yaml", "b.yaml")
    assert (status, marks(found)) == (0, {"Ada": len(ASKED), "Bob": len(ASKED)})
    warning = "there is no code in it, and it was marked with the numbers of xor-mlp as they stand"
    assert err == f"warning: b.yaml: {warning}\n"
    assert "code" not in found["students"][1]


def test_without_any_code_the_problem_is_as_it_stands(folder: Path) -> None:
    hand_in(folder, "b.yaml", "Bob", "")
    status, found, err = check(folder, "b.yaml")
    assert (status, err, marks(found)) == (0, "", {"Bob": len(ASKED)})


def test_a_variant_as_a_problem_file_takes_its_own_code(folder: Path) -> None:
    run_here("sheet", PROBLEM, "--format", "yaml", "-o", "v.yaml", folder=folder)
    own = yaml.safe_load((folder / "v.yaml").read_text(encoding="utf-8"))["code"]
    hand_in(folder, "a.yaml", "Ada", own, own)
    hand_in(folder, "b.yaml", "Bob", codes()[0], codes()[0])
    hand_in(folder, "c.yaml", "Cem", own)
    arguments = ("check", "v.yaml", "a.yaml", "b.yaml", "c.yaml", "--ask", *ASKED, "--format", "json")
    status, out, err = run_here(*arguments, folder=folder)
    assert status == 2
    assert marks(json.loads(out)) == {"Ada": len(ASKED), "Cem": len(ASKED)}
    assert f"b.yaml: the code {codes()[0]} is not of this file, whose code is {own}" in err


# ---- one code for all


def test_the_code_of_the_command_line_is_for_files_without_one(folder: Path) -> None:
    first, second = codes()[:2]
    hand_in(folder, "a.yaml", "Ada", first)
    hand_in(folder, "b.yaml", "Bob", first, first)
    hand_in(folder, "c.yaml", "Cem", second, second)
    status, found, err = check(folder, "a.yaml", "b.yaml", "c.yaml", "--code", first.lower())
    assert status == 2
    assert marks(found) == {"Ada": len(ASKED), "Bob": len(ASKED)}
    assert f"error: c.yaml: its code is {second}, and --code says {first}" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--code", "XOR-1"], "is no code"),
        (["--code", "XOR-7F3K9QDM-F"], "mistyped"),
        (["--code", "XOR-7F3K9QDM-E", "--roster", "r.csv"], "leave one of them out"),
        (["--seed", "3"], "--roster"),
        (["--roster", "none.csv"], "none.csv"),
        (["--code", "XOR-7F3K9QDM-E", "--vary", "inputs: any"], "another state"),
        (["--vary", "weigths: any"], "did you mean `weights`?"),
    ],
)
def test_what_cannot_be_is_said(arguments: list[str], said: str, folder: Path) -> None:
    hand_in(folder, "a.yaml", "Ada", "")
    assert said in complaint_of(["check", PROBLEM, "a.yaml", *arguments], folder=folder)


def test_what_varied_is_told_as_for_the_sheets(folder: Path) -> None:
    vary = "inputs: {choices: [3, 4]}"
    arguments = ("sheet", PROBLEM, "--vary", vary, "--format", "yaml", "-o", "v.yaml", "-q")
    run_here(*arguments, folder=folder)
    own = load_problem(folder / "v.yaml")
    value = solve(own).quantity("z1").value
    assert value is not None
    answers = {"student": "Ada", "code": own.document["code"], "answers": {"z1": value.ravel().tolist()}}
    (folder / "a.yaml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    for more, expected in (((), 2), (("--vary", vary), 0)):
        assert run_here("check", PROBLEM, "a.yaml", *more, "--ask", "z1", folder=folder)[0] == expected


# ---- rosters


@pytest.mark.parametrize("named", ["id", "name", "shown"])
def test_a_roster_says_who_has_which_numbers(named: str, folder: Path) -> None:
    for place, (student, code) in enumerate(zip(STUDENTS, codes(), strict=True)):
        hand_in(folder, f"{place}.yaml", getattr(student, named), code)
    status, found, err = check(folder, ".", "--roster", "r.csv", "--seed", SEED)
    assert (status, err) == (0, "")
    assert [one["code"] for one in found["students"]] == list(codes())
    # another seed, other numbers
    status, found, _ = check(folder, ".", "--roster", "r.csv", "--seed", "6")
    assert status == 1
    assert not {one["code"] for one in found["students"]} & set(codes())


def test_the_table_of_the_sheets_is_a_roster_with_codes(folder: Path) -> None:
    """Also where the same search would find others."""
    run = ("sheet", PROBLEM, "--roster", "r.csv", "--seed", "other", "--prediction", "wrong", "--each", "-o", "out")
    assert run_here(*run, folder=folder)[0] == 0
    rows = list(csv.DictReader((folder / "out" / "variants.csv").read_text(encoding="utf-8-sig").splitlines()))
    for row in rows:
        hand_in(folder, f"{row['student']}.yaml", row["name"], row["code"])
    status, found, err = check(folder, *(f"s{number}.yaml" for number in (1, 2, 3)), "--roster", "out/variants.csv")
    assert (status, err) == (0, "")
    assert [one["code"] for one in found["students"]] == [row["code"] for row in rows]


def test_of_an_exam_the_code_of_this_problem_counts(folder: Path) -> None:
    (folder / "exam.yaml").write_text(
        "questions: [{problem: svm-pegasos, marks: 1}, {problem: xor-mlp, marks: 2}]\n", encoding="utf-8"
    )
    run_here("sheet", "exam.yaml", "--roster", "r.csv", "--seed", SEED, "--each", "-o", "out", folder=folder)
    rows = csv.DictReader((folder / "out" / "variants.csv").read_text(encoding="utf-8-sig").splitlines())
    of_exam = {row["student"]: row["code"].split()[1] for row in rows}
    for student, code in of_exam.items():
        hand_in(folder, f"{student}.yaml", student, code)
    status, found, err = check(folder, *(f"{student}.yaml" for student in of_exam), "--roster", "out/variants.csv")
    assert (status, err) == (0, "")
    assert [one["code"] for one in found["students"]] == [of_exam[student.id] for student in STUDENTS]


def drawn(seed: str, *ask: str) -> list[str]:
    """The codes of the students' sheets, made with `--ask` or without."""
    series = Series(Assignment(PROBLEM, (Question(load_problem(PROBLEM), None, ask),)))
    return [ticket.name for ticket in series.tickets_for(STUDENTS, seed)]


def test_what_counts_has_no_say_in_the_draw(folder: Path) -> None:
    """Which numbers pass depends on what is asked for; the sheets were made without the --ask of the marking."""
    seed = next(seed for seed in map(str, range(1, 50)) if drawn(seed) != drawn(seed, "z1"))
    for student, code in zip(STUDENTS, drawn(seed), strict=True):
        hand_in(folder, f"{student.id}.yaml", student.id, code)
    run = ("check", PROBLEM, ".", "--roster", "r.csv", "--seed", seed, "--format", "json", "--ask", "z1")
    status, out, err = run_here(*run, folder=folder)
    assert [one["code"] for one in json.loads(out)["students"]] == drawn(seed)
    assert status == 0
    # it is said where sheets made with this --ask would have had others, and only there
    assert err.startswith("warning: r.csv: the numbers are those of sheets made without --ask; were they made with it")
    assert err.count("\n") == 1
    assert run_here(*run[:-2], folder=folder)[2] == ""


def test_sheets_made_with_ask_are_marked_by_their_table(folder: Path) -> None:
    seed = next(seed for seed in map(str, range(1, 50)) if drawn(seed) != drawn(seed, "z1"))
    rows = [f"{student.id},{code}" for student, code in zip(STUDENTS, drawn(seed, "z1"), strict=True)]
    (folder / "t.csv").write_text("\n".join(["id,code", *rows]), encoding="utf-8")
    for student, code in zip(STUDENTS, drawn(seed, "z1"), strict=True):
        hand_in(folder, f"{student.id}.yaml", student.id, code, code)
    files = [f"{student.id}.yaml" for student in STUDENTS]
    status, found, err = check(folder, *files, "--roster", "t.csv")
    assert (status, err) == (0, "")
    assert [one["code"] for one in found["students"]] == drawn(seed, "z1")
    status, _, err = check(folder, *files, "--roster", "r.csv", "--seed", seed)
    assert status == 2
    assert "sheets made with --ask, --prediction or another seed: give their variants.csv as --roster" in err


# ---- who is who


def test_full_width_digits_are_digits(folder: Path) -> None:
    (folder / "t.csv").write_text(f"id,name,code\n２０２３01,李雷,{codes()[0]}\n", encoding="utf-8")
    hand_in(folder, "a.yaml", "202３01", codes()[0])
    status, found, err = check(folder, "a.yaml", "--roster", "t.csv")
    assert (status, err, [one["code"] for one in found["students"]]) == (0, "", [codes()[0]])


def test_ids_that_are_alike_are_not_mixed_up(folder: Path) -> None:
    (folder / "t.csv").write_text(f"id,code\ns1,{codes()[0]}\nS1,{codes()[1]}\n", encoding="utf-8")
    hand_in(folder, "a.yaml", "s1", codes()[0])
    status, _, err = check(folder, "a.yaml", "--roster", "t.csv")
    assert status == 2
    assert "2 students of t.csv are called s1: s1, S1" in err


@pytest.mark.parametrize("form", ["yaml", "csv", "md"])
def test_the_id_of_one_and_the_name_of_another_are_told(form: str, folder: Path) -> None:
    second = codes()[1]
    loss = solution(second)["L"]
    text = {
        "yaml": f"姓名：李雷\n学号：s2\n答案：\n  L: {loss}\n",
        "csv": f"姓名,学号,L\n李雷,s2,{loss}\n",
        "md": f"学号：s2\n\n姓名：李雷\n\n| q | a |\n|---|---|\n| L | {loss} |\n",
    }[form]
    (folder / f"a.{form}").write_text(text, encoding="utf-8")
    _, found, err = check(folder, f"a.{form}", "--roster", "r.csv", "--seed", SEED)
    (one,) = found["students"]
    assert (one["student"], one["code"]) == ("s2", second)
    assert "it names 韩梅梅 (s2), for whom it is marked, and 李雷 (s1), too" in err
    (folder / f"a.{form}").write_text(text.replace("李雷", "韩梅梅"), encoding="utf-8")
    assert check(folder, f"a.{form}", "--roster", "r.csv", "--seed", SEED)[2] == ""


def test_an_id_decides_between_two_of_one_name(folder: Path) -> None:
    (folder / "t.csv").write_text(f"id,name,code\ns1,Ada,{codes()[0]}\ns2,Ada,{codes()[1]}\n", encoding="utf-8")
    answers = {"name": "Ada", "学号": "s2", "answers": solution(codes()[1])}
    (folder / "a.yaml").write_text(yaml.safe_dump(answers), encoding="utf-8")
    status, found, err = check(folder, "a.yaml", "--roster", "t.csv")
    assert (status, err, [one["code"] for one in found["students"]]) == (0, "", [codes()[1]])


def test_who_is_unclear_is_said_and_the_rest_marked(folder: Path) -> None:
    (folder / "r.csv").write_text(f"{ROSTER}s4,Ada\n", encoding="utf-8")
    first, second, _ = codes()
    hand_in(folder, "a.yaml", "s1", first)
    hand_in(folder, "b.yaml", "Zoe", first)
    hand_in(folder, "c.yaml", "Ada", first)
    hand_in(folder, "d.yaml", "s1", second, second)
    hand_in(folder, "e.yaml", "", first)
    hand_in(folder, "f.yaml", "", second, second)
    status, found, err = check(folder, *(f"{name}.yaml" for name in "abcdef"), "--roster", "r.csv", "--seed", SEED)
    assert status == 2
    assert marks(found) == {"s1": len(ASKED), "s2": len(ASKED)}
    assert "error: b.yaml: Zoe is not in r.csv" in err
    assert "error: c.yaml: 2 students of r.csv are called Ada: s3, s4" in err
    assert f"error: d.yaml: its code is {second}, and that of 李雷 (s1) is {first}" in err
    assert "error: e.yaml: no name is in it" in err
    assert "warning: f.yaml: there is no name in it; its code is that of 韩梅梅 (s2)" in err


def test_a_roster_without_a_code_of_this_problem_is_said(folder: Path) -> None:
    first, second, _ = codes()
    (folder / "t.csv").write_text(f"id,code\ns1,SVMP-00000000-0\ns2,{first} {second}\ns3,XOR-1\n", encoding="utf-8")
    for place, name in enumerate(("s1", "s2", "s3")):
        hand_in(folder, f"{place}.yaml", name, first)
    hand_in(folder, "3.yaml", "s2", second, second)
    status, found, err = check(folder, "0.yaml", "1.yaml", "2.yaml", "3.yaml", "--roster", "t.csv")
    assert status == 2
    assert marks(found) == {"s2": len(ASKED)}
    assert "0.yaml: t.csv has no code of xor-mlp for s1" in err
    assert f"1.yaml: s2 has 2 codes of xor-mlp: {first} {second}" in err
    assert "t.csv:4: 'XOR-1' is no code" in err


def test_a_roster_among_the_answers_is_no_answer_file(folder: Path) -> None:
    hand_in(folder, "a.yaml", "s1", codes()[0])
    status, found, err = check(folder, ".", "--roster", "r.csv", "--seed", SEED)
    assert (status, err, marks(found)) == (0, "", {"s1": len(ASKED)})


# ---- what the reports say


def test_accepted_answers_are_told_of_everybody_who_has_own_numbers(folder: Path) -> None:
    first, second, _ = codes()
    hand_in(folder, "a.yaml", "Ada", second, first)
    hand_in(folder, "b.yaml", "Bob", first, second)
    status, out, _ = run_here("check", PROBLEM, "a.yaml", "b.yaml", "--ask", "z1", "--format", "md", folder=folder)
    assert status == 1
    ada, bob = out.split("## Ada")[1].split("## Bob")
    for part, code in ((ada, first), (bob, second)):
        assert f"Code of the sheet: {code}" in part
        assert part.count("### Accepted answers") == 1
        low, high = ((f"{value:g}") for value in (solution(code)["z1"][0],) * 2)
        assert f"| z1[1] | {low} | {high} |".replace(" ", "") in part.replace(" ", "").replace("`", "")
    assert out.count("Accepted answers") == 2


def test_of_one_variant_accepted_answers_are_told_once(folder: Path) -> None:
    first, second, _ = codes()
    for name in ("Ada", "Bob"):
        hand_in(folder, f"{name}.yaml", name, second, first)
    _, out, _ = run_here("check", PROBLEM, "Ada.yaml", "Bob.yaml", "--ask", "z1", "--format", "md", folder=folder)
    assert out.count("## Accepted answers") == 1
    assert out.count(f"Code of the sheet: {first}") == 2


def test_a_student_is_not_told_what_is_accepted(folder: Path) -> None:
    first, second, _ = codes()
    hand_in(folder, "a.yaml", "Ada", second, first)
    hand_in(folder, "b.yaml", "Bob", first, second)
    run = ("check", PROBLEM, "a.yaml", "b.yaml", "--ask", "z1", "--for", "student", "--lang", "zh")
    _, out, _ = run_here(*run, folder=folder)
    assert f"试卷代码：{first}" in out
    assert "可接受的答案" not in out


def test_each_gets_a_report_with_what_is_accepted_of_them(folder: Path) -> None:
    first, second, _ = codes()
    hand_in(folder, "a.yaml", "Ada", second, first)
    hand_in(folder, "b.yaml", "Bob", second, second)
    run_here("check", PROBLEM, "a.yaml", "b.yaml", "--ask", "z1", "-o", "reports/", folder=folder)
    ada = (folder / "reports" / "Ada.txt").read_text(encoding="utf-8")
    bob = (folder / "reports" / "Bob.txt").read_text(encoding="utf-8")
    assert f"Code of the sheet: {first}" in ada
    assert f"Code of the sheet: {second}" in bob
    assert "Accepted answers" in ada
    assert "Accepted answers" in bob
    assert ada.split("Accepted answers")[1] != bob.split("Accepted answers")[1]


def test_the_table_of_marks_has_the_usual_columns(folder: Path) -> None:
    first, second, _ = codes()
    hand_in(folder, "a.yaml", "Ada", first, first)
    hand_in(folder, "b.yaml", "Bob", first, second)
    _, out, _ = run_here("check", PROBLEM, "a.yaml", "b.yaml", "--ask", *ASKED, "--format", "csv", folder=folder)
    header, ada, bob = (line.split(",") for line in out.splitlines())
    assert header == ["student", "marks", "of", "z1", "a1", "L", "dW1", "by_hand"]
    assert ada == ["Ada", "4", "4", *["right"] * 4, ""]
    assert bob[0] == "Bob"
    assert "wrong" in bob
