"""stepwise check: marks, exit codes, and tables of marks that are written whole and keep what a teacher put in."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, ENVIRONMENT, complaint_of, run, run_here

KEY = """answers:
  z1: [0.8, -0.3]
  a1: [0.690, 0.426]
  z2: 0.616
  a2: 0.649
  delta2: {delta2}
"""
ASK = ("--ask", "z1,a1,z2", "--ask", "a2,delta2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A class of three: Ada is right, 李明 forgot the derivative, the third file is no answer file."""
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "ada.yaml").write_text(f"student: Ada\n{KEY.format(delta2=0.148)}", encoding="utf-8")
    (answers / "ming.yaml").write_text(f"student: 李明\n{KEY.format(delta2=0.649)}", encoding="utf-8")
    (answers / "zoe.yaml").write_text("student: Zoe\nanswers: {z1: many}\n", encoding="utf-8")
    return tmp_path


def check(folder: Path, *arguments: str, stdin: str = "") -> tuple[int, str, str]:
    return run_here("check", "xor-mlp", *arguments, *ASK, folder=folder, stdin=stdin)


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


# ---- exit codes


def test_all_right_is_0(folder: Path) -> None:
    code, out, err = check(folder, "answers/ada.yaml")
    assert (code, err) == (0, "")
    assert "Ada: 5 of 5 marks" in out


def test_something_wrong_is_1(folder: Path) -> None:
    code, out, err = check(folder, "answers/ada.yaml", "answers/ming.yaml")
    assert (code, err) == (1, "")
    assert "forgot the activation's derivative" in out


@pytest.mark.parametrize("form", ["text", "md", "json", "csv"])
def test_something_unreadable_is_2_and_the_rest_is_marked(form: str, folder: Path) -> None:
    code, out, err = check(folder, "answers", "--format", form)
    assert code == 2
    assert "error: answers/zoe.yaml:2: z1: 'many' is not a number" in err.replace(os.sep, "/")
    assert "1 answer not read, 2 marked" in err
    assert "李明" in out
    assert "Traceback" not in err


def test_nothing_readable_is_2_and_writes_nothing(folder: Path) -> None:
    code, out, err = check(folder, "answers/zoe.yaml", "-o", "report.txt")
    assert (code, out) == (2, "")
    assert err.count("error:") == 1
    assert not (folder / "report.txt").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--format", "latex"), "no format 'latex'"),
        (("--lang", "fr"), "no language 'fr'"),
        (("--for", "parents"), "no report for 'parents'"),
        (("--tolerance", "much"), "the tolerance"),
        (("--tolerance=-1",), "negative"),
        (("--ask", "delta9"), "no quantity `delta9`"),
        (("--by-hand", "none.csv"), "none.csv: cannot be read"),
        (("-o", "no/such/folder.txt"), "cannot write"),
        (("--frmat", "md"), "--f"),
    ],
)
def test_what_cannot_be_done_is_one_message(arguments: tuple[str, ...], message: str, folder: Path) -> None:
    text = complaint_of(["check", "xor-mlp", "answers/ada.yaml", *arguments], folder=folder)
    assert message in text


@pytest.mark.parametrize("ask", ["--ask=z1 a1 delta2", "--ask=z1,a1,delta2", "--ask=z1,a1 delta2"])
def test_several_ids_may_stand_behind_ask(ask: str, folder: Path) -> None:
    first, *others = ask.split()
    code, out, _ = run_here("check", "xor-mlp", "answers/ming.yaml", first, *others, folder=folder)
    assert code == 1
    assert "李明: 2 of 3 marks" in out
    assert "not asked for" in out
    message = complaint_of(["check", "xor-mlp", first, *others], folder=folder)
    assert "no answers to mark" in message or "Missing argument" in message


def test_answers_are_needed(folder: Path) -> None:
    assert "ANSWERS" in complaint_of(["check", "xor-mlp"], folder=folder)
    code, out, err = check(folder, "nothing/*.yaml")
    assert (code, out) == (2, "")
    assert "nothing" in err


def test_a_process_ends_with_the_same_codes(folder: Path) -> None:
    for name, code in (("ada", 0), ("ming", 1), ("zoe", 2)):
        done = run("check", "xor-mlp", f"answers/{name}.yaml", *ASK, folder=folder)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


# ---- what is asked of it


