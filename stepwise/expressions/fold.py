"""Numbers in a formula brought together: w·1 + 0.5·1 + (−0.2) is w + 0.3. Letters stay where they are."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import isqrt
from typing import Any

from stepwise.expressions.from_sympy import number_text
from stepwise.expressions.tree import (
    Add,
    Case,
    Cases,
    Compare,
    Const,
    Div,
    Expr,
    Func,
    Max,
    Mul,
    Neg,
    Power,
    Series,
    Sub,
    rational,
)

_LARGEST = 10**30
"""No number is raised to a power beyond this; nobody would write it out."""
_AT_ZERO = {"exp": Fraction(1), "tanh": Fraction(0), "sqrt": Fraction(0), "Phi": Fraction(1, 2), "sin": Fraction(0)}


def folded(tree: Expr, *, decimals: bool, letters: bool = False) -> Expr:
    """The scalar tree with its rational parts worked out.

    `decimals`: 3/10 is written 0.3; `letters`: a constant that has a letter (α) keeps it.
    """
    return _Fold(decimals, letters).of(tree)


def rational_of(tree: Expr) -> Fraction | None:
    """The number that a folded tree is, where it is a rational one."""
    if isinstance(tree, Const) and tree.text not in ("pi", "e") and not tree.symbol:
        return rational(tree.text)
    if isinstance(tree, Neg):
        inner = rational_of(tree.arg)
        return None if inner is None else -inner
    return None


class _Fold:
    def __init__(self, decimals: bool, letters: bool) -> None:
        self._decimals, self._letters = decimals, letters

    def of(self, tree: Expr) -> Expr:
        rules: dict[type[Expr], Callable[[Any], Expr]] = {
            Const: self._constant,
            Add: self._sum,
            Sub: self._sum,
            Series: self._sum,
            Neg: self._product,
            Mul: self._product,
            Div: self._quotient,
            Power: self._power,
            Func: self._function,
            Max: self._largest,
            Cases: self._cases,
        }
        rule = rules.get(type(tree))
        return tree if rule is None else rule(tree)

    def _number(self, value: Fraction, *parts: Expr) -> Expr:
        """A number that came of `parts`: a decimal one where one of them was."""
        decimals = self._decimals and any(_is_decimal(part) for part in parts)
        text = number_text(abs(value), decimals=decimals)
        return Neg(Const(text)) if value < 0 else Const(text)

    def _constant(self, node: Const) -> Expr:
        if node.symbol:
            return node if self._letters else self._number(rational(node.text), node)
        value = rational_of(node)
        return node if value is None else self._number(value, node)

    # ---- sums

    def _sum(self, node: Expr) -> Expr:
        """Terms in their order; the numbers among them together, where the first of them stands."""
        total, kept, place, numbers = Fraction(0), list[tuple[int, Expr | None]](), 0, list[Expr]()
        for sign, term in _terms(node, 1):
            done = None if term is None else self.of(term)
            inner = [(sign, None)] if done is None else _terms(done, sign)
            for direction, part in inner:
                value = None if part is None else rational_of(part)
                if value is None:
                    kept.append((direction, part))
                    continue
                numbers += [part] if part is not None else []
                if total == 0 and value != 0:
                    total, place = direction * value, 0 if not kept else -1
                else:
                    total += direction * value
        if total != 0:
            # a number that does not come first comes last
            kept.insert(0 if place == 0 else len(kept), (1 if total > 0 else -1, self._number(abs(total), *numbers)))
        if not kept:
            return Const("0")
        return _added(kept)

    # ---- products

    def _product(self, node: Expr) -> Expr:
        coefficient, factors, numbers = Fraction(1), list[Expr](), list[Expr]()
        for factor in _factors(node):
            for part in _factors(self.of(factor) if factor is not node else factor):
                value = rational_of(part)
                if value is not None:
                    coefficient *= value
                    numbers.append(part)
                else:
                    factors.append(part)
        if coefficient == 0 or not factors:
            return self._number(coefficient, *numbers)
        size, powers = abs(coefficient), _powers(factors)
        product = reduce(Mul, powers if size == 1 else [self._number(size, *numbers), *powers])
        return Neg(product) if coefficient < 0 else product

    def _quotient(self, node: Div) -> Expr:
        above, below = self.of(node.left), self.of(node.right)
        top, bottom = rational_of(above), rational_of(below)
        if top is not None and bottom:
            return self._number(top / bottom, above, below)
        if top == 0:
            return Const("0")
        if bottom is not None and abs(bottom) == 1:
            return above if bottom == 1 else self.of(Neg(above))
        if isinstance(above, Neg):
            return Neg(Div(above.arg, below))
        return Div(above, below)

    def _power(self, node: Power) -> Expr:
        base = self.of(node.arg)
        value = rational_of(base)
        if value is not None and (value != 0 or node.exponent > 0):
            size = max(abs(value.numerator), value.denominator)
            if size ** abs(node.exponent) < _LARGEST:
                return self._number(value**node.exponent, base)
        return base if node.exponent == 1 else Power(base, node.exponent)

    # ---- functions and cases

    def _function(self, node: Func) -> Expr:
        arg = self.of(node.arg)
        value = rational_of(arg)
        if value == 0 and node.name in _AT_ZERO:
            return self._number(_AT_ZERO[node.name])
        if value == 1 and node.name == "ln":
            return Const("0")
        if value is not None and value > 0 and node.name == "sqrt":
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            if root * root == value:
                return self._number(root, arg)
        return Func(node.name, arg)

    def _largest(self, node: Max) -> Expr:
        left, right = self.of(node.left), self.of(node.right)
        one, other = rational_of(left), rational_of(right)
        return (left if one >= other else right) if one is not None and other is not None else Max(left, right)

    def _cases(self, node: Cases) -> Expr:
        kept = []
        for case in node.cases:
            left, right = self.of(case.when.left), self.of(case.when.right)
            one, other = rational_of(left), rational_of(right)
            if one is None or other is None:
                kept.append(Case(Compare(left, case.when.relation, right), self.of(case.value)))
            elif _holds(one, case.when.relation, other):
                return Cases(tuple(kept), self.of(case.value), node.note) if kept else self.of(case.value)
        otherwise = self.of(node.otherwise)
        return Cases(tuple(kept), otherwise, node.note) if kept else otherwise


def _is_decimal(node: Expr) -> bool:
    if isinstance(node, Neg):
        return _is_decimal(node.arg)
    return isinstance(node, Const) and any(sign in node.text for sign in ".%e")


def _terms(node: Expr, sign: int) -> list[tuple[int, Expr | None]]:
    """The terms of a sum with their signs; None stands for terms left out."""
    if isinstance(node, Add):
        return [*_terms(node.left, sign), *_terms(node.right, sign)]
    if isinstance(node, Sub):
        return [*_terms(node.left, sign), *_terms(node.right, -sign)]
    if isinstance(node, Series):
        return [pair for term in node.terms for pair in ([(1, None)] if term is None else _terms(term, sign))]
    if isinstance(node, Neg):
        return _terms(node.arg, -sign)
    return [(sign, node)]


def _added(terms: list[tuple[int, Expr | None]]) -> Expr:
    if any(term is None for _, term in terms):
        return Series(tuple(term if term is None or sign > 0 else Neg(term) for sign, term in terms))
    sign, first = terms[0]
    assert first is not None
    result = first if sign > 0 else Neg(first)
    for sign, term in terms[1:]:
        assert term is not None
        result = result + term if sign > 0 else result - term
    return result


def _factors(node: Expr) -> list[Expr]:
    if isinstance(node, Mul):
        return [*_factors(node.left), *_factors(node.right)]
    if isinstance(node, Neg) and rational_of(node) is None:
        return [Neg(Const("1")), *_factors(node.arg)]
    return [node]


def _powers(factors: list[Expr]) -> list[Expr]:
    """The same factors with those that are equal brought together: y·y is y²."""
    counts: dict[Expr, int] = {}
    for factor in factors:
        base, exponent = (factor.arg, factor.exponent) if isinstance(factor, Power) else (factor, 1)
        counts[base] = counts.get(base, 0) + exponent
    return [base if count == 1 else Power(base, count) for base, count in counts.items() if count] or [Const("1")]


def _holds(left: Fraction, relation: str, right: Fraction) -> bool:
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[relation]
