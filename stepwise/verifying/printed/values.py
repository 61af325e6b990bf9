"""Numbers and matrices of the evaluator: exact fractions, entry by entry or as matrix products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction


class PrintedError(Exception):
    """A printed formula that cannot be read, or that has no value."""


class TooLargeError(PrintedError):
    """An exponential with more digits than anybody can write: its line is exempt."""


class ShapeError(PrintedError):
    """Matrices that do not fit; behind dots they may."""


@dataclass(frozen=True, slots=True)
class Num:
    """A number. A number as printed also knows its last printed digit (`quantum`) and where it stands on the page."""

    value: Fraction
    exact: bool = True
    quantum: Fraction | None = None
    scientific: bool = False
    start: int = -1
    text: str = ""


# An entry hidden behind dots is None, and whatever is computed from it is None too.
Cell = Num | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of cells, all of one length."""

    rows: tuple[tuple[Cell, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.rows), len(self.rows[0])


Value = Num | Matrix | None
Binary = Callable[[Num, Num], Num]


def grid(value: Value) -> Matrix:
    """The value as a matrix; a scalar is 1 × 1."""
    return value if isinstance(value, Matrix) else Matrix(((value,),))


def round_half_up(value: Fraction, quantum: Fraction) -> Fraction:
    """The multiple of quantum nearest to the value, ties away from zero."""
    ratio = abs(value) / quantum
    whole = (2 * ratio.numerator + ratio.denominator) // (2 * ratio.denominator)
    return (whole if value >= 0 else -whole) * quantum


def map_value(function: Callable[[Num], Num], value: Value) -> Value:
    """The function of every entry."""
    if value is None:
        return None
    if isinstance(value, Num):
        return function(value)
    return Matrix(tuple(tuple(None if c is None else function(c) for c in row) for row in value.rows))


def elementwise(operator: Binary, left: Value, right: Value) -> Value:
    """Entry by entry; a scalar, a row or a column is repeated where the other operand is larger."""
    if isinstance(left, Num) and isinstance(right, Num):
        return operator(left, right)
    if not isinstance(left, Matrix) and not isinstance(right, Matrix):
        return None
    a, b = grid(left), grid(right)
    shape = (max(a.shape[0], b.shape[0]), max(a.shape[1], b.shape[1]))
    fits = all(size in (1, whole) for m in (a, b) for size, whole in zip(m.shape, shape, strict=True))
    if not fits or shape not in (a.shape, b.shape):
        raise ShapeError(f"shapes {a.shape} and {b.shape} do not fit")

    def at(m: Matrix, i: int, j: int) -> Cell:
        return m.rows[i if m.shape[0] > 1 else 0][j if m.shape[1] > 1 else 0]

    def entry(i: int, j: int) -> Cell:
        x, y = at(a, i, j), at(b, i, j)
        return None if x is None or y is None else operator(x, y)

    return Matrix(tuple(tuple(entry(i, j) for j in range(shape[1])) for i in range(shape[0])))


def product(left: Value, right: Value) -> Value:
    """A matrix product, or scaling where one factor is a scalar."""
    if not isinstance(left, Matrix) or not isinstance(right, Matrix):
        return elementwise(multiply, left, right)
    if left.shape[1] != right.shape[0]:
        if (1, 1) in (left.shape, right.shape):
            return elementwise(multiply, left, right)
        raise ShapeError(f"no product of {left.shape} and {right.shape}")
    columns = tuple(zip(*right.rows, strict=True))
    return Matrix(tuple(tuple(_dot(row, column) for column in columns) for row in left.rows))


def _dot(row: tuple[Cell, ...], column: tuple[Cell, ...]) -> Cell:
    total, exact = Fraction(0), True
    for x, y in zip(row, column, strict=True):
        if x is None or y is None:
            return None
        total += x.value * y.value
        exact = exact and x.exact and y.exact
    return Num(total, exact)


def transpose(value: Value) -> Value:
    return Matrix(tuple(zip(*value.rows, strict=True))) if isinstance(value, Matrix) else value


def diagonal(value: Value) -> Value:
    """A row or a column as the diagonal of a square matrix; its zeros are no printed numbers."""
    m = grid(value)
    if min(m.shape) != 1:
        raise ShapeError(f"diag of a matrix of shape {m.shape}")
    cells = [cell for row in m.rows for cell in row]
    places = range(len(cells))
    return Matrix(tuple(tuple(cells[i] if i == j else Num(Fraction(0)) for j in places) for i in places))


def add(a: Num, b: Num) -> Num:
    return Num(a.value + b.value, a.exact and b.exact)


def subtract(a: Num, b: Num) -> Num:
    return Num(a.value - b.value, a.exact and b.exact)


def multiply(a: Num, b: Num) -> Num:
    return Num(a.value * b.value, a.exact and b.exact)


def divide(a: Num, b: Num) -> Num:
    if b.value == 0:
        raise PrintedError("division by zero")
    return Num(a.value / b.value, a.exact and b.exact)


def negate(a: Num) -> Num:
    """Minus the number; a printed number stays a printed number, now with its sign, but −(−0.3) is a calculation."""
    if a.text.startswith("-"):
        return Num(-a.value, a.exact)
    return replace(a, value=-a.value, text=f"-{a.text}" if a.text else "")


def step(a: Num) -> Num:
    return Num(Fraction(int(a.value > 0)))


def sign(a: Num) -> Num:
    return Num(Fraction((a.value > 0) - (a.value < 0)))


def absolute(a: Num) -> Num:
    return Num(abs(a.value), a.exact)


def larger(a: Num, b: Num) -> Num:
    return Num(max(a.value, b.value), a.exact and b.exact)


def smaller(a: Num, b: Num) -> Num:
    return Num(min(a.value, b.value), a.exact and b.exact)


def fold(operator: Binary, value: Value) -> Value:
    """All entries of a matrix joined by the operator, as in a sum."""
    total: Cell = None
    for i, cell in enumerate(cell for row in grid(value).rows for cell in row):
        if cell is None:
            return None
        total = cell if i == 0 or total is None else operator(total, cell)
    return total
