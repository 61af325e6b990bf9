"""Derivatives that are written down in one go: of sums of powers, ln z …, and e to the power of a straight line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stepwise.expressions import Add, Const, Div, Expr, Func, Mul, Neg, Power, Ref, Sub, exp
from stepwise.symbolic.atoms import depends

ZERO, ONE = Const("0"), Const("1")


def density(x: Expr) -> Expr:
    """φ(x), the density of the standard normal distribution."""
    return exp(-(x**2 / 2)) / Func("sqrt", 2 * Const("pi"))


OUTER: Mapping[str, Callable[[Expr], Expr]] = {
    "exp": exp,
    "ln": lambda x: 1 / x,
    "tanh": lambda x: 1 - Func("tanh", x) ** 2,
    "sqrt": lambda x: 1 / (2 * Func("sqrt", x)),
    "sin": lambda x: Func("cos", x),
    "cos": lambda x: -Func("sin", x),
    "sinh": lambda x: Func("cosh", x),
    "cosh": lambda x: Func("sinh", x),
    "arctan": lambda x: 1 / (1 + x**2),
    "erf": lambda x: Const("2") / Func("sqrt", Const("pi")) * exp(-(x**2)),
    "Phi": density,
}
"""The derivative of each function by its argument."""


def power_rule(base: Expr, exponent: int) -> Expr:
    """n·uⁿ⁻¹"""
    if exponent == 1:
        return ONE
    lower = base if exponent == 2 else Power(base, exponent - 1)
    if exponent == -1:
        return -lower
    return -(Const(str(-exponent)) * lower) if exponent < 0 else exponent * lower


def straight(tree: Expr, by: Expr) -> bool:
    """Whether a tree is a straight line in a letter: bz, z/2 + c …"""
    match tree:
        case Neg(arg):
            return straight(arg, by)
        case Add(left, right) | Sub(left, right):
            return all(straight(side, by) or not depends(side, by) for side in (left, right))
        case Mul(left, right):
            first, second = depends(left, by), depends(right, by)
            return first != second and straight(left if first else right, by)
        case Div(left, right):
            return not depends(right, by) and straight(left, by)
    return tree == by


def at_once(tree: Expr, by: Expr) -> Expr | None:
    """The derivative as a person first writes it (0 + e^{−z}·(−1)), or None where a rule deserves lines of its own."""
    if not depends(tree, by):
        return ZERO
    if tree == by:
        return ONE
    match tree:
        case Neg(arg):
            inner = at_once(arg, by)
            return None if inner is None else -inner
        case Add(left, right) | Sub(left, right):
            first, second = at_once(left, by), at_once(right, by)
            return None if first is None or second is None else type(tree)(first, second)
        case Mul(left, right) if depends(left, by) != depends(right, by):
            constant, rest = (right, left) if depends(left, by) else (left, right)
            inner = at_once(rest, by)
            return None if inner is None else constant if inner == ONE else constant * inner
        case Div(left, right) if not depends(right, by):
            inner = at_once(left, by)
            return None if inner is None else inner / right
        case Power(base, exponent) if base == by:
            return power_rule(base, exponent)
        case Func(name, arg) if name in OUTER and (arg == by or (name == "exp" and straight(arg, by))):
            slope = at_once(arg, by)
            assert slope is not None
            outer = OUTER[name](arg)
            return outer if slope == ONE else slope * outer if isinstance(slope, Ref) else outer * slope
    return None
