"""Papers as questions for Moodle: Moodle XML with embedded answers (cloze), a category for each question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

from markupsafe import Markup

from stepwise.asking import Asked
from stepwise.document.answer_ranges import Entry, Place, plain
from stepwise.document.html import block, element, escape_html, xml_file
from stepwise.document.question import Numbered, Question, numbered
from stepwise.sheets.model import Paper, Variant

_LARGEST_WEIGHT = 1000
"""Where marks are odd shares, they are rounded to weights of this size."""
_PENALTY = "0.3333333"
"""What Moodle gives a new question: a third of the marks for each further try, where a quiz has several."""


def render_moodle(papers: Sequence[Paper], language: str | None = None) -> str:
    """The Moodle XML of all variants: a quiz draws one question at random from each category.

    `language` is `en`, `zh` or several joined by `+` (default: the exam's, else the first problem's own).
    Raises UnsupportedError for a language there is not.
    """
    parts: list[str] = []
    for one in numbered(papers, language):
        parts.append(_category(one))
        parts += [_question(question) for question in one.questions]
    return xml_file(block("quiz", *parts))


def _category(one: Numbered) -> Markup:
    """The path of the category; a slash in a name is written twice."""
    names = [one.exam, f"{one.number}. {one.title}"] if one.exam else [one.title]
    path = "/".join(("$course$", "top", *(name.replace("/", "//") for name in names)))
    return block("question", element("category", _text(path)), attributes={"type": "category"})


def _question(question: Question) -> Markup:
    weights = _weights(question.variant)

    def field(one: Asked, place: Place, entry: Entry) -> Markup:
        return Markup(f"{{{weights[one.id]}:NUMERICAL:={plain(entry.centre)}:{plain(entry.tolerance)}}}")

    statement, key = question.statement(field), question.key()
    of_html = {"format": "html"}
    return block(
        "question",
        element("name", _text(f"{question.code} {question.title}")),
        element("questiontext", _data(statement), attributes=of_html),
        element("generalfeedback", _data(key), attributes=of_html),
        element("penalty", _PENALTY),
        element("hidden", "0"),
        element("idnumber", escape_html(question.code)),
        attributes={"type": "cloze"},
    )


def _weights(variant: Variant) -> Mapping[str, int]:
    """A whole number for each quantity: what each of its numbers counts, the marks in equal shares."""
    shares = {
        one.id: Fraction(one.marks).limit_denominator(_LARGEST_WEIGHT) / (one.shape[0] * one.shape[1])
        for one in variant.asked
    }
    scale = Fraction(lcm(*(share.denominator for share in shares.values())))
    largest = max(shares.values(), default=Fraction(1))
    if largest * scale > _LARGEST_WEIGHT:
        scale = _LARGEST_WEIGHT / largest
    return {name: max(round(share * scale), 1 if share else 0) for name, share in shares.items()}


def _text(plain_text: str) -> Markup:
    return element("text", escape_html(plain_text))


def _data(html: str) -> Markup:
    """HTML as character data; what would end that is taken apart."""
    return element("text", f"<![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]>")
