"""Cross-entropy: L = −Σ y ln a, ∂L/∂a = −y/a; after a softmax δ = a − y."""

from stepwise.expressions import Sum, clipped, ln, ref
from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import made

CROSS_ENTROPY = LossRecord(
    name="cross_entropy",
    each=lambda factor: -Sum(ref("y") * ln(ref("a")), "units"),
    derivative=lambda factor: -(ref("y") / clipped(ref("a"))),
    fused={"softmax": ref("a") - ref("y")},
    labels="distribution",
    needs_probabilities=True,
    mistakes=lambda factor: made(forgot_label=-Sum(ln(ref("a")), "units")),
    derivative_mistakes=lambda factor: made(forgot_denominator=-ref("y")),
)
