"""Every number of a problem worked out again by plain NumPy, from its file alone; and a trace held against it.

The formulas are those of `tests/sheets/models.py`, which share no code with the program. Each line is worked out from
the numbers that the trace itself has for its operands: so a wrong number is complained of in its own line and in no
other, however consistently everything after it follows from it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.sheets.by_hand import Array, Given, Work, decimals_of, given, half_up
from tests.sheets.models import model_of

Document = Mapping[str, Any]
_BRANCHING = re.compile(r"(^|\.)z\d")
"""The sign of these decides how some activations go on."""
_SCALARS = frozenset({"L", "J", "reg", "norm", "lr", "l2", "eta", "N", "t"})


@dataclass
class Redone(Work):
    """Work that goes on with the numbers claimed for a line, and remembers what the line should have given."""

    claimed: Mapping[str, Array] = field(default_factory=dict)
    """As on paper, by id."""
    expected: dict[str, Array] = field(default_factory=dict)
    unrounded: dict[str, Array] = field(default_factory=dict)
    """What it gave before it was rounded by hand."""
    on_paper: Callable[[str, Array], Array] = lambda name, values: values

    def put(self, name: str, value: Array) -> Array:
        self.unrounded[self.mark + name] = self.on_paper(name, value)[0]
        return self._carry(name, value if self.decimals is None else half_up(value, self.decimals(name)))

    def note(self, name: str, value: Array) -> Array:
        self.unrounded[self.mark + name] = self.on_paper(name, np.asarray(value, dtype=float))[0]
        return self._carry(name, np.asarray(value, dtype=float))

    def _carry(self, name: str, value: Array) -> Array:
        known = self.mark + name
        value = value + 0.0  # no minus zero
        self.expected[known] = self.on_paper(name, value)[0]
        claimed = self.claimed.get(known)
        if claimed is not None and claimed.size == value.size:
            lying = self.on_paper(name, value).shape
            value = self.on_paper(name, claimed.reshape(lying))
        self.values[known] = value
        return value


def numbers_of(document: Document, folder: Path, drawn: Sequence[Array] = ()) -> Given:
    """The numbers of a problem file. `drawn`: the weights of a scheme, as on paper."""
    whole = {**document, **{name: _listed(document[name], folder) for name in ("inputs", "labels") if name in document}}
    layers = whole.get("architecture", {}).get("layers")
    if layers:
        whole["architecture"] = {**whole["architecture"], "layers": with_units(whole, layers)}
    return given([whole], [drawn] if len(drawn) else ())


def with_units(document: Document, layers: list[Any]) -> list[Any]:
    """The units of a layer are as many as its biases, or as the weights that are left for one input each."""
    row = document["architecture"].get("layout") == "row"
    matrices = document.get("weights")
    found = []
    for place, layer in enumerate(layers):
        units = layer.get("units")
        if units is None:
            matrix = matrices[place] if isinstance(matrices, list) else matrices
            shape = np.shape(matrix)
            units = 1 if len(shape) < 2 else shape[1 if row else 0]
        found.append({**layer, "units": units})
    return found


def _listed(typed: Any, folder: Path) -> Any:
    """What stands in a data file, or the field itself."""
    if not isinstance(typed, Mapping):
        return typed
    with (folder / typed["file"]).open(encoding="utf-8") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file) if row]
    if any(cell.strip("-+").replace(".", "").isalpha() for cell in rows[0]):
        rows = rows[1:]
    return [row[0] for row in rows] if len(rows[0]) == 1 else rows


def redone(
    numbers: Given, claimed: Mapping[str, Array] | None = None, *, by_hand: bool, iterations: int | None = None
) -> dict[str, Array]:
    """What every line should give, as on paper, where the lines before it gave what is claimed for them."""
    return work_of(numbers, claimed, by_hand=by_hand, iterations=iterations).expected


def work_of(
    numbers: Given, claimed: Mapping[str, Array] | None = None, *, by_hand: bool, iterations: int | None = None
) -> Redone:
    """The whole work: what every line gives, rounded and unrounded."""
    decimals = decimals_of(numbers.document) if by_hand else None
    work = Redone(decimals, claimed=claimed or {}, on_paper=numbers.on_paper)
    with np.errstate(all="ignore"):
        model_of(numbers, work).work(iterations)
    return work


def direct_operands(numbers: Given) -> dict[str, set[str]]:
    """From which quantities each line of the first iteration is worked out: a change in them changes the line."""
    found: dict[str, set[str]] = {}
    usual = redone(numbers, by_hand=False, iterations=1)
    for seed in range(2):
        rng = np.random.default_rng(seed)
        start = {
            name: rng.uniform(0.2, 0.8, value.shape) * (-1 if seed and _BRANCHING.search(name) else 1)
            for name, value in usual.items()
        }
        before = redone(numbers, start, by_hand=False, iterations=1)
        for name in before:
            for change in (-1.0, 2.5):
                after = redone(numbers, {**start, name: start[name] * change}, by_hand=False, iterations=1)
                for line, value in after.items():
                    if line != name and not np.array_equal(value, before[line], equal_nan=True):
                        found.setdefault(line, set()).add(name)
    return found


def axes_of(name: str, document: Document, *, batch: bool) -> int | None:
    """How many axes a quantity has in lists: a vector one, a matrix two; None where either would do."""
    bare = name.rpartition(".")[2].removesuffix("_new").rstrip("0123456789")
    if bare in _SCALARS:
        return 0
    if bare in ("W", "dW", "step_W", "data_dW", "reg_dW", "jac"):
        return 2
    if bare in ("b", "db", "step_b") and document.get("model", "network") == "network":
        return 1
    if bare in ("z", "a", "delta", "back") and document.get("model", "network") == "network":
        return 2 if batch else 1
    return None
