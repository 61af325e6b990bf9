"""Squared error: L = f·Σ (a − y)², ∂L/∂a = 2f(a − y); the factor f is ½ unless the file says otherwise."""

from stepwise.expressions import Const, Expr, Sum, line, rational, ref
from stepwise.operations.loss import LossRecord


def _each(factor: Const) -> Expr:
    total = Sum(line("square", line("diff", ref("a") - ref("y")) ** 2), "units")
    return total if factor.text == "1" else factor * total


def _derivative(factor: Const) -> Expr:
    twice = 2 * rational(factor.text)
    difference = ref("a") - ref("y")
    return difference if twice == 1 else Const(str(twice)) * difference


MSE = LossRecord(name="mse", each=_each, derivative=_derivative, factor="1/2")
