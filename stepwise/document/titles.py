"""The titles of problems and papers in the languages of a page. They take no words of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from markupsafe import Markup

from stepwise.document.formats import Format
from stepwise.document.phrases import Translated


class Titled(Protocol):
    """What has a title in some languages ("": in all), such as a problem; `name` stands in where it has none."""

    @property
    def title(self) -> Mapping[str, str]: ...
    @property
    def name(self) -> str: ...


def title_texts(titled: Titled, languages: Sequence[str]) -> list[str]:
    """The title in each of the languages; one text for all, or the first there is. Blanks are no title."""
    titles = {language: text for language, text in titled.title.items() if text.strip()}
    chosen = [titles[language] for language in languages if language in titles]
    texts = chosen or [titles[""]] if "" in titles else chosen or list(titles.values())[:1] or [titled.name]
    return list(dict.fromkeys(texts))


def translated_title(titled: Titled, languages: Sequence[str]) -> Translated:
    """The title for a sentence in any of the languages."""
    return Translated({language: title_texts(titled, [language])[0] for language in languages})


def title(titled: Titled, form: Format, languages: Sequence[str]) -> Markup:
    """The title in the languages of a page, which takes no words."""
    return Markup(" / ").join(Markup(form.escape(text)) for text in title_texts(titled, languages))