def test_formats_and_audiences(folder: Path) -> None:
    _, out, _ = check(folder, "answers/ming.yaml", "--format", "json")
    student = json.loads(out)["students"][0]
    assert (student["marks"], student["of"]) == (4, 5)
    found = student["quantities"]["delta2"]
    assert (found["verdict"], found["given"], found["mistakes"]) == ("wrong", [0.649], ["forgot_activation_derivative"])
    _, out, _ = check(folder, "answers/ming.yaml", "--for", "student", "--lang", "zh")
    assert "李明：4 分（满分 5 分）" in out
    assert "0.1476" not in out
    _, out, _ = check(folder, "answers/ming.yaml", "--format", "md", "--lang", "en+zh")
    assert "| `delta2` | wrong / 错误 | 0/1 |" in out
    assert "Accepted: 0.1476 to 0.1481." in out


@pytest.mark.parametrize(("tolerance", "code"), [("0.6", 0), ("0.01", 1), ("400%", 0), ("1%", 1)])
def test_a_tolerance_takes_the_place_of_careful_rounding(tolerance: str, code: int, folder: Path) -> None:
    """0.649 is 0.501 away from 0.148."""
    assert check(folder, "answers/ming.yaml", "--tolerance", tolerance)[0] == code


def test_one_of_the_answers_may_come_from_standard_input(folder: Path) -> None:
    code, out, _ = check(folder, "-", stdin=(folder / "answers" / "ming.yaml").read_text(encoding="utf-8"))
    assert code == 1
    assert "李明: 4 of 5 marks" in out
    code, out, err = check(folder, "-", "answers/ada.yaml", stdin="{")
    assert code == 2
    assert "standard input" in err
    assert "Ada" in out


def test_two_files_of_one_student_and_a_file_without_a_name_are_said(folder: Path) -> None:
    (folder / "again.yaml").write_text(f"student: Ada\n{KEY.format(delta2=0.148)}", encoding="utf-8")
    (folder / "nobody.yaml").write_text(KEY.format(delta2=0.148), encoding="utf-8")
    code, out, err = check(folder, "again.yaml", "answers/ada.yaml", "nobody.yaml", "--format", "csv")
    assert code == 0
    assert "warning: Ada handed in 2 times, and each is marked: again.yaml, answers/ada.yaml" in err
    assert "warning: nobody.yaml: there is no name in it" in err
    assert [line.split(",")[0] for line in out.splitlines()] == ["student", "Ada", "Ada", "nobody.yaml"]


# ---- files


def test_a_table_of_marks_in_a_file(folder: Path) -> None:
    code, out, _ = check(folder, "answers/ada.yaml", "answers/ming.yaml", "--format", "csv", "-o", "marks.csv")
    assert (code, out) == (1, "")
    header, *others = rows(folder / "marks.csv")
    assert header == ["student", "marks", "of", "z1", "a1", "z2", "a2", "delta2", "by_hand"]
    assert others == [
        ["Ada", "5", "5", *["right"] * 5, ""],
        ["李明", "4", "5", *["right"] * 4, "wrong", ""],
    ]


