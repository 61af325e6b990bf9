"""Activations and losses as a person works them, line by line, in NumPy; samples are rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.stats import norm

from .by_hand import Array, Work

SMALLEST = 1e-12
"""A logarithm is never taken of less."""
STEEP = {"sigmoid": lambda a: a * (1 - a), "tanh": lambda a: 1 - a**2}
"""The slopes that may fade, by the activation."""


def activation(work: Work, name: str, z: Array, at: str, parameters: Mapping[str, float]) -> Array:
    """The activation of a layer; `at` is what its lines are called by: 2, or 2_new after the update."""
    match name:
        case "identity":
            a = z
        case "sigmoid":
            a = _logistic(work, z, at)
        case "tanh":
            a = np.tanh(z)
        case "relu":
            a = np.where(z > 0, z, 0.0)
        case "leaky_relu":
            a = np.where(z > 0, z, parameters["alpha"] * z)
        case "elu":
            a = np.where(z > 0, z, parameters["alpha"] * (np.exp(z) - 1))
        case "gelu":
            a = z * work.put(f"cdf{at}", norm.cdf(z))
        case "swish":
            a = z * work.put(f"gate{at}", _logistic(work, z, at))
        case "softplus":
            a = np.log(work.put(f"sum{at}", 1 + work.put(f"exp{at}", np.exp(z))))
        case "softmax":
            exponentials = work.put(f"exp{at}", np.exp(z))
            a = exponentials / work.put(f"sum{at}", exponentials.sum(axis=2, keepdims=True))
        case "mish":
            exponential = work.put(f"exp{at}", np.exp(z))
            a = z * work.put(f"tanh{at}", np.tanh(work.put(f"ln{at}", np.log(1 + exponential))))
        case _:
            raise NotImplementedError(name)
    return work.put(f"a{at}", a)


def _logistic(work: Work, z: Array, at: str) -> Array:
    return 1 / work.put(f"sum{at}", 1 + work.put(f"exp{at}", np.exp(-z)))


def slope(work: Work, name: str, layer: int, parameters: Mapping[str, float]) -> Array:
    """The derivative of a layer's activation, from the lines of its forward pass."""

    def known(what: str) -> Array:
        return work.values[f"{work.mark}{what}{layer}"]

    z, a = known("z"), known("a")
    match name:
        case "identity":
            found = np.ones_like(z)
        case "sigmoid":
            found = a * work.put(f"one_minus{layer}", 1 - a)
        case "tanh":
            found = 1 - work.put(f"square{layer}", a * a)
        case "relu":
            found = np.where(z > 0, 1.0, 0.0)
        case "leaky_relu":
            found = np.where(z > 0, 1.0, parameters["alpha"])
        case "elu":
            found = np.where(z > 0, 1.0, a + parameters["alpha"])
        case "gelu":
            density = work.put(f"pdf{layer}", np.exp(-z * z / 2) / math.sqrt(2 * math.pi))
            found = known("cdf") + z * density
        case "swish":
            found = a + known("gate") * work.put(f"one_minus{layer}", 1 - a)
        case "softplus":
            found = known("exp") / known("sum")
        case "mish":
            found = z * known("exp") * (1 - known("tanh") ** 2) / (known("exp") + 1) + known("tanh")
        case _:
            raise NotImplementedError(name)
    return work.put(f"da_dz{layer}", found)


def loss_of_samples(work: Work, name: str, a: Array, y: Array | None, after: str) -> Array:
    """The loss of every sample, summed over its outputs."""
    if name == "neg_log_sigmoid":
        exponential = work.put(f"exp{after}", np.exp(-a))
        probability = work.put(f"prob{after}", 1 / work.put(f"sum{after}", 1 + exponential))
        return -_ln(probability).sum(axis=2, keepdims=True)
    assert y is not None
    match name:
        case "mse":
            each = 0.5 * work.put(f"square{after}", work.put(f"diff{after}", a - y) ** 2)
        case "binary_cross_entropy":
            each = -(y * _ln(a) + (1 - y) * _ln(1 - a))
        case "cross_entropy":
            each = -(y * _ln(a))
        case "hinge":
            each = work.put(f"hinge{after}", np.maximum(0, 1 - work.put(f"margin{after}", y * a)))
        case _:
            raise NotImplementedError(name)
    return np.asarray(each.sum(axis=2, keepdims=True))


def slope_of_loss(work: Work, name: str, a: Array, y: Array | None) -> Array:
    """∂L/∂a of every sample."""
    if name == "neg_log_sigmoid":
        return work.values[f"{work.mark}prob"] - 1
    assert y is not None
    match name:
        case "mse":
            return a - y
        case "binary_cross_entropy":
            return np.asarray((1 - y) / np.maximum(1 - a, SMALLEST) - y / np.maximum(a, SMALLEST))
        case "cross_entropy":
            return np.asarray(-y / np.maximum(a, SMALLEST))
        case "hinge":
            return np.where(y * a < 1, -y, 0.0)
        case _:
            raise NotImplementedError(name)


def _ln(value: Array) -> Array:
    return np.log(np.maximum(value, SMALLEST))
