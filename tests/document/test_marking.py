"""Reports on marked answers: what they say to a student and to a teacher, and what they keep to themselves."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from stepwise.checking import ClassReport, MadeMistake, Marked, Unreadable
from stepwise.checking.by_hand import Override
from stepwise.checking.slips import LAST_DIGIT_OFF, SLIPS
from stepwise.document.marking import render_report, report_formats
from stepwise.document.marking_notes import answer_text
from stepwise.document.plain import WIDTH, aligned, columns, headed, marks_text, one_line, wrapped
from stepwise.document.words import catalogue
from stepwise.errors import UnsupportedError
from stepwise.resources import known_languages
from tests.checking.marked import FORGOT, KEY, RIGHT, everyone, marked, questions, report, whole_class
from tests.document.listening import listening
from tests.document.test_words import CHINESE, MARKUP, slots, western

WRITTEN = ("text", "md")


def said(*reports: Any, form: str = "text", language: str = "en", audience: str = "teacher") -> str:
    """The report with its lines joined again, so that sentences can be looked for."""
    text = render_report(whole_class(*reports), form, language, audience)
    return re.sub(r"\n {4,}(?=\S)", "" if language == "zh" else " ", text)


# ---- to one student


def test_a_wrong_answer_is_named_with_a_hint() -> None:
    words = catalogue("en", "check")
    text = said(everyone()[1], audience="student")
    assert "李明: 6 of 7 marks\n" in text
    assert re.search(r"^delta2 +wrong +0/1 +\[0\.649\]$", text, re.MULTILINE)
    name, hint = (words[f"mistake.{FORGOT.name}.{part}"] for part in ("name", "hint"))
    assert f"\ndelta2\n  - An error starts here.\n  - It looks like this mistake: {name}. {hint}\n" in text
    assert "none of the mistakes" not in text


def test_a_right_method_on_an_earlier_error_keeps_its_marks() -> None:
    text = said(everyone()[2], audience="student")
    assert re.search(r"^delta1 +follows from an earlier error +1/1 ", text, re.MULTILINE)
    follows = "The method is right; only the numbers differ, because of an earlier error."
    assert f"\ndelta1\n  - {follows} No marks are lost for that.\n" in text
    part = marked("delta1", "follows", ["0.14", "0.159"], marks=0.5)
    assert f"\ndelta1\n  - {follows}\n" in said(report("s", part), audience="student")


def test_what_leaves_nothing_to_calculate_says_why_it_earns_nothing() -> None:
    text = said(everyone()[2], audience="student")
    assert re.search(r"^dW1 +leaves nothing to calculate +0/1 ", text, re.MULTILINE)
    assert "\ndW1\n  - This agrees with an earlier wrong answer, but that one left nothing to calculate" in text


def test_a_last_digit_that_is_off_is_said() -> None:
    cut = marked("L", "too_few_digits", "0.2105", mistakes=(MadeMistake(LAST_DIGIT_OFF, "L"),), marks=0.5)
    text = said(report("s", cut), audience="student")
    hint = catalogue("en", "check")[f"mistake.{LAST_DIGIT_OFF}.hint"]
    assert f"\nL\n  - This is right but for its last digit. {hint}\n" in text
    assert "too few digits" not in text


def test_entries_are_named_by_their_place() -> None:
    text = said(everyone()[3], audience="student")
    assert re.search(r"^dW1 +incomplete +0/1 +\[\[0\.5, 0\.032\], \[\?, 0\.036\]\]$", text, re.MULTILINE)
    assert re.search(r"^W2_new +no answer +0/1$", text, re.MULTILINE)
    assert "An error starts here, in entry [1,1]." in text
    assert "No answer was given for entry [2,1]." in text
    assert "none of the mistakes we know" in text
    assert "\nL\n  - This has too few digits to tell whether it is right." in text
    assert "half" not in text


@pytest.mark.parametrize(("language", "said_then"), [("en", "earns half of its marks."), ("zh", "只得一半分数。")])
def test_too_few_digits_promise_nothing_and_say_what_they_earn(language: str, said_then: str) -> None:
    """Right is nowhere said of such a number; half the marks only where the scheme gave half."""
    text = said(report("s", marked("L", "too_few_digits", "0.2", marks=0.5)), language=language, audience="student")
    feedback = text[text.index("\nL\n") :]
    assert said_then in feedback
    assert "right as far" not in feedback
    assert "没有错" not in feedback
    for marks, more in ((0.25, {}), (0.5, {"by_hand": True})):
        other = said(report("s", marked("L", "too_few_digits", "0.2", marks=marks, **more)), language=language)
        assert said_then not in other


def test_of_two_mistakes_with_the_same_number_both_are_possible() -> None:
    words = catalogue("en", "check")
    text = said(everyone()[4], audience="student")
    first, second = (words[f"mistake.{name}.name"] for name in ("digits_exchanged", "weights_not_transposed"))
    assert "More than one known mistake gives this answer" in text
    assert f"Possible mistake: {first}. " in text
    where = "in the line back1, which was not asked for: error that layer 2 sends back to the output of layer 1"
    assert f"Possible mistake: {second} ({where}). " in text


def test_a_line_in_which_a_mistake_was_made_is_described() -> None:
    """Ids such as one_minus2 stand on no form; a line that is asked for was not answered where another shows it."""
    for line, where in (
        ("one_minus2", "not asked for: a line on the way to da_dz2, one_minus2 = 1 - a2)"),
        ("delta2", "not answered in full: error term of layer 2, the derivative of the loss with respect to z2)"),
    ):
        made = (MadeMistake("forgot_minus", line),)
        text = said(report("s", marked("dW1", "wrong", [["1", "2"], ["3", "4"]], mistakes=made)))
        assert f"(in the line {line}, which was {where}" in text
    made = (MadeMistake("weights_not_transposed", "back1"),)
    chinese = said(report("s", marked("delta1", "wrong", ["1", "2"], mistakes=made)), language="zh")
    assert "（出在没有要求填写的一步back1，即从第2层传回到第1层输出的误差）" in re.sub(r"\s", "", chinese)


def test_each_entry_has_its_own_mistake() -> None:
    text = said(report("s", each_its_own()))
    assert "- An error starts here.\n" in text
    assert "In entry [1,2] it looks like this mistake: " in text
    assert "In entries [2,1], [2,2] it looks like this mistake: " in text
    assert "In entry [1,1] it is none of the mistakes we know." in text


def each_its_own() -> Marked:
    made = (
        MadeMistake("digits_exchanged", "dW1", (1, 2)),
        MadeMistake("sign_lost", "dW1", (2, 1)),
        MadeMistake("sign_lost", "dW1", (2, 2)),
    )
    return marked("dW1", "wrong", [["1", "2"], ["3", "4"]], mistakes=made)


def test_the_same_is_said_once_of_quantities_in_a_row() -> None:
    first = marked("delta1", "follows", ["0.14", "0.159"])
    second = marked("dW1", "follows", [["0.14", "0.14"], ["0.159", "0.159"]])
    text = said(report("s", first, second), audience="student")
    assert "\ndelta1, dW1\n  - The method is right;" in text
    assert text.count("The method is right") == 1


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize(
    ("language", "praise"), [("en", "Everything is right. Well done!"), ("zh", "全部正确，非常好！")]
)
def test_a_student_without_errors_is_praised_in_a_few_lines(form: str, language: str, praise: str) -> None:
    text = said(report("Ada"), form=form, language=language, audience="student")
    assert praise in text
    assert len(text.splitlines()) <= 8
    assert "z1" not in text


def test_marks_by_hand_are_said() -> None:
    text = said(report("s", marked("L", "wrong", "1", marks=0.5, by_hand=True), by_hand=6.25))
    assert "s: 6.25 of 7 marks\n" in text
    assert "The total was set by hand." in text
    assert "The marks for this quantity were set by hand." in text
    assert re.search(r"^L +wrong +0\.5/1 +1$", text, re.MULTILINE)


def test_what_was_not_asked_for_counts_no_marks() -> None:
    extra = marked("back1", "wrong", ["1", "2"], accepted=[[0.14, 0.15], [0.14, 0.15]])
    assert not extra.asked.asked
    student = report("s")
    text = said(replace(student, quantities={**student.quantities, "back1": extra}))
    assert re.search(r"^back1 +wrong +not asked for +\[1, 2\]$", text, re.MULTILINE)
    assert "s: 7 of 7 marks" in text


def test_a_long_answer_is_cut_short() -> None:
    assert answer_text(["1", "2", "3"]) == "[1, 2, 3]"
    assert answer_text([str(n) for n in range(400)]) == "[0, 1, 2, …, 399]"
    assert len(answer_text([[str(n) for n in range(28)] for _ in range(28)])) < 120
    wide = replace(
        marked("delta1", "wrong", ["1", "2"]), accepted=[[0.1, 0.2]] * 400, entries=["wrong"] * 399 + ["right"]
    )
    text = said(report("s", replace(wide, given=["1"] * 400)))
    assert "entries [1], [2], [3], [4], [5], [6] and 393 more" in text
    assert re.search(r"^delta1\[6\] +0\.1 +0\.2\n…\n", text, re.MULTILINE)
    assert len(text) < 5000


def test_a_long_list_of_quantities_is_cut_short() -> None:
    bad = report("bad", *(marked(name, "wrong", given) for name, given in RIGHT.items()))
    line = next(line for line in said(bad, report("Ada")).splitlines() if line.startswith("bad "))
    assert line.split(maxsplit=2)[2] == "z1, a1, L, delta2, delta1, …"


@pytest.mark.parametrize(
    ("marks", "text"), [(9.0, "9"), (0.5, "0.5"), (10, "10"), (2 / 3, "0.67"), (0.0, "0"), (100.0, "100")]
)
def test_marks_have_no_trailing_zeros(marks: float, text: str) -> None:
    assert marks_text(marks) == text


# ---- what a student may not read


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def numbers(nested: Any) -> Iterator[float]:
    if isinstance(nested, list | tuple):
        for part in nested:
            yield from numbers(part)
    elif nested is not None:
        yield float(nested)


@pytest.mark.parametrize("form", [*WRITTEN, "json", "csv"])
@pytest.mark.parametrize("language", ["en", "zh", "en+zh"])
def test_a_student_reads_no_answer(form: str, language: str) -> None:
    """Every number of the page is marks, or was typed by the student, or counts something; none is near an answer."""
    wrong = {
        name: marked(name, "wrong", fill(given, "77.5"), expected=fill(KEY[name], 55.5, ends=True))
        for name, given in RIGHT.items()
    }
    silent = report("s", *wrong.values())
    text = render_report(whole_class(silent, silent), form, language, "student")
    found = {float(one) for one in NUMBER.findall(re.sub(r"[A-Za-z]+\d*(?:_new)?|\[[\d,]+\]", " ", text))}
    key = [abs(end) for end in numbers(list(KEY.values()))]
    assert 77.5 in found or form == "csv"
    assert [one for one in found if any(abs(abs(one) - end) <= 0.0006 for end in key)] == []
    assert 55.5 not in found
    if form in WRITTEN:
        shown = render_report(whole_class(silent), form, language, "teacher")
        assert {"0.1476", "0.1481", "0.968", "0.969", "55.5"} <= set(NUMBER.findall(shown))


def fill(nested: Any, value: Any, ends: bool = False) -> Any:
    if not isinstance(nested, list):
        return value
    if ends and not isinstance(nested[0], list):
        return [value, value]
    return [fill(part, value, ends) for part in nested]


def test_a_student_of_a_class_reads_nothing_of_the_others_in_a_section() -> None:
    text = said(*everyone(), audience="student")
    assert "Summary" not in text
    assert [line.split(":")[0] for line in text.splitlines() if line.endswith(" marks")] == [
        "Ada",
        "李明",
        "s3",
        "s4",
        "s5",
    ]


# ---- to a teacher


def test_a_teacher_reads_the_accepted_numbers() -> None:
    text = said(everyone()[1])
    assert "- Accepted: 0.1476 to 0.1481.\n" in text
    one = marked("z1", "wrong", ["1", "-0.3"], entries=["wrong", "right"])
    assert "- Accepted value: [1] 0.8.\n" in said(report("s", one))
    assert "- 可接受的值：[1] 0.8。\n" in said(report("s", one), language="zh")
    assert re.search(r"^Quantity +From +To\n.*\nz1\[1\] +0\.8 +0\.8\n", text, re.MULTILINE)
    assert re.search(r"^delta2 +0\.1476 +0\.1481\n(.*\n)+W2_new\[1,2\] +0\.968 +0\.969$", text, re.MULTILINE)
    own = said(everyone()[2])
    assert "with the student's own earlier answers: [1] 0.138 to 0.14, [2] 0.158 to 0.1594." in own


def test_only_entries_that_other_answers_would_do_for_are_listed_again() -> None:
    both_off = marked("delta1", "wrong", ["1", "2"], expected=[[0.0315, 0.032], [0.158, 0.1594]])
    text = said(report("s", both_off))
    assert "- Accepted: [1] 0.0315 to 0.032, [2] 0.036 to 0.0363.\n" in text
    assert "with the student's own earlier answers: [2] 0.158 to 0.1594.\n" in text


@pytest.mark.parametrize("form", WRITTEN)
def test_a_class_has_a_summary_and_a_line_for_each(form: str) -> None:
    unread = (Unreadable("x.yaml", "x.yaml: there are no answers"),)
    text = render_report(whole_class(*everyone(), unreadable=unread), form, "en")
    plain = re.sub(r"[|`]", " ", text).replace("\\", "").replace(" , ", ", ")
    assert "- Students: 5\n" in text
    assert re.search(r"^[ |]*Quantity[ |]+Students[ |]+Share of those who answered", text, re.MULTILINE)
    assert "- Answers that could not be read and are not counted: 1\n" in text
    assert "have everything right: 1\n" in text
    assert "Marks out of 7: mean 5.6, median 6, best 7\n" in text
    for pattern in (
        r"^ *delta2 +2 +40%",
        r"^ *Ada +7/7 +all right *$",
        r"^ *李明 +6/7 +delta2 *$",
        r"^ *s4 +4/7 +dW1 +dW1, +W2_new *$",
        r"^ *6 +2 *$",
        rf"^ *{catalogue('en', 'check')['mistake.forgot_activation_derivative.name']} +2 *$",
    ):
        assert re.search(pattern, plain, re.MULTILINE), pattern
    # who has everything right needs no section
    assert "Well done" not in text
    assert text.count("An error starts here") == 4


def test_a_name_that_looks_like_markup_or_moves_the_cursor_does_neither() -> None:
    name = "**Eve** <b>|\x1b[2J\n# x"
    for others in ((), (report("Ada"),)):
        # in the heading of a student, and in the list of a class
        page = render_report(whole_class(report(name), *others), "md", "en")
        assert r"\*\*Eve\*\* &lt;b&gt;\|" in page
        assert "<b>" not in page
    text = render_report(whole_class(report(name)), "text", "en")
    assert "\x1b" not in text
    assert "**Eve** <b>| [2J # x: 7 of 7 marks" in text


def test_answers_without_a_name_are_called_by_where_they_stand() -> None:
    assert "no name (x.yaml): 7 of 7 marks" in said(report("", source="x.yaml"))
    row = report("", source="c/noname.csv line 5")
    assert "no name (c/noname.csv line 5): 7 of 7 marks" in said(row)
    assert "未写姓名（c/noname.csv 第 5 行）：7 分（满分 7 分）" in said(row, language="zh")
    assert re.search(r"^未写姓名（c/noname.csv 第 5 行） +7/7 ", said(row, report("b"), language="zh"), re.MULTILINE)
    nobody = replace(report(""), source="")
    assert "no name: 7 of 7 marks" in said(nobody)
    assert "未写姓名：7 分（满分 7 分）" in said(nobody, language="zh")


# ---- languages


def test_both_languages_one_after_the_other() -> None:
    text = render_report(whole_class(everyone()[1]), "text", "en+zh", "student")
    assert "李明: 6 of 7 marks / 李明：6 分（满分 7 分）\n" in text
    assert re.search(r"\ndelta2\n  - An error starts here\.\n(  .*\n)+\n  - 这一步出错了。\n", text)
    assert re.search(r"^delta2 +wrong / 错误 +0/1 ", text, re.MULTILINE)


@pytest.mark.parametrize("form", WRITTEN)
def test_without_a_language_it_is_the_problems(form: str) -> None:
    assert "Quantity" in render_report(whole_class(report("s", marked("L", "wrong", "1"))), form)
    problem = replace(questions().problem, languages=("zh",))
    chinese = ClassReport(replace(questions(), problem=problem), whole_class(report("s")).reports)
    assert "全部正确" in render_report(chinese, form)


@pytest.mark.parametrize(
    "asked", [{"format": "latex"}, {"format": "html"}, {"language": "fr"}, {"audience": "parents"}]
)
def test_what_there_is_not_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(UnsupportedError, match=f"{next(iter(asked.values()))}'"):
        render_report(whole_class(report("s")), **asked)  # type: ignore[arg-type]


def test_worked_solutions_have_no_text_format() -> None:
    from stepwise.document import render
    from tests.document.samples import trace_of

    with pytest.raises(UnsupportedError, match="no format 'text'"):
        render(trace_of("xor-mlp"), "text")
    assert report_formats() == ("text", "md", "json", "csv")


# ---- the table of marks


def table(*reports: Any, kept: tuple[Override, ...] = ()) -> list[list[str]]:
    return list(csv.reader(io.StringIO(render_report(whole_class(*reports), "csv", kept=kept))))


def test_one_row_a_student() -> None:
    header, *rows = table(*everyone(), report("=HYPERLINK(1)", by_hand=2.5), report('Li, "Ming"'))
    assert header[:4] == ["student", "marks", "of", "z1"]
    assert header[-1] == "by_hand"
    place = {name: number for number, name in enumerate(header)}
    # as often as the questions asks, in the order of the calculation
    assert header[3:-1] == [one.id for one in questions().asked]
    assert rows[0][:3] == ["Ada", "7", "7"]
    assert [row[place["delta2"]] for row in rows[:5]] == ["right", "wrong", "wrong", "right", "right"]
    assert [row[place["db1"]] for row in rows] == [""] * 7
    assert rows[5][0] == "'=HYPERLINK(1)"
    assert [row[-1] for row in rows] == ["", "", "", "", "", "2.5", ""]
    assert rows[6][0] == 'Li, "Ming"'


def test_totals_of_absent_students_are_kept() -> None:
    rows = table(report("Ada"), kept=(Override("Zoe", "", 3.5, 2), Override("Zoe", "L", 1.0, 3)))
    assert [row[:3] + row[-1:] for row in rows[1:]] == [["Ada", "7", "7", ""], ["Zoe", "3.5", "", "3.5"]]


@pytest.mark.parametrize(("form", "seconds"), [("csv", 0.3), ("json", 1.0)])
def test_a_thousand_students_take_no_time(form: str, seconds: float) -> None:
    big, took = whole_class(*(everyone() * 200)), []
    for _ in range(3):
        start = time.perf_counter()
        render_report(big, form)
        took.append(time.perf_counter() - start)
    assert min(took) < seconds


# ---- plain text


def test_a_heading_has_a_line_for_each_language_where_it_is_too_long() -> None:
    short, long = "one / 一", "word " * 12 + "/ " + "字" * 30 + "（批改结果）"
    assert headed(short, "=") == "one / 一\n========"
    assert headed(long, "=").split("\n") == [("word " * 12).rstrip(), "字" * 30 + "（批改结果）", "=" * 72]
    longer = headed("字" * 42 + "（批改结果）", "-").split("\n")
    assert longer == ["字" * 42, "（批改结果）", "-" * 84]


@pytest.mark.parametrize(("language", "ids"), [("zh", "delta1、dW1"), ("en", "delta1, dW1"), ("en+zh", "delta1, dW1")])
def test_ids_in_a_row_are_joined_as_the_language_joins(language: str, ids: str) -> None:
    first = marked("delta1", "follows", ["0.14", "0.159"])
    second = marked("dW1", "follows", [["0.14", "0.14"], ["0.159", "0.159"]])
    assert f"\n{ids}\n" in render_report(whole_class(report("s", first, second)), "text", language)


def test_tenths_of_the_marks_have_no_blank_before_the_sign() -> None:
    part = report("s", marked("L", "too_few_digits", "0.2", marks=0.5))
    for language in ("en", "zh"):
        assert re.search(r"^90%–100% +2$", said(part, report("b"), language=language), re.MULTILINE)


def test_columns_line_up_with_chinese_in_them() -> None:
    lines = aligned([["a", "b"], ["李明", "x"], ["long", "y"]]).split("\n")
    assert lines == ["a     b", "----  -", "李明  x", "long  y"]
    assert (columns("李明"), columns("e\u0301"), columns("（")) == (4, 1, 2)


@pytest.mark.parametrize(
    "text", ["word " * 60, "这一步出错了，错在元素。" * 20, "x" * 200 + " y", "[1,2] 0.5 to 0.6, " * 20]
)
def test_long_lines_are_broken(text: str) -> None:
    lines = wrapped(text, "  - ", "    ").split("\n")
    assert all(columns(line) <= WIDTH for line in lines) or "x" * 200 in text
    assert lines[0].startswith("  - ")
    assert all(line.startswith("    ") and line[4] not in " ，。" for line in lines[1:])
    assert not any(line.endswith("]") for line in lines)
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(lines))[1:]


def test_a_long_last_cell_is_broken_under_itself() -> None:
    lines = aligned([["id", "said"], ["dW1", "word " * 30]]).split("\n")
    assert len(lines) > 3
    assert all(columns(line) <= WIDTH for line in lines)
    assert lines[3].startswith("     word")


def test_control_characters_are_taken_out() -> None:
    assert one_line("a\nb\x1b[0m\u202ec\x9b") == "a b [0m c "


# ---- words


@cache
def heard(language: str) -> frozenset[str]:
    """Every key that some report says."""
    many = marked("delta1", "wrong", ["1", "2"])
    many = replace(many, accepted=[[0.1, 0.2]] * 20, entries=["wrong"] * 19 + ["right"], given=["1"] * 20)
    opened = tuple(MadeMistake("forgot_minus", line) for line in ("delta2", "back1"))
    single = marked("z1", "wrong", ["1", "2"], expected=[[0.7, 0.7], [0.6, 0.6]], mistakes=opened)
    two = tuple(MadeMistake(name, "delta1", (1,)) for name in ("digits_exchanged", "sign_lost"))
    twins = (marked("delta1", "wrong", ["1", "2"], mistakes=two), each_its_own())
    odd = report("odd", by_hand=3.0)
    rows = (report("", source="x.csv line 2"), report("", source="x.yaml"))
    half = report("half", single, marked("L", "too_few_digits", "0.2", marks=0.5))
    part = marked("delta1", "too_few_digits", ["0", "2"], entries=["too_few_digits", "follows"])
    cut = (MadeMistake(LAST_DIGIT_OFF, "L"),)
    cut_off = report("cut", marked("L", "too_few_digits", "0.2105", mistakes=cut), replace(part, mistakes=cut))
    empty = replace(report(""), source="")
    lazy = report("lazy", *(marked(name, "missing") for name in RIGHT))
    with listening() as found:
        reports = (
            *everyone(),
            *rows,
            half,
            cut_off,
            odd,
            empty,
            lazy,
            report("t", *twins),
            report("p", part),
            report("m", many),
        )
        unread = (Unreadable("x", "x: no"),)
        render_report(whole_class(*reports, unreadable=unread), "text", language)
        hand = marked("L", "follows", "1", marks=0.5, by_hand=True)
        extra = marked("back1", "right", ["1", "2"], accepted=[[0.1, 0.2]] * 2)
        render_report(whole_class(report("Ada", marked("z1", "wrong", ["1", "2"]))), "text", language)
        render_report(whole_class(report("Ada")), "text", language)
        render_report(whole_class(replace(report("Ada"), code="XOR-7F3K9QDM-E")), "text", language)
        render_report(whole_class(report("s", hand)), "text", language)
        whole = report("x")
        render_report(
            whole_class(replace(whole, quantities={**whole.quantities, "back1": extra, "L": hand})), "md", language
        )
    return frozenset(found)


def own(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language, "check").items() if key.startswith("check.")}


@pytest.mark.parametrize("language", known_languages())
def test_every_sentence_is_said_in_some_report(language: str) -> None:
    keys = {key for key in heard(language) if key.startswith("check.")}
    assert set(own(language)) - keys == set()
    assert keys - set(own(language)) == set()


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    english = catalogue("en", "check")
    there = catalogue(language, "check")
    assert sorted(there) == sorted(english)
    assert {key for key in english if slots(english[key]) != slots(there[key])} == set()


@pytest.mark.parametrize("language", known_languages())
def test_every_slip_of_the_pen_has_its_words(language: str) -> None:
    assert {f"mistake.{name}.{part}" for name in SLIPS for part in ("name", "hint")} <= set(
        catalogue(language, "check")
    )


def test_words_are_sentences_and_nothing_else() -> None:
    for language in known_languages():
        texts = [re.sub(r"\{\w+\}", "", text) for text in own(language).values()]
        assert [text for text in texts if MARKUP.search(text) or "\n" in text] == []
    chinese, english = own("zh"), own("en")
    assert [text for text in chinese.values() if western(text)] == []
    assert [text for text in english.values() if re.search(rf"{CHINESE}|[，。；：！？（）、“”]", text)] == []
    bare = {key for key, text in english.items() if not re.sub(r"\{\w+\}|\W", "", text)}
    assert [key for key, text in chinese.items() if key not in bare and not re.search(CHINESE, text)] == []


def test_a_thing_has_the_same_word_as_in_the_solutions() -> None:
    """A penalty, a pre-activation; 得分 is the score of an SVM, 量 heads the form."""
    mistakes = {key: text for key, text in catalogue("zh", "check").items() if key.startswith("mistake.")}
    assert [key for key, text in mistakes.items() if re.search("正则化项|得分|做成", text)] == []
    english = {key: text for key, text in catalogue("en", "check").items() if key.startswith("mistake.")}
    assert [key for key, text in english.items() if re.search(r"\bscore|the regularisation (in|instead)", text)] == []
    chinese = catalogue("zh", "check")
    assert chinese["check.column.quantity"] == chinese["blank.column.quantity"]
    assert chinese["check.column.marks"] != chinese["blank.what.score"]


def test_sentences_end_alike() -> None:
    chinese, english = own("zh"), own("en")
    differing = [
        key for key, text in english.items()
        if text.endswith((".", "!", "{hint}")) != chinese[key].endswith(("。", "！", "{hint}"))
    ]  # fmt: skip
    assert differing == []
