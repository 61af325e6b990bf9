"""A formula in plain text: `square = diff²`, `step_W2 = lr × dW2`; a symbol in plain text: `η`, `W^(1)`."""

from __future__ import annotations

import re
import unicodedata

from stepwise.document.plain import one_line
from stepwise.expressions import (
    Add,
    Const,
    Div,
    Expr,
    Func,
    Largest,
    MatMul,
    Max,
    Mul,
    Neg,
    Power,
    Ref,
    Sub,
    Sum,
    Transpose,
    usual,
    walk,
)

_SUM, _PRODUCT, _POWER, _CLOSED = 1, 2, 3, 4
"""How tightly a text holds together."""
_BINARY = {
    Add: (" + ", _SUM),
    Sub: (" - ", _SUM),
    Mul: (" × ", _PRODUCT),
    Div: (" / ", _PRODUCT),
    MatMul: (" ", _PRODUCT),
}
_IN_LINE = (*_BINARY, Ref, Const, Neg, Power, Transpose, Sum, Largest, Max, Func)
"""What can be written in a line of text."""
_FUNCTIONS = {"Phi": "Φ", "sqrt": "√"}
_CONSTANTS = {"pi": "π"}
_RAISED = {2: "²", 3: "³"}
_COMMAND = re.compile(r"\\([A-Za-z]+|.)\s*", re.DOTALL)
_GROUP = re.compile(r"([\^_]?)\{([^{}]*)\}")
_ONE_PIECE = re.compile(r"\w*|\([^()]*\)|\[[^\[\]]*\]")
_TYPEFACES = frozenset(
    {"mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "boldsymbol", "text", "operatorname"}
)


def plain_formula(tree: Expr) -> str:
    """The formula in one line, "" where it needs more (cases, a matrix). What only avoids overflow is left out."""
    plain = usual(tree)
    return _written(plain)[0] if all(isinstance(node, _IN_LINE) for node in walk(plain)) else ""


def plain_symbol(latex: str) -> str:
    """A symbol in one line of text: Greek letters as such, `x^raw`, `W^(1)`."""
    text = _COMMAND.sub(_command, latex)
    before = ""
    while text != before:
        before, text = text, _GROUP.sub(_group, text)
    return " ".join(one_line(text).split())


def _group(found: re.Match[str]) -> str:
    """The innermost braces go; above and below, what is longer than a word is put in brackets."""
    raised, inside = found[1], found[2].strip()
    return f"{raised}{inside}" if not raised or _ONE_PIECE.fullmatch(inside) else f"{raised}({inside})"


def _command(found: re.Match[str]) -> str:
    name = found[1]
    if name in _TYPEFACES or not name[0].isalpha():
        return ""
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    greek = name.removeprefix("var").upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {greek}")
    except KeyError:
        return f"{name} "


def _written(tree: Expr) -> tuple[str, int]:
    """The text, and how tightly it holds together."""
    if type(tree) in _BINARY:
        return _binary(tree)
    match tree:
        case Ref(name):
            return name, _CLOSED
        case Const(text):
            return _CONSTANTS.get(text, text), _PRODUCT if "/" in text else _CLOSED
        case Neg(arg):
            return f"-{_closed(arg, _PRODUCT)}", _SUM
        case Power(arg, exponent):
            return f"{_closed(arg, _CLOSED)}{_RAISED.get(exponent, f'^{exponent}')}", _POWER
        case Transpose(arg):
            return f"{_closed(arg, _CLOSED)}^T", _POWER
        case Sum(arg):
            return f"Σ {_closed(arg, _POWER)}", _PRODUCT
        case Largest(arg):
            return f"max {_closed(arg, _CLOSED)}", _PRODUCT
        case Max(left, right):
            return f"max({_written(left)[0]}, {_written(right)[0]})", _CLOSED
        case Func("exp", arg):
            inner, level = _written(arg)
            return f"e^{inner}" if level == _CLOSED else f"e^({inner})", _POWER
        case Func(name, arg):
            return f"{_FUNCTIONS.get(name, name)}({_written(arg)[0]})", _CLOSED
    raise AssertionError(f"{type(tree).__name__} is not written in a line")


def _binary(tree: Expr) -> tuple[str, int]:
    sign, level = _BINARY[type(tree)]
    left, right = tree.left, tree.right  # type: ignore[attr-defined]
    # neither a - (b - c) nor a / (b × c) is the same without its brackets, and -b needs some behind a sign
    return f"{_closed(left, level)}{sign}{_closed(right, level + 1)}", level


def _closed(tree: Expr, level: int) -> str:
    text, own = _written(tree)
    return text if own >= level else f"({text})"
