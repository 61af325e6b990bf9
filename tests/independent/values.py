"""Numbers and matrices of the evaluator: exact fractions, and 60-digit decimals where a function is irrational."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction

DIGITS = 60
LARGEST_EXPONENT = 20_000
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628621")


class PrintedError(Exception):
    """A printed formula that cannot be read, or that has no value."""


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


def power(base: Num, exponent: Num) -> Num:
    if exponent.value.denominator == 1:
        if abs(exponent.value) > 1000 or (base.value == 0 and exponent.value < 0):
            raise PrintedError("no such power")
        return Num(base.value**exponent.value.numerator, base.exact)
    if exponent.value == Fraction(1, 2):
        return sqrt(base)
    if base.value <= 0:
        raise PrintedError("fractional power of a number that is not positive")
    return _decimal(lambda x: x ** decimal_of(exponent.value), base)


def decimal_of(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _decimal(function: Callable[[Decimal], Decimal], a: Num) -> Num:
    with localcontext() as context:
        context.prec = DIGITS
        return Num(Fraction(function(decimal_of(a.value))), exact=False)


def exp(a: Num) -> Num:
    if abs(a.value) > LARGEST_EXPONENT:
        raise PrintedError("exponent too large")
    return Num(Fraction(1)) if a.value == 0 else _decimal(Decimal.exp, a)


def ln(a: Num) -> Num:
    if a.value <= 0:
        raise PrintedError("logarithm of a number that is not positive")
    return Num(Fraction(0)) if a.value == 1 else _decimal(Decimal.ln, a)


def sqrt(a: Num) -> Num:
    if a.value < 0:
        raise PrintedError("square root of a negative number")
    root = _decimal(Decimal.sqrt, a)
    return replace(root, exact=root.value**2 == a.value)


def tanh(a: Num) -> Num:
    if a.value == 0:
        return Num(Fraction(0))
    double = exp(Num(2 * a.value)).value
    return Num((double - 1) / (double + 1), exact=False)


def normal_density(a: Num) -> Num:
    return _decimal(lambda x: (-x * x / 2).exp() / (2 * PI).sqrt(), a)


def normal_cdf(a: Num) -> Num:
    """Φ by the series φ(x)·(x + x³/3 + x⁵/15 + …), whose terms are all of one sign."""
    if a.value == 0:
        return Num(Fraction(1, 2))
    if abs(a.value) > 40:
        return Num(Fraction(int(a.value > 0)), exact=False)

    def series(x: Decimal) -> Decimal:
        term = total = x
        n = 1
        while abs(term) > abs(total) * Decimal(10) ** -DIGITS:
            n += 2
            term *= x * x / n
            total += term
        return Decimal("0.5") + total * (-x * x / 2).exp() / (2 * PI).sqrt()

    return _decimal(series, a)


def erf(a: Num) -> Num:
    """2Φ(x√2) − 1"""
    double = Num(2 * a.value**2)
    inside = Num(sqrt(double).value * (1 if a.value >= 0 else -1))
    return Num(2 * normal_cdf(inside).value - 1, exact=a.value == 0)


def sinh(a: Num) -> Num:
    up = exp(a).value
    return Num((up - 1 / up) / 2, exact=a.value == 0)


def cosh(a: Num) -> Num:
    up = exp(a).value
    return Num((up + 1 / up) / 2, exact=a.value == 0)


def sin(a: Num) -> Num:
    return _decimal(lambda x: _waves(x)[0], a) if a.value else a


def cos(a: Num) -> Num:
    return _decimal(lambda x: _waves(x)[1], a) if a.value else Num(Fraction(1))


def _waves(x: Decimal) -> tuple[Decimal, Decimal]:
    """sin and cos by their series, of the angle without its whole turns."""
    x -= 2 * PI * (x / (2 * PI)).to_integral_value()
    sums = [Decimal(0), Decimal(0)]
    term, n = Decimal(1), 0
    while n < 20 or abs(term) > Decimal(10) ** -DIGITS:
        sums[(n + 1) % 2] += term if n % 4 < 2 else -term
        n += 1
        term *= x / n
    return sums[0], sums[1]


def arctan(a: Num) -> Num:
    """The series of a quarter of a quarter … of the angle: arctan x = 2 arctan(x/(1 + √(1 + x²)))."""

    def series(x: Decimal) -> Decimal:
        for _ in range(6):
            x = x / (1 + (1 + x * x).sqrt())
        term = total = x
        n = 1
        while abs(term) > Decimal(10) ** -DIGITS:
            term *= -x * x
            n += 2
            total += term / n
        return total * 2**6

    return _decimal(series, a) if a.value else a


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


def norm(value: Value) -> Value:
    """The Euclidean length of a vector."""
    return map_value(sqrt, fold(add, elementwise(multiply, value, value)))
