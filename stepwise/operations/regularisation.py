"""L2 regularisation: λ/2·‖W‖² added to the loss, λW to the gradient. Biases are never touched."""

from __future__ import annotations

from functools import reduce

from stepwise.expressions import Add, Const, Expr, Func, Sum, ref
from stepwise.operations.operation import Operation, made

_LAMBDA, _W = ref("lambda"), ref("W")

NORM = Operation(
    "squared_norm",
    Sum(_W**2, "all"),
    lambda: made(forgot_square=Sum(_W, "all"), square_root_taken=Func("sqrt", Sum(_W**2, "all"))),
)
REG_GRADIENT = Operation(
    "reg_gradient",
    _LAMBDA * _W,
    lambda: made(forgot_lambda=_W, doubled=2 * (_LAMBDA * _W), halved=_LAMBDA * _W / 2),
)
OBJECTIVE = Operation(
    "objective",
    ref("L") + ref("reg"),
    lambda: made(forgot_regulariser=ref("L"), sign_of_regulariser=ref("L") - ref("reg")),
)
TOTAL_GRADIENT = Operation(
    "total_gradient",
    ref("data") + ref("reg"),
    lambda: made(forgot_lambda_w=ref("data"), sign_of_regulariser=ref("data") - ref("reg")),
)


def penalty(slots: list[str]) -> Operation:
    """λ/2 times the sum of the squared norms named by `slots`."""
    norms: list[Expr] = [ref(slot) for slot in slots]
    total = reduce(Add, norms)
    return Operation(
        "penalty", _LAMBDA / Const("2") * total, lambda: made(forgot_half=_LAMBDA * total, forgot_lambda=total / 2)
    )
