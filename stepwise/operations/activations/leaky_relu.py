"""Leaky ReLU: a = z where z > 0, else αz; a′ = 1 or α (α at z = 0)."""

from stepwise.expressions import Const, Fill, Max, ref
from stepwise.operations.activation import Activation, Bounds, positive
from stepwise.operations.operation import made

LEAKY_RELU = Activation(
    name="leaky_relu",
    head=r"\mathrm{LReLU}",
    output=lambda p: positive(ref("z"), ref("z"), p["alpha"] * ref("z")),
    derivative=lambda p: positive(ref("z"), Const("1"), p["alpha"]),
    parameters={"alpha": "0.01"},
    bounds=lambda p: Bounds(),
    mistakes=lambda p: made(zero_below_zero=Max(Const("0"), ref("z"))),
    derivative_mistakes=lambda p: made(
        derivative_taken_as_one=Fill(Const("1"), ref("z")), zero_below_zero=positive(ref("z"), Const("1"), Const("0"))
    ),
)
