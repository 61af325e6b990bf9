"""A problem without its numbers: all that a planner sees of it, so that one derivation serves every drawing.

What a planner asks for beyond this is not there, and it fails: no derivation can depend on numbers unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from stepwise.derivation.model import Derivation
from stepwise.problem.model import Given, Number, Preprocess, Problem, Scheme

REMEMBERED = 64
"""So many derivations are kept."""
_GIVEN = Given((1, 1))


class Outline(Struct, frozen=True, eq=False):
    """A problem without its numbers. Two are the same where everything written in them is."""

    problem: Problem
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outline) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


def outline_of(problem: Problem) -> Outline:
    """What a planner sees of a problem: of its labels it sees whether one is negative and whether they are indices."""
    labels = problem.labels
    negative = labels is not None and labels.values is not None and bool((labels.values < 0).any())
    indices = problem.has_class_indices
    bare = replace(
        problem,
        name="",
        source="",
        title={},
        l2=_there(problem.l2),
        weights=(),
        biases=None if problem.biases is None else (),
        draw=problem.draw and replace(problem.draw, seed=0),
        inputs=_GIVEN,
        labels=None,
        lr=_there(problem.lr),
        languages=(),
        preprocess=_shapes(problem.preprocess),
        marking=Scheme(),
        vary={},
        document={},
    )
    text = f"{bare} {labels is not None} {negative} {indices}"
    if labels is not None:
        sign = Given((1, 1), np.array([[-1.0 if negative else 0.0]]))
        bare = replace(bare, labels=sign, document={"labels": 0 if indices else (0, 0)})
    return Outline(bare, text)


def _there(number: Number | None) -> Number | None:
    return None if number is None else Number(0.0, "")


def _shapes(prepared: Preprocess | None) -> Preprocess | None:
    if prepared is None:
        return None
    parts = {name: getattr(prepared, name) for name in ("divide", "mean", "std")}
    return Preprocess(**{name: given and Given(given.shape) for name, given in parts.items()})


@lru_cache(maxsize=REMEMBERED)
def planned(planner: Callable[[Problem], Derivation], seen: Outline) -> Derivation:
    """The derivation that a planner makes of what it sees."""
    return planner(seen.problem)
