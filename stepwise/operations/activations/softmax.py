"""softmax: a_k = e^{z_k}/Σ_j e^{z_j} over the units of a layer; δ = a ⊙ (g − Σ a·g) for an incoming gradient g.

Its Jacobian is diag(a) − a aᵀ.

The maximum is subtracted only where e^z would overflow (or all of them vanish).
"""

from stepwise.expressions import Case, Cases, Compare, Const, Diag, Expr, Largest, Sum, exp, line, ref
from stepwise.operations.activation import Activation, Bounds


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


SOFTMAX = Activation(
    name="softmax",
    head=r"\operatorname{softmax}",
    output=lambda p: _output(),
    backward=ref("a") * (ref("g") - line("inner", Sum(ref("a") * ref("g"), "units"))),
    jacobian=_jacobian,
    positive_only=True,
    bounds=lambda p: Bounds(Const("0"), Const("1")),
)
