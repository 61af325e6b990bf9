"""Jupyter notebooks: the worked page section by section, each with the code that calculates it again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepwise.document.formats import FORMATS
from stepwise.document.notebook_code import CodePart, code_parts, has_code, shown_in_full
from stepwise.document.options import languages_of
from stepwise.document.page import Page
from stepwise.document.phrases import Phrase, phrase
from stepwise.document.voice import Voice
from stepwise.trace import Trace

if TYPE_CHECKING:
    from stepwise.verifying import Verification

Cell = dict[str, Any]
_FENCE = "```"
_HEADING = re.compile(r"#{1,2} ")


def render_notebook(
    trace: Trace,
    language: str | None = None,
    detail: str = "full",
    *,
    only: Sequence[str] = (),
    until: str | None = None,
    expand: bool = False,
    verified: Verification | None = None,
    templates: Path | str | None = None,
) -> str:
    """The worked solution as a Jupyter notebook (nbformat 4.5): the arguments are those of `render`.

    Where the calculation is one of numbers, a code cell behind each section does it again; in hand arithmetic it
    rounds every line. Letters, exact forms, shapes and proofs are told without code.
    """
    cut: dict[str, Any] = {"only": only, "until": until, "expand": expand, "templates": templates}
    return notebook(worked_cells(trace, language, detail, verified=verified, **cut))


def notebook(cells: Iterable[Cell]) -> str:
    """The file that holds these cells."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {
        "cells": list(cells),
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def text_cell(identifier: str, text: str) -> Cell:
    """A cell of Markdown."""
    return {"cell_type": "markdown", "id": identifier, "metadata": {}, "source": _source(text)}


def code_cell(identifier: str, text: str) -> Cell:
    """A cell of code that was not run yet."""
    fixed: Cell = {"cell_type": "code", "execution_count": None, "id": identifier, "metadata": {}, "outputs": []}
    return {**fixed, "source": _source(text)}


def _source(text: str) -> list[str]:
    return text.strip("\n").splitlines(keepends=True)


def worked_cells(
    trace: Trace, language: str | None = None, detail: str = "full", *, prefix: str = "", **cut: Any
) -> list[Cell]:
    """The cells of a worked solution; `prefix` goes before their ids, `cut` are further arguments of `render`."""
    from stepwise.document.rendering import render

    languages = languages_of(language, trace.problem.languages)
    sections = _sections(render(trace, "md", "+".join(languages), detail, **cut))
    cells = [text_cell(f"{prefix}text-{number}", text) for number, text in enumerate(sections, 1)]
    if not has_code(trace):
        return cells
    places = _Places(sections, Voice(FORMATS["md"], languages, "sheet"))
    page = Page(trace, detail)
    worked = page.sections
    parts = code_parts(trace, frozenset(page.notes) if worked else frozenset(), shown_in_full(trace, places.has))
    if cut.get("only") or cut.get("until"):
        parts = parts[: 1 + max((place for place, part in enumerate(parts) if places.has(part.heading)), default=0)]
    return list(_woven(cells, parts, places, trace, prefix))


class _Places:
    """Where the sections of a page stand, by their headings."""

    def __init__(self, sections: Sequence[str], voice: Voice) -> None:
        self.voice = voice
        self._found = {text.split("\n", 1)[0].lstrip("# "): place for place, text in reversed([*enumerate(sections)])}

    def of(self, heading: Phrase) -> int | None:
        return self._found.get(str(self.voice.heading(heading)))

    def has(self, heading: Phrase) -> bool:
        return self.of(heading) is not None


def _woven(cells: list[Cell], parts: list[CodePart], places: _Places, trace: Trace, prefix: str) -> Iterator[Cell]:
    """Each code cell behind its section; never before the code that it needs."""
    behind: dict[int, list[CodePart]] = {}
    last = 0
    for part in parts:
        found = places.of(part.heading)
        last = max(last, found if found is not None else last)
        behind.setdefault(last, []).append(part)
    arithmetic = "hand" if trace.arithmetic == "hand" else "exact"
    for place, cell in enumerate(cells):
        yield cell
        for part in behind.get(place, ()):
            if part.id == "given":
                said = [phrase("course.notebook.given"), phrase(f"course.notebook.{arithmetic}")]
                text = "\n\n".join(line for what in said for line in places.voice.lines(what))
                yield text_cell(f"{prefix}about", text)
            yield code_cell(f"{prefix}{part.id}", "\n".join(part.lines))


def _sections(markdown: str) -> list[str]:
    """A page cut before its title and before each heading of a section."""
    sections: list[list[str]] = []
    fenced = False
    for line in markdown.splitlines():
        fenced ^= line.startswith(_FENCE)
        if not sections or (_HEADING.match(line) and not fenced):
            sections.append([])
        sections[-1].append(line)
    return ["\n".join(lines).strip("\n") for lines in sections]
