"""The nodes an operation is made of.

A tree is one array expression over named operands. Arrays have two axes, as on paper; `+ − × ÷` work entry by entry and
repeat an axis of length one, as NumPy does. Write trees with Python's operators: `1 / (1 + exp(-ref("z")))`.

`Line` marks the parts that a person writes down as a line of their own; the planner turns each into a step.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

Axis = Literal["units", "samples", "all", "rows", "columns"]
Index = int | str
"""A place along an axis: counted from 0, or a letter in a general formula."""


class Expr(Struct, frozen=True, cache_hash=True):
    """Base of all nodes; brings the operators.

    What is read off a tree is remembered by tree (`refs`, `entry` …), so a tree computes its hash once and keeps it.
    """

    def __add__(self, other: Operand) -> Add:
        return Add(self, tree(other))

    def __radd__(self, other: Operand) -> Add:
        return Add(tree(other), self)

    def __sub__(self, other: Operand) -> Sub:
        return Sub(self, tree(other))

    def __rsub__(self, other: Operand) -> Sub:
        return Sub(tree(other), self)

    def __mul__(self, other: Operand) -> Mul:
        return Mul(self, tree(other))

    def __rmul__(self, other: Operand) -> Mul:
        return Mul(tree(other), self)

    def __truediv__(self, other: Operand) -> Div:
        return Div(self, tree(other))

    def __rtruediv__(self, other: Operand) -> Div:
        return Div(tree(other), self)

    def __matmul__(self, other: Expr) -> MatMul:
        return MatMul(self, other)

    def __pow__(self, exponent: int) -> Power:
        return Power(self, exponent)

    def __neg__(self) -> Neg:
        return Neg(self)

    @property
    def T(self) -> Transpose:
        return Transpose(self)


Operand = Expr | int | str


def tree(value: Operand) -> Expr:
    """A tree as it is; a whole number or a typed constant (`"1/2"`) as a constant."""
    return value if isinstance(value, Expr) else Const(str(value))


class Ref(Expr, frozen=True):
    """An operand by name: a slot of an operation, or, in a step, a quantity id."""

    name: str


class Const(Expr, frozen=True):
    """A constant as typed: `1`, `1/2`, `0.01`; `symbol` is printed instead of it in formulas (α)."""

    text: str
    symbol: str = ""


class Add(Expr, frozen=True):
    left: Expr
    right: Expr


class Sub(Expr, frozen=True):
    left: Expr
    right: Expr


class Mul(Expr, frozen=True):
    """Entry by entry (or number times array)."""

    left: Expr
    right: Expr


class Div(Expr, frozen=True):
    left: Expr
    right: Expr


class MatMul(Expr, frozen=True):
    """Row times column."""

    left: Expr
    right: Expr


class Neg(Expr, frozen=True):
    arg: Expr


class Power(Expr, frozen=True):
    arg: Expr
    exponent: int


class Transpose(Expr, frozen=True):
    arg: Expr


class Diag(Expr, frozen=True):
    """The square matrix with the entries of a row or a column on its diagonal, and 0 beside it."""

    arg: Expr


class Sum(Expr, frozen=True):
    """The sum along an axis, which keeps length one."""

    arg: Expr
    axis: Axis


class Largest(Expr, frozen=True):
    """The largest entry along an axis, which keeps length one."""

    arg: Expr
    axis: Axis


class Shifted(Expr, frozen=True):
    """The entries moved one place towards the start along an axis, 0 coming in at the end: what stands at class 2 comes
    to stand at class 1."""

    arg: Expr
    axis: Axis


class Func(Expr, frozen=True):
    """A function of every entry: exp, ln, sqrt, abs, tanh, sin, cos, sinh, cosh, arctan, erf, Phi (of the standard
    normal distribution)."""

    name: str
    arg: Expr


class Max(Expr, frozen=True):
    """The larger of two, entry by entry."""

    left: Expr
    right: Expr


class Fill(Expr, frozen=True):
    """A constant in the shape of another quantity."""

    value: Const
    like: Expr


class Compare(Struct, frozen=True):
    """A condition on every entry."""

    left: Expr
    relation: Literal["<", "<=", ">", ">=", "="]
    """`=` only in what is written: two numbers are not compared so."""
    right: Expr


class Case(Struct, frozen=True):
    """`value` where `when` holds."""

    when: Compare
    value: Expr


class Cases(Expr, frozen=True):
    """The first case whose condition holds, else `otherwise`.

    With a `note` the cases are precautions against overflow and the like: formulas are printed as `otherwise`, an entry
    as the case that holds for it, and the page says the note when one held.
    """

    cases: tuple[Case, ...]
    otherwise: Expr
    note: str = ""


class Line(Expr, frozen=True):
    """A part that a person writes as a line of its own; it becomes a step named `name`."""

    name: str
    arg: Expr


class Entry(Expr, frozen=True):
    """One number of an operand: a leaf of the scalar tree of one entry, or of a line that takes a single number."""

    name: str
    row: Index
    column: Index


class OnDiagonal(Expr, frozen=True):
    """In a general formula, an entry of a diagonal matrix: `arg` where the index letters are equal, else 0."""

    row: Index
    column: Index
    arg: Expr


class Series(Expr, frozen=True):
    """A written-out sum; None stands for the terms left out (`⋯`)."""

    terms: tuple[Expr | None, ...]


class Total(Expr, frozen=True):
    """A sum over an index letter from 1 to `size`, in a general formula; `largest`: the maximum instead.

    `size` may be a letter (C classes); `but` names another index letter whose value is left out.
    """

    letter: str
    size: Index
    arg: Expr
    largest: bool = False
    but: str = ""


SMALLEST_PROBABILITY = Const("1e-12")


def rational(text: str) -> Fraction:
    """The exact value of a typed number: `0.10`, `1e-3`, `1/3`, `50%`."""
    if text.endswith("%"):
        return rational(text[:-1]) / 100
    numerator, bar, denominator = text.partition("/")
    return Fraction(numerator.strip()) / Fraction(denominator.strip()) if bar else Fraction(text)


def ref(name: str) -> Ref:
    return Ref(name)


def line(name: str, arg: Expr) -> Line:
    return Line(name, arg)


def exp(arg: Expr) -> Func:
    return Func("exp", arg)


def ln(arg: Expr) -> Func:
    """The natural logarithm of a probability, never of less than 1e-12."""
    return Func("ln", clipped(arg))


def clipped(probability: Expr) -> Expr:
    """A probability that is divided by or put into a logarithm: 1e-12 where it is less; the page says so then."""
    return shown_as(probability, Compare(probability, "<", SMALLEST_PROBABILITY), SMALLEST_PROBABILITY, "clipped")


def shown_as(usual: Expr, when: Compare, instead: Expr, note: str) -> Cases:
    """`usual`, but `instead` where that would overflow or be undefined; the page then says `note`."""
    return Cases((Case(when, instead),), usual, note)
