"""Functions of which nothing is known, in sympy: every proof about them holds for all differentiable functions."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def unknown_function(name: str) -> Any:
    """A differentiable function with a name; f has the derivative f', L by its second argument L'2.

    Where a number is asked for, it is e to the power of Σ k·v_k/10 over its arguments v_k, which fits its derivatives.
    """
    import sympy

    primes = [int(part or 1) for part in name.split("'")[1:]]

    class Function(sympy.Function):  # type: ignore[misc]
        """Nothing is known of it."""

        def fdiff(self, argindex: int = 1) -> Any:
            tail = str(argindex) if len(self.args) > 1 else ""
            return unknown_function(f"{name}'{tail}")(*self.args)

        def _eval_evalf(self, prec: int) -> Any:
            total = sum(place * arg for place, arg in enumerate(self.args, 1)) / 10
            factor = sympy.prod([sympy.Rational(place, 10) for place in primes])
            return (factor * sympy.exp(total))._eval_evalf(prec)

        def _eval_is_real(self) -> bool | None:
            return True

    Function.__name__ = name
    return Function
