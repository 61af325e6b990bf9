"""The sentences of a language, from templates/words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from stepwise.document.phrases import Code, Foreign, Math, Phrase, Slot, Translated
from stepwise.errors import TemplateError
from stepwise.kept import kept
from stepwise.resources import resource

LETTERS: Mapping[str, Math] = {
    "alpha": Math(r"\alpha"),
    "lambda": Math(r"\lambda"),
    "inverse": Math(r"\frac{1}{\lambda t}"),
    "a_plus_alpha": Math(r"a + \alpha"),
    "tiny": Math("10^{-12}"),
    "t": Math("t"),
    "one": Math("1"),
}
"""Letters that a sentence may use without being given them: no font has to have Greek outside mathematics."""

Escape = Callable[[str], str]


@cache
def catalogue(language: str, kind: str = "") -> Mapping[str, str]:
    """Key → sentence, of worked solutions or of another `kind` of page. Keys of nested parts are joined by dots.

    Each kind of page has a folder of its own, so that none waits for the words of another.
    """
    path = resource("templates") / "words" / kind / f"{language}.yaml"
    return kept(f"words-{kind}-{language}", [path], lambda: _read(path))


def _read(path: Path) -> dict[str, str]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(_flat(yaml.load(path.read_text(encoding="utf-8"), Loader=loader), ""))


def _flat(node: Mapping[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        name = f"{prefix}{key}"
        found += _flat(value, f"{name}.") if isinstance(value, Mapping) else [(name, str(value))]
    return found


@cache
def _words(language: str, kinds: str) -> Mapping[str, str]:
    """The words of all pages, and those of a kind of page, or of several (`check+sheet`)."""
    found = dict(catalogue(language))
    for kind in filter(None, kinds.split("+")):
        found.update(catalogue(language, kind))
    return found


class Speaker:
    """Says phrases in one language and one format."""

    def __init__(
        self,
        language: str,
        escape: Escape,
        inline: Escape,
        kind: str = "",
        code: Escape = str,
        foreign: Escape = str,
    ) -> None:
        self.language = language
        self._words = _words(language, kind)
        self._escape = escape
        self._inline = inline
        self._code = code
        self._foreign = foreign

    @property
    def joint(self) -> Markup:
        """What stands between the parts of a list."""
        return Markup(self._escape(self._words["list.separator"]))

    def knows(self, key: str) -> bool:
        return key in self._words

    def say(self, what: Phrase) -> Markup:
        """The sentence with its slots filled; a missing key or slot is an error of ours, not a blank."""
        if what.key not in self._words:
            raise TemplateError(f"the words for {self.language!r} have no {what.key!r}")
        slots = {**LETTERS, **what.slots}
        pieces = _pieces(self._words[what.key], self._escape)
        try:
            filled = [self._slot(slots[text]) if is_slot else text for text, is_slot in pieces]
        except KeyError as missing:
            raise TemplateError(f"{what.key!r} in {self.language!r} has a slot {missing} that was not given") from None
        return Markup("".join(filled))

    def _slot(self, value: Slot) -> str:
        if isinstance(value, Math):
            return self._inline(value.latex)
        if isinstance(value, Phrase):
            return self.say(value)
        if isinstance(value, Code):
            return self._code(value.text)
        if isinstance(value, Foreign):
            return self._foreign(value.text)
        if isinstance(value, Translated):
            return self._foreign(value.texts[self.language])
        if isinstance(value, tuple):
            return self._words["list.separator"].join(map(self._slot, value))
        return self._escape(str(value))


@cache
def _pieces(sentence: str, escape: Escape) -> tuple[tuple[str, bool], ...]:
    """A sentence cut into escaped text and slot names."""
    from string import Formatter

    pieces: list[tuple[str, bool]] = []
    for text, slot, _, _ in Formatter().parse(sentence):
        if text:
            pieces.append((escape(text), False))
        if slot is not None:
            pieces.append((slot, True))
    return tuple(pieces)
