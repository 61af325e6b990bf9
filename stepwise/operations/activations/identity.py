"""identity: a = z, a′ = 1."""

from stepwise.expressions import Const, Fill, ref
from stepwise.operations.activation import Activation, Bounds

IDENTITY = Activation(
    name="identity",
    head=r"\operatorname{id}",
    output=lambda p: ref("z"),
    derivative=lambda p: Fill(Const("1"), ref("z")),
    bounds=lambda p: Bounds(),
)
