"""L2 regularisation: λ/2·‖W‖² added to the loss, λW to the gradient. Biases are never touched."""

from __future__ import annotations

from functools import reduce

from stepwise.expressions import Add, Const, Expr, Sum, ref
from stepwise.operations.operation import Operation

NORM = Operation("squared_norm", Sum(ref("W") ** 2, "all"))
REG_GRADIENT = Operation("reg_gradient", ref("lambda") * ref("W"))
OBJECTIVE = Operation("objective", ref("L") + ref("reg"))
TOTAL_GRADIENT = Operation("total_gradient", ref("data") + ref("reg"))


def penalty(slots: list[str]) -> Operation:
    """λ/2 times the sum of the squared norms named by `slots`."""
    norms: list[Expr] = [ref(slot) for slot in slots]
    return Operation("penalty", ref("lambda") / Const("2") * reduce(Add, norms))
