"""ELU: a = z where z > 0, else α(e^z − 1); a′ = 1 or a + α (α at z = 0)."""

from stepwise.expressions import Const, exp, ref
from stepwise.operations.activation import Activation, Bounds, positive, scaled

ELU = Activation(
    name="elu",
    head=r"\mathrm{ELU}",
    output=lambda p: positive(ref("z"), ref("z"), scaled(p["alpha"], exp(ref("z")) - 1)),
    derivative=lambda p: positive(ref("z"), Const("1"), ref("a") + p["alpha"]),
    parameters={"alpha": "1"},
    bounds=lambda p: Bounds(low=-p["alpha"]),
)
