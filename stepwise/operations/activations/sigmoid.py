"""sigmoid: a = 1/(1 + e^{−z}), a′ = a(1 − a)."""

from stepwise.expressions import Const, line, ref
from stepwise.operations.activation import Activation, Bounds, logistic

SIGMOID = Activation(
    name="sigmoid",
    head=r"\sigma",
    output=lambda p: logistic(ref("z")),
    derivative=lambda p: ref("a") * line("one_minus", 1 - ref("a")),
    positive_only=True,
    saturates=True,
    bounds=lambda p: Bounds(Const("0"), Const("1")),
)
