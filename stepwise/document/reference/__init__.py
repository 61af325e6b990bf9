"""Reference sheets: tables and pseudo-code to copy, with the formulas that the engine computes with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from stepwise.document.options import format_of, languages_of
from stepwise.document.phrases import phrase
from stepwise.errors import UnsupportedError

KIND = "reference"
"""The folder of these sheets' stories and words."""
SYNONYMS: Mapping[str, str] = {"initialization": "initialisation"}


@cache
def sheets() -> Mapping[str, Any]:
    """Every sheet, found by looking into this folder."""
    from stepwise.document.reference.sheet import Sheet

    modules = (import_module(f"{__name__}.{file.stem}") for file in Path(__path__[0]).glob("[!_]*.py"))
    found = {value.name: value for module in modules for value in vars(module).values() if isinstance(value, Sheet)}
    return dict(sorted(found.items()))


def reference_names() -> tuple[str, ...]:
    """The names of all sheets."""
    return tuple(sheets())


def render_reference(name: str, format: str = "md", language: str | None = None) -> str:
    """The reference sheet `name` as text; `language` is `en`, `zh` or several joined by `+` (default: en).

    Raises UnsupportedError for a name, format or language there is not.
    """
    from stepwise.document.telling import Told, tell

    found = _found(name)
    languages, form = languages_of(language), format_of(format)
    title = phrase(f"{_key(found)}.title")
    return tell(Told(f"{KIND}/{found}", sheets()[found].content(), title, KIND), form, languages)


def reference_list(language: str | None = None) -> str:
    """All names, each with what its sheet is about, a line each; in the first of several languages."""
    from stepwise.document.words import catalogue

    words = catalogue(languages_of(language)[0], KIND)
    width = max(map(len, sheets()))
    return "".join(f"{name.ljust(width)}  {words[f'{_key(name)}.about']}\n" for name in sheets())


def _key(name: str) -> str:
    """Under which key the words of a sheet are."""
    return name.replace("-", "_")


def _found(name: str) -> str:
    from stepwise.problem.faults import did_you_mean

    found = SYNONYMS.get(name, name)
    if found not in sheets():
        raise UnsupportedError(f"no reference sheet {name!r} ({did_you_mean(name, sheets())})")
    return found
