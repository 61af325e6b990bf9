"""The value of a tree under an arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from stepwise.expressions.tree import (
    Add,
    Cases,
    Compare,
    Const,
    Diag,
    Div,
    Entry,
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
    Series,
    Shifted,
    Sub,
    Sum,
    Transpose,
)

Value = Any
"""What an arithmetic computes with: an array of floats, of sympy objects, of intervals. It has `+ − * /`."""


class Arithmetic(Protocol):
    """The elementary functions of one way to calculate, and what happens after each line."""

    @property
    def name(self) -> str: ...
    def constant(self, const: Const) -> Value: ...
    def function(self, name: str, value: Value) -> Value: ...
    def power(self, value: Value, exponent: int) -> Value: ...
    def maximum(self, left: Value, right: Value) -> Value: ...
    def matmul(self, left: Value, right: Value) -> Value: ...
    def transpose(self, value: Value) -> Value: ...
    def total(self, value: Value, axis: str, *, largest: bool) -> Value: ...
    def shifted(self, value: Value, axis: str) -> Value: ...
    def fill(self, value: Value, like: Value) -> Value: ...
    def diagonal(self, value: Value) -> Value: ...
    def compare(self, left: Value, relation: str, right: Value) -> Value: ...
    def choose(
        self, when: Value, value: Callable[[], Value], otherwise: Callable[[], Value], *, rare: bool
    ) -> Value: ...
    def finish(self, quantity: str, value: Value) -> Value:
        """What is carried on after the line of `quantity` (hand arithmetic rounds here)."""
        ...


def evaluate(tree: Expr, operands: Mapping[Any, Value], arithmetic: Arithmetic) -> Value:
    """The value of `tree`; `operands` holds arrays by name, or numbers by `Entry` for the tree of one entry."""
    return _RULES[type(tree)](tree, operands, arithmetic)


def _entry(node: Entry, env: Mapping[Any, Value], way: Arithmetic) -> Value:
    """The number by itself where it is given so, else cut out of its array."""
    if node in env:
        return env[node]
    row, column = int(node.row), int(node.column)
    return env[node.name][..., row : row + 1, column : column + 1]


def _series(node: Series, env: Mapping[Any, Value], way: Arithmetic) -> Value:
    terms = [evaluate(term, env, way) for term in node.terms if term is not None]
    return sum(terms[1:], terms[0])


def _compare(node: Compare, env: Mapping[Any, Value], way: Arithmetic) -> Value:
    return way.compare(evaluate(node.left, env, way), node.relation, evaluate(node.right, env, way))


def _cases(node: Cases, env: Mapping[Any, Value], way: Arithmetic, start: int = 0) -> Value:
    if start == len(node.cases):
        return evaluate(node.otherwise, env, way)
    case = node.cases[start]
    return way.choose(
        _compare(case.when, env, way),
        lambda: evaluate(case.value, env, way),
        lambda: _cases(node, env, way, start + 1),
        rare=bool(node.note),
    )


_RULES: dict[type[Expr], Callable[[Any, Mapping[Any, Value], Arithmetic], Value]] = {
    Ref: lambda n, env, way: env[n.name],
    Entry: _entry,
    Const: lambda n, env, way: way.constant(n),
    Add: lambda n, env, way: evaluate(n.left, env, way) + evaluate(n.right, env, way),
    Sub: lambda n, env, way: evaluate(n.left, env, way) - evaluate(n.right, env, way),
    Mul: lambda n, env, way: evaluate(n.left, env, way) * evaluate(n.right, env, way),
    Div: lambda n, env, way: evaluate(n.left, env, way) / evaluate(n.right, env, way),
    MatMul: lambda n, env, way: way.matmul(evaluate(n.left, env, way), evaluate(n.right, env, way)),
    Neg: lambda n, env, way: -evaluate(n.arg, env, way),
    Power: lambda n, env, way: way.power(evaluate(n.arg, env, way), n.exponent),
    Transpose: lambda n, env, way: way.transpose(evaluate(n.arg, env, way)),
    Sum: lambda n, env, way: way.total(evaluate(n.arg, env, way), n.axis, largest=False),
    Largest: lambda n, env, way: way.total(evaluate(n.arg, env, way), n.axis, largest=True),
    Shifted: lambda n, env, way: way.shifted(evaluate(n.arg, env, way), n.axis),
    Func: lambda n, env, way: way.function(n.name, evaluate(n.arg, env, way)),
    Max: lambda n, env, way: way.maximum(evaluate(n.left, env, way), evaluate(n.right, env, way)),
    Fill: lambda n, env, way: way.fill(way.constant(n.value), evaluate(n.like, env, way)),
    Diag: lambda n, env, way: way.diagonal(evaluate(n.arg, env, way)),
    Series: _series,
    Cases: _cases,
}
