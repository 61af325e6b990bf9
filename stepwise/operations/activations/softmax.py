"""softmax: a_k = e^{z_k}/Σ_j e^{z_j} over the units of a layer; δ = a ⊙ (g − Σ a·g) for an incoming gradient g.

Its Jacobian is diag(a) − a aᵀ.

The maximum is subtracted only where e^z would overflow (or all of them vanish).
"""

from stepwise.expressions import Case, Cases, Compare, Const, Diag, Expr, Largest, Sum, exp, line, ref
from stepwise.operations.activation import Activation, Bounds
from stepwise.operations.operation import Mistakes, made, made_in


def _output() -> Expr:
    z = ref("z")
    largest = Largest(z, "units")
    shifted = exp(z - largest)
    too_large = (
        Case(Compare(largest, ">", Const("700")), shifted),
        Case(Compare(largest, "<", Const("-700")), shifted),
    )
    exponential = line("exp", Cases(too_large, exp(z), "shifted"))
    return exponential / line("sum", Sum(exponential, "units"))


def _jacobian(layout: str) -> Expr:
    a = ref("a")
    return Diag(a) - (a @ a.T if layout == "column" else a.T @ a)


def _mistakes() -> Mistakes:
    z = ref("z")
    own = made(
        softmax_not_normalised=ref("exp"),
        forgot_exponential=z / Sum(z, "units"),
        sigmoid_for_softmax=1 / (1 + exp(-z)),
    )
    return own + made_in("sum", forgot_exponential=Sum(z, "units"))


def _backward_mistakes() -> Mistakes:
    a, g = ref("a"), ref("g")
    own = made(forgot_inner_sum=a * g, forgot_factor_a=g - ref("inner"), only_the_diagonal=a * (1 - a) * g)
    return own + made_in("inner", forgot_factor_a=Sum(g, "units"))


def _jacobian_mistakes(layout: str) -> Mistakes:
    a = ref("a")
    outer = a @ a.T if layout == "column" else a.T @ a
    return made(difference_reversed=outer - Diag(a), only_the_diagonal=Diag(a * (1 - a)), forgot_outer_product=Diag(a))


SOFTMAX = Activation(
    name="softmax",
    head=r"\operatorname{softmax}",
    output=lambda p: _output(),
    backward=ref("a") * (ref("g") - line("inner", Sum(ref("a") * ref("g"), "units"))),
    jacobian=_jacobian,
    positive_only=True,
    bounds=lambda p: Bounds(Const("0"), Const("1")),
    mistakes=lambda p: _mistakes(),
    backward_mistakes=_backward_mistakes,
    jacobian_mistakes=_jacobian_mistakes,
)
