"""A problem of letters or of shapes alone as one of numbers: names, operands and shapes are the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from tests.sheets.by_hand import number

from .recalculated import with_units


def in_numbers(document: Mapping[str, Any]) -> dict[str, Any]:
    """Every letter and every entry of a shape is ½; units that the weights tell are written down."""
    whole = {**document}
    for name in ("weights", "biases", "inputs", "labels", "lr"):
        if name in whole:
            whole[name] = _half(whole[name])
    layers = whole.get("architecture", {}).get("layers")
    if layers:
        whole["architecture"] = {**whole["architecture"], "layers": with_units(whole, layers)}
    if "weights" not in whole or isinstance(document.get("weights"), Mapping):
        sizes = [np.shape(whole["inputs"])[-1], *(int(layer["units"]) for layer in layers)]
        whole["weights"] = [[["0.5"] * b] * a for a, b in pairwise(sizes)]
    return whole


def _half(value: Any) -> Any:
    if isinstance(value, Mapping):
        return np.full(value["shape"], "0.5").tolist() if "shape" in value else value
    if isinstance(value, list):
        return [_half(part) for part in value]
    try:
        number(str(value))
    except ValueError:
        return "0.5"
    return value