def test_a_spreadsheet_is_told_the_encoding_only_where_it_matters(folder: Path) -> None:
    for name, marked in (("ada", False), ("ming", True)):
        check(folder, f"answers/{name}.yaml", "--format", "csv", "-o", "marks.csv")
        assert (folder / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf") is marked
        assert not check(folder, f"answers/{name}.yaml", "--format", "csv")[1].startswith("\ufeff")


def test_marks_by_hand_are_kept_on_the_next_run(folder: Path) -> None:
    csv_to = ("--format", "csv", "-o", "marks.csv")
    check(folder, "answers/ada.yaml", "answers/ming.yaml", *csv_to)
    path = folder / "marks.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("wrong,\n", "wrong,4.5\n") + "Paper,3,,,,,,,3\n", encoding="utf-8")
    for _ in range(2):
        code, _, err = check(folder, "answers/ada.yaml", "answers/ming.yaml", *csv_to)
        assert code == 1
        assert "marks.csv: kept 2 totals set by hand" in err
        assert "marks.csv: kept 1 student who is not in this run" in err
        assert [[row[0], row[1], row[-1]] for row in rows(path)] == [
            ["student", "marks", "by_hand"],
            ["Ada", "5", ""],
            ["李明", "4.5", "4.5"],
            ["Paper", "3", "3"],
        ]


def test_marks_by_hand_from_a_file_of_ones_own(folder: Path) -> None:
    (folder / "hand.csv").write_text("student,quantity,marks\n李明,delta2,0.5\nAda,,2\n", encoding="utf-8")
    both = ("answers/ada.yaml", "answers/ming.yaml")
    _, out, err = check(folder, *both, "--by-hand", "hand.csv", "--format", "csv")
    assert err == ""
    assert [line.split(",")[1] for line in out.splitlines()[1:]] == ["2", "4.5"]
    _, out, _ = check(folder, *both, "--by-hand", "hand.csv")
    assert "The marks for this quantity were set by hand." in out


def test_marks_by_hand_that_cannot_be_read_are_not_lost(folder: Path) -> None:
    before = "student,marks,of,by_hand\n李明,4,5,about 4\n"
    (folder / "marks.csv").write_text(before, encoding="utf-8")
    arguments = ["check", "xor-mlp", "answers/ada.yaml", "--format", "csv", "-o", "marks.csv"]
    assert "marks.csv:2: 'about 4' is not a number" in complaint_of(arguments, folder=folder)
    assert (folder / "marks.csv").read_text(encoding="utf-8") == before


def test_an_output_file_is_written_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = folder / "report.txt"
    target.write_text("old", encoding="utf-8")

    def breaking(*_: object) -> Iterator[None]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", breaking)
    text = complaint_of(["check", "xor-mlp", "answers/ada.yaml", "-o", "report.txt"], folder=folder)
    assert "No space left" in text
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in folder.iterdir()) == ["answers", "report.txt"]


def test_the_report_of_an_earlier_run_is_no_answer_file(folder: Path) -> None:
    (folder / "answers" / "zoe.yaml").unlink()
    for _ in range(2):
        code, _, err = check(folder, "answers", "--format", "csv", "-o", "answers/marks.csv")
        assert (code, err) == (1, "")
        assert [row[0] for row in rows(folder / "answers" / "marks.csv")] == ["student", "Ada", "李明"]


def test_answers_are_not_written_over(folder: Path) -> None:
    before = (folder / "answers" / "ada.yaml").read_text(encoding="utf-8")
    message = complaint_of(["check", "xor-mlp", "answers", "-o", "answers/ada.yaml"], folder=folder)
    assert "answers/ada.yaml has answers in it" in message
    assert (folder / "answers" / "ada.yaml").read_text(encoding="utf-8") == before


# ---- late answers go into the table that is there

CSV = ("--format", "csv", "-o", "marks.csv")


def hand_in(folder: Path, name: str, student: str, delta2: float = 0.148) -> str:
    (folder / name).write_text(f"student: {student}\n{KEY.format(delta2=delta2)}", encoding="utf-8")
    return name


def test_late_answers_leave_the_rows_of_the_others(folder: Path) -> None:
    names = [hand_in(folder, f"s{number}.yaml", f"s{number}", 0.148 + number) for number in range(4)]
    check(folder, *names, *CSV)
    path = folder / "marks.csv"
    before = rows(path)
    text = path.read_text(encoding="utf-8").replace("s1,4,5,right,right,right,right,wrong,", "s1,4,5,x,,,,wrong,4.5")
    path.write_text(text.replace("s3,4,", "s3,4.0,"), encoding="utf-8")
    hand_in(folder, "s2.yaml", "s2")
    late = hand_in(folder, "late.yaml", "=late")
    code, out, err = check(folder, "s2.yaml", late, *CSV)
    assert (code, out) == (0, "")
    assert "marks.csv: kept 3 students who are not in this run" in err
    assert "gave no answers" not in err
    after = rows(path)
    assert after[:2] == before[:2]
    assert after[2] == ["s1", "4.5", "5", "x", "", "", "", "wrong", "4.5"]
    assert after[3] == ["s2", "5", "5", *["right"] * 5, ""]
    assert after[4] == before[4]
    assert after[5:] == [["'=late", "5", "5", *["right"] * 5, ""]]
    for again in (late, "s2.yaml"):
        assert check(folder, again, *CSV)[0] == 0
        assert rows(path) == after


