"""The numbers that a derivation starts from, by quantity id."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.operations.initialisation import SCHEMES
from stepwise.problem.model import Given, Number, Problem


class Start(Struct, frozen=True, eq=False):
    """Numbers and their texts as typed, with two axes; the values are None where only the shape is known."""

    shape: tuple[int, int]
    values: npt.NDArray[Any] | None
    texts: npt.NDArray[np.object_] | None

    def samples(self, axis: int, chosen: slice) -> Start:
        """A part of the samples."""
        where = (slice(None), chosen) if axis == 1 else (chosen, slice(None))
        texts = None if self.texts is None else self.texts[where]
        if self.values is None:
            length = len(range(*chosen.indices(self.shape[axis])))
            shape = (self.shape[0], length) if axis == 1 else (length, self.shape[1])
            return Start(shape, None, None)
        values = self.values[where]
        return Start((values.shape[0], values.shape[1]), values, texts)


def of_given(given: Given) -> Start:
    return Start(given.shape, given.values, given.texts)


def of_number(value: float, text: str) -> Start:
    return Start((1, 1), np.array([[value]]), np.array([[text]], dtype=object))


def count(number: int) -> Start:
    """A counted number: N, the iteration, the inputs of a layer."""
    return of_number(float(number), str(number))


def starts(problem: Problem) -> dict[str, Start]:
    """Every given quantity of a problem; inputs and labels hold all samples."""
    found = {"x_raw" if problem.preprocess else "x": of_given(problem.inputs)}
    if problem.labels is not None:
        found["y"] = of_given(problem.labels)
    numbered = problem.model == "network"
    for layer, weights in enumerate(problem.weights, 1):
        found[f"W{layer}" if numbered else "w"] = of_given(weights)
    for layer, biases in enumerate(problem.biases or (), 1):
        found[f"b{layer}" if numbered else "b"] = of_given(biases)
    for name, number in (("lr", problem.lr), ("l2", problem.l2)):
        if isinstance(number, Number):
            found[name] = of_number(number.value, number.text)
    found["N"] = count(problem.samples)
    if problem.draw is not None and SCHEMES[problem.draw.scheme].distribution != "zeros":
        for index, layer_of in enumerate(problem.layers, 1):
            found[f"fan_in{index}"], found[f"fan_out{index}"] = count(layer_of.inputs), count(layer_of.units)
    if problem.preprocess is not None:
        prepared = problem.preprocess
        for name, given in (("divisor", prepared.divide), ("mean", prepared.mean), ("std", prepared.std)):
            if given is not None:
                found[name] = of_given(given)
    return found
