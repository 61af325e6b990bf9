"""Trace → text: story × format × language."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepwise.document.deduction import render_deduction
    from stepwise.document.reference import render_reference
    from stepwise.document.rendering import format_names, render

__all__ = ["format_names", "render", "render_deduction", "render_reference"]

# Fetched when first asked for: a page of another kind does not wait for what worked solutions need.
_HOMES = {
    "format_names": "stepwise.document.rendering",
    "render": "stepwise.document.rendering",
    "render_deduction": "stepwise.document.deduction",
    "render_reference": "stepwise.document.reference",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'stepwise.document' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
