"""Squared error: L = f·Σ (a − y)², ∂L/∂a = 2f(a − y); the factor f is ½ unless the file says otherwise."""

from stepwise.expressions import Const, Expr, Sum, line, rational, ref
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import Mistakes, made, made_in


def _each(factor: Const) -> Expr:
    total = Sum(line("square", line("diff", ref("a") - ref("y")) ** 2), "units")
    return total if factor.text == "1" else factor * total


def _derivative(factor: Const) -> Expr:
    twice = 2 * rational(factor.text)
    difference = ref("a") - ref("y")
    return difference if twice == 1 else Const(str(twice)) * difference


def _mistakes(factor: Const) -> Mistakes:
    total, difference = Sum(ref("square"), "units"), ref("a") - ref("y")
    if factor.text == "1":
        own = made(halved=total / 2)
    else:
        own = made(forgot_half=total) if rational(factor.text) == rational("1/2") else made(forgot_factor=total)
    return (
        own
        + made_in("square", forgot_square=ref("diff"), doubled_for_squared=2 * ref("diff"))
        + made_in("diff", difference_reversed=-difference)
    )


def _derivative_mistakes(factor: Const) -> Mistakes:
    right = _derivative(factor)
    return made(doubled=2 * right, halved=right / 2)


MSE = LossRecord(
    name="mse",
    each=_each,
    derivative=_derivative,
    factor="1/2",
    mistakes=_mistakes,
    derivative_mistakes=_derivative_mistakes,
)
