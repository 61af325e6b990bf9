"""The Jinja side: where templates are found, and what keeps plain text from becoming markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from stepwise.document.formats import Format
from stepwise.document.phrases import Math, phrase
from stepwise.document.voice import Voice
from stepwise.errors import StepwiseError, TemplateError
from stepwise.kept import folder
from stepwise.resources import resource


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


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Our templates as Python code: to make it takes longer than to write a page."""

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        # whatever is wrong with a kept file, it is made anew
        with suppress(Exception):
            super().load_bytecode(bucket)
            return
        bucket.reset()


def _compiled() -> _Compiled | None:
    place = folder()
    return None if place is None else _Compiled(str(place), "%s.jinja-code")


def _plainly(name: str, *args: Any) -> Any:
    """A filter of the text format, which alone pays for its patterns."""
    return getattr(import_module("stepwise.document.plain"), name)(*args)


def _sandbox() -> type[jinja2.Environment]:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment


def story_told(
    story: str, page: Any, kind: str, form: Format, languages: Sequence[str], own_folder: Path | str | None
) -> Markup:
    """What a story tells of a page."""
    with _told_as_ours(own_folder) as env:
        macros = env.get_template(f"formats/{form.name}.jinja").module
        voice = Voice(form, languages, kind)
        found = env.get_template(f"stories/{story}.jinja")
        return Markup(found.render(page=page, voice=voice, to=macros, phrase=phrase, math=Math))


def document(
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
