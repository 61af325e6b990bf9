"""Hinge loss: L = Σ max(0, 1 − y·a) with labels ±1; ∂L/∂a = −y where y·a < 1, else 0."""

from stepwise.expressions import Case, Cases, Compare, Const, Max, Sum, line, ref
from stepwise.operations.loss import LossRecord

ONE = Const("1")
MARGIN = ref("y") * ref("a")
HINGE_OF_MARGIN = Max(Const("0"), 1 - ref("margin"))

HINGE = LossRecord(
    name="hinge",
    each=lambda factor: Sum(line("hinge", Max(Const("0"), 1 - line("margin", MARGIN))), "units"),
    derivative=lambda factor: Cases((Case(Compare(ref("margin"), "<", ONE), -ref("y")),), Const("0")),
    labels="plus_minus",
)
