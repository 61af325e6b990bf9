"""The negative log-likelihood of a score s: L = −ln σ(s), ∂L/∂s = σ(s) − 1.

Far above 0, σ(s) keeps too few digits of what it lacks to 1: there L = ln(1 + e^{−s}) is taken from its series, with
several outputs where all of their scores are so large, and ∂L/∂s = −e^{−s}/(1 + e^{−s}).

After a sigmoid output the probability is already there: L = −ln a, ∂L/∂a = −1/a, δ = a − 1.
"""

from stepwise.expressions import Compare, Expr, Largest, Sum, clipped, line, ln, ref, shown_as
from stepwise.operations.activation import BELOW, by_series, logistic, logistic_mistakes
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import made, made_in


def _each() -> Expr:
    loss = -Sum(ln(line("prob", logistic(ref("a")))), "units")
    first, second = (Sum(term, "units") for term in (ref("exp"), ref("exp") ** 2 / 2))
    return by_series(loss, Largest(-ref("a"), "units"), first, second)


def _slope() -> Expr:
    return shown_as(ref("prob") - 1, Compare(-ref("a"), "<", BELOW), -(ref("exp") / ref("sum")), "other_form")


NEG_LOG_SIGMOID = LossRecord(
    name="neg_log_sigmoid",
    each=lambda factor: _each(),
    derivative=lambda factor: _slope(),
    fused={"identity": _slope(), "sigmoid": ref("a") - 1},
    each_after={"sigmoid": -Sum(ln(ref("a")), "units")},
    derivative_after={"sigmoid": -(1 / clipped(ref("a")))},
    labels="unused",
    mistakes=lambda factor: logistic_mistakes() + made_in("prob", forgot_reciprocal=ref("sum")),
    derivative_mistakes=lambda factor: made(forgot_minus_one=ref("prob")),
)
