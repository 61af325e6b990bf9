"""The negative log-likelihood of a score s: L = −ln σ(s), ∂L/∂s = σ(s) − 1.

After a sigmoid output the probability is already there: L = −ln a, ∂L/∂a = −1/a, δ = a − 1.
"""

from stepwise.expressions import Sum, clipped, line, ln, ref
from stepwise.operations.activation import logistic, logistic_mistakes
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import made, made_in

NEG_LOG_SIGMOID = LossRecord(
    name="neg_log_sigmoid",
    each=lambda factor: -Sum(ln(line("prob", logistic(ref("a")))), "units"),
    derivative=lambda factor: ref("prob") - 1,
    fused={"identity": ref("prob") - 1, "sigmoid": ref("a") - 1},
    each_after={"sigmoid": -Sum(ln(ref("a")), "units")},
    derivative_after={"sigmoid": -(1 / clipped(ref("a")))},
    labels="unused",
    mistakes=lambda factor: logistic_mistakes() + made_in("prob", forgot_reciprocal=ref("sum")),
    derivative_mistakes=lambda factor: made(forgot_minus_one=ref("prob")),
)
