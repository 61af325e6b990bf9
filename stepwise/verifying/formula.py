"""The value of a typed formula such as `z*tanh(log(1+exp(z)))` by a reader of its own, in floats or in sympy.

The formula is read as a Python expression and walked: only numbers, letters, signs and the functions that are handed in
have a meaning, so nothing of it is ever run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

_LETTERS = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda_", "π": "pi", "σ": "sigma", "Φ": "Phi"})
_PRODUCT = re.compile(r"(?<![\w.])((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![eE][+-]?\d)\s*(?=[A-Za-z(])")
"""A number straight before a letter or a bracket."""


@cache
def _tree(text: str) -> ast.expr:
    return ast.parse(_PRODUCT.sub(r"\1*", text.translate(_LETTERS).replace("^", "**")).strip(), mode="eval").body


def value_of(
    text: str, letters: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]], number: Callable[[str], Any]
) -> Any:
    """The value of a formula. Raises ValueError for what has no meaning."""

    def value(node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int() | float() as constant):
                return number(repr(constant))
            case ast.Name(id=name) if name in letters:
                return letters[name]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -value(inner)
            case ast.BinOp(left=left, op=sign, right=right):
                return _joined(value(left), sign, value(right))
            case ast.Call(func=ast.Name(id=name), args=parts) if name in functions:
                return functions[name](*map(value, parts))
        raise ValueError(f"no meaning in a formula: {ast.unparse(node)}")

    return value(_tree(text))


def _joined(left: Any, sign: ast.operator, right: Any) -> Any:
    match sign:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow():
            return left**right
    raise ValueError(f"no sign of a formula: {type(sign).__name__}")
