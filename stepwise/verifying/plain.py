"""Networks and support vector machines in a few lines of NumPy, written from their definitions.

Nothing here is taken from what writes the pages. Samples are rows and weights are inputs × units, whatever the layout
of the file; every array may have leading axes, so that a parameter with many values gives as many losses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stepwise.verifying.formula import value_of

Array = npt.NDArray[np.float64]
CLIPPED = math.log(1e-12)
"""A logarithm is not taken of less than 1e-12."""
NOISE = 1e-12
"""A sum is 0 where it is smaller than this share of the sizes of its terms: 0.1 + 0.2 − 0.3 is 5·10⁻¹⁷ in float64."""
SHAKES = 8
"""So many times what the last bits change is room for rounding."""
_SHAKEN = 3
_SMOOTH = frozenset({"identity", "sigmoid", "tanh", "swish", "gelu", "softplus", "softmax"})
_ERF = np.vectorize(math.erf, otypes=[float])


@dataclass(frozen=True)
class Unit:
    """The activation of a layer: its name, its parameters, and its formula where the problem file brings it along."""

    name: str
    parameters: Mapping[str, float]
    formula: str = ""


@dataclass(frozen=True, eq=False)
class Model:
    """What is learned from: the samples of one iteration and how their loss is made.

    `column`: weights are kept as units × inputs, and biases as columns. A support vector machine is one layer without
    activation, its `w` a column (`names` are then `w` and `b`).
    """

    units: tuple[Unit, ...]
    loss: str
    factor: float
    mean: bool
    l2: float
    column: bool
    x: Array
    y: Array | None
    names: tuple[tuple[str, str], ...]


Parameters = Mapping[str, Array]


def _cdf(z: Array) -> Array:
    return np.asarray((1 + _ERF(z / math.sqrt(2))) / 2)


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _sigmoid(z: Array) -> Array:
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


ACTIVATIONS: Mapping[str, Callable[[Array, Mapping[str, float]], Array]] = {
    "identity": lambda z, p: z,
    "sigmoid": lambda z, p: _sigmoid(z),
    "tanh": lambda z, p: np.tanh(z),
    "relu": lambda z, p: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z, p: np.where(z > 0, z, p["alpha"] * z),
    "elu": lambda z, p: np.where(z > 0, z, p["alpha"] * np.expm1(np.minimum(z, 0))),
    "swish": lambda z, p: z * _sigmoid(p["beta"] * z),
    "gelu": lambda z, p: z * _cdf(z),
    "softplus": lambda z, p: np.logaddexp(0, p["beta"] * z) / p["beta"],
    "softmax": lambda z, p: _softmax(z),
    "step": lambda z, p: np.where(z == 0, p["at_zero"], np.where(z > 0, 1.0, 0.0)),
}
_FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "exp": np.exp, "log": np.log, "ln": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "sin": np.sin, "cos": np.cos,
    "sinh": np.sinh, "cosh": np.cosh, "arctan": np.arctan, "atan": np.arctan, "erf": lambda z: _ERF(z), "abs": np.abs,
    "Phi": _cdf, "sigmoid": _sigmoid, "sigma": _sigmoid, "relu": lambda z: np.maximum(z, 0.0),
    "softplus": lambda z: np.logaddexp(0, z), "max": lambda *z: np.max(np.broadcast_arrays(*z), axis=0),
    "min": lambda *z: np.min(np.broadcast_arrays(*z), axis=0),
}  # fmt: skip


def activated(unit: Unit, z: Array) -> Array:
    """a = f(z)"""
    if not unit.formula:
        return np.asarray(ACTIVATIONS[unit.name](z, unit.parameters))
    letters = {"z": z, "pi": math.pi, "e": math.e, **unit.parameters}
    return np.asarray(value_of(unit.formula, letters, _FUNCTIONS, float))


def settled(total: Array, sizes: Array) -> Array:
    """A sum whose terms have the sizes `sizes` in all: 0 where only the rounding of the terms is left of it."""
    return np.where(np.abs(total) <= NOISE * sizes, 0.0, total)


def at_one(margin: Array | float) -> npt.NDArray[np.bool_]:
    """Which margins are 1 but for the rounding of what they were calculated from."""
    return np.asarray(np.abs(margin - 1) <= NOISE * np.maximum(np.abs(margin), 1.0))


def has_jumps(model: Model) -> bool:
    """Whether an activation jumps."""
    return any(unit.name == "step" and not unit.formula for unit in model.units)


def _weighted(rows: Array, w: Array, b: Array | float, *, smooth: bool) -> Array:
    """z, on the right side of a corner at 0."""
    z = np.asarray(rows @ w + b)
    if smooth or not z.size:
        return z
    # the sizes are as much work as z: they are summed up where some z is small enough
    most = w.shape[-2] * np.max(np.abs(rows)) * np.max(np.abs(w), initial=0.0) + np.max(np.abs(b))
    if not np.min(np.abs(z)) <= NOISE * most:
        return z
    return settled(z, np.abs(rows) @ np.abs(w) + np.abs(b))


def forward(model: Model, parameters: Parameters) -> list[tuple[Array, Array]]:
    """z and a of every layer, samples as rows."""
    found: list[tuple[Array, Array]] = []
    a = model.x
    for unit, (weights, bias) in zip(model.units, model.names, strict=True):
        w, b = parameters[weights], parameters.get(bias, np.zeros((1, 1)))
        if model.column:
            w, b = w.swapaxes(-1, -2), b.swapaxes(-1, -2)
        z = _weighted(a, w, b, smooth=unit.name in _SMOOTH and not unit.formula)
        a = activated(unit, z)
        found.append((z, a))
    return found


def objective(model: Model, parameters: Parameters, *, clip: bool = False) -> Array:
    """The loss of the samples, with λ/2 of every squared weight; `clip`: logarithms are clipped, as on a page."""
    z, a = forward(model, parameters)[-1]
    each = _each(model, z, a, CLIPPED if clip else -np.inf).sum(axis=-1)
    loss = each.mean(axis=-1) if model.mean else each.sum(axis=-1)
    if not model.l2:
        return np.asarray(loss)
    squares = sum((parameters[weights] ** 2).sum(axis=(-1, -2)) for weights, _ in model.names)
    return np.asarray(loss + model.l2 / 2 * squares)


def shaken(model: Model, parameters: Parameters) -> list[tuple[Model, Parameters]]:
    """The same model with the last bits of its numbers changed, in several ways.

    What float64 cannot tell, because terms cancel, is as different for them as rounding can make it.
    """

    draw = np.random.default_rng(1)

    def moved(values: Array) -> Array:
        return np.asarray(values * (1 + np.finfo(float).eps * draw.uniform(-2, 2, values.shape)))

    return [
        (replace(model, x=moved(model.x)), {name: moved(value) for name, value in parameters.items()})
        for _ in range(_SHAKEN)
    ]


def is_clipped(model: Model, parameters: Parameters) -> bool:
    """Whether some logarithm is clipped."""
    z, a = forward(model, parameters)[-1]
    return bool(np.any(_each(model, z, a, CLIPPED) != _each(model, z, a, -np.inf)))


def _each(model: Model, z: Array, a: Array, least: float) -> Array:
    """The loss of each output of each sample; no logarithm is less than `least`."""
    y = np.zeros_like(a) if model.y is None else model.y
    match model.loss:
        case "mse":
            return np.asarray(model.factor * (a - y) ** 2)
        case "hinge":
            return np.asarray(np.maximum(0.0, 1 - y * a))
        case "neg_log_sigmoid":
            # a sigmoid output is the probability already, any other one the score
            return -np.maximum(-np.logaddexp(0, -(z if model.units[-1].name == "sigmoid" else a)), least)
        case "cross_entropy" | "binary_cross_entropy" if model.units[-1].name in ("softmax", "sigmoid"):
            yes, no = _logarithms(model.units[-1].name, z)
            loss = -_share(y, np.maximum(yes, least))
            return loss - _share(1 - y, np.maximum(no, least)) if model.loss == "binary_cross_entropy" else loss
    raise ValueError(f"no definition of {model.loss} after {model.units[-1].name}")


def _logarithms(name: str, z: Array) -> tuple[Array, Array]:
    """ln a and ln(1 − a), from z so that nothing is lost where a is nearly 0 or 1."""
    if name == "sigmoid":
        return -np.logaddexp(0, -z), -np.logaddexp(0, z)
    shifted = z - z.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    total = np.log(powers.sum(axis=-1, keepdims=True))
    others = powers @ (1 - np.eye(z.shape[-1]))
    return shifted - total, np.log(others) - total


def _share(weight: Array, value: Array) -> Array:
    """weight · value, and 0 where the weight is 0, however large the value."""
    return np.asarray(np.where(weight == 0, 0.0, weight * np.where(weight == 0, 0.0, value)))
