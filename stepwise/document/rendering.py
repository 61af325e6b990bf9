"""Trace → text: a story told in a format and one or more languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stepwise.document.formats import FORMATS, Format
from stepwise.errors import UnsupportedError
from stepwise.problem.settings import known_languages
from stepwise.trace import Trace, trace_to_json

JSON = "json"
DETAILS = ("brief", "full")


def format_names() -> tuple[str, ...]:
    """Every name that `render` takes as a format."""
    return (*FORMATS, JSON)


def render(
    trace: Trace,
    format: str = "md",
    language: str | None = None,
    detail: str = "full",
    *,
    only: Sequence[str] = (),
    until: str | None = None,
    templates: Path | str | None = None,
) -> str:
    """The worked solution as text.

    `language` is `en`, `zh` or several joined by `+` (default: the problem's own); `only` and `until` cut the page
    down to some quantities, or to everything up to one; `templates` is a folder that is looked into before our own.
    Raises UnsupportedError for a format, detail or quantity there is not, TemplateError for a template that fails.
    """
    languages = languages_of(language, trace.problem.languages)
    if detail not in DETAILS:
        raise UnsupportedError(f"no detail {detail!r} (there are {', '.join(DETAILS)})")
    if format == JSON:
        return json.dumps(_cut_json(trace, only, until), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    form = format_of(format, format_names())
    from stepwise.document.page import Page
    from stepwise.document.templates import Told, tell

    page = Page(trace, detail, only, until)
    return tell(Told(trace.problem.model, page, trace.problem), form, languages, templates)


def languages_of(language: str | None, default: Sequence[str] = ("en",)) -> tuple[str, ...]:
    """`en+zh` as (en, zh). Raises UnsupportedError for a language there is not."""
    languages = tuple(language.split("+")) if language else tuple(default)
    unknown = [name for name in languages if name not in known_languages()]
    if unknown:
        raise UnsupportedError(f"no language {unknown[0]!r} (there are {', '.join(known_languages())})")
    return languages


def format_of(name: str, known: Sequence[str] = tuple(FORMATS)) -> Format:
    """The format by name. Raises UnsupportedError for one there is not."""
    if name not in FORMATS:
        raise UnsupportedError(f"no format {name!r} (there are {', '.join(known)})")
    return FORMATS[name]


def _cut_json(trace: Trace, only: Sequence[str], until: str | None) -> dict[str, Any]:
    from stepwise.document.page import chosen

    data = trace_to_json(trace)
    if only or until is not None:
        names = chosen(trace, only, until)
        data["quantities"] = {name: value for name, value in data["quantities"].items() if name in names}
    return data
