"""Biases: one vector per layer; a bare 0 is a zero vector in every layer."""

from __future__ import annotations

import numpy as np

from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.choices import number_of
from stepwise.problem.faults import View
from stepwise.problem.model import Given, Layout
from stepwise.problem.nodes import Scalar
from stepwise.problem.weights import Sizes, parts, read_numbers


def read_biases(
    view: View, reading: Reading, layers: list[Sizes], layout: Layout, *, known: bool
) -> list[Given] | None:
    """The biases layer by layer, n × 1 in column layout and 1 × n in row layout."""
    if not view.sound:
        read_numbers(view, reading)
        return None
    shared = _shared_zero(view)
    each = [view] * len(layers) if shared else parts(view, len(layers))
    if each is None:
        read_numbers(view, reading)
        return None
    found = [_bias(part, reading, layer, layout, known=known) for part, layer in zip(each, layers, strict=True)]
    return [given for given in found if given is not None] if None not in found else None


def _shared_zero(view: View) -> bool:
    if not isinstance(view.node, Scalar) or view.node.is_null or view.node.boolean is not None:
        return False
    try:
        number = number_of(view)
    except ValueError:
        return False
    return number is not None and number.value == 0


def _bias(part: View, reading: Reading, layer: Sizes, layout: Layout, *, known: bool) -> Given | None:
    tensor = read_array(part, reading)
    if tensor is None or layer.units is None:
        return None
    units = layer.units
    shape = (units, 1) if layout == "column" else (1, units)
    if not tensor.shape and tensor.values is not None and tensor.texts is not None and not tensor.values.any():
        if not known:
            return Given(shape)
        return Given(shape, np.zeros(shape), np.full(shape, tensor.texts.item(), dtype=np.object_))
    if _length(tensor) != units:
        part.add(
            f"layer {layer.number} has {units} unit{'s' * (units > 1)} and needs as many biases, not {_shape(tensor)}",
            "write a vector with one number a unit, or 0",
        )
        return None
    return tensor.given(shape, known=known)


def _length(tensor: Tensor) -> int | None:
    """How many numbers a vector has, whichever way it lies; None for a matrix."""
    if len(tensor.shape) == 2 and 1 not in tensor.shape:
        return None
    return int(np.prod(tensor.shape))


def _shape(tensor: Tensor) -> str:
    return " × ".join(map(str, tensor.shape)) if tensor.shape else "one"
