"""The perceptron rule: ŷ = step(w·x + b), w ← w + η(y − ŷ)x. Rosenblatt, 1958."""

from __future__ import annotations

from stepwise.expressions import Case, Cases, Compare, Const, Fill, ref
from stepwise.operations.activation import positive
from stepwise.operations.operation import Operation, made

_Y, _YHAT, _ETA, _ERROR = ref("y"), ref("yhat"), ref("eta"), ref("error")
ERROR = Operation("error", _Y - _YHAT, lambda: made(difference_reversed=_YHAT - _Y))
BIAS_STEP = Operation("bias_step", _ETA * _ERROR, lambda: made(forgot_learning_rate=_ERROR))


def prediction(low: str) -> Operation:
    """1 where z > 0, else `low`: 0, or −1 where the labels are ±1."""
    z, one, below, other = ref("z"), Const("1"), Const(low), Const("0" if low == "-1" else "-1")
    from_zero = Cases((Case(Compare(z, ">=", Const("0")), one),), below)
    return Operation(
        "prediction",
        positive(z, one, below),
        lambda: made(
            zero_counted_as_positive=from_zero,
            step_reversed=positive(z, below, one),
            other_low_label=positive(z, one, other),
            forgot_activation=z,
        ),
    )


def weight_step(layout: str) -> Operation:
    """η·(y − ŷ)·x, lying as w does."""
    x = ref("x") if layout == "column" else ref("x").T
    return Operation(
        "weight_step",
        _ETA * _ERROR * x,
        lambda: made(
            forgot_learning_rate=_ERROR * x, forgot_input=_ETA * _ERROR * Fill(Const("1"), x), forgot_error=_ETA * x
        ),
    )
