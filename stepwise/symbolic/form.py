"""A derivative in terms of the function, as a person writes it: y(1 − y), 1 − y², y + α, βy + s(1 − βy)."""

from __future__ import annotations

from typing import Any

from stepwise.expressions import Expr, Mul, Named, Neg, Power
from stepwise.symbolic.atoms import Atoms, added, depends
from stepwise.symbolic.elementary import ONE


class Form:
    """The form of expressions in f."""

    def __init__(self, f: Named, atoms: Atoms) -> None:
        self._f, self._atoms, self._y = f, atoms, atoms.symbol(f)

    def of(self, result: Any) -> Expr:
        """y(1 − y), 1 − y², y + α, or with an inner name s: βy + s(1 − βy)."""
        import sympy

        inner = sorted((s for s in result.free_symbols if self._is_inner(s)), key=str)
        if inner:
            poly = sympy.Poly(sympy.expand(result), inner[0]) if result.is_polynomial(inner[0]) else None
            if poly is None or poly.degree() != 1:
                return self._atoms.tree(result)
            rest, factor = poly.coeff_monomial(1), poly.coeff_monomial(inner[0])
            product = Mul(self._atoms.tree(inner[0]), self._atoms.tree(factor))
            return product if rest == 0 else self._atoms.tree(rest) + product
        if not result.is_polynomial(self._y):
            return self._atoms.tree(result)
        poly = sympy.Poly(result, self._y)
        power = self._whole_power(result)
        if power is not None:
            return power
        lowest = min(power for (power,) in poly.monoms())
        factor = {0: None, 1: self._f}.get(lowest, Power(self._f, lowest))
        terms = [(power - lowest, c) for (power,), c in poly.terms()]
        rest = self._polynomial(terms)
        return rest if factor is None else factor if rest == ONE else self._signed_product(factor, rest)

    def _whole_power(self, result: Any) -> Expr | None:
        """(1 − y)², where the result is such a power."""
        import sympy

        constant, factors = sympy.factor_list(result, self._y)
        if constant != 1 or len(factors) != 1 or factors[0][1] == 1:
            return None
        base, power = factors[0]
        if power % 2 == 0 and base.subs(self._y, 0).could_extract_minus_sign():
            base = -base
        terms = [(k, c) for (k,), c in sympy.Poly(base, self._y).terms()]
        return Power(self._polynomial(terms), power)

    def _signed_product(self, factor: Expr, rest: Expr) -> Expr:
        if isinstance(rest, Neg):
            return Neg(factor * rest.arg if rest.arg != ONE else factor)
        return factor * rest if depends(rest, self._f) else rest * factor

    def _polynomial(self, terms: list[tuple[int, Any]]) -> Expr:
        """Powers going down, or up where the highest has a minus sign."""
        terms = sorted(terms, key=lambda term: -term[0])
        if terms[0][1].could_extract_minus_sign() and len(terms) > 1:
            terms.reverse()
        return added([self._term(power, coefficient) for power, coefficient in terms])

    def _term(self, power: int, coefficient: Any) -> tuple[int, Expr]:
        sign = -1 if coefficient.could_extract_minus_sign() else 1
        size = self._atoms.tree(coefficient * sign)
        if power == 0:
            return sign, size
        base = self._f if power == 1 else Power(self._f, power)
        return sign, base if size == ONE else size * base

    def _is_inner(self, symbol: Any) -> bool:
        leaf = self._atoms.tree(symbol)
        return isinstance(leaf, Named) and leaf != self._f
