"""A sympy expression as a tree of ours, in the order a person writes it: so that one notation writes everything."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

from stepwise.expressions.rationals import exact_text
from stepwise.expressions.tree import Case, Cases, Compare, Const, Expr, Func, Max, Neg, Power, Ref, exp

_FUNCTIONS = {
    "exp": "exp",
    "log": "ln",
    "tanh": "tanh",
    "Phi": "Phi",
    "sin": "sin",
    "cos": "cos",
    "sinh": "sinh",
    "cosh": "cosh",
    "atan": "arctan",
    "erf": "erf",
    "Abs": "abs",
}
_RELATIONS: dict[str, Any] = {
    "StrictLessThan": "<",
    "LessThan": "<=",
    "StrictGreaterThan": ">",
    "GreaterThan": ">=",
}
MOST_DECIMALS = 12
"""A fraction that ends within so many decimals may be written as a decimal number."""

Leaf = Callable[[str], Expr]


def tree_of(expression: Any, leaf: Leaf = Ref, *, decimals: bool = False) -> Expr:
    """The tree of a sympy expression; `leaf` makes the node of a letter. `decimals`: 3/10 is written 0.3.

    Raises ValueError for what no tree says (a derivative, an infinity, a function there is not).
    """
    return _Reader(leaf, decimals).read(expression)


def number_text(value: Fraction, *, decimals: bool) -> str:
    """A rational as it is typed: `3`, `2/3`; with `decimals` 0.3, where that is the whole number."""
    return exact_text(value, decimal=decimals, most=MOST_DECIMALS)


class _Reader:
    def __init__(self, leaf: Leaf, decimals: bool) -> None:
        self._leaf, self._decimals = leaf, decimals

    def read(self, node: Any) -> Expr:
        if node.is_Rational:
            return self._number(Fraction(int(node.p), int(node.q)))
        if node.is_Symbol:
            return self._leaf(node.name)
        rules: dict[str, Callable[[Any], Expr]] = {
            "Add": self._sum,
            "Mul": self._product,
            "Pow": self._power,
            "Max": lambda n: reduce(Max, [self.read(a) for a in sorted(n.args, key=lambda a: not a.is_number)]),
            "Piecewise": self._cases,
            "Pi": lambda n: Const("pi"),
            "Exp1": lambda n: Const("e"),
        }
        kind = type(node).__name__
        if kind in rules:
            return rules[kind](node)
        if kind == "sign":
            return self._sign(node)
        if kind in _FUNCTIONS:
            return Func(_FUNCTIONS[kind], self.read(node.args[0]))
        raise ValueError(f"{kind} has no formula")

    def _number(self, value: Fraction) -> Expr:
        text = number_text(abs(value), decimals=self._decimals)
        return Neg(Const(text)) if value < 0 else Const(text)

    def _sum(self, node: Any) -> Expr:
        """Terms in sympy's order, a positive one first: 1 − e^z, not −e^z + 1."""
        terms = list(node.as_ordered_terms())
        terms.sort(key=lambda term: term.could_extract_minus_sign() and not _positive(term))
        result = self.read(terms[0])
        for term in terms[1:]:
            if term.could_extract_minus_sign() and not _positive(term):
                result = result - self.read(-term)
            else:
                result = result + self.read(term)
        return result

    def _product(self, node: Any) -> Expr:
        """−, numbers and numerator, over the denominator; e^{−z} stays in the numerator."""
        coefficient, rest = node.as_coeff_Mul()
        value = Fraction(int(coefficient.p), int(coefficient.q)) if coefficient.is_Rational else Fraction(1)
        if not coefficient.is_Rational:
            rest = node
        above: list[Expr] = []
        below: list[Expr] = []
        for factor in _factors(rest):
            base, exponent = factor.as_base_exp()
            if type(factor).__name__ == "Pow" and exponent.is_Rational and exponent < 0:
                below.append(self.read(base**-exponent))
            else:
                above.append(self.read(factor))
        size = abs(value)
        if size.denominator != 1 and not below and above and self._decimals and "/" not in self._text(size):
            above.insert(0, Const(self._text(size)))
        else:
            if size.numerator != 1 or not above:
                above.insert(0, Const(str(size.numerator)))
            if size.denominator != 1:
                below.insert(0, Const(str(size.denominator)))
        result = reduce(lambda left, right: left * right, above)
        if below:
            result = result / reduce(lambda left, right: left * right, below)
        return Neg(result) if value < 0 else result

    def _text(self, value: Fraction) -> str:
        return number_text(value, decimals=self._decimals)

    def _power(self, node: Any) -> Expr:
        base, exponent = node.as_base_exp()
        if exponent.is_Rational:
            if exponent < 0:
                return Const("1") / self.read(base**-exponent)
            if exponent.is_Integer:
                return Power(self.read(base), int(exponent))
            if exponent.q == 2:
                root = Func("sqrt", self.read(base))
                return root if exponent.p == 1 else Power(root, int(exponent.p))
        if type(base).__name__ == "Exp1":
            return exp(self.read(exponent))
        # a^b = e^{b ln a}
        return exp(self.read(exponent) * Func("ln", self.read(base)))

    def _sign(self, node: Any) -> Expr:
        inside, zero = self.read(node.args[0]), Const("0")
        cases = (Case(Compare(inside, ">", zero), Const("1")), Case(Compare(inside, "<", zero), Neg(Const("1"))))
        return Cases(cases, zero)

    def _cases(self, node: Any) -> Expr:
        *cases, last = node.args
        if last.cond != True:  # noqa: E712 (sympy's true)
            raise ValueError("cases without an otherwise")
        found = tuple(Case(self._condition(case.cond), self.read(case.expr)) for case in cases)
        return Cases(found, self.read(last.expr)) if found else self.read(last.expr)

    def _condition(self, node: Any) -> Compare:
        relation = _RELATIONS.get(type(node).__name__)
        if relation is None:
            raise ValueError(f"{type(node).__name__} is no condition of a case")
        return Compare(self.read(node.args[0]), relation, self.read(node.args[1]))


def _positive(term: Any) -> bool:
    """Whether a term is written without a minus sign, though sympy could take one out of its inside."""
    coefficient = term.as_coeff_Mul()[0]
    return not (coefficient.is_Rational and coefficient < 0)


def _factors(node: Any) -> list[Any]:
    """The factors of a product: letters and powers first, then sums, as a person writes them."""
    if type(node).__name__ != "Mul":
        return [node] if node != 1 else []
    factors = list(node.as_ordered_factors())
    return sorted(factors, key=lambda factor: factor.is_Add or type(factor).__name__ == "Piecewise")
