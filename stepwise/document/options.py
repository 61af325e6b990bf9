"""The formats and languages that somebody asks for, by name."""

from __future__ import annotations

from collections.abc import Sequence

from stepwise.document.formats import FORMATS, Format
from stepwise.errors import UnsupportedError
from stepwise.resources import known_languages


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
