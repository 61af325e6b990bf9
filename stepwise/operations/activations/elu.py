"""ELU: a = z where z > 0, else α(e^z − 1); a′ = 1 or a + α (α at z = 0).

Where z < −14, a + α would lose the digits of a that are not those of −α: there it is αe^z, which is the same.
"""

from stepwise.expressions import Compare, Const, Expr, Fill, Max, exp, ref, shown_as
from stepwise.operations.activation import BELOW, Activation, Bounds, Parameters, positive, scaled
from stepwise.operations.operation import made


def _derivative(p: Parameters) -> Expr:
    far = scaled(p["alpha"], exp(ref("z")))
    return positive(ref("z"), Const("1"), shown_as(ref("a") + p["alpha"], Compare(ref("z"), "<", BELOW), far, "sure"))


ELU = Activation(
    name="elu",
    head=r"\mathrm{ELU}",
    output=lambda p: positive(ref("z"), ref("z"), scaled(p["alpha"], exp(ref("z")) - 1)),
    derivative=_derivative,
    parameters={"alpha": "1"},
    bounds=lambda p: Bounds(low=-p["alpha"]),
    mistakes=lambda p: made(
        zero_below_zero=Max(Const("0"), ref("z")),
        forgot_minus_one=positive(ref("z"), ref("z"), scaled(p["alpha"], exp(ref("z")))),
        forgot_alpha=positive(ref("z"), ref("z"), exp(ref("z")) - 1),
    ),
    derivative_mistakes=lambda p: made(
        derivative_taken_as_one=Fill(Const("1"), ref("z")),
        zero_below_zero=positive(ref("z"), Const("1"), Const("0")),
        forgot_alpha=positive(ref("z"), Const("1"), ref("a")),
    ),
)
