"""tanh: a = tanh z, a′ = 1 − a²."""

from stepwise.expressions import Const, Func, line, ref
from stepwise.operations.activation import Activation, Bounds

TANH = Activation(
    name="tanh",
    head=r"\tanh",
    output=lambda p: Func("tanh", ref("z")),
    derivative=lambda p: 1 - line("square", ref("a") ** 2),
    saturates=True,
    bounds=lambda p: Bounds(Const("-1"), Const("1")),
)
