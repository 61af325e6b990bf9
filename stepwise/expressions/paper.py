"""Nodes that only derivations on paper need: a formula by a name, a derivative still to be taken, a matrix written out,
a function of which nothing is known, a value at a point."""

from __future__ import annotations

from stepwise.expressions.tree import Expr, Index


class Named(Expr, frozen=True):
    """A formula by a name of its own: σ(z), y_i. Written as `symbol`; its value is that of `meaning`."""

    symbol: Expr
    meaning: Expr


class Derivative(Expr, frozen=True):
    """The derivative of `arg` by a letter, or by a `Named` part that is seen as a variable; `partial` writes ∂."""

    arg: Expr
    by: Expr
    partial: bool = False


class Matrix(Expr, frozen=True):
    """A matrix written out, row by row."""

    rows: tuple[tuple[Expr, ...], ...]


class Listing(Expr, frozen=True):
    """`arg` for each value of an index letter from 1 to `size`: all arguments of an `Unknown`, which then is not
    written with them, but by a name."""

    letter: str
    size: Index
    arg: Expr


class Unknown(Expr, frozen=True):
    """A differentiable function of which nothing is known but its name: f(z), L(a_1, …, a_m).

    The name with a prime, f', is its derivative; with several arguments L'2 is the derivative by the second.
    """

    name: str
    args: tuple[Expr, ...]


class At(Expr, frozen=True):
    """The value of `arg` where a letter has a value: what a name such as σ'(0) means."""

    arg: Expr
    letter: str
    value: Expr


def column(*entries: Expr) -> Matrix:
    """A column vector."""
    return Matrix(tuple((entry,) for entry in entries))


def row(*entries: Expr) -> Matrix:
    """A row vector."""
    return Matrix((entries,))
