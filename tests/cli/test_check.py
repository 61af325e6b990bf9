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
        assert "marks set by hand for Paper, who gave no answers" in err
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
