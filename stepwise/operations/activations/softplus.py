"""softplus: a = ln(1 + e^{βz})/β, a′ = σ(βz) = e^{βz}/(1 + e^{βz}).

Where βz > 30 the lines are e^{−βz}, 1 + e^{−βz} and z + ln(·)/β, which is the same and does not overflow. Far below 0,
1 + e^{βz} keeps too few digits of the exponential: there the logarithm is taken from its series.
"""

from stepwise.expressions import Compare, Const, Expr, Func, exp, line, ref, shown_as
from stepwise.operations.activation import Activation, Bounds, Parameters, by_series, logistic_mistakes, scaled
from stepwise.operations.operation import Mistakes, made, made_in


def _far(p: Parameters) -> Compare:
    return Compare(scaled(p["beta"], ref("z")), ">", Const("30"))


def _over_beta(p: Parameters, value: Expr) -> Expr:
    return value if p["beta"].text == "1" else value / p["beta"]


def _output(p: Parameters) -> Expr:
    scaled_z = scaled(p["beta"], ref("z"))
    exponential = line("exp", shown_as(exp(scaled_z), _far(p), exp(-scaled_z), "other_form"))
    value = _over_beta(p, Func("ln", line("sum", 1 + exponential)))
    first, second = (_over_beta(p, term) for term in (exponential, exponential**2 / 2))
    return shown_as(by_series(value, scaled_z, first, second), _far(p), ref("z") + value, "other_form")


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
