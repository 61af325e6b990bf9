"""What a variant's numbers are and how a person works them, read from the problem file and from nothing else.

Nothing of stepwise is used here. The variants of a problem lie side by side: the first axis are the variants, samples
are rows, and weights are inputs × units, whatever the layout of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.trace.formulas import DEFAULTS

Array = npt.NDArray[np.float64]
Document = Mapping[str, Any]
DECIMALS = 4
"""Where the file does not say otherwise."""


def leaves(value: Any) -> list[str]:
    """Every number of a field as typed, in the order of the file."""
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in leaves(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in leaves(part)]
    return [str(value)]


def number(text: str) -> float:
    """A typed number."""
    return float(Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text))


# ---- rounding


def half_up(values: Array, decimals: int) -> Array:
    """Every number rounded half-up in decimal, ties away from zero; float noise lies below true ties."""
    unit = Decimal(1).scaleb(-decimals)
    found = [
        float(Decimal(f"{value:.11e}").quantize(unit, rounding=ROUND_HALF_UP)) + 0.0
        for value in values.ravel().tolist()
    ]
    return np.array(found).reshape(values.shape)


def decimals_of(document: Document) -> Callable[[str], int]:
    """To how many decimals a person rounds each quantity: its own, then a pattern's, then the default."""
    rounding = document.get("rounding", {})
    own = rounding.get("quantities", {})

    def named(quantity: str) -> int | None:
        matching = (own[pattern] for pattern in own if fnmatchcase(quantity, pattern))
        return int(own[quantity]) if quantity in own else next(map(int, matching), None)

    def decimals(quantity: str) -> int:
        found = named(quantity)
        if found is None and quantity.startswith("step_"):
            found = named(quantity.removeprefix("step_") + "_new")
        return int(rounding.get("decimals", DECIMALS)) if found is None else found

    return decimals


@dataclass
class Work:
    """The lines that somebody writes: `put` rounds a result where the person works by hand, and notes it."""

    decimals: Callable[[str], int] | None = None
    values: dict[str, Array] = field(default_factory=dict)
    mark: str = ""
    """`t2.` in the second iteration."""

    def put(self, name: str, value: Array) -> Array:
        result = value if self.decimals is None else half_up(value, self.decimals(name))
        self.values[self.mark + name] = result
        return result

    def known(self, name: str) -> Array:
        """What was written before, in the same iteration."""
        return self.values[self.mark + name]

    def note(self, name: str, value: Array) -> Array:
        """What is copied, and not worked out: nothing is rounded."""
        self.values[self.mark + name] = value
        return value


# ---- what is given


@dataclass(frozen=True)
class Given:
    """The numbers of many variants of one problem: variants × samples × features, variants × inputs × units."""

    document: Document
    """The file of one of them: all but the numbers is the same."""
    x: Array
    y: Array | None
    weights: list[Array]
    biases: list[Array] | None
    lr: Array

    @property
    def learns(self) -> bool:
        return "lr" in self.document

    @property
    def model(self) -> str:
        return str(self.document.get("model", "network"))

    @property
    def layout(self) -> str:
        return str(self.document.get("architecture", {}).get("layout", "column"))

    @property
    def layers(self) -> list[tuple[str, dict[str, float]]]:
        """The activation of each layer and its parameters."""
        found = []
        for layer in self.document["architecture"]["layers"]:
            activation = layer["activation"]
            typed = activation if isinstance(activation, Mapping) else {"name": activation}
            parameters = {name: number(str(value)) for name, value in typed.items() if name not in ("name", "expr")}
            found.append((str(typed["name"]), {**DEFAULTS.get(str(typed["name"]), {}), **parameters}))
        return found

    @property
    def loss(self) -> str:
        loss = self.document.get("architecture", {}).get("loss", "")
        return str(loss["name"] if isinstance(loss, Mapping) else loss)

    @property
    def reduction(self) -> str:
        loss = self.document.get("architecture", {}).get("loss", "")
        usual = "sum" if self.model == "svm" else "mean"
        return str(loss.get("reduction", usual) if isinstance(loss, Mapping) else usual)

    @property
    def l2(self) -> float:
        return number(str(self.document.get("architecture", {}).get("l2", 0)))

    @property
    def factor(self) -> float:
        """What stands before a squared error."""
        loss = self.document.get("architecture", {}).get("loss")
        return number(str(loss.get("factor", "1/2"))) if isinstance(loss, Mapping) else 0.5

    @property
    def notation(self) -> Mapping[str, Any]:
        return dict(self.document.get("notation", {}))

    @property
    def divides_delta(self) -> bool:
        """Whether 1/N is part of the error terms."""
        return self.notation.get("delta") == "divided" and self.is_batch and self.reduction == "mean"

    @property
    def train(self) -> Mapping[str, Any]:
        return dict(self.document.get("train", {}))

    @property
    def updated(self) -> Sequence[str]:
        """What the step changes."""
        return list(self.train.get("update", ("weights", "biases")))

    @property
    def is_batch(self) -> bool:
        """Whether the file lists samples."""
        return isinstance(self.document["inputs"], list) and isinstance(self.document["inputs"][0], list)

    def batches(self) -> list[slice]:
        """The samples of each iteration."""
        samples = self.x.shape[1]
        one_by_one = self.model == "perceptron" or self.train.get("method") == "pegasos"
        size = 1 if one_by_one else self.train.get("batch_size", samples)
        epoch = [slice(first, min(first + size, samples)) for first in range(0, samples, size)]
        return epoch * int(self.train.get("epochs", 1))

    def on_paper(self, name: str, values: Array) -> Array:
        """A quantity as it lies on paper: samples side by side in column layout. A lone w stands upright anyway."""
        bare = name.rpartition(".")[2]
        if self.layout == "row" or (
            self.model != "network" and bare in ("w", "w_new", "dw", "step_w", "data_grad", "reg_grad")
        ):
            return values
        return values.swapaxes(1, 2)


