"""Functions as people type them, and the same in plain Python, written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from stepwise.problem import Problem, problem_from_document

Function = Callable[[float], float]


@dataclass(frozen=True)
class Own:
    """A typed formula, the function it is, and the numbers of its parameters."""

    expr: str
    function: Function
    parameters: tuple[tuple[str, str], ...] = ()
    kinks: tuple[float, ...] = ()

    def __str__(self) -> str:
        return self.expr

    @property
    def numbers(self) -> dict[str, float]:
        return {name: float(Fraction(text)) for name, text in self.parameters}


def _own(expr: str, function: Function, *kinks: float, **parameters: str) -> Own:
    return Own(expr, function, tuple(parameters.items()), kinks)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def _phi(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2


FUNCTIONS = (
    _own("z*tanh(log(1+exp(z)))", lambda z: z * math.tanh(math.log1p(math.exp(z)))),
    _own("z*sigmoid(beta*z)", lambda z: z * _sigmoid(1.7 * z), beta="1.7"),
    _own("z/(1+abs(z))", lambda z: z / (1 + abs(z))),
    _own("z*max(0, min(6, z+3))/6", lambda z: z * max(0.0, min(6.0, z + 3)) / 6, -3, 3),
    _own("min(max(z, -1), 1)", lambda z: min(max(z, -1.0), 1.0), -1, 1),
    _own("z^3/(1+z^2)", lambda z: z**3 / (1 + z**2)),
    _own("exp(-z^2)", lambda z: math.exp(-(z**2))),
    _own("arctan(alpha*z)+0.5", lambda z: math.atan(0.75 * z) + 0.5, alpha="0.75"),
    _own("erf(z)*cos(z)", lambda z: math.erf(z) * math.cos(z)),
    _own("z + sin(2z)^2/2", lambda z: z + math.sin(2 * z) ** 2 / 2),
    _own("z*Phi(z)", lambda z: z * _phi(z)),
    _own("sqrt(1 + z^2) - 1", lambda z: math.sqrt(1 + z * z) - 1),
    _own("sinh(z)/cosh(z)^2", lambda z: math.sinh(z) / math.cosh(z) ** 2),
    _own("max(alpha*z, z)", lambda z: max(0.1 * z, z), 0, alpha="0.1"),
    _own("relu(z) + min(0, alpha*(exp(z)-1))", lambda z: max(0.0, z) + min(0.0, 0.5 * math.expm1(z)), 0, alpha="1/2"),
    _own("0.5*z*(1+tanh(sqrt(2/pi)*(z+0.044715*z^3)))",
         lambda z: 0.5 * z * (1 + math.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))),
    _own("abs(z - 1)", lambda z: abs(z - 1), 1),
    _own("softplus(beta*z)/beta", lambda z: math.log(1 + math.exp(2 * z)) / 2, beta="2"),
    _own("2*pi*z", lambda z: 2 * math.pi * z),
    _own("alpha*z", lambda z: 3 * z, alpha="3"),
    _own("log(1+exp(z)) - e^-z/4", lambda z: math.log(1 + math.exp(z)) - math.exp(-z) / 4),
)  # fmt: skip


def network(own: Own, *, layout: str = "column", batch: bool = False, **fields: Any) -> Problem:
    """A hidden layer of two such units before one linear one."""
    first, second = [["0.6", "0.4"], ["-0.5", "-0.3"]], [["0.8", "-0.7"]]
    if layout == "row":
        first, second = [["0.6", "-0.5"], ["0.4", "-0.3"]], [["0.8"], ["-0.7"]]
    activation = {"name": "f", "expr": own.expr, **dict(own.parameters)}
    document = {
        "architecture": {
            "layout": layout,
            "layers": [{"activation": activation}, {"activation": "identity"}],
            "loss": "mse",
        },
        "weights": [first, second],
        "biases": [["0.1", "-0.2"], ["0.2"]],
        "inputs": [["1", "2"], ["-1.5", "0.5"], ["2", "-2"]] if batch else ["1", "2"],
        "labels": [["0.5"], ["1"], ["-1"]] if batch else "0.5",
        "lr": "0.1",
        "train": {"loss_after": True},
        **fields,
    }
    return problem_from_document(document)
