"""A marked class as text: reports to read, or tables and data for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from stepwise.checking.as_json import AUDIENCES, Audience, report_to_json
from stepwise.checking.by_hand import Override
from stepwise.checking.earlier import Earlier
from stepwise.checking.model import ClassReport
from stepwise.document.formats import FORMATS, Format
from stepwise.document.options import languages_of
from stepwise.document.phrases import phrase
from stepwise.document.plain import one_line
from stepwise.errors import UnsupportedError

KIND = "check"
"""The story of reports, and the folder of their words."""
TEXT = Format("text", ".txt", one_line, str, one_line)
WRITTEN: Mapping[str, Format] = {"text": TEXT, "md": FORMATS["md"]}
"""The formats for people."""
JSON, CSV = "json", "csv"
_FEW = 30
"""Of so many students somebody may read the JSON; of more it is written in one line, which is quicker."""


def report_formats() -> tuple[str, ...]:
    """Every name that `render_report` takes as a format."""
    return (*WRITTEN, JSON, CSV)


def render_report(
    marked: ClassReport,
    format: str = "text",
    language: str | None = None,
    audience: str = "teacher",
    kept: Sequence[Override] = (),
    earlier: Earlier | None = None,
) -> str:
    """The report on a class, or on one student, as text.

    `language` is `en`, `zh` or several joined by `+` (default: the problem's own). For the audience `student` nothing
    in it gives an answer away. `kept` are totals set by hand of students who gave no answers, `earlier` is what
    stays of an earlier table; only csv lists them.
    Raises UnsupportedError for a format, language or audience there is not.
    """
    check_request(format, language, audience)
    to = _audience(audience)
    if format == CSV:
        from stepwise.document.marks_csv import marks_csv

        return marks_csv(marked, kept, earlier)
    if format == JSON:
        indent = 2 if len(marked.reports) <= _FEW else None
        return json.dumps(report_to_json(marked, to), ensure_ascii=False, indent=indent, allow_nan=False) + "\n"
    from stepwise.document.marking_page import MarkingPage
    from stepwise.document.telling import Told, tell

    problem = marked.questions.problem
    page = MarkingPage(marked, teacher=to == "teacher")
    told = Told(KIND, page, problem, KIND, phrase("check.title"))
    return tell(told, WRITTEN[format], languages_of(language, problem.languages))


def check_request(format: str, language: str | None, audience: str) -> None:
    """Raise UnsupportedError for a format, language or audience there is not, before anything is read."""
    if format not in report_formats():
        raise UnsupportedError(f"no format {format!r} (there are {', '.join(report_formats())})")
    _audience(audience)
    languages_of(language)


def _audience(name: str) -> Audience:
    for audience in AUDIENCES:
        if name == audience:
            return audience
    raise UnsupportedError(f"no report for {name!r} (there are {', '.join(AUDIENCES)})")
