"""What a page says is true in every language: remarks and set-up are found again from the numbers, slot by slot."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepwise import render, solve
from stepwise.document.remarks import _RULES
from stepwise.document.words import catalogue
from stepwise.problem import Problem
from tests.broken.pages import check_words_of
from tests.broken.said import FACTS, FORMS
from tests.document import true_notes, true_remarks
from tests.document.samples import HANDMADE, NUMERIC, page_of, read, trace_of
from tests.pages.problems import BY_JACOBIANS, GENERATED, problem

MADE = [f"generated-{seed}" for seed in range(GENERATED)] + [f"jacobian-{seed}" for seed in BY_JACOBIANS]
PARTS = {"remark.prediction.right", "remark.prediction.wrong", "remark.loss.L", "remark.loss.J"}
"""What stands in the slots of remarks."""
OTHER_NOTES = {
    *("decimals", "decimals_one", "figures", "figures_one", "hand", "hand_some", "exact", "guarded"),
    *("letters", "forms", "one_level", "expanded", "carried_letters"),
}
"""What is said of the way of printing; of pages in letters nothing is said of numbers."""


def asked(name: str) -> Problem:
    return read(HANDMADE[name], name) if name in HANDMADE else problem(name)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [*HANDMADE, *MADE[::2]])
def test_every_sentence_is_so_and_none_is_missing(name: str, language: str) -> None:
    page = render(solve(asked(name)), "md", language, "full")
    assert check_words_of(asked(name), page, language, Path()) == []


@pytest.mark.parametrize("name", MADE[1::2])
def test_every_sentence_of_more_pages_is_so(name: str) -> None:
    """The pages between, in one language."""
    page = render(solve(asked(name)), "latex", "zh", "full")
    assert check_words_of(asked(name), page, "zh", Path()) == []


def worked_out(name: str) -> list[tuple[int | None, str]]:
    return [
        (section.iteration, block.step.id)
        for section in page_of(name).sections
        for part in section.parts
        for block in part.blocks
    ]


def test_every_kind_of_remark_is_derived_from_the_numbers() -> None:
    """A new sentence fails here until `true_remarks` says when it is true."""
    numeric = [name for name in NUMERIC if trace_of(name).problem.has_numbers]
    derived = {
        key for name in numeric for key, _ in true_remarks.remarks_of_quantities(trace_of(name), worked_out(name))
    }
    assert derived == {key for key in catalogue("en") if key.startswith("remark.")} - PARTS
    assert set(_RULES) == true_remarks.ROLES


def test_every_note_is_derived_from_the_numbers() -> None:
    """And so does a new note."""
    derived = {form for name in HANDMADE for form in true_notes.notes(trace_of(name), worked_out(name))}
    assert derived == set(FORMS)
    facts = {key.removeprefix("note.") for key in FACTS if key.startswith("note.")}
    assert {key for key in catalogue("en") if key.startswith("note.")} == {
        f"note.{name}" for name in {*FORMS, *facts, *OTHER_NOTES}
    }
