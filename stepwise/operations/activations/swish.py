"""Swish: a = z·σ(βz), a′ = βa + σ(βz)(1 − βa). Ramachandran, Zoph and Le, 2017."""

from stepwise.expressions import Const, line, ref
from stepwise.operations.activation import Activation, Bounds, logistic, scaled

SWISH = Activation(
    name="swish",
    head=r"\mathrm{Swish}",
    output=lambda p: ref("z") * line("gate", logistic(scaled(p["beta"], ref("z")))),
    derivative=lambda p: scaled(p["beta"], ref("a")) + ref("gate") * line("one_minus", 1 - scaled(p["beta"], ref("a"))),
    parameters={"beta": "1"},
    bounds=lambda p: Bounds(low=-(Const("0.2785") / p["beta"]), reached=True, rounded=True),
)
