"""A marked class as JSON-able data."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Literal

from msgspec import to_builtins

from stepwise.asking.ranges import printed_range
from stepwise.checking.model import ClassReport, Marked, Report
from stepwise.checking.summary import summary_of

Audience = Literal["teacher", "student"]
AUDIENCES: tuple[Audience, ...] = ("teacher", "student")
FORMAT = 1

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")


def report_to_json(marked: ClassReport, audience: Audience = "teacher") -> dict[str, Any]:
    """Every student's verdicts and marks as lists, numbers and texts.

    For a student nothing is in it that gives an answer away.
    """
    as_range = _remembering(_range)
    data: dict[str, Any] = {
        "format": FORMAT,
        "problem": marked.questions.problem.name,
        "students": [_student(report, audience, as_range) for report in marked.reports],
    }
    if marked.unreadable:
        data["unreadable"] = [{"source": one.source, "message": one.message} for one in marked.unreadable]
    if marked.warnings:
        data["warnings"] = list(marked.warnings)
    if audience == "teacher":
        data["summary"] = to_builtins(summary_of(marked))
    return data


def _student(report: Report, audience: Audience, as_range: Callable[[Any], Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "student": report.student,
        "source": report.source,
        **({"code": report.code} if report.code else {}),
        "marks": tidy(report.marks),
        "of": tidy(report.of),
    }
    if report.by_hand is not None:
        data["by_hand"] = True
    if report.notes:
        data["notes"] = list(report.notes)
    data["quantities"] = {name: _quantity(one, audience, as_range) for name, one in report.quantities.items()}
    return data


def _quantity(one: Marked, audience: Audience, as_range: Callable[[Any], Any]) -> dict[str, Any]:
    data: dict[str, Any] = {
        "verdict": one.verdict,
        "marks": tidy(one.marks),
        "of": tidy(one.of),
        "given": _given(one.given),
    }
    if audience == "teacher":
        data["accepted"] = as_range(one.accepted)
        if one.expected is not None and one.expected != one.accepted:
            data["expected"] = as_range(one.expected)
    data["entries"] = one.entries
    data["mistakes"] = list(dict.fromkeys(made.name for made in one.mistakes))
    if any(made.line != one.asked.id or made.place for made in one.mistakes):
        data["made"] = [_made(made.name, made.line, made.place) for made in one.mistakes]
    for name in ("trivial", "by_hand"):
        if getattr(one, name):
            data[name] = True
    return data


def _made(name: str, line: str, place: tuple[int, ...]) -> dict[str, Any]:
    """Where a mistake was made, where this is not simply the whole of the quantity's own line."""
    return {"name": name, "line": line, **({"place": list(place)} if place else {})}


def tidy(marks: float) -> float:
    """Marks without float noise; a whole number is one."""
    value = round(marks, 6)
    return int(value) if value == int(value) else value


def _given(texts: Any) -> Any:
    """What was typed: a number where it is a plain one, else the text; null where nothing is."""
    if isinstance(texts, list):
        return [_given(text) for text in texts]
    if texts is None or not _PLAIN.fullmatch(texts):
        return texts or None
    value = int(texts) if _WHOLE.fullmatch(texts) else float(texts)
    return value if math.isfinite(value) else texts


def _range(ends: Any) -> Any:
    """[low, high] of every entry, printed; null where there is no such number."""
    if ends is None:
        return None
    if isinstance(ends[0], list | tuple) or ends[0] is None:
        return [_range(part) for part in ends]
    if any(end is None or not math.isfinite(end) for end in ends):
        return None
    return list(printed_range(*ends))


def _remembering(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A class shares the ranges of its key: each is printed once."""
    known: dict[int, Any] = {}

    def remembered(value: Any) -> Any:
        if id(value) not in known:
            known[id(value)] = function(value)
        return known[id(value)]

    return remembered
