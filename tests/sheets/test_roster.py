"""Rosters as spreadsheets of all countries write them, and what is said of faulty ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepwise.errors import SpecError
from stepwise.sheets.model import Student
from stepwise.sheets.roster import read_enrolled, read_roster

LI, HAN = Student("s1", "李雷"), Student("s2", "韩梅梅")


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "class.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@pytest.mark.parametrize(
    "text",
    [
        "student,name\ns1,李雷\ns2,韩梅梅\n",
        "学号,姓名\ns1,李雷\ns2,韩梅梅\n",
        "姓名,编号\n李雷,s1\n韩梅梅,s2\n",
        "s1,李雷\ns2,韩梅梅\n",
        "Student_ID;Class;NAME\r\ns1;7b;李雷\r\ns2;7b;韩梅梅\r\n",
        "id\tname\n\n s1 \t 李雷\n\ns2\t韩梅梅\n\n",
        '"id","name"\n"s1","李雷"\n"s2","韩梅梅"\n',
        "\ufeffid,name\ns1,李雷\ns2,韩梅梅",
        "机器学习一班名单,,\n学号,姓名,班级\ns1,李雷,一班\ns2,韩梅梅,一班\n",
        "机器学习一班名单\n\n2024 年秋\n学号;姓名\ns1;李雷\ns2;韩梅梅\n",
        "学号，姓名\ns1，李雷\ns2， 韩梅梅\n",
        "学号,姓名\ns1，李雷\ns2,韩梅梅\n",
        "s1，李雷\ns2，韩梅梅\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_table_of_students(text: str, encoding: str, tmp_path: Path) -> None:
    if encoding == "gbk":
        text = text.removeprefix("\ufeff")
    assert read_roster(written(tmp_path, text.encode(encoding))) == [LI, HAN]


def test_a_name_is_not_needed(tmp_path: Path) -> None:
    assert read_roster(written(tmp_path, "7\n08\n")) == [Student("7"), Student("08")]
    assert read_roster(written(tmp_path, "id,name\n7\n8,\n")) == [Student("7"), Student("8")]


def test_codes_that_an_earlier_run_wrote(tmp_path: Path) -> None:
    text = "code,student,name,file\nXOR-1-2,s1,李雷,a\nXOR-1-3 SVM-1-4,s2,韩梅梅,b\n,s3,Ada,c\n"
    found = read_enrolled(written(tmp_path, text))
    assert [one.codes for one in found] == [("XOR-1-2",), ("XOR-1-3", "SVM-1-4"), ()]
    assert [one.line for one in found] == [2, 3, 4]
    assert [one.student.id for one in found] == ["s1", "s2", "s3"]


def test_the_files_of_one_paper_name_its_student_once(tmp_path: Path) -> None:
    row = "XOR-1-3 SVM-1-4,s2,韩梅梅"
    text = f"code,student,name,file\n{row},a.yaml\n{row},b.yaml\n"
    assert [one.student for one in read_enrolled(written(tmp_path, text))] == [HAN]


def test_an_apostrophe_against_formulas_is_none_of_the_id(tmp_path: Path) -> None:
    assert read_roster(written(tmp_path, "id,name\n'-7,'=Ada\n'8,O'Hara\n")) == [
        Student("-7", "=Ada"),
        Student("'8", "O'Hara"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("", None, "the file is empty"),
        ("id,name\n", None, "there are no students in it"),
        ("name\nAda\n", 1, "no column holds the ids"),
        ("id,name\ns1,Ada\n,Bob\n", 3, "the id of Bob is missing"),
        ("s1,Ada\n\ns2,Bob\ns1,Eve\n", 4, "the id s1 stands in line 1 already"),
        ("s1,Ada\ns1,Ada\n", 2, "the id s1 stands in line 1 already"),
        (
            "机器学习一班名单,,\ns1,李雷,一班\n",
            1,
            "'机器学习一班名单' is neither a student nor the names of the columns",
        ),
        ("一班名单\n李雷,一班\n韩梅梅,一班\n", 1, "neither a student nor the names"),
        ("Matrikel,Vorname\ns1,Ada\ns2,Bob\n", 1, "'Matrikel Vorname' is neither a student nor the names"),
        ("s1,Ada\n学号,姓名\ns2,Bob\n", 1, "this row stands above the names of the columns"),
        ("id,name,class\ns1，Ada,7b\n", 2, "a comma of a Chinese keyboard in the id 's1，Ada'"),
        ("code,id\nXOR-1-2,s1\nXOR-1-3,s1\n", 3, "the id s1 stands in line 2 already"),
        (f"id\n{'x' * 101}\n", 2, "longer than 100 characters"),
        ('id\n"a\nb"\n', 3, "a quotation mark is not closed"),
        ("id\na\x07\n", 2, "cannot be printed"),
        (b"id\n\xff\xfe\xff\xff\n", 2, "not UTF-8"),
        ("id\ns1\n".encode("utf-16"), None, "no table of text"),
        (b"PK\x03\x04\0\0", None, "no table of text"),
    ],
)
def test_a_faulty_roster_is_one_message(content: str | bytes, line: int | None, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    with pytest.raises(SpecError) as error:
        read_roster(path)
    (fault,) = error.value.faults
    assert said in fault.message
    assert fault.line == line
    assert fault.hint
    assert str(error.value).startswith(str(path))


def test_too_many_students_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="50,001 students are too many"):
        read_roster(written(tmp_path, "".join(f"{number}\n" for number in range(50_001))))


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_no_file_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"cannot be read: No such file|is a directory"):
        read_roster(tmp_path / name)
