"""The perceptron rule: ŷ = step(w·x + b), w ← w + η(y − ŷ)x. Rosenblatt, 1958."""

from __future__ import annotations

from stepwise.expressions import Const, ref
from stepwise.operations.activation import positive
from stepwise.operations.operation import Operation

ERROR = Operation("error", ref("y") - ref("yhat"))
BIAS_STEP = Operation("bias_step", ref("eta") * ref("error"))


def prediction(low: str) -> Operation:
    """1 where z > 0, else `low`: 0, or −1 where the labels are ±1."""
    return Operation("prediction", positive(ref("z"), Const("1"), Const(low)))


def weight_step(layout: str) -> Operation:
    """η·(y − ŷ)·x, lying as w does."""
    x = ref("x")
    return Operation("weight_step", ref("eta") * ref("error") * (x if layout == "column" else x.T))