def test_a_table_that_a_spreadsheet_saved_is_read(folder: Path) -> None:
    check(folder, "answers/ada.yaml", "answers/ming.yaml", *CSV)
    path = folder / "marks.csv"
    text = path.read_text(encoding="utf-8-sig").replace(",", ";").replace("wrong;\n", "wrong;4,5\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8"))
    _, _, err = check(folder, hand_in(folder, "late.yaml", "Late"), *CSV)
    assert "kept 2 students" in err
    assert rows(path)[2:] == [
        ["李明", "4.5", "5", *["right"] * 4, "wrong", "4.5"],
        ["Late", "5", "5", *["right"] * 5, ""],
    ]


def test_what_one_student_gave_beyond_the_questions_has_its_column(folder: Path) -> None:
    more = hand_in(folder, "more.yaml", "More")
    with (folder / more).open("a", encoding="utf-8") as file:
        file.write("  dL_da2: 0.649\n")
    check(folder, more, *CSV)
    _, _, err = check(folder, "answers/ada.yaml", *CSV)
    assert "kept 1 student who is" in err
    header, first, second = rows(folder / "marks.csv")
    assert [row[header.index("dL_da2")] for row in (first, second)] == ["right", ""]
    assert [row[0] for row in (first, second)] == ["More", "Ada"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,grade\nBo,3\n", "is there, and is no table of marks"),
        ("student,marks,of,z1,by_hand\nBo,1,1,right,\n", "has no column `a1`"),
        ("student,marks,of,z1,a1,z2,a2,delta2,W9,by_hand\nBo,5,5,,,,,,,\n", "has the column `W9`"),
        ("student,marks,of,z1,a1,z2,a2,delta2,z1,by_hand\nBo,5,5,,,,,,,\n", "has the column `z1` twice"),
        ("student,marks,of,z1,a1,z2,a2,delta2,by_hand,\nBo,5,5,,,,,,,ill\n", ":2: something stands beside"),
        ("student,marks,of,z1,a1,z2,a2,delta2,by_hand\nBo,5,6,,,,,,\n", ":2: Bo was marked out of 6, and here"),
    ],
)
def test_another_table_is_not_written_over(text: str, message: str, folder: Path) -> None:
    path = folder / "marks.csv"
    path.write_text(text, encoding="utf-8")
    said = complaint_of(["check", "xor-mlp", "answers/ada.yaml", *CSV, *ASK], folder=folder)
    assert message in said
    assert "marks.csv" in said
    assert "another file name" in said
    assert path.read_text(encoding="utf-8") == text


def test_an_empty_file_is_written_over(folder: Path) -> None:
    (folder / "marks.csv").write_text("\n", encoding="utf-8")
    assert check(folder, "answers/ada.yaml", *CSV)[0] == 0
    assert [row[0] for row in rows(folder / "marks.csv")] == ["student", "Ada"]


def test_totals_from_another_table_reach_the_rows_that_stay(folder: Path) -> None:
    check(folder, "answers/ada.yaml", "answers/ming.yaml", *CSV)
    (folder / "hand.csv").write_text("student,quantity,marks\n李明,,4.5\nPaper,,3\n", encoding="utf-8")
    _, _, err = check(folder, "answers/ada.yaml", "--by-hand", "hand.csv", *CSV)
    assert "for Paper, who gave no answers" in err
    assert [[row[0], row[1], row[-1]] for row in rows(folder / "marks.csv")[1:]] == [
        ["Ada", "5", ""],
        ["李明", "4.5", "4.5"],
        ["Paper", "3", "3"],
    ]


def test_a_total_of_a_second_row_is_not_lost(folder: Path) -> None:
    again = hand_in(folder, "again.yaml", "Ada", 0.649)
    check(folder, "answers/ada.yaml", again, *CSV)
    path = folder / "marks.csv"
    assert [row[:2] for row in rows(path)[1:]] == [["Ada", "4"], ["Ada", "5"]]
    path.write_text(path.read_text(encoding="utf-8").replace("right,\n", "right,2\n"), encoding="utf-8")
    check(folder, "answers/ada.yaml", again, *CSV)
    assert [[row[0], row[1], row[-1]] for row in rows(path)[1:]] == [["Ada", "4", ""], ["Ada", "2", "2"]]
    _, _, err = check(folder, "answers/ada.yaml", *CSV)
    assert "marks.csv:3: the total 2 set by hand for Ada went to none of the answers" in err
    assert [[row[0], row[1], row[-1]] for row in rows(path)[1:]] == [["Ada", "5", ""], ["Ada", "2", "2"]]


