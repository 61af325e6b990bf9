"""The functions that a typed formula may use, and what to write for those it may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from stepwise.expressions.tree import Const, Expr, Func, Max, Neg, exp


def _plain(name: str) -> tuple[int, int, Callable[..., Expr]]:
    return 1, 1, lambda arg: Func(name, arg)


def _largest(*parts: Expr) -> Expr:
    return reduce(Max, parts)


def _smallest(*parts: Expr) -> Expr:
    """min(a, b) = −max(−a, −b)"""
    return reduce(lambda left, right: Neg(Max(Neg(left), Neg(right))), parts)


def _logistic(arg: Expr) -> Expr:
    return 1 / (1 + exp(Neg(arg)))


FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Expr]]] = {
    "exp": _plain("exp"),
    "log": _plain("ln"),
    "ln": _plain("ln"),
    "sqrt": _plain("sqrt"),
    "tanh": _plain("tanh"),
    "sin": _plain("sin"),
    "cos": _plain("cos"),
    "sinh": _plain("sinh"),
    "cosh": _plain("cosh"),
    "arctan": _plain("arctan"),
    "atan": _plain("arctan"),
    "erf": _plain("erf"),
    "abs": _plain("abs"),
    "Phi": _plain("Phi"),
    "max": (2, 99, _largest),
    "min": (2, 99, _smallest),
    "sigmoid": (1, 1, _logistic),
    "sigma": (1, 1, _logistic),
    "relu": (1, 1, lambda arg: Max(Const("0"), arg)),
    "softplus": (1, 1, lambda arg: Func("ln", 1 + exp(arg))),
}
"""Name → the fewest and the most arguments, and the tree they make."""

ELSEWHERE: Mapping[str, str] = {
    "log10": "log is the natural logarithm: write log(z)/log(10)",
    "lg": "log is the natural logarithm: write log(z)/log(10)",
    "log2": "log is the natural logarithm: write log(z)/log(2)",
    "log1p": "write log(1+z)",
    "expm1": "write exp(z)-1",
    "tan": "write sin(z)/cos(z)",
    "cot": "write cos(z)/sin(z)",
    "sech": "write 1/cosh(z)",
    "coth": "write 1/tanh(z)",
    "pow": "write z^2, and exp(b*log(a)) for any other a^b",
    "square": "write z^2",
    "sign": "write cases with max, min or abs",
    "step": "write `activation: step`",
    "lambda": "write only what the function is, as in z*tanh(z)",
}
"""Functions there are not, and what to write instead."""
