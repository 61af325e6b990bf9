"""tanh: a = tanh z, a′ = 1 − a²."""

from stepwise.expressions import Const, Func, exp, line, ref
from stepwise.operations.activation import Activation, Bounds
from stepwise.operations.operation import made, made_in

TANH = Activation(
    name="tanh",
    head=r"\tanh",
    output=lambda p: Func("tanh", ref("z")),
    derivative=lambda p: 1 - line("square", ref("a") ** 2),
    saturates=True,
    bounds=lambda p: Bounds(Const("-1"), Const("1")),
    mistakes=lambda p: made(sigmoid_for_tanh=1 / (1 + exp(-ref("z")))),
    derivative_mistakes=lambda p: (
        made(
            tanh_derivative_one_minus_a=1 - ref("a"),
            derivative_of_sigmoid=ref("a") * (1 - ref("a")),
            z_for_a=1 - ref("z") ** 2,
        )
        + made_in("square", doubled_for_squared=2 * ref("a"))
    ),
)
