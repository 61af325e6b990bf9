"""Binary cross-entropy: L = −Σ [y ln a + (1 − y) ln(1 − a)], ∂L/∂a = (1 − y)/(1 − a) − y/a.

After a sigmoid δ = a − y.
"""

from stepwise.expressions import Sum, clipped, ln, ref
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import made

_A, _Y = ref("a"), ref("y")

BINARY_CROSS_ENTROPY = LossRecord(
    name="binary_cross_entropy",
    each=lambda factor: -Sum(_Y * ln(_A) + (1 - _Y) * ln(1 - _A), "units"),
    derivative=lambda factor: (1 - _Y) / clipped(1 - _A) - _Y / clipped(_A),
    fused={"sigmoid": _A - _Y},
    labels="probability",
    needs_probabilities=True,
    mistakes=lambda factor: made(forgot_second_term=-Sum(_Y * ln(_A), "units")),
    derivative_mistakes=lambda factor: made(forgot_second_term=-(_Y / clipped(_A))),
)
