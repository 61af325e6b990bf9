"""A problem file read and calculated once more, in plain NumPy with samples as rows and weights as units × inputs.

Nothing here is taken from stepwise; the text goes through PyYAML, and the numbers through `fractions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import yaml

from tests.own.functions import FUNCTIONS
from tests.trace.formulas import CORNERED, DEFAULTS, LOSS_EACH, OUTPUTS, Array

STEP = 2e-4
FAR, CLIP = 30.0, 1e-5
"""Further out, and nearer to 0 or 1, exponentials are written in another form and logarithms are clipped."""
Layers = list[tuple[Array, Array]]
"""Weights and biases of each layer; the biases are one row."""


def number(text: Any) -> float:
    """A typed number."""
    typed = str(text)
    return float(Fraction(typed[:-1]) / 100 if typed.endswith("%") else Fraction(typed))


def numbers(typed: Any) -> Array:
    """Typed numbers as an array."""
    return np.array(_floats(typed), dtype=float)


def _floats(typed: Any) -> Any:
    return [_floats(one) for one in typed] if isinstance(typed, list) else number(typed)


@dataclass(frozen=True)
class Act:
    """The activation of a layer, as a function of rows of z."""

    name: str
    parameters: dict[str, float]

    @property
    def own(self) -> bool:
        return self.name.startswith("own")

    @property
    def corners(self) -> tuple[float, ...]:
        """Where it has no derivative."""
        return FUNCTIONS[int(self.name[3:])].kinks if self.own else (0.0,) if self.name in CORNERED else ()

    def __call__(self, z: Array) -> Array:
        if self.own:
            return np.asarray(np.vectorize(FUNCTIONS[int(self.name[3:])].function, otypes=[float])(z))
        return OUTPUTS[self.name](z, {**DEFAULTS.get(self.name, {}), **self.parameters})


class Twin:
    """A network of a problem file."""

    def __init__(self, text: str) -> None:
        # the base loader leaves every number the text that was typed
        self.document: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
        self.architecture: dict[str, Any] = self.document["architecture"]
        self.column = self.architecture.get("layout", "column") == "column"
        self.train: dict[str, Any] = self.document.get("train", {})
        self.single = np.ndim(numbers(self.document["inputs"])) < 2
        self.x = self._prepared(np.atleast_2d(numbers(self.document["inputs"])))
        self.l2 = number(self.architecture.get("l2", "0"))
        self.lr = number(self.document["lr"]) if "lr" in self.document else None
        self.update = self.train.get("update", ["weights", "biases"])

    def _prepared(self, x: Array) -> Array:
        how = self.document.get("preprocess", {})
        if "divide" in how:
            return x / numbers(how["divide"])
        if "standardize" in how:
            return (x - numbers(how["standardize"]["mean"])) / numbers(how["standardize"]["std"])
        return x

    @cached_property
    def acts(self) -> list[Act]:
        """The activation of each layer."""
        found = []
        for layer in self.architecture["layers"]:
            typed = layer["activation"]
            fields = typed if isinstance(typed, dict) else {"name": typed}
            parameters = {name: number(fields[name]) for name in fields if name not in ("name", "expr")}
            found.append(Act(fields["name"], parameters))
        return found

    @cached_property
    def units(self) -> list[int]:
        return [int(layer["units"]) for layer in self.architecture["layers"]]

    @cached_property
    def loss(self) -> dict[str, Any]:
        typed = self.architecture["loss"]
        return typed if isinstance(typed, dict) else {"name": typed}

    @property
    def factor(self) -> float:
        return number(self.loss.get("factor", "1/2"))

    @property
    def reduction(self) -> str:
        return str(self.loss.get("reduction", "mean"))

    @property
    def undivided(self) -> bool:
        """Whether the 1/N of a mean is not yet in the error terms."""
        divided = self.document.get("notation", {}).get("delta") == "divided"
        return self.reduction == "mean" and not divided

    @property
    def moves(self) -> bool:
        """Whether anything changes from step to step."""
        biases = "biases" in self.update and self.typed_biases is not None
        return self.learns and self.lr is not None and ("weights" in self.update or biases)

    @property
    def learns(self) -> bool:
        """Whether there is a loss to learn from."""
        return "labels" in self.document or self.loss["name"] == "neg_log_sigmoid"

    @cached_property
    def y(self) -> Array:
        """Labels, a row a sample; class indices as one-hot rows."""
        shape = (len(self.x), self.units[-1])
        if "labels" not in self.document:
            return np.ones(shape)
        typed = numbers(self.document["labels"])
        one_hot = typed.size != shape[0] * shape[1]
        return np.eye(shape[1])[typed.astype(int).ravel()] if one_hot else typed.reshape(shape)

    @cached_property
    def typed_weights(self) -> list[Array] | None:
        """The weights of the file, or None where it lets them be drawn."""
        typed = self.document["weights"]
        if isinstance(typed, dict):
            return None
        return [numbers(one) if self.column else numbers(one).T for one in typed]

    @cached_property
    def typed_biases(self) -> list[Array] | None:
        """The biases of the file, as rows."""
        typed = self.document.get("biases")
        if typed is None:
            return None
        each = typed if isinstance(typed, list) else [typed] * len(self.units)
        return [np.broadcast_to(numbers(one), (1, n)) for one, n in zip(each, self.units, strict=True)]

    def batches(self) -> Iterator[slice]:
        """The samples of each iteration."""
        samples = len(self.x)
        size = int(self.train.get("batch_size", samples))
        if not self.moves:
            yield slice(0, samples)
            return
        for _ in range(int(self.train.get("epochs", 1))):
            for start in range(0, samples, size):
                yield slice(start, min(start + size, samples))

    @np.errstate(all="ignore")
    def forward(self, layers: Layers, x: Array) -> list[tuple[Array, Array]]:
        """z and a of each layer."""
        found, a = [], x
        for act, (weights, bias) in zip(self.acts, layers, strict=True):
            z = a @ weights.T + bias
            a = act(z)
            found.append((z, a))
        return found

    def losses(self, a: Array, y: Array) -> Array:
        """The loss of each sample."""
        if self.loss["name"] == "neg_log_sigmoid" and self.acts[-1].name == "sigmoid":
            return np.asarray(-np.log(a).sum(-1))
        return LOSS_EACH[self.loss["name"]](a, y, self.factor)

    @np.errstate(all="ignore")
    def objective(self, layers: Layers, x: Array, y: Array) -> float:
        """L + λ/2·‖W‖²."""
        return self._total(self.forward(layers, x)[-1][1], layers, y)

    def _total(self, a: Array, layers: Layers, y: Array) -> float:
        each = self.losses(a, y)
        loss = each.mean() if self.reduction == "mean" else each.sum()
        return float(loss + self.l2 / 2 * sum(float((weights**2).sum()) for weights, _ in layers))

    def sharp(self, layers: Layers, x: Array, y: Array, gap: float) -> bool:
        """Whether everything is further than `gap` from corners, and probabilities are not near their clipping."""
        found = self.forward(layers, x)
        for act, (z, _) in zip(self.acts, found, strict=True):
            if np.abs(z).max() > FAR or any((np.abs(z - corner) < gap).any() for corner in act.corners):
                return False
        a, name = found[-1][1], self.loss["name"]
        if name == "hinge" and self.acts[-1].name != "step":
            return bool((np.abs(1 - y * a) > gap).all())
        return name not in ("cross_entropy", "binary_cross_entropy") or bool(((a > CLIP) & (a < 1 - CLIP)).all())

    def _sides(self, found: list[tuple[Array, Array]], y: Array) -> list[Array]:
        """On which side of its corners every number is."""
        sides = [z > corner for act, (z, _) in zip(self.acts, found, strict=True) for corner in act.corners]
        return [*sides, y * found[-1][1] < 1] if self.loss["name"] == "hinge" else sides

    def slopes(self, layers: Layers, x: Array, y: Array) -> Iterator[tuple[Array, Array]]:
        """Central differences of the objective (of fourth order) for weights and biases, layer by layer; NaN where
        there is a corner between the points of a difference."""
        sides = self._sides(self.forward(layers, x), y)
        for place in range(len(layers)):
            pair = [self._slopes(layers, place, part, x, y, sides) for part in (0, 1)]
            yield pair[0], pair[1]

    def _slopes(self, layers: Layers, place: int, part: int, x: Array, y: Array, sides: list[Array]) -> Array:
        own = layers[place][part]
        found = np.zeros(own.shape)
        for at in np.ndindex(own.shape):
            points = [self._nudged(layers, place, part, at, reach * STEP) for reach in (1, -1, 2, -2)]
            values = [self._smoothly(point, x, y, sides) for point in points]
            near, far = (values[0] - values[1]) / (2 * STEP), (values[2] - values[3]) / (4 * STEP)
            found[at] = (4 * near - far) / 3
        return found

    @staticmethod
    def _nudged(layers: Layers, place: int, part: int, at: tuple[int, ...], by: float) -> Layers:
        moved = list(layers)
        pair = [moved[place][0], moved[place][1]]
        pair[part] = pair[part].copy()
        pair[part][at] += by
        moved[place] = (pair[0], pair[1])
        return moved

    @np.errstate(all="ignore")
    def _smoothly(self, layers: Layers, x: Array, y: Array, sides: list[Array]) -> float:
        """The objective, or NaN where some number is on the other side of a corner."""
        found = self.forward(layers, x)
        same = all((own == base).all() for own, base in zip(self._sides(found, y), sides, strict=True))
        return self._total(found[-1][1], layers, y) if same else float("nan")
