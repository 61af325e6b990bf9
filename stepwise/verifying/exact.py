"""The gradients once more by symbolic derivatives: sympy differentiates every function, in 120 digits.

A number is carried through the network with its derivative by one parameter, forwards; the page goes backwards. What a
layer or the loss does with a number is written anew here as a formula in u, differentiated by sympy and evaluated at
that number. Where there is a corner the convention of the documents holds: the derivative of ReLU at 0 is 0, that of
the hinge loss at margin 1 is 0. A number of float64 is read as the shortest decimal that it is, as it was typed, and
where it lies at a corner but for its rounding, it lies there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepwise.verifying.formula import value_of
from stepwise.verifying.plain import Model, Parameters, Unit, at_one, forward

DIGITS = 120
"""Of what a sure output lacks to 1, say 1e−50, enough are left when it is taken away."""
MOST_WORK = 12_000
"""Parameters × samples × weights: so many take a moment."""


def is_small(model: Model, parameters: Parameters) -> bool:
    """Whether symbolic derivatives by all parameters take no more than a moment."""
    size = sum(one.size for one in parameters.values())
    return size * size * len(model.x) <= MOST_WORK


@dataclass(frozen=True)
class Dual:
    """A number, and its derivative by the parameter that is looked at."""

    value: Any
    slope: Any = 0

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            slope = self.value * other.slope if other.slope else 0
            return Dual(self.value * other.value, slope + self.slope * other.value if self.slope else slope)
        return Dual(self.value * other, self.slope * other if self.slope else 0)

    __rmul__ = __mul__

    def over(self, other: Dual) -> Dual:
        """The quotient."""
        value = self.value / other.value
        return Dual(value, (self.slope - value * other.slope) / other.value)


class Symbolic:
    """The derivative of the loss with respect to any number of any parameter."""

    def __init__(self, model: Model, parameters: Parameters) -> None:
        import sympy

        self._sympy = sympy
        self._u, self._y = sympy.symbols("u y", real=True)
        self._known: dict[Any, tuple[Callable[..., Any], Callable[..., Any]]] = {}
        self.model = model
        self.parameters = {name: self._duals(value) for name, value in parameters.items()}
        self.x = self._duals(model.x)
        with np.errstate(all="ignore"):
            self._layers = forward(model, parameters)
        self.at_corner = False
        """Whether a derivative needed a convention that is not fixed: a function of the file's own at its corner."""

    def derivative(self, name: str, at: tuple[int, ...]) -> float:
        """∂J/∂θ for one number θ of the parameter `name`; not a number where the loss is none."""
        moved = dict(self.parameters)
        moved[name] = moved[name].copy()
        moved[name][at] = Dual(moved[name][at].value, self._sympy.Integer(1))
        slope = self._sympy.sympify(self._objective(moved).slope)
        return float(slope) if slope.is_finite and slope.is_real else float("nan")

    def _duals(self, values: Any) -> Any:
        found = np.empty(values.shape, dtype=object)
        for at in np.ndindex(values.shape):
            found[at] = Dual(self._number(values[at]))
        return found

    def _number(self, value: Any) -> Any:
        return self._sympy.Float(repr(float(value)), DIGITS)

    def _objective(self, parameters: Mapping[str, Any]) -> Dual:
        rows = z = self.x
        column = self.model.column
        for unit, (weights, bias), (plain, _) in zip(self.model.units, self.model.names, self._layers, strict=True):
            z = rows.dot(parameters[weights].T if column else parameters[weights])
            if bias in parameters:
                z = z + (parameters[bias].T if column else parameters[bias])
            for at in zip(*np.nonzero(plain == 0), strict=True):
                z[at] = Dual(self._sympy.Integer(0), z[at].slope)
            rows = self._activated(unit, z)
        total: Dual = sum((self._loss(a, score, at) for at, (a, score) in _paired(rows, z)), Dual(0))
        if self.model.mean:
            total = total * (1 / self._number(len(rows)))
        if not self.model.l2:
            return total
        squares: Dual = sum(
            (one * one for name, _ in self.model.names for one in parameters[name].reshape(-1)), Dual(0)
        )
        return total + Dual(self._number(self.model.l2) / 2) * squares

    def _of(self, key: Any, formula: Callable[[], Any], at: Dual, y: Any = 0) -> Dual:
        """A formula in u (and a constant y) and its derivative, at a number."""
        if key not in self._known:
            whole = self._sympy.sympify(formula())
            both = (whole, whole.diff(self._u))
            value, slope = (self._sympy.lambdify((self._u, self._y), one, "sympy") for one in both)
            self._known[key] = value, slope
        value, slope = self._known[key]
        found = self._evaluated(value(at.value, y))
        return Dual(found, self._evaluated(slope(at.value, y)) * at.slope if at.slope else 0)

    def _evaluated(self, value: Any) -> Any:
        return self._sympy.sympify(value).evalf(DIGITS)

    # ---- activations

    def _activated(self, unit: Unit, z: Any) -> Any:
        found = np.empty(z.shape, dtype=object)
        if unit.name == "softmax" and not unit.formula:
            for place, row in enumerate(z):
                powers = [self._of("exp", lambda: self._sympy.exp(self._u), one) for one in row]
                total = sum(powers, Dual(0))
                found[place] = [one.over(total) for one in powers]
            return found
        p = {name: self._number(value) for name, value in unit.parameters.items()}
        for at in np.ndindex(z.shape):
            found[at] = self._own(unit, p, z[at]) if unit.formula else self._usual(unit.name, p, z[at])
        return found

    def _usual(self, name: str, p: Mapping[str, Any], z: Dual) -> Dual:
        sp, u = self._sympy, self._u
        positive = bool(z.value > 0)
        if name in ("relu", "leaky_relu", "elu") and positive:
            return z
        if name == "step":
            return Dual(p["at_zero"] if z.value == 0 else self._number(positive))
        formulas: dict[str, Callable[[], Any]] = {
            "identity": lambda: u,
            "sigmoid": lambda: 1 / (1 + sp.exp(-u)),
            "tanh": lambda: sp.tanh(u),
            "relu": lambda: 0 * u,
            "leaky_relu": lambda: p["alpha"] * u,
            "elu": lambda: p["alpha"] * (sp.exp(u) - 1),
            "swish": lambda: u / (1 + sp.exp(-p["beta"] * u)),
            "gelu": lambda: u * self._cdf(u),
            "softplus": lambda: sp.log(1 + sp.exp(p["beta"] * u)) / p["beta"],
        }
        return self._of((name, *p.values()), formulas[name], z)

    def _cdf(self, z: Any) -> Any:
        # not (1 + erf)/2, of which far below 0 nothing is left to as many digits as one likes
        return self._sympy.erfc(-z / self._sympy.sqrt(2)) / 2

    def _own(self, unit: Unit, p: Mapping[str, Any], z: Dual) -> Dual:
        """A function of the file's own: which part of it holds is decided at the number itself."""
        sp, taken = self._sympy, []

        def largest(*parts: Any) -> Any:
            values = [self._evaluated(sp.sympify(one).subs(self._u, z.value)) for one in parts]
            self.at_corner = self.at_corner or values.count(max(values)) > 1
            taken.append(values.index(max(values)))
            return parts[taken[-1]]

        functions: dict[str, Callable[..., Any]] = {
            name: getattr(sp, name) for name in ("exp", "log", "sqrt", "tanh", "sin", "cos", "sinh", "cosh", "erf")
        }
        functions |= {"ln": sp.log, "arctan": sp.atan, "atan": sp.atan, "Phi": self._cdf, "max": largest}
        functions |= dict.fromkeys(("sigmoid", "sigma"), lambda one: 1 / (1 + sp.exp(-one)))
        functions |= {"softplus": lambda one: sp.log(1 + sp.exp(one)), "relu": lambda one: largest(one * 0, one)}
        functions |= {"min": lambda *parts: -largest(*(-one for one in parts)), "abs": lambda one: largest(one, -one)}
        letters = {"z": self._u, "pi": sp.pi, "e": sp.E, **p}
        formula = value_of(unit.formula, letters, functions, sp.Rational)
        return self._of((unit.formula, *p.values(), *taken), lambda: formula, z)

    # ---- losses

    def _loss(self, a: Dual, z: Dual, at: tuple[int, ...]) -> Dual:
        """The loss of one output of one sample."""
        sp, u, y, name = self._sympy, self._u, self._y, self.model.loss
        label = self._number(0 if self.model.y is None else self.model.y[at])
        if name == "mse":
            factor = self._number(self.model.factor)
            return self._of(name, lambda: factor * (u - y) ** 2, a, label)
        if name == "hinge":
            reached = label * a.value >= 1 or bool(at_one(float(label) * self._layers[-1][1][at]))
            return Dual(0) if reached else self._of(name, lambda: 1 - y * u, a, label)
        if name == "neg_log_sigmoid":
            score = z if self.model.units[-1].name == "sigmoid" else a
            return self._of(name, lambda: sp.log(1 + sp.exp(-u)), score)
        found = Dual(0)
        if label != 0:
            found = self._of("yes", lambda: -y * sp.log(u), a, label)
        if name == "binary_cross_entropy" and label != 1:
            found = found + self._of("no", lambda: -(1 - y) * sp.log(1 - u), a, label)
        return found


def _paired(rows: Any, z: Any) -> list[tuple[tuple[int, ...], tuple[Dual, Dual]]]:
    return [(at, (rows[at], z[at])) for at in np.ndindex(rows.shape)]
