"""A verification as text: below a page, on a page of its own, or as data. The page is what its lines are checked by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stepwise.document.formats import FORMATS, Format
from stepwise.document.options import languages_of
from stepwise.document.path import planned_path, render_path
from stepwise.document.phrases import phrase
from stepwise.document.plain import one_line
from stepwise.document.rendering import render
from stepwise.document.telling import Told, tell
from stepwise.document.verified_page import VerifiedPage
from stepwise.errors import UnsupportedError
from stepwise.problem.model import Problem
from stepwise.trace import Trace, solve
from stepwise.verifying import Verification, verify_trace

KIND = "verify"
"""The story of verifications, and the folder of their words."""
TEXT = Format("text", ".txt", one_line, str, one_line)
WRITTEN: Mapping[str, Format] = {"text": TEXT, "md": FORMATS["md"]}
JSON = "json"


def verification_formats() -> tuple[str, ...]:
    """Every name that `render_verification` takes as a format."""
    return (*WRITTEN, JSON)


def verify(problem: Problem | Trace) -> Verification:
    """Check every gradient, printed line, size and number of a problem, or of its trace, by other ways.

    The result says what was compared and what was missed; `verify(problem).holds` is True where nothing was.
    """
    trace = problem if isinstance(problem, Trace) else solve(problem)
    return verify_trace(trace, render(trace))


def below(verified: Verification) -> Told:
    """What stands below a page that was verified."""
    return Told(KIND, VerifiedPage(verified, below=True), phrase("verify.section"), KIND)


def render_verification(trace: Trace, verified: Verification, format: str = "text", language: str | None = None) -> str:
    """The verification on a page of its own. Raises UnsupportedError for a format or language there is not."""
    check_format(format)
    if format == JSON:
        data = {"format": 1, "problem": trace.problem.name, **verification_to_json(verified)}
        return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    page = VerifiedPage(verified, plain=format == "text")
    told = Told(KIND, page, trace.problem, KIND, phrase("verify.title"))
    return tell(told, WRITTEN[format], languages_of(language, trace.problem.languages))


def check_format(format: str) -> None:
    """Raise UnsupportedError for a format that there is not, before anything is checked."""
    if format not in verification_formats():
        raise UnsupportedError(f"no format {format!r} (there are {', '.join(verification_formats())})")


def render_verified(
    trace: Trace,
    format: str = "md",
    language: str | None = None,
    detail: str = "full",
    *,
    only: Sequence[str] = (),
    until: str | None = None,
    expand: bool = False,
    templates: Path | str | None = None,
) -> tuple[str, Verification]:
    """The worked solution with its verification below it: the arguments are those of `render`.

    What is written is what is checked: the LaTeX where LaTeX is asked for, else the Markdown.
    """
    cut: dict[str, Any] = {"only": only, "until": until, "expand": expand, "templates": templates}
    text = render(trace, format if format in FORMATS else "md", language, detail, **cut)
    verified = verify_trace(trace, text, whole=not only and until is None and detail == "full")
    return render(trace, format, language, detail, verified=verified, **cut), verified


def render_verified_path(
    problem: Problem,
    path: str,
    format: str = "md",
    language: str | None = None,
    detail: str = "full",
    *,
    templates: Path | str | None = None,
) -> tuple[str, Verification]:
    """The page of one parameter's path with its verification below it: the arguments are those of `render_path`."""
    text = render_path(problem, path, format, language, detail, templates=templates)
    _, trace = planned_path(problem, path)
    verified = verify_trace(trace, text, whole=detail == "full")
    return render_path(problem, path, format, language, detail, verified=verified, templates=templates), verified


def verification_to_json(verified: Verification) -> dict[str, Any]:
    """The verification as data that JSON can hold."""
    gradients = {
        one.quantity: {
            "numbers": one.size,
            **{
                method: {"verdict": found.verdict, "compared": found.compared, "error": found.worst}
                for method, found in (("differences", one.differences), ("symbolic", one.symbolic))
            },
        }
        for one in verified.gradients
    }
    counts = {
        one.kind: {"verdict": one.verdict, "compared": one.counted, "exempt": one.exempt, "reason": one.reason}
        for one in verified.counts
    }
    misses = [
        {
            "what": one.what,
            **({"line": one.line, "formula": one.formula} if one.line else {"place": one.place}),
            "found": one.found,
            "expected": one.expected,
        }
        for one in verified.misses
    ]
    return {
        "holds": verified.holds,
        "gradients": gradients,
        "checks": counts,
        "misses": misses,
        "exact_instead_of_hand": verified.exact_instead,
        "letters": dict(verified.letters),
    }
