"""Activations and losses as a person works them, line by line, in NumPy; samples are rows."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.stats import norm

from .by_hand import Array, Work

SMALLEST = 1e-12
"""A logarithm is never taken of less."""
FAR, OVERFLOW = 30, 700
"""Beyond these, a form is used that cannot overflow."""
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
            a = np.where(z > 0, z, parameters["alpha"] * np.expm1(np.minimum(z, 0)))
        case "gelu":
            a = z * work.put(f"cdf{at}", norm.cdf(z))
        case "swish":
            a = z * work.put(f"gate{at}", _logistic(work, parameters["beta"] * z, at))
        case "softplus":
            a = _soft(work, parameters["beta"], z, at)
        case "step":
            a = np.where(z == 0, parameters["at_zero"], np.where(z > 0, 1.0, 0.0))
        case "softmax":
            exponentials = work.put(f"exp{at}", np.exp(_within_reach(z)))
            a = exponentials / work.put(f"sum{at}", exponentials.sum(axis=2, keepdims=True))
        case "mish":
            exponential = work.put(f"exp{at}", np.exp(z))
            a = z * work.put(f"tanh{at}", np.tanh(work.put(f"ln{at}", np.log(1 + exponential))))
        case _:
            raise NotImplementedError(name)
    return work.put(f"a{at}", a)


def _logistic(work: Work, z: Array, at: str) -> Array:
    """1/(1 + e⁻ᶻ), and far below zero e^z/(1 + e^z)."""
    far = z < -FAR
    exponential = work.put(f"exp{at}", np.exp(np.where(far, z, -z)))
    return np.asarray(np.where(far, exponential, 1) / work.put(f"sum{at}", 1 + exponential))


def _soft(work: Work, beta: float, z: Array, at: str) -> Array:
    """ln(1 + e^βz)/β, and far above zero z + ln(1 + e^−βz)/β."""
    far = beta * z > FAR
    exponential = work.put(f"exp{at}", np.exp(np.where(far, -beta * z, beta * z)))
    return np.where(far, z, 0) + np.log(work.put(f"sum{at}", 1 + exponential)) / beta


def _within_reach(z: Array) -> Array:
    """Each sample's entries less their largest, where e to that would overflow or be nothing."""
    largest = z.max(axis=2, keepdims=True)
    return np.where(np.abs(largest) > OVERFLOW, z - largest, z)


def slope(work: Work, name: str, layer: int, parameters: Mapping[str, float]) -> Array:
    """The derivative of a layer's activation, from the lines of its forward pass."""

    def known(what: str) -> Array:
        return work.known(f"{what}{layer}")

    z, a = known("z"), known("a")
    match name:
        case "identity":
            found = np.ones_like(z)
        case "step":
            found = np.zeros_like(z)
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
            beta = parameters["beta"]
            found = beta * a + known("gate") * work.put(f"one_minus{layer}", 1 - beta * a)
        case "softplus":
            found = np.where(parameters["beta"] * z > FAR, 1, known("exp")) / known("sum")
        case "mish":
            found = z * known("exp") * (1 - known("tanh") ** 2) / (known("exp") + 1) + known("tanh")
        case _:
            raise NotImplementedError(name)
    return work.put(f"da_dz{layer}", found)


def loss_of_samples(
    work: Work, name: str, a: Array, y: Array | None, after: str, factor: float = 0.5, of_score: bool = True
) -> Array:
    """The loss of every sample, summed over its outputs. `of_score`: the last activation is not yet a probability."""
    if name == "neg_log_sigmoid" and not of_score:
        return -_ln(a).sum(axis=2, keepdims=True)
    if name == "neg_log_sigmoid":
        probability = work.put(f"prob{after}", _logistic(work, a, after))
        return -_ln(probability).sum(axis=2, keepdims=True)
    assert y is not None
    match name:
        case "mse":
            each = factor * work.put(f"square{after}", work.put(f"diff{after}", a - y) ** 2)
        case "binary_cross_entropy":
            each = -(y * _ln(a) + (1 - y) * _ln(1 - a))
        case "cross_entropy":
            each = -(y * _ln(a))
        case "hinge":
            each = work.put(f"hinge{after}", np.maximum(0, 1 - work.put(f"margin{after}", y * a)))
        case _:
            raise NotImplementedError(name)
    return np.asarray(each.sum(axis=2, keepdims=True))


def slope_of_loss(
    work: Work, name: str, a: Array, y: Array | None, factor: float = 0.5, of_score: bool = True
) -> Array:
    """∂L/∂a of every sample."""
    if name == "neg_log_sigmoid" and not of_score:
        return np.asarray(-1 / np.maximum(a, SMALLEST))
    if name == "neg_log_sigmoid":
        return work.known("prob") - 1
    assert y is not None
    match name:
        case "mse":
            return 2 * factor * (a - y)
        case "binary_cross_entropy":
            return np.asarray((1 - y) / np.maximum(1 - a, SMALLEST) - y / np.maximum(a, SMALLEST))
        case "cross_entropy":
            return np.asarray(-y / np.maximum(a, SMALLEST))
        case "hinge":
            return np.where(work.known("margin") < 1, -y, 0.0)
        case _:
            raise NotImplementedError(name)


def _ln(value: Array) -> Array:
    return np.log(np.maximum(value, SMALLEST))
