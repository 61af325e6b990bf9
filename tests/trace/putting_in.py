"""Sympy's expressions with numbers put in, by Python's own mathematics: what letters and exact forms come to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy

from stepwise.trace import Trace

FUNCTIONS = {
    "exp": math.exp,
    "log": math.log,
    "tanh": math.tanh,
    "Phi": lambda x: 0.5 * math.erfc(-x / math.sqrt(2)),
    "Max": max,
    "Add": lambda *terms: math.fsum(terms),
    "Mul": lambda *factors: math.prod(factors),
    "Pow": lambda base, exponent: base**exponent,
    "StrictGreaterThan": lambda a, b: a > b,
    "StrictLessThan": lambda a, b: a < b,
    "GreaterThan": lambda a, b: a >= b,
    "LessThan": lambda a, b: a <= b,
    "ExprCondPair": lambda value, condition: (value, condition),
    "ITE": lambda condition, then, otherwise: then if condition else otherwise,
    "And": lambda *conditions: all(conditions),
    "Or": lambda *conditions: any(conditions),
    "Not": lambda condition: not condition,
    "Piecewise": lambda *cases: next(value for value, condition in cases if condition),
}
"""What sympy's names mean, by Python's own mathematics."""


def evaluated(expression: Any, values: Mapping[Any, float], seen: dict[Any, Any]) -> Any:
    """The number of a sympy expression, each part computed once."""
    if expression not in seen:
        if expression in values:
            seen[expression] = values[expression]
        elif expression.is_Boolean and expression.is_Atom:
            seen[expression] = bool(expression)
        elif expression.is_Atom:
            seen[expression] = float(expression)
        else:
            arguments = [evaluated(part, values, seen) for part in expression.args]
            seen[expression] = FUNCTIONS[type(expression).__name__](*arguments)
    return seen[expression]


def assert_same(forms: Trace, numeric: Trace, values: Mapping[Any, float]) -> None:
    """Every quantity of `forms`, with the numbers put in, is that of the numeric trace."""
    assert list(forms) == list(numeric)
    seen: dict[Any, Any] = {}
    for name, quantity in numeric.quantities.items():
        value = forms.quantity(name).value
        assert value is not None
        assert quantity.value is not None
        again = [evaluated(one, values, seen) for one in value.flat]
        np.testing.assert_allclose(
            np.array(again, dtype=float).reshape(quantity.shape), quantity.value, rtol=1e-9, atol=1e-12, err_msg=name
        )


def numbers_of(trace: Trace) -> dict[sympy.Symbol, float]:
    """The number of every letter that `--letters` puts in place of one: `W1[1,2]` → the entry of the numeric trace."""
    found = {}
    for name in trace.derivation.givens:
        if name not in trace:
            continue
        quantity = trace.quantity(name)
        for at in np.ndindex(quantity.shape):
            places = [str(place + 1) for place in at]
            names = [f"{name}[{','.join(places)}]", name]
            names += [f"{name}[{place}]" for place, length in zip(places, quantity.shape, strict=True) if length > 1]
            for one in names:
                found[sympy.Symbol(one, real=True)] = float(quantity.value[at])  # type: ignore[index]
    return found
