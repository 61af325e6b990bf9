"""Activations and losses once more, in NumPy and from their definitions: what the tests compare stepwise with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Parameters = Mapping[str, float]

DEFAULTS: dict[str, Parameters] = {
    "leaky_relu": {"alpha": 0.01},
    "elu": {"alpha": 1.0},
    "swish": {"beta": 1.0},
    "softplus": {"beta": 1.0},
    "step": {"at_zero": 0.0},
}
"""The defaults of the SPEC, typed again."""

_ERF = np.vectorize(math.erf, otypes=[float])


def _softmax(z: Array, p: Parameters) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


OUTPUTS: dict[str, Callable[[Array, Parameters], Array]] = {
    "identity": lambda z, p: z,
    "sigmoid": lambda z, p: 1 / (1 + np.exp(-z)),
    "tanh": lambda z, p: np.tanh(z),
    "relu": lambda z, p: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z, p: np.where(z > 0, z, p["alpha"] * z),
    "elu": lambda z, p: np.where(z > 0, z, p["alpha"] * np.expm1(z)),
    "swish": lambda z, p: z / (1 + np.exp(-p["beta"] * z)),
    "gelu": lambda z, p: z * (1 + _ERF(z / math.sqrt(2))) / 2,
    "softplus": lambda z, p: np.log1p(np.exp(p["beta"] * z)) / p["beta"],
    "softmax": _softmax,
    "step": lambda z, p: np.where(z == 0, p["at_zero"], np.where(z > 0, 1.0, 0.0)),
}
"""a = f(z), samples in the last axis but one, units in the last."""

CORNERED = {"relu", "leaky_relu", "elu", "step"}
"""Activations with a corner, or a jump, at 0."""

LOSS_EACH: dict[str, Callable[[Array, Array, float], Array]] = {
    "mse": lambda a, y, factor: factor * ((a - y) ** 2).sum(-1),
    "binary_cross_entropy": lambda a, y, factor: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(-1),
    "cross_entropy": lambda a, y, factor: -(y * np.log(a)).sum(-1),
    "hinge": lambda a, y, factor: np.where(y * a < 1, 1 - y * a, 0.0).sum(-1),
    "neg_log_sigmoid": lambda a, y, factor: np.log1p(np.exp(-a)).sum(-1),
}
"""The loss of each sample."""
