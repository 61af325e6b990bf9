"""softplus: a = ln(1 + e^{βz})/β, a′ = σ(βz) = e^{βz}/(1 + e^{βz}).

Where βz > 30 the lines are e^{−βz}, 1 + e^{−βz} and z + ln(·)/β, which is the same and does not overflow.
"""

from stepwise.expressions import Compare, Const, Expr, Func, exp, line, ref, shown_as
from stepwise.operations.activation import Activation, Bounds, Parameters, logistic_mistakes, scaled
from stepwise.operations.operation import Mistakes, made, made_in


def _far(p: Parameters) -> Compare:
    return Compare(scaled(p["beta"], ref("z")), ">", Const("30"))


def _output(p: Parameters) -> Expr:
    scaled_z = scaled(p["beta"], ref("z"))
    exponential = line("exp", shown_as(exp(scaled_z), _far(p), exp(-scaled_z), "other_form"))
    logarithm: Expr = Func("ln", line("sum", 1 + exponential))
    value = logarithm if p["beta"].text == "1" else logarithm / p["beta"]
    return shown_as(value, _far(p), ref("z") + value, "other_form")


def _derivative(p: Parameters) -> Expr:
    return shown_as(ref("exp") / ref("sum"), _far(p), 1 / ref("sum"), "other_form")


def _mistakes(p: Parameters) -> Mistakes:
    return (
        logistic_mistakes()
        + made(forgot_logarithm=ref("sum"), forgot_beta=Func("ln", ref("sum")))
        + made_in("exp", forgot_beta=exp(ref("z")))
    )


SOFTPLUS = Activation(
    name="softplus",
    head=r"\operatorname{softplus}",
    output=_output,
    derivative=_derivative,
    parameters={"beta": "1"},
    bounds=lambda p: Bounds(low=Const("0")),
    mistakes=_mistakes,
    derivative_mistakes=lambda p: made(forgot_denominator=ref("exp"), sign_in_exponent=1 / ref("sum")),
)
