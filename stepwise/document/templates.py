"""The Jinja side: where templates are found, what a story may call, and what keeps plain text from becoming markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import jinja2
from markupsafe import Markup
from msgspec import Struct

from stepwise.document.formats import Format, escape_markdown, escape_words
from stepwise.document.holes import Filling, filling
from stepwise.document.phrases import Foreign, Instruction, Math, Phrase, Translated, phrase
from stepwise.document.skeleton import Skeleton
from stepwise.document.words import Speaker
from stepwise.errors import StepwiseError, TemplateError
from stepwise.kept import folder
from stepwise.resources import resource

if TYPE_CHECKING:
    from stepwise.document.tables import Cell, Field, Table


TOLD = 256
"""So many skeletons of pages are remembered with what is said of them."""


def _only_markup(value: Any) -> Any:
    """Whatever reaches the page is markup that somebody made on purpose; a bare text is a mistake in a template."""
    if isinstance(value, Markup | jinja2.runtime.Macro | int) or value is None or value == "":
        return "" if value is None else value
    raise TemplateError(f"a template prints text that nobody escaped: {str(value)[:60]!r}")


@cache
def environment(own_folder: str | None) -> jinja2.Environment:
    """Templates from the user's folder first, in a sandbox, then from ours."""
    own = jinja2.FileSystemLoader(str(resource("templates")))
    loaders: list[jinja2.BaseLoader] = [own] if own_folder is None else [jinja2.FileSystemLoader(own_folder), own]
    kind = jinja2.Environment if own_folder is None else _sandbox()
    env = kind(
        loader=jinja2.ChoiceLoader(loaders),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<%=",
        variable_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_only_markup,
        auto_reload=own_folder is not None,
        bytecode_cache=_compiled() if own_folder is None else None,
    )
    env.filters["voiced"] = lambda what, voice: voice.heading(what)
    env.filters["plain"] = lambda text, voice: voice.code(text)
    env.filters["said"] = lambda what, speaker: speaker.say(what)
    for name in ("aligned", "headed", "wrapped"):
        env.filters[name] = partial(_plainly, name)
    return env


def _compiled() -> jinja2.FileSystemBytecodeCache | None:
    """Our templates as Python code: to make it takes longer than to write a page."""
    place = folder()
    return None if place is None else jinja2.FileSystemBytecodeCache(str(place), "%s.jinja-code")


def _plainly(name: str, *args: Any) -> Any:
    """A filter of the text format, which alone pays for its patterns."""
    return getattr(import_module("stepwise.document.plain"), name)(*args)


def _sandbox() -> type[jinja2.Environment]:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment


