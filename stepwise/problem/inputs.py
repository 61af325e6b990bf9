"""Inputs: one sample or a list of samples, and what is done to them first."""

from __future__ import annotations

from dataclasses import dataclass

from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.faults import View
from stepwise.problem.model import Given, Layout, Preprocess


@dataclass(frozen=True, eq=False)
class Inputs:
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


def read_inputs(view: View | None, reading: Reading) -> Inputs | None:
    """The inputs, where nothing is wrong with them."""
    tensor = read_array(view, reading) if view is not None else None
    if tensor is None:
        return None
    shape = (1,) * (2 - len(tensor.shape)) + tensor.shape
    return Inputs(tensor, shape[0], shape[1])


def read_preprocess(
    view: View | None, reading: Reading, inputs: Inputs | None, layout: Layout, *, known: bool
) -> Preprocess | None:
    """`{divide: 255}` or `{standardize: {mean: …, std: …}}`."""
    if view is None or not view.sound:
        return None
    if view.has("divide") and view.has("standardize"):
        view.add("divide and standardize", "write one of them")
        return None
    divide = _per_feature(divisor := view.get("divide"), reading, inputs, layout, known=known)
    if divisor is not None and divide is not None and divide.values is not None and not divide.values.all():
        divisor.add("division by zero", "write a divisor other than 0")
    both = view.get("standardize")
    if both is None:
        return Preprocess(divide=divide) if divide is not None else None
    mean, std = (_per_feature(both.get(name), reading, inputs, layout, known=known) for name in ("mean", "std"))
    if std is not None and std.values is not None and (std.values <= 0).any():
        both.add("a standard deviation is not positive", "write numbers above 0")
    return Preprocess(mean=mean, std=std) if mean is not None and std is not None else None


def _per_feature(
    view: View | None, reading: Reading, inputs: Inputs | None, layout: Layout, *, known: bool
) -> Given | None:
    tensor = read_array(view, reading, deepest=1) if view is not None else None
    if view is None or tensor is None:
        return None
    count = tensor.shape[0] if tensor.shape else 1
    if inputs is not None and count not in {1, inputs.features}:
        view.add(f"{count} numbers for {inputs.features} features", "write one number, or one a feature")
        return None
    return tensor.given((count, 1) if layout == "column" else (1, count), known=known)
