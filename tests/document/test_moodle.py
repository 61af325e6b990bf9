"""Moodle XML, read as Moodle's documentation says: every field takes the right answers and no known mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from msgspec.structs import replace

from stepwise.document.answer_ranges import Entry, _entry
from stepwise.document.html import inline_math
from stepwise.document.moodle import _data, render_moodle
from stepwise.errors import UnsupportedError
from stepwise.problem import problem_from_document
from stepwise.sheets.exams import read_exam
from stepwise.sheets.model import Paper
from stepwise.sheets.series import Series
from stepwise.sheets.variants import variant_of
from tests.document.variants import NAMES, paper, right_answers, titled, variants, wrong_answers

TYPES = "NUMERICAL|NM|MULTICHOICE|MC|MULTICHOICE_V|MCV|MULTICHOICE_H|MCH|SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC"
START = re.compile(rf"\{{(\d*):({TYPES}):")
NUMBER = r"-?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][-+]?\d+)?"


@dataclass(frozen=True)
class Field:
    """An embedded answer: what it counts, and what it takes."""

    weight: int
    answer: Decimal
    tolerance: Decimal

    def takes(self, value: float) -> bool:
        # float noise of the comparison itself
        return abs(Decimal(value) - self.answer) <= self.tolerance + Decimal("1e-12")


def fields(text: str) -> Iterator[tuple[str, Field | None]]:
    """The text before each field, and the field; the last text has none.

    `{weight:TYPE:` begins a field, an unescaped `}` ends it; `~` parts answers, `=` marks the right one, `#` begins
    feedback, `:` the tolerance.
    """
    at = 0
    while found := START.search(text, at):
        end = found.end()
        while text[end] != "}" or text[end - 1] == "\\":
            end += 1
        yield text[at : found.start()], one_field(found, text[found.end() : end])
        at = end + 1
    yield text[at:], None


def one_field(start: re.Match[str], inside: str) -> Field:
    assert start[2] in ("NUMERICAL", "NM"), inside
    answers = re.split(r"(?<!\\)~", inside)
    assert len(answers) == 1, inside
    answer, _, _ = answers[0].partition("#")
    found = re.fullmatch(rf"(?:=|%100%)({NUMBER})(?::({NUMBER}))?", answer)
    assert found, inside
    return Field(int(start[1] or 1), Decimal(found[1]), Decimal(found[2] or 0))


@dataclass(frozen=True)
class Cloze:
    """A cloze question as Moodle has it after the import: numbered places in the text."""

    name: str
    text: str
    feedback: str
    fields: tuple[Field, ...]

    @property
    def tables(self) -> list[list[list[int]]]:
        """The tables of the question with the numbers of the fields in their cells."""
        root = ElementTree.fromstring(self.text)
        found = [
            [[int(cell.text[2:-1]) for cell in row if cell.text and cell.text.startswith("{#")] for row in body]
            for body in root.iter("tbody")
        ]
        return [table for table in found if table[0]]


def read(xml: str) -> list[Cloze]:
    """The questions of a Moodle XML file."""
    found = []
    for question in ElementTree.fromstring(xml).iter("question"):
        if question.get("type") == "category":
            continue
        assert question.get("type") == "cloze"
        texts = {name: question.findtext(f"{name}/text") or "" for name in ("name", "questiontext", "generalfeedback")}
        assert question.find("questiontext").get("format") == "html"  # type: ignore[union-attr]
        pieces = list(fields(texts["questiontext"]))
        text = "".join(before + (f"{{#{number}}}" if field else "") for number, (before, field) in enumerate(pieces, 1))
        # what a learning system could take for a place is a place
        assert len(re.findall(r"\{#\d+\}", text)) == len(pieces) - 1
        found.append(Cloze(texts["name"], text, texts["generalfeedback"], tuple(f for _, f in pieces if f)))
    return found


@cache
def cloze_of(name: str) -> Cloze:
    (one,) = read(render_moodle([paper(variants()[name])], "en"))
    return one


def by_quantity(name: str) -> Iterator[tuple[str, np.ndarray[Any, Any]]]:
    """The fields of each quantity in its shape: they stand in the order of the calculation, row after row."""
    waiting = list(cloze_of(name).fields)
    for one in variants()[name].asked:
        count = one.shape[0] * one.shape[1]
        array = np.empty(one.shape, dtype=object)
        array.flat = waiting[:count]
        waiting = waiting[count:]
        yield one.id, array
    assert waiting == []


# ---- what is accepted


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_accepted_range_is_taken(name: str) -> None:
    for quantity, array in by_quantity(name):
        low, high = variants()[name].accepted[quantity]
        for place, field in np.ndenumerate(array):
            assert field.takes(low[place]), (quantity, place)
            assert field.takes(high[place]), (quantity, place)


@pytest.mark.parametrize("name", NAMES)
def test_exact_and_hand_rounded_answers_are_taken(name: str) -> None:
    answers = right_answers(name)
    assert answers
    for quantity, array in by_quantity(name):
        for values in answers.get(quantity, ()):
            for place, field in np.ndenumerate(array):
                assert field.takes(values[place]), (quantity, place, values[place], field)


@pytest.mark.parametrize("name", NAMES)
def test_no_known_mistake_outside_the_accepted_range_is_taken(name: str) -> None:
    mistakes = wrong_answers(name)
    assert mistakes or name == "step-xor-network"
    for quantity, array in by_quantity(name):
        for values in mistakes.get(quantity, ()):
            for place, field in np.ndenumerate(array):
                if np.isfinite(values[place]):
                    assert not field.takes(values[place]), (quantity, place, values[place], field)


def test_a_range_is_laid_around_its_middle_where_a_mistake_is_near_the_printed_result() -> None:
    """From 0.1000 to 0.1039, printed 0.102: around it, 0.10395 would be right."""
    around_result = _entry(0.1, 0.1039, Decimal("0.102"), [0.2])
    around_middle = _entry(0.1, 0.1039, Decimal("0.102"), [0.10395])
    assert (around_result.centre, around_result.tolerance) == (Decimal("0.102"), Decimal("0.002"))
    assert (around_middle.centre, around_middle.tolerance) == (Decimal("0.10195"), Decimal("0.00195"))


def test_a_range_on_one_side_of_the_printed_result_is_laid_around_its_middle() -> None:
    """Around −0.002, −0.00165 would be right too."""
    entry = _entry(-0.00235, -0.002, Decimal("-0.002"), [])
    assert (entry.centre, entry.tolerance) == (Decimal("-0.002175"), Decimal("0.000175"))
    assert (entry.low, entry.high) == (Decimal("-0.00235"), Decimal("-0.002"))


def test_six_figures_of_a_narrow_range_are_too_few() -> None:
    """Of 12.34564…12.34573 six figures would be 12.3456…12.3458, twice as wide."""
    entry = _entry(12.34564, 12.34573, None, [])
    assert (entry.low, entry.high) == (Decimal("12.34564"), Decimal("12.34573"))
    assert (entry.centre, entry.tolerance) == (Decimal("12.345685"), Decimal("0.000045"))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_taken_that_is_farther_outside_than_a_tenth_of_the_range(name: str) -> None:
    """A single number of more than eight digits has room for what a calculator cuts off."""
    for quantity, array in by_quantity(name):
        low, high = variants()[name].accepted[quantity]
        for place, field in np.ndenumerate(array):
            bottom, top = Decimal(low[place]), Decimal(high[place])
            most = max((top - bottom) / 10, Decimal("3e-7") * max(abs(bottom), abs(top))) + Decimal("1e-14")
            assert field.answer - field.tolerance >= bottom - most, (quantity, place, field)
            assert field.answer + field.tolerance <= top + most, (quantity, place, field)


def test_six_figures_give_way_where_they_let_a_mistake_in() -> None:
    near: Entry = _entry(0.1234561, 0.1234569, None, [0.12345605])
    assert near.centre - near.tolerance > Decimal("0.12345605")
    assert near.centre - near.tolerance <= Decimal("0.1234561")
    assert near.centre + near.tolerance >= Decimal("0.1234569")


# ---- how it is put


@pytest.mark.parametrize("name", NAMES)
def test_fields_stand_in_tables_of_the_right_shape(name: str) -> None:
    shapes = [one.shape for one in variants()[name].asked]
    tables = cloze_of(name).tables
    assert [(len(table), {len(row) for row in table}) for table in tables] == [(rows, {n}) for rows, n in shapes]
    numbers = [number for table in tables for row in table for number in row]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_weights_are_the_marks(name: str) -> None:
    """In equal shares; all by the same factor."""
    asked = variants()[name].asked
    total = {quantity: sum(field.weight for field in array.flat) for quantity, array in by_quantity(name)}
    factors = {Fraction(total[one.id]) / Fraction(one.marks) for one in asked if one.marks}
    assert len(factors) == 1


def marks_of(xml: str) -> tuple[list[int], list[float]]:
    """What Moodle makes the mark of each question, the sum of its weights; and the marks that are written there."""
    given = [float(one.text or "") for one in ElementTree.fromstring(xml).iter("defaultgrade")]
    return [sum(field.weight for field in one.fields) for one in read(xml)], given


def test_the_questions_of_an_exam_keep_the_ratio_of_their_marks() -> None:
    """10 : 13 : 5, though the arrays of each are of other shapes."""
    series = Series(read_exam("practice-exam"))
    sums, given = marks_of(render_moodle(list(series.papers(list(series.tickets("1", 1)))), "en"))
    assert given == [10, 13, 5]
    assert sums == [40, 52, 20]


def test_odd_marks_keep_their_ratio_to_one_per_cent() -> None:
    """Where no factor of a size makes all of them whole: many small numbers beside a large one."""
    wide = {"marks": {"L": 7.919, "W1_new": 0.013, "b1_new": 0.0107}, "ask": ["L", "W1_new", "b1_new"]}
    odd = {"marks": {"z1": 0.317, "a1": 0.7193, "L": 1.2137}, "ask": ["z1", "a1", "L"]}
    ones = [
        variant_of(problem_from_document({**variants()[name].problem.document, **asked}, name=name), f"X-{name}")
        for name, asked in (("wide-mlp", wide), ("xor-mlp", odd))
    ]
    sums, given = marks_of(render_moodle([paper(*ones, title={"en": "Exam"})], "en"))
    assert given == pytest.approx([7.9427, 2.25])
    assert sums[0] / sums[1] == pytest.approx(7.9427 / 2.25, rel=0.01)
    assert max(sums) <= 99999


def test_marks_in_odd_shares_become_weights_of_a_size() -> None:
    marks = {"z1": 0.317, "a1": 0.7193, "L": 1.2137}
    document = {**variants()["xor-mlp"].problem.document, "marks": marks, "ask": list(marks)}
    (one,) = read(render_moodle([paper(variant_of(problem_from_document(document, name="odd"), "X-1"))], "en"))
    weights = [field.weight for field in one.fields]
    assert max(weights) == 1000
    shares = [0.317 / 2, 0.317 / 2, 0.7193 / 2, 0.7193 / 2, 1.2137]
    assert [weight / 1000 for weight in weights] == pytest.approx([share / 1.2137 for share in shares], abs=0.001)


@pytest.mark.parametrize("language", ["en", "zh", "en+zh"])
def test_the_question_says_what_is_given_and_asked(language: str) -> None:
    (one,) = read(render_moodle([paper(variants()["xor-mlp"])], language))
    words = {
        "en": ["A sigmoid network for XOR", "Forward pass", "pre-activation"],
        "zh": ["异或网络", "前向传播", "净输入"],
    }
    for said in (text for name in language.split("+") for text in words[name]):
        assert said in one.text
    for latex in (r"W^{(1)} = \begin{bmatrix} 0.5 &amp; 0.5", r"\(\displaystyle \eta = 0.5\)", r"\(z^{(1)}\) ="):
        assert latex in one.text
    assert "XOR-MLP-7F3K9QDM-5" in one.text
    assert one.name.startswith("XOR-MLP-7F3K9QDM-5 ")


def test_fields_are_not_called_boxes() -> None:
    """On paper there are boxes."""
    text = cloze_of("xor-mlp").text
    assert "into its field" in text
    assert "box" not in text


def test_an_exam_speaks_its_languages() -> None:
    one = variant_of(variants()["xor-mlp"].problem, "X-1")
    (said,) = read(render_moodle([replace(paper(one, title={"zh": "测验"}), languages=("zh",))]))
    assert "前向传播" in said.text
    assert "Forward pass" not in said.text


def test_nothing_of_the_results_stands_in_the_question() -> None:
    text = cloze_of("xor-mlp").text
    for result in ("0.690", "0.426", "0.616", "0.649", "0.211", "0.968"):
        assert result not in text


def test_the_feedback_is_the_key() -> None:
    rows = [
        ["".join(cell.itertext()) for cell in row]
        for row in ElementTree.fromstring(cloze_of("xor-mlp").feedback).iter("tr")
    ]
    assert rows[0] == ["Quantity", "Result", "Accepted"]
    assert rows[1] == [r"\(z^{(1)}_{1}\)", r"\(0.8\)", r"\(0.8\)"]
    assert [r"\(\delta^{(2)}\)", r"\(0.148\)", r"\(0.1476 \ldots 0.1481\)"] in rows
    assert len(rows) == 1 + len(cloze_of("xor-mlp").fields)


def test_every_number_of_large_data_is_told() -> None:
    text = cloze_of("leaf-measurements").text
    assert "dots" not in text
    for number in ("4.1", "1.2", "4.4", "1.5", "2.7", "6.6", "3.4", "5.8"):
        assert number in text


# ---- categories


def categories(xml: str) -> list[tuple[str, list[str]]]:
    """The path of each category with the names of its questions."""
    found: list[tuple[str, list[str]]] = []
    for question in ElementTree.fromstring(xml):
        if question.get("type") == "category":
            found.append((question.findtext("category/text") or "", []))
        else:
            found[-1][1].append((question.findtext("name/text") or "").split(" ")[0])
    return found


def test_the_variants_of_a_problem_are_one_category() -> None:
    problem = variants()["xor-mlp"].problem
    papers = [paper(variant_of(problem, code)) for code in ("X-1", "X-2", "X-1")]
    assert categories(render_moodle(papers, "en")) == [
        ("$course$/top/A sigmoid network for XOR, one training step", ["X-1", "X-2"])
    ]


def test_an_exam_has_a_category_for_each_question() -> None:
    def exam(mark: str) -> Paper:
        ones = [variant_of(variants()[name].problem, f"{name[0]}-{mark}") for name in ("xor-mlp", "softmax-mse")]
        return paper(*ones, title={"en": "Test 1/2", "zh": "测验"})

    found = categories(render_moodle([exam("1"), exam("2")], "en"))
    assert [names for _, names in found] == [["x-1", "x-2"], ["s-1", "s-2"]]
    assert found[0][0] == "$course$/top/Test 1//2/1. A sigmoid network for XOR, one training step"
    assert found[1][0].startswith("$course$/top/Test 1//2/2. ")


# ---- strange input


STRANGE = "A {1:NUMERICAL:=3} ]]> <b> & {#1} \"q\" 'a' ~=5#"


def test_strange_titles_stay_text() -> None:
    variant = variant_of(titled("xor-mlp", en=STRANGE), "X-1")
    (one,) = read(render_moodle([paper(variant)], "en"))
    assert len(one.fields) == len(cloze_of("xor-mlp").fields)
    said = "".join(ElementTree.fromstring(one.text).find("p").itertext())  # type: ignore[union-attr]
    assert said == STRANGE


@pytest.mark.parametrize("html", ["a ]]> b", "]]>", "]]]]>>", "<![CDATA[x]]>"])
def test_nothing_ends_the_character_data(html: str) -> None:
    assert ElementTree.fromstring(_data(html)).text == html


def test_mathematics_is_never_a_field() -> None:
    """Braces in symbols and matrices, and what a learning system looks for."""
    for latex in (r"\text{:SA:x}", "h_{#1}", "x_{2:NUMERICAL:=3}", "{=1}"):
        said = inline_math(latex)
        assert len(list(fields(said))) == 1
        assert "{#" not in said
        assert "{=" not in said
    assert inline_math(r"a < b & \frac{1}{2}") == r"\(a &lt; b &amp; \frac{1}{2}\)"


def test_the_same_papers_give_the_same_text() -> None:
    assert render_moodle([paper(variants()["xor-mlp"])]) == render_moodle([paper(variants()["xor-mlp"])])


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="no language 'fr'"):
        render_moodle([paper(variants()["xor-mlp"])], "fr")


def test_a_field_is_read_as_moodle_says() -> None:
    """The reader above, on the documentation's own kind of example."""
    read_fields = [field for _, field in fields("a {2:NUMERICAL:=23.8:0.1} b {:NM:%100%-5} c {x} {1}") if field]
    assert read_fields == [Field(2, Decimal("23.8"), Decimal("0.1")), Field(1, Decimal("-5"), Decimal(0))]
