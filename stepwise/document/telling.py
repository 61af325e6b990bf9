"""From what a story tells of to the text of a page.

Worked solutions are told by their skeletons: of pages that differ in numbers alone, only the first is told. What was
told of the first page of a process is kept on disk, so that the next process with such a page needs no templates.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from stepwise.document.formats import Format
from stepwise.document.holes import Filling, filling, hole
from stepwise.document.phrases import Phrase
from stepwise.document.skeleton import TITLE, Skeleton
from stepwise.document.titles import Titled, title
from stepwise.kept import kept_text
from stepwise.resources import resource

TOLD = 256
"""So many skeletons of pages are remembered with what is said of them."""
_CODE = ("formats", "holes", "phrases", "skeleton", "telling", "templates", "titles", "voice", "words")
"""The modules of this room that decide what is said."""


class Told(Struct, frozen=True):
    """What makes a page: the story's name, what it tells of, its title (of a problem, or a phrase), its words."""

    story: str
    page: Any
    title: Titled | Phrase
    kind: str = ""
    about: Phrase | None = None
    """What goes behind the title of a problem."""
    after: Told | None = None
    """What is told below it, in words of its own."""


def tell(told: Told, form: Format, languages: Sequence[str], own_folder: Path | str | None = None) -> str:
    """The page as text. Raises TemplateError where a template is missing or fails."""
    heading = _title(told, form, languages)
    if _has_skeleton(told, own_folder) and told.after is None:
        taken = told.page.taken()
        taken.mathematics[TITLE] = heading
        return _page(told.story, taken.skeleton, told.kind, form, tuple(languages)).filled(taken.mathematics)
    body = body_of(told, form, languages, own_folder)
    if told.after is not None:
        body += body_of(told.after, form, languages, own_folder)
    return whole("page", (heading, body), form, languages, own_folder)


def body_of(told: Told, form: Format, languages: Sequence[str], own_folder: Path | str | None = None) -> Markup:
    """What stands on the page, without its title and without the document around it."""
    if not _has_skeleton(told, own_folder):
        return _story(told.story, told.page, told.kind, form, languages, own_folder)
    taken = told.page.taken()
    return Markup(_body(told.story, taken.skeleton, told.kind, form, tuple(languages)).filled(taken.mathematics))


def whole(
    macro: str, parts: Sequence[object], form: Format, languages: Sequence[str], own_folder: Path | str | None = None
) -> str:
    """The document that a macro of the format makes of its parts."""
    from stepwise.document.templates import document

    return document(macro, parts, form, languages, own_folder)


def forget() -> None:
    """Tell every page anew from here on."""
    _page.cache_clear()
    _body.cache_clear()


def _title(told: Told, form: Format, languages: Sequence[str]) -> Markup:
    if told.about is None and not isinstance(told.title, Phrase):
        return title(told.title, form, languages)
    from stepwise.document.voice import Voice

    voice = Voice(form, languages, told.kind)
    return voice.heading(told.title) if isinstance(told.title, Phrase) else voice.title(told.title, told.about)


def _has_skeleton(told: Told, own_folder: Path | str | None) -> bool:
    """A user's own story may look at anything, so it is told of the page itself."""
    return own_folder is None and hasattr(told.page, "taken")


@lru_cache(maxsize=TOLD)
def _body(story: str, skeleton: Skeleton, kind: str, form: Format, languages: tuple[str, ...]) -> Filling:
    """What our own story says of all pages with this skeleton."""
    return filling(_story(story, skeleton, kind, form, languages, None))


@lru_cache(maxsize=TOLD)
def _page(story: str, skeleton: Skeleton, kind: str, form: Format, languages: tuple[str, ...]) -> Filling:
    """The whole page, with a hole for its title, too."""

    def told() -> str:
        body = _story(story, skeleton, kind, form, languages, None)
        return whole("page", (Markup(hole(TITLE, "")), body), form, languages)

    # who has loaded Jinja tells a page as quickly as it is read from disk
    if "jinja2" in sys.modules:
        return filling(told())
    key = repr((story, skeleton, kind, form.name, languages))
    return filling(kept_text("told", key, _sources(story, kind, form, languages), told))


def _sources(story: str, kind: str, form: Format, languages: Sequence[str]) -> list[Path]:
    """The files that decide what is said."""
    templates, room = resource("templates"), Path(__file__).parent
    words = [templates / "words" / of / f"{language}.yaml" for language in languages for of in ("", *kind.split("+"))]
    stories = [templates / "stories" / f"{name}.jinja" for name in (story, "common")]
    return [*words, *stories, templates / "formats" / f"{form.name}.jinja", *(room / f"{name}.py" for name in _CODE)]


def _story(
    story: str, page: Any, kind: str, form: Format, languages: Sequence[str], own_folder: Path | str | None
) -> Markup:
    # imported late: Jinja is a third of what a page needs to start
    from stepwise.document.templates import story_told

    return story_told(story, page, kind, form, languages, own_folder)