class Titled(Protocol):
    """What has a title in some languages ("": in all), such as a problem; `name` stands in where it has none."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def name(self) -> str: ...


def title_texts(titled: Titled, languages: Sequence[str]) -> list[str]:
    """The title in each of the languages; one text for all, or the first there is."""
    titles = titled.title
    chosen = [titles[language] for language in languages if language in titles]
    texts = chosen or [titles[""]] if "" in titles else chosen or list(titles.values())[:1] or [titled.name]
    return list(dict.fromkeys(texts))


def translated_title(titled: Titled, languages: Sequence[str]) -> Translated:
    """The title for a sentence in any of the languages."""
    return Translated({language: title_texts(titled, [language])[0] for language in languages})


class Voice:
    """What a story says, in every language of the page."""

    def __init__(self, form: Format, languages: Sequence[str], kind: str = "") -> None:
        self.form = form
        words = escape_words if form.escape is escape_markdown else form.escape
        self.speakers = [Speaker(language, words, form.inline, kind, form.code, form.escape) for language in languages]
        self.languages = tuple(languages)

    @property
    def _joint(self) -> Markup:
        """What stands between the parts of a list that is said once for all languages."""
        joints = {speaker.joint for speaker in self.speakers}
        return joints.pop() if len(joints) == 1 else Markup(", ")

    def lines(self, what: Phrase) -> list[Markup]:
        """The sentence in each language, once where they agree."""
        return list(dict.fromkeys(speaker.say(what) for speaker in self.speakers))

    def heading(self, what: Phrase) -> Markup:
        return Markup(" / ").join(self.lines(what))

    def once(self, what: Phrase) -> Markup:
        """The sentence in the first language, where the others would only say the same in other marks."""
        return self.speakers[0].say(what)

    def first_known(self, keys: Sequence[str]) -> str | None:
        """The first key that has words in every language."""
        return next(filter(self.knows, keys), None)

    def knows(self, key: str) -> bool:
        return all(speaker.knows(key) for speaker in self.speakers)

    def text(self, plain: str) -> Markup:
        """Text of the problem file."""
        return Markup(self.form.escape(plain))

    def title(self, problem: Titled, about: Phrase | None = None) -> Markup:
        """The title in the languages of the page; one text for all, or the first there is. `about` goes behind it."""
        titles = problem.title
        if about is not None:
            spare = titles.get("") or next(iter(titles.values()), problem.name)
            whole = [self.text(titles.get(one.language, spare)) + one.say(about) for one in self.speakers]
            return Markup(" / ").join(dict.fromkeys(whole))
        return Markup(" / ").join(map(self.text, title_texts(problem, self.languages)))

    def code(self, text: str) -> Markup:
        """A line of program text, which every format prints as it is."""
        return Markup(text)

    def math(self, latex: Math | str) -> Markup:
        return Markup(self.form.inline(latex.latex if isinstance(latex, Math) else latex))

    def latex(self, display: str) -> Markup:
        return Markup(display)

    def cell(self, value: Cell) -> Markup:
        """A phrase, mathematics, foreign text or an id; or several of them."""
        if isinstance(value, tuple):
            return self._joint.join(map(self.cell, value))
        if isinstance(value, Phrase):
            return self.heading(value)
        if isinstance(value, Foreign):
            return self.text(value.text)
        return self.math(value) if isinstance(value, Math) else Markup(self.form.code(value))

    def table(self, table: Table) -> dict[str, Any]:
        return {
            "header": [self.cell(cell) for cell in table.header],
            "rows": [[self.cell(cell) for cell in row] for row in table.rows],
            "widths": list(table.widths),
        }

    def fields(self, fields: Sequence[Field]) -> list[dict[str, Any]]:
        """What stands at the head of a paper: labels with what is filled in, and room for what is not."""
        return [
            {
                "label": self.heading(one.label),
                "value": None if one.value is None else self.cell(one.value),
                "blank": one.blank,
            }
            for one in fields
        ]

    def steps(self, instructions: Sequence[Instruction]) -> list[dict[str, Any]]:
        """The instructions of an algorithm, each with those inside it."""
        return [{"text": self.heading(one.what), "inside": list(map(self.heading, one.inside))} for one in instructions]


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
    body = body_of(told, form, languages, own_folder)
    if told.after is not None:
        body += body_of(told.after, form, languages, own_folder)
    voice = Voice(form, languages, told.kind)
    title = voice.heading(told.title) if isinstance(told.title, Phrase) else voice.title(told.title, told.about)
    return whole("page", (title, body), form, languages, own_folder)


def body_of(told: Told, form: Format, languages: Sequence[str], own_folder: Path | str | None = None) -> Markup:
    """What stands on the page, without its title and without the document around it."""
    if own_folder is not None or not hasattr(told.page, "taken"):
        return _told(told.story, told.page, told.kind, form, languages, own_folder)
    taken = told.page.taken()
    return Markup(_told_once(told.story, taken.skeleton, told.kind, form, tuple(languages)).filled(taken.mathematics))


@lru_cache(maxsize=TOLD)
def _told_once(story: str, skeleton: Skeleton, kind: str, form: Format, languages: tuple[str, ...]) -> Filling:
    """What our own story says of all pages with this skeleton."""
    return filling(_told(story, skeleton, kind, form, languages, None))


def _told(
    story: str, page: Any, kind: str, form: Format, languages: Sequence[str], own_folder: Path | str | None
) -> Markup:
    with _told_as_ours(own_folder) as env:
        macros = env.get_template(f"formats/{form.name}.jinja").module
        voice = Voice(form, languages, kind)
        found = env.get_template(f"stories/{story}.jinja")
        return Markup(found.render(page=page, voice=voice, to=macros, phrase=phrase, math=Math))


def whole(
    macro: str, parts: Sequence[object], form: Format, languages: Sequence[str], own_folder: Path | str | None = None
) -> str:
    """The document that a macro of the format makes of its parts."""
    with _told_as_ours(own_folder) as env:
        macros = env.get_template(f"formats/{form.name}.jinja").module
        if not hasattr(macros, macro):
            raise TemplateError(f"the format {form.name!r} has no macro {macro!r}")
        return _tidied(str(getattr(macros, macro)(*parts, _language_tags(languages))))


@contextmanager
def _told_as_ours(own_folder: Path | str | None) -> Iterator[jinja2.Environment]:
    """The templates; whatever goes wrong in one is a TemplateError."""
    if own_folder is not None and not Path(own_folder).is_dir():
        raise TemplateError(f"no folder of templates at {str(own_folder)!r}")
    try:
        yield environment(None if own_folder is None else str(own_folder))
    except jinja2.TemplateNotFound as missing:
        raise TemplateError(f"no template {missing}") from None
    except jinja2.TemplateError as error:
        raise TemplateError(f"a template does not render: {error}") from error
    except StepwiseError:
        raise
    except Exception as error:
        if own_folder is None:
            raise
        # anything can happen in a template that somebody else wrote
        raise TemplateError(f"a template does not render: {type(error).__name__}: {error}") from error


def _language_tags(languages: Sequence[str]) -> list[Markup]:
    return [Markup(language) for language in languages]


def _tidied(text: str) -> str:
    """No blanks at line ends, one empty line at most, one newline at the end.

    A LaTeX display follows its sentence without an empty line, so that no page ends between them.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        line = line.rstrip()
        if line.startswith(r"\[") and lines and not lines[-1]:
            lines.pop()
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines).strip("\n") + "\n"
