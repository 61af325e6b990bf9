"""Options of the command line that win over the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from stepwise.errors import UnsupportedError
from stepwise.problem.model import Problem, Rounding
from stepwise.problem.nodes import Document

MOST_DIGITS = 12
"""Decimals or significant figures that are printed at most, as in a problem file."""


def with_options(
    problem: Problem,
    *,
    carry: bool | None = None,
    decimals: int | None = None,
    figures: int | None = None,
    languages: Sequence[str] | None = None,
) -> Problem:
    """The same problem with other rounding or languages; what is None stays as it is. Its document follows.

    A number of digits that a problem file could not have either is a ValueError, rounding for a proof that has
    nothing to round an UnsupportedError.
    """
    if problem.model == "separability" and (carry or decimals is not None or figures is not None):
        raise UnsupportedError("the proof of `model: separability` is exact, there is nothing to round")
    changed: dict[str, Any] = {"languages": tuple(languages)} if languages is not None else {}
    changed["rounding"] = _rounding(problem.rounding, carry, decimals, figures)
    return replace(problem, **changed, document=_document(problem, changed))


def _rounding(rounding: Rounding, carry: bool | None, decimals: int | None, figures: int | None) -> Rounding:
    if decimals is not None and figures is not None:
        raise ValueError("decimals and figures exclude one another")
    for name, number, least in (("decimals", decimals, 0), ("figures", figures, 1)):
        if number is not None and not least <= number <= MOST_DIGITS:
            raise ValueError(f"{name}: {number} is not a whole number from {least} to {MOST_DIGITS}")
    if carry is not None:
        rounding = replace(rounding, carry=carry)
    if decimals is not None:
        rounding = replace(rounding, decimals=decimals, figures=None)
    if figures is not None:
        rounding = replace(rounding, figures=figures, decimals=None)
    return rounding


def _document(problem: Problem, changed: dict[str, Any]) -> Document:
    document = problem.document
    fields = dict(document.fields if isinstance(document, Document) else document)
    if "languages" in changed:
        fields["language"] = "+".join(changed["languages"])
    rounding: Rounding = changed["rounding"]
    if rounding != problem.rounding:
        digits = {"decimals": rounding.decimals} if rounding.figures is None else {"figures": rounding.figures}
        kept = {
            key: value for key, value in (fields.get("rounding") or {}).items() if key not in {"decimals", "figures"}
        }
        fields["rounding"] = {**kept, "carry": rounding.carry, **digits}
    return Document(fields)
