"""sigmoid: a = 1/(1 + e^{−z}), a′ = a(1 − a).

Where z > 14, 1 − a would lose the digits of a that are not 9: there it is e^{−z}/(1 + e^{−z}), which is the same.
"""

from stepwise.expressions import Compare, Const, Expr, exp, line, ref, shown_as
from stepwise.operations.activation import Activation, Bounds, logistic, logistic_mistakes
from stepwise.operations.operation import made, made_in


def _derivative() -> Expr:
    far, exponential = Compare(ref("z"), ">", Const("14")), exp(-ref("z"))
    other = exponential / (1 + exponential)
    return ref("a") * line("one_minus", shown_as(1 - ref("a"), far, other, "sure"))


SIGMOID = Activation(
    name="sigmoid",
    head=r"\sigma",
    output=lambda p: logistic(ref("z")),
    derivative=lambda p: _derivative(),
    positive_only=True,
    saturates=True,
    bounds=lambda p: Bounds(Const("0"), Const("1")),
    mistakes=lambda p: logistic_mistakes() + made(forgot_reciprocal=ref("sum")),
    derivative_mistakes=lambda p: (
        made(forgot_factor_a=ref("one_minus"), derivative_of_tanh=1 - ref("a") ** 2, z_for_a=ref("z") * (1 - ref("z")))
        + made_in("one_minus", difference_reversed=ref("a") - 1)
    ),
)
