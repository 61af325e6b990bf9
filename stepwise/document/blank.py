"""The answer form: every asked quantity as an empty place of its shape, with a line that says what it is."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from stepwise.asking import Asked, Questions
from stepwise.document.asked_words import own_digits, parts_of, precision, shape_words
from stepwise.document.formats import FORMATS, escape_words
from stepwise.document.options import languages_of
from stepwise.document.phrases import Phrase, phrase
from stepwise.document.plain import one_line, wrapped
from stepwise.document.quantity_words import described
from stepwise.document.words import Speaker
from stepwise.errors import UnsupportedError

FORM_FORMATS = ("yaml", "md", "csv", "json")
_WIDEST = 72
"""Characters of a quantity on one line; a wider matrix has a line for each row."""
_LONGEST = 100
"""Columns of a comment; a longer one goes on in the next line."""


def render_blank(
    questions: Questions, form: str = "yaml", language: str | None = None, *, with_code: bool = False
) -> str:
    """The answer form as text: `yaml`, `md` or `json` for one student, `csv` for a class.

    `language` is `en`, `zh` or several joined by `+` (default: the problem's own). Where the problem bears the code of
    a sheet, it stands in the form; `with_code` leaves a place for it.
    Raises UnsupportedError for a format or a language there is not.
    """
    if form not in FORM_FORMATS:
        raise UnsupportedError(f"no format {form!r} (there are {', '.join(FORM_FORMATS)})")
    languages = languages_of(language, questions.problem.languages)
    if form == "csv":
        return _csv(questions, with_code or bool(_code(questions)))
    if form == "json":
        empty = {one.id: _empty(one, None) for one in questions.asked}
        code = {"code": _code(questions) or None} if with_code or _code(questions) else {}
        fields = {"problem": questions.problem.name, **code, "student": None, "answers": empty}
        return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
    return (_markdown if form == "md" else _yaml)(_Form(questions, languages, form, with_code))


def _code(questions: Questions) -> str:
    """The code of the sheet, where the problem is that of one."""
    return str(questions.problem.document.get("code") or "")


class _Form(Struct, frozen=True, eq=False, dict=True):
    """What a form says, in its languages."""

    questions: Questions
    languages: Sequence[str]
    format: str
    with_code: bool = False

    @cached_property
    def _speakers(self) -> list[Speaker]:
        if self.format == "yaml":
            return [Speaker(language, str, str, "check") for language in self.languages]
        md = FORMATS["md"]
        return [Speaker(one, escape_words, md.inline, "check", md.code, md.escape) for one in self.languages]

    def say(self, what: Phrase) -> list[str]:
        """A sentence in each language, once where they agree."""
        return list(dict.fromkeys(" ".join(str(speaker.say(what)).split()) for speaker in self._speakers))

    def joined(self, what: Phrase) -> str:
        return " / ".join(self.say(what))

    @property
    def title(self) -> list[str]:
        titles = self.questions.problem.title
        found = [titles[language] for language in self.languages if language in titles]
        return found or list(titles.values())[:1] or [self.questions.problem.name]

    def rules(self) -> Iterator[Phrase]:
        """How to fill the form in, and how precisely."""
        yield phrase(f"blank.fill.{self.format}")
        yield phrase(f"blank.typed.{self.format}")
        yield precision(self.questions)

    def line(self, one: Asked) -> Phrase:
        """What a quantity is, its shape, and its digits where the problem sets others for it."""
        what, shape = described(one, self.questions), shape_words(one, self.questions)
        digits = own_digits(one, self.questions)
        if digits is not None:
            return phrase("blank.line_digits", what=what, shape=shape, digits=digits)
        return phrase("blank.line", what=what, shape=shape)


def _empty(one: Asked, place: str | None) -> Any:
    """An empty place of a quantity's shape."""
    rows, columns = one.shape
    if one.rank == 0:
        return place
    return [place] * (rows * columns) if one.rank == 1 else [[place] * columns for _ in range(rows)]


def _written(empty: Any) -> str:
    return f"[{', '.join(map(_written, empty))}]" if isinstance(empty, list) else str(empty)


# ---- formats


def _yaml(form: _Form) -> str:
    lines = [*map(_comment, form.title), "#"]
    lines += [_comment(text) for rule in form.rules() for text in form.say(rule)] + [""]
    lines += [f"problem: {_yaml_text(form.questions.problem.name)}"]
    code = _code(form.questions)
    if form.with_code and not code:
        lines += [*(_comment(text) for text in form.say(phrase("blank.code"))), "code:"]
    lines += [f"code: {_yaml_text(code)}"] if code else []
    lines += [_comment(text) for text in form.say(phrase("blank.student"))] + ["student:", "", "answers:"]
    for heading, quantities in parts_of(form.questions):
        lines += [f"  # ---- {form.joined(heading)}", ""]
        for one in quantities:
            lines += [_comment(text, "  # ") for text in form.say(form.line(one))]
            lines += [*_yaml_lines(one), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _comment(text: str, sign: str = "# ") -> str:
    return str(wrapped(one_line(" ".join(text.split())), sign, sign, _LONGEST))


def _yaml_lines(one: Asked) -> list[str]:
    whole = f"  {one.id}: {_written(_empty(one, '~'))}"
    if one.rank < 2 or len(whole) <= _WIDEST:
        return [whole]
    return [f"  {one.id}:", *(f"    - {_written(row)}" for row in _empty(one, "~"))]


def _yaml_text(name: str) -> str:
    """A name that YAML reads as the same text."""
    plain = re.fullmatch(r"[^\W\d][\w.-]*", name) and name.lower() not in {"null", "true", "false"}
    return name if plain else json.dumps(name, ensure_ascii=False)


def _markdown(form: _Form) -> str:
    problem, student = (form.say(phrase(f"blank.field.{name}"))[0] for name in ("problem", "student"))
    code = _code(form.questions)
    lines = [f"# {form.joined(phrase('blank.title'))}", ""]
    lines += [f"**{problem}** `{form.questions.problem.name}`", ""]
    if code or form.with_code:
        lines += [f"**{form.say(phrase('blank.field.code'))[0]}** {f'`{code}`' if code else '________'}", ""]
    lines += [f"**{student}** ________", ""]
    lines += [f"- {text}" for rule in form.rules() for text in form.say(rule)] + [""]
    columns = [form.joined(phrase(f"blank.column.{name}")) for name in ("quantity", "what", "answer")]
    for heading, quantities in parts_of(form.questions):
        lines += [f"## {form.joined(heading)}", "", f"| {' | '.join(columns)} |", "|---|---|---|"]
        for one in quantities:
            what = form.joined(form.line(one)).replace("|", r"\|")
            lines.append(f"| `{one.id}` | {what} | {_written(_empty(one, '?'))} |")
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _csv(questions: Questions, with_code: bool) -> str:
    """The header of a table with one row a student."""
    names = ["student", *(["code"] if with_code else [])]
    for one in questions.asked:
        rows, columns = one.shape
        if rows * columns == 1:
            names.append(one.id)
        elif one.rank == 1:
            names += [f"{one.id}[{place}]" for place in range(1, rows * columns + 1)]
        else:
            names += [f"{one.id}[{row},{column}]" for row in range(1, rows + 1) for column in range(1, columns + 1)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(names)
    return out.getvalue()