# ---- a folder with a report for each student


@pytest.mark.parametrize(("form", "suffix"), [("text", ".txt"), ("md", ".md"), ("json", ".json")])
@pytest.mark.parametrize("audience", ["student", "teacher"])
def test_each_student_has_a_file_as_if_marked_alone(form: str, suffix: str, audience: str, folder: Path) -> None:
    (folder / "hand.csv").write_text("student,quantity,marks\n李明,delta2,0.5\n", encoding="utf-8")
    options = ("--format", form, "--for", audience)
    both = ("answers/ada.yaml", "answers/ming.yaml")
    code, out, err = check(folder, *both, *options, "--by-hand", "hand.csv", "-o", "new/reports/")
    assert (code, out) == (1, "")
    assert "2 reports written" in err
    assert sorted(path.name for path in (folder / "new" / "reports").iterdir()) == [f"Ada{suffix}", f"李明{suffix}"]
    for name, student in (("ada", "Ada"), ("ming", "李明")):
        hand = ("--by-hand", "hand.csv") if name == "ming" else ()
        _, alone, _ = check(folder, f"answers/{name}.yaml", *options, *hand)
        assert (folder / "new" / "reports" / f"{student}{suffix}").read_text(encoding="utf-8") == alone


def test_a_folder_that_is_there_needs_no_slash_and_names_are_told_apart(folder: Path) -> None:
    (folder / "reports").mkdir()
    (folder / "reports" / "notes.txt").write_text("mine", encoding="utf-8")
    names = ["Ada", "ada", "../../etc/x", "CON", "..", "a:b*c", "x\u202ey", "字" * 200, "Ada-2"]
    files = [hand_in(folder, f"f{number}.yaml", json.dumps(name)) for number, name in enumerate(names)]
    (folder / "nobody.yaml").write_text(KEY.format(delta2=0.148), encoding="utf-8")
    code, _, err = check(folder, *files, "nobody.yaml", "-o", "reports")
    assert code == 0
    assert "10 reports written" in err
    found = {path.name for path in (folder / "reports").iterdir()}
    assert {"Ada.txt", "ada (2).txt", "Ada-2.txt", "_CON.txt", "student.txt", "a_b_c.txt", "x y.txt"} <= found
    assert {"nobody.txt", "_.._etc_x.txt", "notes.txt"} <= found
    assert len(found) == 11
    assert sorted(path.name for path in folder.iterdir()) == sorted([*files, "answers", "nobody.yaml", "reports"])
    assert (folder / "reports" / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_nothing_of_the_others_is_in_a_report(folder: Path) -> None:
    (folder / "nobody.yaml").write_text(KEY.format(delta2=0.148), encoding="utf-8")
    code, _, err = check(folder, "answers", "nobody.yaml", "--format", "json", "-o", "reports/")
    assert code == 2
    assert "3 reports written" in err
    for name, others in (("Ada", ("nobody", "李明", "Zoe")), ("nobody", ("Ada", "李明", "zoe"))):
        text = (folder / "reports" / f"{name}.json").read_text(encoding="utf-8")
        assert not [other for other in others if other in text]
        assert ("there is no name in it" in text) is (name == "nobody")


def test_what_cannot_be_a_folder_of_reports(folder: Path) -> None:
    (folder / "file").write_text("", encoding="utf-8")
    ada = ["check", "xor-mlp", "answers/ada.yaml"]
    assert "one table for all" in complaint_of([*ada, "--format", "csv", "-o", "reports/"], folder=folder)
    assert "is a file, not a folder" in complaint_of([*ada, "-o", "file/"], folder=folder)
    assert "cannot make the folder" in complaint_of([*ada, "-o", "file/reports/"], folder=folder)
    assert not (folder / "reports").exists()
    json_answers = folder / "answers" / "Ada.json"
    json_answers.write_text('{"student": "Ada", "answers": {"z1": [0.8, -0.3]}}', encoding="utf-8")
    message = complaint_of(["check", "xor-mlp", "answers", "--format", "json", "-o", "answers/"], folder=folder)
    assert "Ada.json has answers in it" in message
    assert "answers" in json.loads(json_answers.read_text(encoding="utf-8"))


def test_reports_of_an_earlier_run_are_no_answer_files(folder: Path) -> None:
    (folder / "answers" / "zoe.yaml").unlink()
    for _ in range(2):
        code, _, err = check(folder, "answers", "--format", "json", "-o", "answers/reports/")
        assert code == 1
        assert "error" not in err


def test_several_reports_for_students_in_one_file_are_warned_of(folder: Path) -> None:
    both = ("answers/ada.yaml", "answers/ming.yaml")
    code, _, err = check(folder, *both, "--for", "student", "-o", "all.txt")
    assert code == 1
    assert "warning: the reports of 2 students are in one" in err
    assert "-o reports/" in err
    assert (folder / "all.txt").is_file()
    assert check(folder, *both, "-o", "all.txt")[2] == ""
    assert check(folder, both[0], "--for", "student", "-o", "all.txt")[2] == ""


def test_marks_by_hand_of_many_others_are_one_warning(folder: Path) -> None:
    names = [hand_in(folder, f"s{number}.yaml", f"s{number}") for number in range(6)]
    check(folder, *names, *CSV)
    path = folder / "marks.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("right,\n", "right,3\n"), encoding="utf-8")
    _, out, err = check(folder, "s0.yaml", "--by-hand", "marks.csv")
    assert err == "warning: 5 students of marks.csv gave no answers here: s1, s2, s3, s4, s5\n"
    assert "s0: 3 of 5 marks" in out


# ---- what it costs


@pytest.mark.parametrize(("form", "without"), [("text", {"sympy"}), ("csv", {"sympy", "jinja2"}), ("json", {"jinja2"})])
def test_marking_waits_for_nothing_it_does_not_need(form: str, without: set[str], folder: Path) -> None:
    script = (
        "import sys; from stepwise.cli import group; "
        f"group(['check', 'xor-mlp', 'answers/ming.yaml', '--format', '{form}'], standalone_mode=False)"
    )
    code = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {script}"
    done = run_python(code, folder)
    assert "stepwise.checking" in done
    assert not without & done


def run_python(code: str, folder: Path) -> set[str]:
    """The modules that are loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    return set(done.stderr.split())


# ---- a terminal


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix")
@pytest.mark.parametrize(("count", "bar"), [(3, False), (40, True)])
def test_many_files_have_a_progress_bar_on_a_terminal(count: int, bar: bool, folder: Path) -> None:
    import pty

    names = []
    for number in range(count):
        path = folder / f"s{number}.yaml"
        path.write_text(f"student: s{number}\n{KEY.format(delta2=0.148)}", encoding="utf-8")
        names.append(path.name)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as reader:
        done = subprocess.Popen(
            [*COMMAND, "check", "xor-mlp", *names, *ASK, "--format", "csv"],
            cwd=folder,
            env={**ENVIRONMENT, "TERM": "xterm"},
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        out, _ = done.communicate(timeout=60)
        os.close(theirs)
        try:
            shown = reader.read(100_000)
        except OSError:
            # nothing was written, and nobody can any more
            shown = b""
    assert done.returncode == 0
    assert len(out.splitlines()) == count + 1
    assert (b"100%" in shown) is bar
    assert b"%" not in out


def test_no_progress_bar_elsewhere(folder: Path) -> None:
    for number in range(30):
        (folder / f"s{number}.yaml").write_text(f"student: s{number}\n{KEY.format(delta2=0.148)}", encoding="utf-8")
    done = run("check", "xor-mlp", *(f"s{number}.yaml" for number in range(30)), *ASK, folder=folder)
    assert (done.returncode, done.stderr) == (0, "")


def test_answers_without_a_name_have_files_of_their_own(folder: Path) -> None:
    """Of one file name in two folders, in two runs."""
    for name in ("u", "v"):
        (folder / name).mkdir()
        (folder / name / "answers.yaml").write_text("answers:\n  z1: [0.8, -0.3]\n", encoding="utf-8")
        check(folder, f"{name}/answers.yaml", "-o", "each/")
    assert {path.name for path in (folder / "each").iterdir()} == {"u_answers.txt", "v_answers.txt"}


def test_a_row_without_a_name_is_not_taken_over_in_silence(folder: Path) -> None:
    (folder / "nobody.yaml").write_text("answers:\n  z1: [0.8, -0.3]\n", encoding="utf-8")
    for taken_over in (False, True):
        _, _, err = check(folder, "nobody.yaml", "--format", "csv", "-o", "marks.csv")
        assert ("the row 'nobody.yaml' of marks.csv is taken for" in err) is taken_over
