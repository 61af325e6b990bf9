"""The words of learning systems and notebooks: the same in every language, all used, and sentences only."""

from __future__ import annotations

import re

import pytest

from stepwise.document.moodle import render_moodle
from stepwise.document.notebook import render_notebook
from stepwise.document.paper_notebook import render_paper_notebook
from stepwise.document.words import catalogue
from stepwise.resources import known_languages
from tests.document.listening import listening
from tests.document.samples import trace_of
from tests.document.test_words import CHINESE, MARKUP, slots, western
from tests.document.variants import paper, variants


def words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language, "sheet").items() if key.startswith("course.")}


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    assert {key: slots(text) for key, text in words(language).items()} == {
        key: slots(text) for key, text in words("en").items()
    }


def test_every_sentence_is_said() -> None:
    with listening() as heard:
        render_moodle([paper(variants()["xor-mlp"])], "en")
        render_paper_notebook([paper(variants()["xor-mlp"])], "sheet", "en")
        for name in ("xor-mlp", "ridge-regression"):
            render_notebook(trace_of(name), "en")
    assert set(words("en")) - heard == set()


@pytest.mark.parametrize("language", known_languages())
def test_words_have_no_markup(language: str) -> None:
    assert [key for key, text in words(language).items() if MARKUP.search(text) or text != text.strip()] == []


def test_chinese_is_chinese() -> None:
    chinese = words("zh")
    assert {key: western(text) for key, text in chinese.items() if western(text)} == {}
    assert [key for key, text in chinese.items() if not re.search(CHINESE, text)] == []
