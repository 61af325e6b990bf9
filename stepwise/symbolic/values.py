"""Derivations in numbers: trees with a number in place of a letter, and their values."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor, log10
from typing import Any

from stepwise.expressions import Const, Expr, FloatArithmetic, Mul, Named, Neg, Ref, bind, evaluate, rebuild, walk
from stepwise.expressions.from_sympy import number_text
from stepwise.symbolic.atoms import Atoms

Values = Mapping[str, Expr]
"""Letter → the number that stands for it."""
DECIMALS = 4
MOST_DECIMALS = 9
MOST_OPERATIONS = 60
"""Of an expression that sympy is to simplify."""
_FLOATS = FloatArithmetic()


def spelled_out(tree: Expr) -> Expr:
    """The tree with every name replaced by what it means."""
    result: Expr = rebuild(tree, lambda node: spelled_out(node.meaning) if isinstance(node, Named) else None)
    return result


def number(tree: Expr, values: Mapping[str, Any]) -> Any:
    """The value of a tree in floats; a letter may be a whole array of them."""
    import numpy as np

    with np.errstate(all="ignore"):
        # NumPy's numbers divide by zero without an error
        return evaluate(spelled_out(tree), {name: np.asarray(value)[()] for name, value in values.items()}, _FLOATS)


def floats(values: Values) -> dict[str, float]:
    """The numbers that stand for letters, as floats."""
    return {name: float(number(tree, {})) for name, tree in values.items()}


def put(tree: Expr, values: Values) -> Expr:
    """The numbers put in: −0 is 0 and a factor 1 in front of a number is left out."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Neg):
            inner = put(node.arg, values)
            return inner if inner == Const("0") else Neg(inner)
        if isinstance(node, Mul):
            left, right = put(node.left, values), put(node.right, values)
            return right if left == Const("1") and not isinstance(right, Neg) else Mul(left, right)
        return values.get(node.name) if isinstance(node, Ref) else None

    result: Expr = rebuild(tree, change)
    return result


def constant(value: Fraction) -> Expr:
    """A number as a person types it: 0.25, 1/3."""
    return Const(number_text(value, decimals=True))


def exact_value(tree: Expr, values: Values, atoms: Atoms) -> Fraction | None:
    """The value where it is a rational number."""
    found = atoms.value(bind(spelled_out(tree), values))
    return Fraction(int(found.p), int(found.q)) if found.is_Rational else None


def rounded_text(value: float, decimals: int = DECIMALS) -> str:
    """A value as printed; never −0."""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if float(text) == 0 else text


def rounded(value: float, decimals: int = DECIMALS) -> Const:
    return Const(rounded_text(value, decimals))


def terminating(value: Fraction) -> bool:
    """Whether a number is printed as a decimal number without rounding."""
    return "/" not in number_text(value, decimals=True)


def names_of(tree: Expr) -> list[Named]:
    """The names in a tree, each once, inner ones first."""
    found: list[Named] = []
    for node in walk(tree):
        if isinstance(node, Named):
            found = [*found, *(inner for inner in names_of(node.meaning) if inner not in found)]
            if node not in found:
                found.append(node)
    return found


def vanishes(expression: Any) -> bool:
    """Whether sympy shows that an expression is 0; it does not try long on a long one."""
    import sympy

    if expression == 0:
        return True
    return bool(expression.count_ops() <= MOST_OPERATIONS and sympy.simplify(expression) == 0)


def short_number(value: float) -> Expr:
    """A value as a number that ends, 0.01 or 1; else rounded."""
    near = Fraction(value).limit_denominator(1000)
    if abs(float(near) - value) < 1e-9 and terminating(near):
        return constant(near)
    return rounded(value)


def small_number(value: float) -> Expr:
    """A small number with two digits that count."""
    decimals = max(4, 1 - floor(log10(value))) if value > 0 else 4
    return rounded(value, min(decimals, 12))
