"""Variants of the shipped problems, drawn once for all tests."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from stepwise.problem import load_problem, shipped_problems
from stepwise.sheets.model import Paper, Variant
from stepwise.sheets.series import Assignment, Question, Series

from .by_hand import Array, Given, given
from .models import worked

SEED = "7"
MOST = 500
DOES_NOT_VARY = {
    "and-separability": "a proof",
    "nand-separability": "a proof",
    "or-separability": "a proof",
    "parity-3-separability": "a proof",
    "xor-separability": "a proof",
    "batch-softmax-shapes": "it has shapes and no numbers",
    "letters-network": "letters stand in place of numbers",
    "one-letter": "letters stand in place of numbers",
    "step-xor-network": "the numbers are its point, and its inputs a truth table",
}
VARY = tuple(name for name in shipped_problems() if name not in DOES_NOT_VARY)
MEASURED = {"sgd-linear-regression": 2, "perceptron-and": 50}
"""Problems with many iterations, of which it takes seconds to measure what is accepted: so many variants are."""


def series(name: str, **question: Any) -> Series:
    """A shipped problem alone, ready to be drawn."""
    return Series(Assignment(name, (Question(load_problem(name), **question),)))


@dataclass(frozen=True)
class Drawn:
    """The variants of one problem, in order, and how the search went."""

    name: str
    papers: tuple[Paper, ...]
    rate: float

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        return tuple(paper.variants[0] for paper in self.papers)

    @cached_property
    def documents(self) -> list[dict[str, Any]]:
        """Their problem files."""
        return [dict(variant.problem.document) for variant in self.variants]

    @cached_property
    def given(self) -> Given:
        """Their numbers; weights that a scheme draws are taken as they were drawn."""
        return given(self.documents, self._scheme())

    def _scheme(self) -> list[list[Array]]:
        if self.variants[0].problem.draw is None:
            return []
        return [[np.asarray(one.values) for one in variant.problem.weights] for variant in self.variants]

    @cached_property
    def exact(self) -> dict[str, Array]:
        return worked(self.given, by_hand=False)

    @cached_property
    def hand(self) -> dict[str, Array]:
        return worked(self.given, by_hand=True)

    @cached_property
    def asked(self) -> list[str]:
        return [one.id for one in self.variants[0].asked]

    def accepted(self, name: str) -> tuple[Array, Array]:
        """The lowest and the highest right numbers, variants first."""
        ends = [variant.accepted[name] for variant in self.variants[: self.measured]]
        return np.stack([low for low, _ in ends]), np.stack([high for _, high in ends])

    @property
    def measured(self) -> int:
        """Of how many variants it is looked up what is accepted."""
        return MEASURED.get(self.name, len(self.papers))

    def lies(self, name: str, values: Array) -> Array:
        """A quantity as it lies on paper, of the variants that are measured."""
        return self.given.on_paper(name, values)[: self.measured]


@lru_cache(maxsize=3)
def drawn(name: str) -> Drawn:
    """500 variants by default settings, or half of what the problem's numbers allow."""
    whole = series(name)
    count = min(MOST, whole.sources[0].variation.size // 2)
    tickets = list(whole.tickets(SEED, count))
    return Drawn(name, tuple(whole.papers(tickets)), whole.tallies[0].rate)
