"""Hinge loss: L = Σ max(0, 1 − y·a) with labels ±1; ∂L/∂a = −y where y·a < 1, else 0."""

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Max, Sum, line, ref
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import Mistakes, made, made_in

ONE = Const("1")
MARGIN = ref("y") * ref("a")
HINGE_OF_MARGIN = Max(Const("0"), 1 - ref("margin"))


def of_hinge(line: str = "") -> Mistakes:
    """Mistakes in max(0, 1 − m), which is a `line` or the operation itself."""
    margin = ref("margin")
    return made_in(
        line,
        hinge_compared_with_zero=Max(Const("0"), -margin),
        forgot_maximum=1 - margin,
        sign_of_margin=Max(Const("0"), 1 + margin),
    )


def of_subgradient(value: Expr) -> Mistakes:
    """Mistakes in what is `value` where the margin is violated, else 0."""
    below_zero = Compare(ref("margin"), "<", Const("0"))
    return made(hinge_compared_with_zero=Cases((Case(below_zero, value),), Const("0")), forgot_condition=value)


HINGE = LossRecord(
    name="hinge",
    each=lambda factor: Sum(line("hinge", Max(Const("0"), 1 - line("margin", MARGIN))), "units"),
    derivative=lambda factor: Cases((Case(Compare(ref("margin"), "<", ONE), -ref("y")),), Const("0")),
    labels="plus_minus",
    mistakes=lambda factor: of_hinge("hinge") + made_in("margin", forgot_label=ref("a")),
    derivative_mistakes=lambda factor: of_subgradient(-ref("y")),
)
