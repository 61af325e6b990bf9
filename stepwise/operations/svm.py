"""The linear support vector machine: scores, margins, hinge losses and their subgradient.

`w` is one n × 1 column. Source of the subgradient step: Shalev-Shwartz, Singer and Srebro, "Pegasos", 2007.
"""

from __future__ import annotations

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Sum, ref
from stepwise.operations.linear import ONE_OVER_N
from stepwise.operations.losses.hinge import HINGE_OF_MARGIN, MARGIN, ONE
from stepwise.operations.operation import Operation

HINGE = Operation("hinge", HINGE_OF_MARGIN)
MARGINS = Operation("margin", MARGIN)
_VIOLATES = Compare(ref("margin"), "<", ONE)


def score(layout: str, *, bias: bool) -> Operation:
    """s = wᵀx + b for every sample."""
    w, x = ref("w"), ref("x")
    product = w.T @ x if layout == "column" else x @ w
    return Operation("score", product + ref("b") if bias else product)


def _where_violated(value: Expr) -> Cases:
    return Cases((Case(_VIOLATES, value),), Const("0"))


def data_gradients(layout: str, *, many: bool) -> Operation:
    """−y·x where the margin is violated: the samples lie as in x, the gradient of one sample as w."""
    x = ref("x")
    return Operation("data_gradients", _where_violated(-(ref("y") * (x if many or layout == "column" else x.T))))


def data_gradient(layout: str, *, mean: bool) -> Operation:
    """The mean or the sum over the samples, lying as w."""
    data = ref("data")
    total = Sum(data, "columns") if layout == "column" else Sum(data.T, "columns")
    return Operation("mean" if mean else "total", ONE_OVER_N * total if mean else total)


BIAS_GRADIENTS = Operation("bias_gradients", _where_violated(-ref("y")))
