"""tanh: a = tanh z, a′ = 1 − a²."""

from stepwise.expressions import Func, line, ref
from stepwise.operations.activation import Activation

TANH = Activation(
    name="tanh",
    head=r"\tanh",
    output=lambda p: Func("tanh", ref("z")),
    derivative=lambda p: 1 - line("square", ref("a") ** 2),
    saturates=True,
)
