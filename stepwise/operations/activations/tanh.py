"""tanh: a = tanh z, a′ = 1 − a².

Where |z| > 7, 1 − a² would lose the digits of a that are not 9: with t = e^{−2|z|} in the place of a² the derivative is
4t/(1 + t)², which is the same.
"""

from stepwise.expressions import Compare, Const, Expr, Func, exp, line, ref, shown_as
from stepwise.operations.activation import Activation, Bounds
from stepwise.operations.operation import made, made_in


def _derivative() -> Expr:
    size = Func("abs", ref("z"))
    far = Compare(size, ">", Const("7"))
    square = line("square", shown_as(ref("a") ** 2, far, exp(-(2 * size)), "other_form"))
    return shown_as(1 - square, far, 4 * square / (1 + square) ** 2, "other_form")


TANH = Activation(
    name="tanh",
    head=r"\tanh",
    output=lambda p: Func("tanh", ref("z")),
    derivative=lambda p: _derivative(),
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
