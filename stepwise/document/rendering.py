"""Trace → text: a story told in a format and one or more languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepwise.document.formats import FORMATS
from stepwise.document.options import format_of, languages_of
from stepwise.errors import UnsupportedError
from stepwise.trace import Trace

if TYPE_CHECKING:
    from stepwise.document.page import Page
    from stepwise.document.separability import ProofPage
    from stepwise.document.telling import Told
    from stepwise.verifying import Verification

JSON, NOTEBOOK = "json", "ipynb"
DETAILS = ("brief", "full")


def format_names() -> tuple[str, ...]:
    """Every name that `render` takes as a format."""
    return (*FORMATS, JSON, NOTEBOOK)


def render(
    trace: Trace,
    format: str = "md",
    language: str | None = None,
    detail: str = "full",
    *,
    only: Sequence[str] = (),
    until: str | None = None,
    expand: bool = False,
    verified: Verification | None = None,
    templates: Path | str | None = None,
) -> str:
    """The worked solution as text.

    `language` is `en`, `zh` or several joined by `+` (default: the problem's own); `only` and `until` cut the page
    down to some quantities, or to everything up to one; with letters or exact forms `expand` writes every line out down
    to what is given; `verified` goes below the page as a table; `templates` is a folder that is looked into first.
    Raises UnsupportedError for a format, detail or quantity there is not, TemplateError for a template that fails.
    """
    languages = languages_of(language, trace.problem.languages)
    if detail not in DETAILS:
        raise UnsupportedError(f"no detail {detail!r} (there are {', '.join(DETAILS)})")
    if format == JSON:
        import json

        return json.dumps(_cut_json(trace, only, until, verified), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    if format == NOTEBOOK:
        from stepwise.document.notebook import render_notebook

        cut: dict[str, Any] = {"only": only, "until": until, "expand": expand, "templates": templates}
        return render_notebook(trace, "+".join(languages), detail, verified=verified, **cut)
    form = format_of(format, format_names())
    from stepwise.document.telling import Told, tell

    model = trace.problem.model
    page = _page(trace, detail, only, until, expand=expand)
    kind = model if model == "separability" else ""
    told = Told(model, page, trace.problem, kind, after=told_below(verified))
    return tell(told, form, languages, templates)


def told_below(verified: Verification | None) -> Told | None:
    """What stands below a page that was verified."""
    if verified is None:
        return None
    from stepwise.document.verified import below

    return below(verified)


def _page(trace: Trace, detail: str, only: Sequence[str], until: str | None, *, expand: bool) -> Page | ProofPage:
    if trace.in_forms:
        from stepwise.document.form_page import FormPage

        return FormPage(trace, detail, only, until, expand=expand)
    if expand:
        raise UnsupportedError("expanding is for letters and exact forms; numbers are worked line by line")
    if trace.problem.model == "separability":
        from stepwise.document.separability import ProofPage

        return ProofPage(trace, detail, only, until)
    from stepwise.document.page import Page

    return Page(trace, detail, only, until)


def _cut_json(trace: Trace, only: Sequence[str], until: str | None, verified: Verification | None) -> dict[str, Any]:
    from stepwise.document.page import chosen
    from stepwise.trace import trace_to_json

    data = trace_to_json(trace)
    if only or until is not None:
        names = chosen(trace, only, until)
        data["quantities"] = {name: value for name, value in data["quantities"].items() if name in names}
    if verified is not None:
        from stepwise.document.verified import verification_to_json

        data["verified"] = verification_to_json(verified)
    return data
