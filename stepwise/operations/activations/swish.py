"""Swish: a = z·σ(βz), a′ = βa + σ(βz)(1 − βa). Ramachandran, Zoph and Le, 2017."""

from stepwise.expressions import Const, exp, line, ref
from stepwise.operations.activation import Activation, Bounds, logistic, logistic_mistakes, scaled
from stepwise.operations.operation import made, made_in

SWISH = Activation(
    name="swish",
    head=r"\mathrm{Swish}",
    output=lambda p: ref("z") * line("gate", logistic(scaled(p["beta"], ref("z")))),
    derivative=lambda p: scaled(p["beta"], ref("a")) + ref("gate") * line("one_minus", 1 - scaled(p["beta"], ref("a"))),
    parameters={"beta": "1"},
    bounds=lambda p: Bounds(low=-(Const("0.2785") / p["beta"]), reached=True, rounded=True),
    mistakes=lambda p: (
        logistic_mistakes()
        + made(forgot_factor_z=ref("gate"))
        + made_in("gate", forgot_reciprocal=ref("sum"))
        + made_in("exp", forgot_beta=exp(-ref("z")))
    ),
    derivative_mistakes=lambda p: (
        made(forgot_product_rule=ref("gate"), forgot_beta=ref("a") + ref("gate") * (1 - ref("a")))
        + made_in("one_minus", difference_reversed=scaled(p["beta"], ref("a")) - 1)
    ),
)
