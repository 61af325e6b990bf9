"""Leaky ReLU: a = z where z > 0, else αz; a′ = 1 or α (α at z = 0)."""

from stepwise.expressions import Const, ref
from stepwise.operations.activation import Activation, Bounds, positive

LEAKY_RELU = Activation(
    name="leaky_relu",
    head=r"\mathrm{LReLU}",
    output=lambda p: positive(ref("z"), ref("z"), p["alpha"] * ref("z")),
    derivative=lambda p: positive(ref("z"), Const("1"), p["alpha"]),
    parameters={"alpha": "0.01"},
    bounds=lambda p: Bounds(),
)
