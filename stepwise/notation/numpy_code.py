"""An expression as a line of NumPy, read off the same tree as everything else."""

from __future__ import annotations

from collections.abc import Sequence

from stepwise.expressions import (
    Add,
    Cases,
    Compare,
    Const,
    Diag,
    Div,
    Expr,
    Fill,
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
)

_AXES = {"rows": "axis=0", "columns": "axis=1", "all": "axis=None"}
_FUNCTIONS = {"ln": "np.log", "Phi": "norm.cdf", "erf": "special.erf"}
"""What NumPy has by another name than `np.tanh`, or SciPy has."""
_BINARY = {Add: ("+", 1), Sub: ("-", 1), Mul: ("*", 2), Div: ("/", 2), MatMul: ("@", 2)}


def numpy_lines(lines: Sequence[tuple[str, Expr, tuple[int, int] | None]]) -> list[str]:
    """`z1 = x @ W1 + b1   # (100, 3)` for name, expression and shape of each line, the shapes below each other."""
    texts = [f"{name} = {code(tree)[0]}" for name, tree, _ in lines]
    wide = max(map(len, texts), default=0)
    return [
        text if shape is None else f"{text.ljust(wide)}  # {shape}"
        for text, (_, _, shape) in zip(texts, lines, strict=True)
    ]


def code(tree: Expr) -> tuple[str, int]:
    """The NumPy expression, and how tightly it binds (1 sum, 2 product, 3 anything closed)."""
    if type(tree) in _BINARY:
        return _binary(tree)
    match tree:
        case Ref(name):
            return name, 3
        case Const(text):
            return {"pi": "np.pi", "e": "np.e"}.get(text, f"({text})" if "/" in text else text), 3
        case Fill(value):
            return code(value)
        case Neg(Max(Neg(left), Neg(right))):
            return f"np.minimum({code(left)[0]}, {code(right)[0]})", 3
        case Neg(arg):
            return f"-{_closed(arg, 2)}", 1
        case Power(arg, exponent):
            return f"{_closed(arg, 3)}**{exponent}", 3
        case Transpose(arg):
            return f"{_closed(arg, 3)}.T", 3
        case Diag(arg):
            return f"np.diagflat({code(arg)[0]})", 3
        case Sum(arg, axis) | Largest(arg, axis):
            head = "np.sum" if isinstance(tree, Sum) else "np.max"
            return f"{head}({code(arg)[0]}, {_AXES[axis]}, keepdims=True)", 3
        case Func(name, arg):
            return f"{_FUNCTIONS.get(name, f'np.{name}')}({code(arg)[0]})", 3
        case Max(left, right):
            return f"np.maximum({code(left)[0]}, {code(right)[0]})", 3
        case Cases(cases, otherwise, note):
            if note:
                return code(otherwise)
            inner = code(otherwise)[0]
            for case in reversed(cases):
                inner = f"np.where({_condition(case.when)}, {code(case.value)[0]}, {inner})"
            return inner, 3
    raise TypeError(tree)


def _binary(tree: Expr) -> tuple[str, int]:
    sign, level = _BINARY[type(tree)]
    left, right = tree.left, tree.right  # type: ignore[attr-defined]
    return f"{_closed(left, level)} {sign} {_closed(right, level + 1)}", level


def _closed(tree: Expr, level: int) -> str:
    text, own = code(tree)
    return text if own >= level else f"({text})"


def _condition(when: Compare) -> str:
    return f"{code(when.left)[0]} {when.relation} {code(when.right)[0]}"