def given(documents: Sequence[Document], drawn_weights: Sequence[Sequence[Array]] = ()) -> Given:
    """The numbers of the variants. `drawn_weights`: those of a scheme, by variant and layer, as they would be typed."""
    first = documents[0]
    x = _inputs(documents)
    sizes = _sizes(first, x.shape[2])
    row = first.get("architecture", {}).get("layout") == "row"
    if drawn_weights:
        stacks = [np.stack(layer) for layer in zip(*drawn_weights, strict=True)]
    else:
        flat = _numbers(documents, "weights")
        stacks = list(_cut(flat, [(ins, outs) if row else (outs, ins) for ins, outs in pairwise(sizes)]))
    weights = [stack if row else stack.swapaxes(1, 2) for stack in stacks]
    biases = None
    if "biases" in first:
        flat, count = _numbers(documents, "biases"), sum(sizes[1:])
        flat = flat if flat.shape[1] == count else np.repeat(flat, count, axis=1)
        biases = list(_cut(flat, [(1, outs) for outs in sizes[1:]]))
    y = _labels(documents, x.shape[1], sizes[-1]) if "labels" in first else None
    fixed = "lr" in first and not isinstance(first["lr"], Mapping)
    rates = _numbers(documents, "lr")[:, :, None] if fixed else np.zeros((1, 1, 1))
    return Given(first, x, y, weights, biases, rates)


def _numbers(documents: Sequence[Document], name: str) -> Array:
    return np.array([[number(text) for text in leaves(document[name])] for document in documents])


def _inputs(documents: Sequence[Document]) -> Array:
    typed = documents[0]["inputs"]
    samples = len(typed) if isinstance(typed, list) and isinstance(typed[0], list) else 1
    return _numbers(documents, "inputs").reshape(len(documents), samples, -1)


def _labels(documents: Sequence[Document], samples: int, outputs: int) -> Array:
    """One row a sample; class indices become one-hot rows."""
    flat = _numbers(documents, "labels")
    if outputs > 1 and flat.shape[1] == samples:
        return np.eye(outputs)[flat.astype(int)]
    return flat.reshape(len(documents), samples, outputs)


def _sizes(document: Document, inputs: int) -> list[int]:
    if document.get("model", "network") != "network":
        return [inputs, 1]
    return [inputs, *(int(layer["units"]) for layer in document["architecture"]["layers"])]


def _cut(flat: Array, shapes: Sequence[tuple[int, int]]) -> Iterator[Array]:
    """The arrays that stand one after the other."""
    ends = np.cumsum([rows * columns for rows, columns in shapes])
    for part, shape in zip(np.split(flat, ends[:-1], axis=1), shapes, strict=True):
        yield part.reshape(len(flat), *shape)
