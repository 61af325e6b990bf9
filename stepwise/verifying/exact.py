"""The gradients once more by sympy: the loss as a function of one parameter, differentiated symbolically.

The definitions are written anew here for single numbers. Where the loss has a corner the convention of the documents
holds: the derivative of ReLU at 0 is 0, that of the hinge loss at margin 1 is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stepwise.verifying.formula import value_of
from stepwise.verifying.plain import Model, Parameters, Unit

DIGITS = 40
MOST_WORK = 120
"""Parameters × samples × layers: so many take a moment."""


def is_small(model: Model, parameters: Parameters) -> bool:
    """Whether symbolic derivatives of all parameters take no more than a moment."""
    size = sum(one.size for one in parameters.values())
    widest = max((max(one.shape) for one in parameters.values()), default=1)
    return size * len(model.x) * len(model.units) <= MOST_WORK and widest * len(model.x) <= 64


class Symbolic:
    """The derivative of the loss with respect to any number of any parameter."""

    def __init__(self, model: Model, parameters: Parameters) -> None:
        import sympy

        self._sympy = sympy
        self.model = model
        self.t = sympy.Symbol("t", real=True)
        self.parameters = {name: _floats(sympy, value) for name, value in parameters.items()}
        self.x = _floats(sympy, model.x)
        self.y = None if model.y is None else _floats(sympy, model.y)
        self.at_corner = False
        """Whether a derivative needed a convention that is not fixed: a function of the file's own at its corner."""

    def derivative(self, name: str, at: tuple[int, ...]) -> float:
        """∂J/∂θ for one number θ of the parameter `name`."""
        moved = dict(self.parameters)
        moved[name] = moved[name].copy()
        moved[name][at] = moved[name][at] + self.t
        return float(self._at_zero(self._sympy.sympify(self._objective(moved)).diff(self.t)))

    def _at_zero(self, value: Any) -> Any:
        return self._sympy.sympify(value).subs(self.t, 0).evalf(DIGITS)

    def _objective(self, parameters: Mapping[str, Any]) -> Any:
        rows = self.x
        z = rows
        for unit, (weights, bias) in zip(self.model.units, self.model.names, strict=True):
            column = self.model.column
            z = rows.dot(parameters[weights].T if column else parameters[weights])
            if bias in parameters:
                z = z + (parameters[bias].T if column else parameters[bias])
            rows = self._activated(unit, z)
        losses = [self._loss(row, z_row, place) for place, (row, z_row) in enumerate(zip(rows, z, strict=True))]
        total = sum(losses)
        if self.model.mean:
            total = total / len(losses)
        squares = sum(number**2 for name, _ in self.model.names for number in parameters[name].reshape(-1))
        return total + self._number(self.model.l2) / 2 * squares

    def _number(self, value: float) -> Any:
        return self._sympy.Float(value, DIGITS)

    # ---- activations

    def _activated(self, unit: Unit, z: Any) -> Any:
        if unit.name == "softmax" and not unit.formula:
            return np.array([self._softmax(row) for row in z], dtype=object)
        p = {name: self._number(value) for name, value in unit.parameters.items()}
        function = self._own(unit.formula, p) if unit.formula else self._function(unit.name, p)
        found = np.empty(z.shape, dtype=object)
        for at in np.ndindex(z.shape):
            found[at] = function(z[at])
        return found

    def _softmax(self, row: Any) -> list[Any]:
        largest = max(self._at_zero(one) for one in row)
        powers = [self._sympy.exp(one - largest) for one in row]
        return [one / sum(powers) for one in powers]

    def _function(self, name: str, p: Mapping[str, Any]) -> Callable[[Any], Any]:
        sp = self._sympy
        functions: dict[str, Callable[[Any], Any]] = {
            "identity": lambda z: z,
            "sigmoid": self._sigmoid,
            "tanh": sp.tanh,
            "relu": lambda z: z if self._positive(z) else z * 0,
            "leaky_relu": lambda z: z if self._positive(z) else p["alpha"] * z,
            "elu": lambda z: z if self._positive(z) else p["alpha"] * (sp.exp(z) - 1),
            "swish": lambda z: z * self._sigmoid(p["beta"] * z),
            "gelu": lambda z: z * self._cdf(z),
            "softplus": lambda z: self._softplus(p["beta"] * z) / p["beta"],
            "step": lambda z: p["at_zero"] if self._at_zero(z) == 0 else self._number(float(self._positive(z))),
        }
        return functions[name]

    def _positive(self, z: Any) -> bool:
        return bool(self._at_zero(z) > 0)

    def _sigmoid(self, z: Any) -> Any:
        return 1 / (1 + self._sympy.exp(-z))

    def _softplus(self, z: Any) -> Any:
        return self._sympy.log(1 + self._sympy.exp(z))

    def _cdf(self, z: Any) -> Any:
        return (1 + self._sympy.erf(z / self._sympy.sqrt(2))) / 2

    def _own(self, formula: str, p: Mapping[str, Any]) -> Callable[[Any], Any]:
        sp = self._sympy
        functions: dict[str, Callable[..., Any]] = {
            name: getattr(sp, name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "erf")
        }
        functions |= {"ln": sp.log, "arctan": sp.atan, "atan": sp.atan, "Phi": self._cdf, "softplus": self._softplus}
        functions |= {"sigmoid": self._sigmoid, "sigma": self._sigmoid, "max": self._largest}
        functions["min"] = lambda *parts: -self._largest(*(-one for one in parts))
        functions["abs"] = lambda z: self._largest(z, -z)
        functions["relu"] = lambda z: self._largest(z * 0, z)
        constants = {"pi": sp.pi, "e": sp.E, **p}
        return lambda z: value_of(formula, {"z": z, **constants}, functions, lambda text: sp.Rational(text))

    def _largest(self, *parts: Any) -> Any:
        values = [self._at_zero(one) for one in parts]
        self.at_corner = self.at_corner or values.count(max(values)) > 1
        return parts[values.index(max(values))]

    # ---- losses

    def _loss(self, a: Any, z: Any, place: int) -> Any:
        y = [0] * len(a) if self.y is None else self.y[place]
        sp, name = self._sympy, self.model.loss
        pairs = list(zip(y, a, strict=True))
        if name == "mse":
            return self._number(self.model.factor) * sum((one - label) ** 2 for label, one in pairs)
        if name == "hinge":
            return sum(1 - label * one for label, one in pairs if self._positive(1 - label * one))
        if name == "neg_log_sigmoid":
            scores = z if self.model.units[-1].name == "sigmoid" else a
            return sum(self._softplus(-score) for score in scores)
        losses = [-label * sp.log(one) for label, one in pairs if label != 0]
        if name == "binary_cross_entropy":
            losses += [-(1 - label) * sp.log(1 - one) for label, one in pairs if label != 1]
        return sum(losses)


def _floats(sympy: Any, values: Any) -> Any:
    found = np.empty(values.shape, dtype=object)
    for at in np.ndindex(values.shape):
        found[at] = sympy.Float(float(values[at]), DIGITS)
    return found
