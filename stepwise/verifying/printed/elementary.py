"""Powers and elementary functions of the evaluator: 60-digit decimals where a value is irrational."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

from stepwise.verifying.printed.values import (
    Num,
    PrintedError,
    TooLargeError,
    Value,
    add,
    elementwise,
    fold,
    map_value,
    multiply,
)

DIGITS = 60
LARGEST_EXPONENT = 20_000
_TINY, _LARGE = Fraction(1, 10**15), 200
"""So near to 0 two terms of its series are tanh to 60 digits; so far from it tanh is ±1 to more than 60."""
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628621")


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
    if a.value < -LARGEST_EXPONENT:
        return Num(Fraction(1, 10 ** (LARGEST_EXPONENT // 3)), exact=False)  # smaller than any printed number
    if a.value > LARGEST_EXPONENT:
        raise TooLargeError("exponent too large")
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
    if abs(a.value) < _TINY:
        return Num(a.value - a.value**3 / 3, exact=False)
    if abs(a.value) > _LARGE:
        return Num(Fraction(1 if a.value > 0 else -1), exact=False)
    double = exp(Num(2 * a.value)).value
    return Num((double - 1) / (double + 1), exact=False)


def normal_density(a: Num) -> Num:
    return _decimal(lambda x: (-x * x / 2).exp() / (2 * PI).sqrt(), a)


def normal_cdf(a: Num) -> Num:
    """Φ by the series φ(x)·(x + x³/3 + x⁵/15 + …), whose terms are all of one sign; far below 0, where ½ would be taken
    off again, by the continued fraction φ(x)/(x + 1/(x + 2/(x + 3/…))) of what is above −x."""
    if a.value == 0:
        return Num(Fraction(1, 2))
    if -200 < a.value < -6:
        return _decimal(_tail, a)
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


def _tail(x: Decimal) -> Decimal:
    fraction = -x
    for n in range(600, 0, -1):
        fraction = n / fraction - x
    return (-x * x / 2).exp() / ((2 * PI).sqrt() * fraction)


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


def norm(value: Value) -> Value:
    """The Euclidean length of a vector."""
    return map_value(sqrt, fold(add, elementwise(multiply, value, value)))
