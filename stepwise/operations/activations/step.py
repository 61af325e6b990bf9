"""step: a = 1 where z > 0, 0 where z < 0, and `at_zero` at z = 0; its derivative is taken as 0 everywhere."""

from stepwise.expressions import Case, Cases, Compare, Const, Expr, Fill, ref
from stepwise.operations.activation import Activation, Bounds, Parameters
from stepwise.operations.operation import made


def _output(p: Parameters) -> Expr:
    above = Case(Compare(ref("z"), ">", Const("0")), Const("1"))
    below = Case(Compare(ref("z"), "<", Const("0")), Const("0"))
    if p["at_zero"].text == "0":
        return Cases((above,), Const("0"))
    return Cases((above, below), p["at_zero"])


STEP = Activation(
    name="step",
    head=r"\operatorname{step}",
    output=_output,
    derivative=lambda p: Fill(Const("0"), ref("z")),
    parameters={"at_zero": "0"},
    bounds=lambda p: Bounds(Const("0"), Const("1"), reached=True, between=False),
    derivative_mistakes=lambda p: made(derivative_taken_as_one=Fill(Const("1"), ref("z"))),
)
