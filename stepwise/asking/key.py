"""The key of a problem: between which numbers the answer to each of its quantities is right."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from stepwise.asking.lines import Calculation
from stepwise.asking.sampled import ITERATIONS, Sampled
from stepwise.asking.ways import Careful, Floats, Known, Way

Ends = tuple[Floats, Floats]
"""The lowest and the highest number that is right, for every entry."""


def way_of(whole: Calculation) -> Way:
    """How the lines of a problem are measured: by intervals, and long trainings by samples."""
    return Sampled(whole) if whole.iterations > ITERATIONS else Careful(whole)


def accepted_ends(whole: Calculation, wanted: Iterable[str]) -> dict[str, Ends]:
    """Between which numbers the answers to the quantities in `wanted` are right, as on paper (two axes)."""
    way, kept = way_of(whole), set(wanted)
    known: dict[str, Known] = {name: way.known(values) for name, values in whole.givens.items()}
    found: dict[str, Ends] = {}
    with np.errstate(all="ignore"):
        for line in whole.lines:
            known[line.id] = way.line(line, line.tree, known.__getitem__)
            if line.id in kept:
                found[line.id] = way.key(line, known[line.id])
    return found
