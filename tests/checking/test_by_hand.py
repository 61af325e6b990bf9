"""Marks set by hand: the tables they are read from, what they change, and that none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepwise.checking.by_hand import (
    Override,
    apply_by_hand,
    has_marks_by_hand,
    over,
    read_by_hand,
    unclaimed,
)
from stepwise.checking.marks_table import safe_cell
from stepwise.errors import AnswerError
from tests.checking.marked import everyone, marked, report, whole_class

LONG = "student,quantity,marks\ns3,delta2,0.5\n李明,,6.5\n"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "hand.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def read(folder: Path, text: str | bytes) -> list[tuple[str, str, float]]:
    return [(one.student, one.quantity, one.marks) for one in read_by_hand(written(folder, text))]


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "\ufeff" + LONG,
        LONG.replace(",", ";").replace("6.5", "6,5").replace("0.5", "0,5"),
        LONG.replace(",", "\t"),
        LONG.replace("\n", "\r\n"),
        "Student, Quantity, Marks\n\n s3 , delta2 , 0.5 \n,,\n李明,,6.50",
        "marks,note,quantity,student\n.5,x,delta2,s3\n6.5,,,李明\n",
        LONG.partition("\n")[2],
    ],
)
def test_rows_of_student_quantity_marks(text: str, tmp_path: Path) -> None:
    assert read(tmp_path, text) == [("s3", "delta2", 0.5), ("李明", "", 6.5)]


def test_our_own_table_with_its_last_column_filled(tmp_path: Path) -> None:
    text = 'student,marks,of,z1,by_hand\nAda,7,7,right,\n李明,6,7,right,6.5\n\'=x,1,7,wrong,0\n"Li, Ming",1,7,wrong,2\n'
    assert read(tmp_path, text) == [("李明", "", 6.5), ("=x", "", 0.0), ("Li, Ming", "", 2.0)]


def test_a_mark_may_be_written_twice_but_not_differently(tmp_path: Path) -> None:
    assert read(tmp_path, LONG + "s3,delta2,0.50\n") == [("s3", "delta2", 0.5), ("李明", "", 6.5)]
    with pytest.raises(AnswerError, match=r"hand\.csv:4: `delta2` of s3 is set a second time.* line 2"):
        read(tmp_path, LONG + "s3,delta2,1\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the table is empty"),
        ("\n \n", "the table is empty"),
        ("name,points\nAda,3\n", ":1: these are not the columns"),
        ("student,quantity,marks\nAda,z1,good\n", ":2: 'good' is not a number of marks"),
        ("student,quantity,marks\nAda,z1,-1\n", ":2: '-1' is not a number of marks"),
        ("student,quantity,marks\nAda,z1,nan\n", ":2: 'nan' is not a number of marks"),
        ("student,quantity,marks\nAda,z1,1e9999\n", ":2: '1e9999' is not a number of marks"),
        ("student,quantity,marks\nAda,z1," + "9" * 400 + "\n", "too large"),
        ("student,quantity,marks\nAda,z1,=1+1\n", "'=1+1' is not a number of marks"),
        ("student,quantity,marks\n\n\nAda,z1,\n", ":4: the marks are missing"),
        ("student,quantity,marks\nAda,z1\n", ":2: has 2 cells; the marks stand in cell 3"),
        ("student,quantity,marks\n,z1,1\n", ":2: whose marks"),
        ("student,marks,of,by_hand\nAda,7,7,seven\n", ":2: 'seven' is not"),
        ('student,quantity,marks\n"A\nda",z1,1\nBo,z1,x\n', ":4: 'x' is not"),
        (b"student,quantity,marks\nAda,z1,1\n\xff,z1,1\n", ":3: is not UTF-8"),
        (b"student,quantity,marks\nA\0a,z1,1\n", ":2: is not a table of text"),
        ('student,quantity,marks\n"Ada,z1,1\n' + "x" * 140_000, "not part of a table"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_bad_table_is_one_message_with_its_line(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(AnswerError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert "hand.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AnswerError, match="cannot be read"):
        read_by_hand(tmp_path / "none.csv")
    with pytest.raises(AnswerError, match="cannot be read"):
        read_by_hand(tmp_path)
    assert not has_marks_by_hand(tmp_path)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("student,marks,of,z1,by_hand\nAda,7,7,right,\n", False),
        ("student,marks,of,z1,by_hand\nAda,7,7,right,6\n", True),
        ("\ufeffstudent;marks;of;z1;by_hand\nAda;7;7;right;6,5\n", True),
        ("student,marks,of,z1,by_hand\nAda,7,7,right,six\n", True),
        ("name,by_hand\nAda,7\n", False),
        ("student,quantity,marks\nAda,z1,1\n", False),
        ("", False),
    ],
)
def test_a_table_of_ours_with_marks_in_it_is_known(text: str, filled: bool, tmp_path: Path) -> None:
    assert has_marks_by_hand(written(tmp_path, text)) is filled


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_marks_that_cannot_be_read_are_not_taken_for_none(encoding: str, tmp_path: Path) -> None:
    text = "student,marks,of,by_hand\n李明,6,7,6.5\n"
    with pytest.raises(AnswerError, match="UTF-8"):
        has_marks_by_hand(written(tmp_path, text.encode(encoding)))


# ---- what they change


def test_marks_by_hand_are_put_in_place_of_ours() -> None:
    before = whole_class(*everyone())
    after = apply_by_hand(before, [Override("s3", "delta2", 0.5, 2), Override("李明", "", 6.5, 3)])
    ada, ming, third = after.reports[:3]
    assert ada is before.reports[0]
    assert (ming.marks, ming.by_hand, ming.of) == (6.5, 6.5, 7)
    assert (third["delta2"].marks, third["delta2"].by_hand, third["delta2"].verdict) == (0.5, True, "wrong")
    assert third.marks == before.reports[2].marks + 0.5
    assert third.by_hand is None
    assert after.warnings == ()
    assert [one.marks for one in before.reports] == [7, 6, 5, 4, 6]


def test_the_total_by_hand_outweighs_a_quantity() -> None:
    marks = [Override("Ada", "L", 0.0, 2), Override("Ada", "", 3.0, 3)]
    (ada,) = apply_by_hand(whole_class(report("Ada")), marks).reports
    assert (ada.marks, ada["L"].marks) == (3.0, 0.0)


@pytest.mark.parametrize(
    ("one", "warning"),
    [
        (Override("Adda", "", 3.0, 4, "hand.csv"), "hand.csv:4: marks set by hand for Adda, who gave no answers (did"),
        (Override("Ada", "delta3", 1.0, 5, "hand.csv"), "hand.csv:5: `delta3` is no quantity that Ada was asked for"),
        (Override("Ada", "L", 2.0, 6, "hand.csv"), "hand.csv:6: `L` of Ada has 2 marks by hand, where there are 1"),
        (Override("Ada", "", 7.5, 7, "hand.csv"), "hand.csv:7: Ada has 7.5 marks by hand, where there are 7"),
    ],
)
def test_what_does_not_fit_is_a_warning(one: Override, warning: str) -> None:
    (found,) = apply_by_hand(whole_class(report("Ada")), [one]).warnings
    assert found.startswith(warning)


def test_earlier_warnings_stay() -> None:
    assert apply_by_hand(whole_class(report("Ada"), warnings=("odd",)), []).warnings == ("odd",)


def test_a_file_without_a_name_goes_by_its_own() -> None:
    nameless = report("", marked("L", "wrong", "1"), source="x.yaml")
    (found,) = apply_by_hand(whole_class(nameless), [Override("x.yaml", "", 1.0, 2)]).reports
    assert found.marks == 1.0


def test_marks_of_nobody_are_found() -> None:
    gone = Override("Zoe", "", 3.0, 2)
    assert unclaimed(whole_class(report("Ada")), [Override("Ada", "", 1.0, 3), gone]) == (gone,)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "－1"])
def test_no_name_is_a_formula(name: str) -> None:
    assert safe_cell(name) == f"'{name}"


@pytest.mark.parametrize("name", ["Ada", "李明", "s-1", "a=b", "", " ", "'x"])
def test_other_names_stay(name: str) -> None:
    assert safe_cell(name) == name


# ---- several rows of one student, and students who are not there

TWICE = "student,marks,of,z1,by_hand\nAda,5,7,right,{}\n李明,1,7,wrong,\nAda,4,7,wrong,{}\n"


def twice(folder: Path, *totals: str) -> tuple[Override, ...]:
    return read_by_hand(written(folder, TWICE.format(*totals)))


@pytest.mark.parametrize(
    ("totals", "expected"),
    [(("6.5", ""), [6.5, 7]), (("", "2"), [7, 2]), (("6", "2"), [6, 2]), (("2", "2"), [2, 2])],
)
def test_each_row_of_a_student_has_its_own_total(
    totals: tuple[str, str], expected: list[float], tmp_path: Path
) -> None:
    ada = report("Ada"), report("Ada")
    after = apply_by_hand(whole_class(ada[0], report("李明"), ada[1]), twice(tmp_path, *totals))
    assert [one.marks for one in after.reports if one.student == "Ada"] == expected
    assert after.warnings == ()
    assert unclaimed(after, twice(tmp_path, *totals)) == ()


def test_where_rows_and_answers_are_not_as_many_it_is_said_where_a_total_went(tmp_path: Path) -> None:
    marks = twice(tmp_path, "6", "2")
    after = apply_by_hand(whole_class(report("Ada", source="a.yaml")), marks)
    assert [one.marks for one in after.reports] == [6]
    first, second = after.warnings
    assert (
        "hand.csv:2: the total 6 set by hand for Ada went to a.yaml (the table has 2 rows of Ada, and here is" in first
    )
    assert "hand.csv:4: the total 2 set by hand for Ada went to none of the answers" in second
    assert [one.marks for one in unclaimed(after, marks)] == [2]
    (one,) = read_by_hand(written(tmp_path, "student,marks,of,z1,by_hand\nAda,5,7,right,6\n"))
    after = apply_by_hand(whole_class(report("Ada", source="a.yaml"), report("Ada", source="b.yaml")), [one])
    assert [one.marks for one in after.reports] == [6, 7]
    (warning,) = after.warnings
    assert "went to a.yaml (the table has 1 row of Ada, and here are 2 answers)" in warning


def test_a_table_of_ones_own_is_for_all_that_a_student_handed_in(tmp_path: Path) -> None:
    marks = over(twice(tmp_path, "6", "2"), [Override("Ada", "", 1.0, 2)])
    after = apply_by_hand(whole_class(report("Ada"), report("Ada")), marks)
    assert [one.marks for one in after.reports] == [1, 1]
    later = over(twice(tmp_path, "6", "2"), twice(tmp_path, "", "3"))
    after = apply_by_hand(whole_class(report("Ada"), report("Ada")), later)
    assert [one.marks for one in after.reports] == [6, 3]


@pytest.mark.parametrize(("count", "names"), [(2, ": s0, s1"), (5, ": s0, s1, s2, s3, s4"), (51, "")])
def test_many_who_gave_no_answers_are_one_warning(count: int, names: str) -> None:
    marks = [Override(f"s{number}", "", 1.0, number + 2, "marks.csv") for number in range(count)]
    after = apply_by_hand(whole_class(report("Ada")), [*marks, Override("Ada", "", 3.0, 99, "marks.csv")])
    assert after.warnings == (f"{count} students of marks.csv gave no answers here{names}",)
    assert apply_by_hand(whole_class(report("Ada")), marks, {one.student for one in marks}).warnings == ()
