"""Papers as questions for Moodle: Moodle XML with embedded answers (cloze), a category for each question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from markupsafe import Markup

from stepwise.asking import Asked
from stepwise.asking.ranges import number_text
from stepwise.document.answer_ranges import Entry, Place, plain
from stepwise.document.html import block, element, escape_html, xml_file
from stepwise.document.question import Numbered, Question, numbered
from stepwise.sheets.model import Paper, Variant

_FINEST_SHARE = 1000
"""Marks are read as fractions of no larger denominator."""
_LARGEST_WEIGHT = 1000
"""Where marks are odd shares, they are rounded to weights of this size; larger ones only where the sums need it."""
_LARGEST_SUM = 99999
"""What Moodle's database holds as the mark of a question."""
_CLOSE = Fraction(1, 200)
"""How far, as a share, rounding may move the sum of a question: any two then keep their ratio to 1 %."""
_PENALTY = "0.3333333"
"""What Moodle gives a new question: a third of the marks for each further try, where a quiz has several."""


def render_moodle(papers: Sequence[Paper], language: str | None = None) -> str:
    """The Moodle XML of all variants: a quiz draws one question at random from each category.

    `language` is `en`, `zh` or several joined by `+` (default: the exam's, else the first problem's own).
    Raises UnsupportedError for a language there is not.
    """
    parts: list[str] = []
    found = numbered(papers, language)
    scale = _scale(question.variant for one in found for question in one.questions)
    for one in found:
        parts.append(_category(one))
        parts += [_question(question, scale) for question in one.questions]
    return xml_file(block("quiz", *parts))


def _category(one: Numbered) -> Markup:
    """The path of the category; a slash in a name is written twice."""
    names = [one.exam, f"{one.number}. {one.title}"] if one.exam else [one.title]
    path = "/".join(("$course$", "top", *(name.replace("/", "//") for name in names)))
    return block("question", element("category", _text(path)), attributes={"type": "category"})


def _question(question: Question, scale: Fraction) -> Markup:
    weights = _weights(question.variant, scale)

    def field(one: Asked, place: Place, entry: Entry) -> Markup:
        return Markup(f"{{{weights[one.id]}:NUMERICAL:={plain(entry.centre)}:{plain(entry.tolerance)}}}")

    statement, key = question.statement(field), question.key()
    of_html = {"format": "html"}
    return block(
        "question",
        element("name", _text(f"{question.code} {question.title}")),
        element("questiontext", _data(statement), attributes=of_html),
        element("generalfeedback", _data(key), attributes=of_html),
        element("defaultgrade", number_text(question.variant.marks)),
        element("penalty", _PENALTY),
        element("hidden", "0"),
        element("idnumber", escape_html(question.code)),
        attributes={"type": "cloze"},
    )


def _scale(variants: Iterable[Variant]) -> Fraction:
    """What one mark weighs in every question of the file: Moodle takes the sum of the weights as a question's mark.

    The least that makes each weight whole; where that is too large, one that the weights are rounded after.
    """
    whole = {tuple((_share(one), _count(one)) for one in variant.asked): variant for variant in variants}
    distinct = list(whole.values())
    shares = [share for questions in whole for share, _ in questions]
    largest = max(shares, default=Fraction(0)) or Fraction(1)
    total = max((_total(one) for one in distinct), default=Fraction(0)) or Fraction(1)
    scale, most = Fraction(lcm(*(share.denominator for share in shares))), _LARGEST_SUM / total
    if largest * scale <= _LARGEST_WEIGHT and scale <= most:
        return scale
    scale = min(_LARGEST_WEIGHT / largest, most)
    while 2 * scale <= most and not all(_is_close(one, scale) for one in distinct):
        scale *= 2
    return scale


def _is_close(variant: Variant, scale: Fraction) -> bool:
    """Whether the rounded weights add up to about what the marks say."""
    weights, ideal = _weights(variant, scale), scale * _total(variant)
    return abs(sum(weights[one.id] * _count(one) for one in variant.asked) - ideal) <= _CLOSE * ideal


def _weights(variant: Variant, scale: Fraction) -> Mapping[str, int]:
    """A whole number for each quantity: what each of its numbers counts, the marks in equal shares."""
    shares = {one.id: _share(one) for one in variant.asked}
    return {name: max(round(share * scale), 1 if share else 0) for name, share in shares.items()}


def _share(one: Asked) -> Fraction:
    return Fraction(one.marks).limit_denominator(_FINEST_SHARE) / _count(one)


def _count(one: Asked) -> int:
    return one.shape[0] * one.shape[1]


def _total(variant: Variant) -> Fraction:
    return sum((_share(one) * _count(one) for one in variant.asked), Fraction(0))


def _text(plain_text: str) -> Markup:
    return element("text", escape_html(plain_text))


def _data(html: str) -> Markup:
    """HTML as character data; what would end that is taken apart."""
    return element("text", f"<![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]>")
