"""A written page as results: which quantity, in which iteration, printed how; and the numbers that it should have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from stepwise import Trace, solve
from stepwise.problem import Problem
from stepwise.verifying.printed.chains import Chain, is_equality, page_chains
from stepwise.verifying.printed.pages import Segment, equalities, pairs, read_segments
from stepwise.verifying.printed.values import PrintedError, grid
from tests.sheets.by_hand import Array

from .recalculated import numbers_of, work_of
from .said import headings

_SPACE = re.compile(r"\s+|(?<!\\)&|\\\\(\[[\d.]+em\])?$")


@dataclass(frozen=True)
class Found:
    """One result of a page: of which quantity, the places of it, and how it is printed there."""

    name: str
    iteration: int | None
    place: tuple[int, int] | None
    texts: list[list[str | None]]
    relation: str
    line: str
    loose: bool
    """Whether the numbers put in do not give the printed result itself, but what is rounded to it."""


@dataclass
class Reading:
    """A page and what it should say."""

    text: str
    problem: Problem
    folder: Path
    results: list[Found] = field(default_factory=list)

    @cached_property
    def chains(self) -> list[tuple[Chain, list[Segment]]]:
        return [(chain, read_segments(chain)) for chain in page_chains(self.text).chains]

    @cached_property
    def trace(self) -> Trace:
        """The program's: for its symbols and its words, not for its numbers."""
        return solve(self.problem)

    @cached_property
    def numbers(self) -> dict[str, Array]:
        """Every number worked out again, as on paper; in hand arithmetic what was then rounded."""
        drawn = (
            [self.trace[f"W{layer}"] for layer in range(1, len(self.problem.layers) + 1)] if self.problem.draw else []
        )
        asked = numbers_of(self.problem.document, self.folder, drawn)
        found = work_of(asked, by_hand=self.problem.rounding.carry)
        return found.unrounded | spreads(self.problem.document, drawn)

    def number(self, name: str, iteration: int | None) -> tuple[str, Array] | None:
        """The id and the numbers of a quantity as it is called in one iteration."""
        for known in ([f"t{iteration}.{name}"] if iteration else []) + [name]:
            if known in self.numbers:
                return known, self.numbers[known]
        return None

    @cached_property
    def symbols(self) -> dict[str, list[tuple[str, tuple[int, int] | None]]]:
        """What stands before `=`: the quantities of that symbol, and the entry."""
        found: dict[str, list[tuple[str, tuple[int, int] | None]]] = {}
        for quantity in self.trace.quantities.values():
            if quantity.symbol is None:
                continue
            rows, columns = quantity.shape
            places = [(i, j) for i in range(rows) for j in range(columns)]
            texts = {quantity.symbol.entry(*place, quantity.shape): place for place in places}
            for text, place in [*texts.items(), (quantity.symbol.whole(), None)]:
                entry = (quantity.name, place)
                known = found.setdefault(bare(text), [])
                if entry not in known:
                    known.append(entry)
        return found


def zeros_printed(problem: Problem) -> bool:
    """Whether zeros at the end of a rounded number are printed."""
    return problem.document.get("rounding", {}).get("trailing_zeros", "auto") is not False


def spreads(document: Mapping[str, Any], drawn: list[Array]) -> dict[str, Array]:
    """How far from 0 the weights of each layer are drawn: Glorot and Bengio, 2010; He and others, 2015."""
    found = {}
    scheme, _, shape = str(document["weights"]["init"] if drawn else "").partition("_")
    for layer, weights in enumerate(drawn, 1):
        ins = weights.shape[0 if document["architecture"].get("layout") == "row" else 1]
        variance = 2 / ins if scheme == "he" else 2 / sum(weights.shape)
        found[f"limit{layer}"] = np.full((1, 1), np.sqrt(variance * (3 if shape == "uniform" else 1)))
    return found


def bare(latex: str) -> str:
    """Mathematics without what only sets it apart."""
    return _SPACE.sub("", latex)


def results_of(page: Reading) -> Iterator[Found]:
    """Every printed result with a known symbol before it."""
    starts = headings(page.text)
    for chain, segments in page.chains:
        first = chain.segments[0]
        if not chain.relations or not first or not segments[-1].printed or not is_equality(chain.relations[-1]):
            continue
        named = page.symbols.get(bare(page.text[first[0].start : first[-1].end]), [])
        iteration = next((number for start, number in reversed(starts) if start <= chain.start), None)
        line = " ".join(page.text[chain.start : chain.end].split())
        for name, place in _meant(page, named, iteration):
            texts, loose = _texts(segments[-1]), is_loose(chain, segments)
            yield Found(name, iteration, place, texts, chain.relations[-1], line, loose)


def is_loose(chain: Chain, segments: list[Segment]) -> bool:
    """Whether a formula of the chain gives something else than its printed result, or cannot be re-done."""
    for left, right, relation in pairs(chain, segments):
        try:
            found = equalities(segments[left], segments[right], relation)
        except PrintedError:
            return True
        if segments[left].dotted or any(not one.redone.exact or one.redone.value != one.printed.value for one in found):
            return True
    return False


def _meant(
    page: Reading, named: list[tuple[str, tuple[int, int] | None]], iteration: int | None
) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """Of several quantities with one symbol the one that is worked out here; of one number the symbol is its entry."""
    known = [one for one in named if page.number(one[0], iteration) is not None]
    if known:
        sizes = {page.number(name, iteration)[1].size for name, _ in known}  # type: ignore[index]
        yield next((one for one in known if one[1] is None), known[0]) if sizes != {1} else known[0]


def _texts(segment: Segment) -> list[list[str | None]]:
    rows = grid(segment.value).rows
    return [[None if cell is None else cell.text for cell in row] for row in rows]


def aligned(texts: list[list[str | None]], values: Array) -> Iterator[tuple[str, float]]:
    """Each printed number with the one it stands for; dots stand for all that is between first and last."""
    grid_ = np.atleast_2d(values)
    rows = _places([any(cell is not None for cell in row) for row in texts], grid_.shape[0])
    for row, i in zip(texts, rows, strict=True):
        for cell, j in zip(row, _places([c is not None for c in row], grid_.shape[1]), strict=True):
            if cell is not None and i is not None and j is not None:
                yield cell, float(grid_[i, j])


def _places(shown: list[bool], length: int) -> list[int | None]:
    if all(shown):
        return [*range(length)] if len(shown) == length else [None] * len(shown)
    dots = shown.index(False)
    last = len(shown) - 1
    return [k if k < dots else None if k == dots else length - 1 - (last - k) for k in range(len(shown))]
