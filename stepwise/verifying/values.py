"""The numbers of a trace by quantity, whatever its arithmetic: forms in letters are evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from stepwise.trace import Quantity, Trace
from stepwise.verifying.given import Letters
from stepwise.verifying.plain import Array

DIGITS = 40


def prefix(trace: Trace, iteration: int) -> str:
    """What stands before the names of an iteration."""
    return f"t{iteration}." if trace.iterations > 1 else ""


def quantity_of(trace: Trace, name: str, iteration: int) -> Quantity | None:
    """A quantity of an iteration; what the iteration does not have of its own is that of the problem."""
    found = trace.quantities.get(prefix(trace, iteration) + name)
    return found if found is not None else trace.quantities.get(name)


class Values:
    """Evaluates the quantities of one trace in floats."""

    def __init__(self, trace: Trace, letters: Letters) -> None:
        self.trace = trace
        self._put_in: dict[str, Fraction] = {**letters}
        self._forms: Forms | None = None
        if trace.arithmetic == "letters":
            self._put_in |= _of_places(trace, letters)

    def of(self, quantity: Quantity) -> Array:
        """The array as on paper."""
        assert quantity.value is not None
        if quantity.value.dtype != object:
            return np.asarray(quantity.value, dtype=float)
        flat = [self._number(value) for value in quantity.value.reshape(-1)]
        return np.array(flat, dtype=float).reshape(quantity.shape)

    def _number(self, value: Any) -> float:
        if isinstance(value, Fraction | int):
            return float(value)
        if self._forms is None:
            self._forms = Forms(self._put_in)
        return float(self._forms.of(value))


class Forms:
    """Evaluates sympy objects to 40 digits; what stands in many formulas is evaluated once."""

    def __init__(self, put_in: Mapping[str, Fraction]) -> None:
        import sympy

        self._sympy = sympy
        self._known: dict[Any, Any] = {}
        self._put_in = {name: self._float(value) for name, value in put_in.items()}

    def _float(self, value: Any) -> Any:
        return self._sympy.Float(self._sympy.Rational(value.numerator, value.denominator), DIGITS)

    def of(self, value: Any) -> Any:
        """The number that a form is."""
        value = self._sympy.sympify(value)
        if value not in self._known:
            self._known[value] = self._evaluated(value)
        return self._known[value]

    def _evaluated(self, value: Any) -> Any:
        if value.is_Symbol:
            return self._put_in[value.name]
        if value.is_Integer or (value.is_Boolean and not value.args):
            return value
        if not value.args:
            return value.evalf(DIGITS)
        found = value.func(*map(self.of, value.args))
        return found if found.is_Number or found.is_Boolean or not found.is_number else found.evalf(DIGITS)


def _of_places(trace: Trace, letters: Letters) -> dict[str, Fraction]:
    """The typed numbers by the letters of their places: `W1[1,2]`, `b1[2]`, `lr`."""
    from stepwise.trace.forms import entry_name
    from stepwise.trace.givens import starts

    found: dict[str, Fraction] = {}
    for name, start in starts(trace.problem).items():
        for at in np.ndindex(start.shape):
            text = "" if start.texts is None else str(start.texts[at])
            assert start.values is not None
            value = letters[text] if text in letters else Fraction(float(start.values[at]))
            found[entry_name(name, at, start.shape)] = value
    return found
