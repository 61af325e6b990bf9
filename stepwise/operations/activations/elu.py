"""ELU: a = z where z > 0, else α(e^z − 1); a′ = 1 or a + α (α at z = 0)."""

from stepwise.expressions import Const, Fill, Max, exp, ref
from stepwise.operations.activation import Activation, Bounds, positive, scaled
from stepwise.operations.operation import made

ELU = Activation(
    name="elu",
    head=r"\mathrm{ELU}",
    output=lambda p: positive(ref("z"), ref("z"), scaled(p["alpha"], exp(ref("z")) - 1)),
    derivative=lambda p: positive(ref("z"), Const("1"), ref("a") + p["alpha"]),
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
