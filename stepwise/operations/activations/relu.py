"""ReLU: a = max(0, z), a′ = 1 where z > 0, else 0 (0 at z = 0)."""

from stepwise.expressions import Const, Fill, Max, ref
from stepwise.operations.activation import Activation, Bounds, positive
from stepwise.operations.operation import made

RELU = Activation(
    name="relu",
    head=r"\mathrm{ReLU}",
    output=lambda p: Max(Const("0"), ref("z")),
    derivative=lambda p: positive(ref("z"), Const("1"), Const("0")),
    bounds=lambda p: Bounds(low=Const("0"), reached=True),
    derivative_mistakes=lambda p: made(relu_derivative_one=Fill(Const("1"), ref("z"))),
)
