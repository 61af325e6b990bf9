"""The linear support vector machine: scores, margins, hinge losses and their subgradient.

`w` is one n × 1 column. Source of the subgradient step: Shalev-Shwartz, Singer and Srebro, "Pegasos", 2007.
"""

from __future__ import annotations

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Fill, Sum, ref
from stepwise.operations.linear import ONE_OVER_N, of_bias
from stepwise.operations.losses.hinge import HINGE_OF_MARGIN, MARGIN, ONE, of_hinge, of_subgradient
from stepwise.operations.operation import Mistakes, Operation, made

HINGE = Operation("hinge", HINGE_OF_MARGIN, of_hinge)
MARGINS = Operation("margin", MARGIN, lambda: made(forgot_label=ref("a")))
_VIOLATES = Compare(ref("margin"), "<", ONE)


def score(layout: str, *, bias: bool) -> Operation:
    """s = wᵀx + b for every sample."""
    w, x = ref("w"), ref("x")
    product = w.T @ x if layout == "column" else x @ w
    return Operation("score", product + ref("b") if bias else product, lambda: of_bias(product) if bias else ())


def _where_violated(value: Expr) -> Cases:
    return Cases((Case(_VIOLATES, value),), Const("0"))


def data_gradients(layout: str, *, many: bool) -> Operation:
    """−y·x where the margin is violated: the samples lie as in x, the gradient of one sample as w."""
    y, x = ref("y"), ref("x") if many or layout == "column" else ref("x").T

    def mistakes() -> Mistakes:
        return of_subgradient(-(y * x)) + made(
            forgot_minus=_where_violated(y * x),
            forgot_label=_where_violated(-x),
            forgot_input=_where_violated(-(y * Fill(ONE, x))),
        )

    return Operation("data_gradients", _where_violated(-(y * x)), mistakes)


def data_gradient(layout: str, *, mean: bool) -> Operation:
    """The mean or the sum over the samples, lying as w."""
    data = ref("data")
    total = Sum(data, "columns") if layout == "column" else Sum(data.T, "columns")
    if mean:
        violations = Sum(_where_violated(ONE), "all")
        return Operation("mean", ONE_OVER_N * total, lambda: made(mean_over_violations=total / violations))
    return Operation("total", total, lambda: made(mean_for_sum=ONE_OVER_N * total))


BIAS_GRADIENTS = Operation(
    "bias_gradients",
    _where_violated(-ref("y")),
    lambda: of_subgradient(-ref("y")) + made(forgot_minus=_where_violated(ref("y"))),
)
