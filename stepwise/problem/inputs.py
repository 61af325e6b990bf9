"""Inputs: one sample or a list of samples, and what is done to them first."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.faults import View
from stepwise.problem.model import Given, Layout, Preprocess


class Inputs(Struct, frozen=True, eq=False):
    """The samples as they stand in the file, one a row."""

    tensor: Tensor
    samples: int
    features: int

    @property
    def single(self) -> bool:
        """One sample: a number or a plain list of numbers."""
        return len(self.tensor.shape) < 2

    @property
    def numeric(self) -> bool:
        return self.tensor.values is not None

    def given(self, layout: Layout, *, known: bool) -> Given:
        """The inputs as on paper: features × samples in column layout, samples × features in row layout."""
        return self.tensor.given((self.samples, self.features), transposed=layout == "column", known=known)


def read_inputs(view: View | None, reading: Reading, *, letters: bool = True) -> Inputs | None:
    """The inputs, where nothing is wrong with them."""
    tensor = read_array(view, reading, letters=letters) if view is not None else None
    if tensor is None:
        return None
    shape = (1,) * (2 - len(tensor.shape)) + tensor.shape
    return Inputs(tensor, shape[0], shape[1])


def read_preprocess(
    view: View | None, reading: Reading, inputs: Inputs | None, layout: Layout, *, known: bool
) -> Preprocess | None:
    """`{divide: 255}` or `{standardize: {mean: …, std: …}}`."""
    if view is None:
        return None
    if view.has("divide") and view.has("standardize"):
        view.add("divide and standardize are both given", "write one of them")
    divide = _per_feature(divisor := view.get("divide"), reading, inputs, layout, known=known)
    _in_range(divisor, divide, "the divisor", above=False)
    both = view.get("standardize")
    if both is None:
        return Preprocess(divide=divide) if divide is not None else None
    mean, std = (_per_feature(both.get(name), reading, inputs, layout, known=known) for name in ("mean", "std"))
    _in_range(both.get("std"), std, "the standard deviation", above=True)
    return Preprocess(mean=mean, std=std) if mean is not None and std is not None else None


def _in_range(view: View | None, given: Given | None, what: str, *, above: bool) -> None:
    """Note each number that the inputs cannot be divided by."""
    if view is None or given is None or given.values is None:
        return
    values = given.values.reshape(-1)
    for place in np.flatnonzero(values <= 0 if above else values == 0):
        items = view.items()
        part = items[place] if len(items) == len(values) else view
        number = f"{values[place]:g}" if given.texts is None else given.texts.reshape(-1)[place]
        message = f"{what} {number} is not above 0" if above else f"{what} is {number}, and nothing can be divided by 0"
        part.add(message, "write a number above 0" if above else "write a number other than 0")


def _per_feature(
    view: View | None, reading: Reading, inputs: Inputs | None, layout: Layout, *, known: bool
) -> Given | None:
    tensor = read_array(view, reading, deepest=1, letters=False) if view is not None else None
    if view is None or tensor is None:
        return None
    count = tensor.shape[0] if tensor.shape else 1
    if inputs is not None and count not in {1, inputs.features}:
        features = f"{inputs.features} feature{'s' * (inputs.features > 1)}"
        view.add(f"{count} numbers are given for {features} of a sample", "write one number, or one a feature")
        return None
    return tensor.given((count, 1) if layout == "column" else (1, count), known=known)
