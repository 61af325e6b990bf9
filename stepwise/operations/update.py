"""The step of gradient descent: η∇W, then W − η∇W."""

from stepwise.expressions import ref
from stepwise.operations.operation import Operation, made

_PARAMETER, _STEP = ref("parameter"), ref("step")

STEP = Operation(
    "learning_rate_times_gradient",
    ref("eta") * ref("gradient"),
    lambda: made(forgot_learning_rate=ref("gradient")),
)
DESCEND = Operation(
    "descend",
    _PARAMETER - _STEP,
    lambda: made(gradient_ascent=_PARAMETER + _STEP, change_for_new_value=-_STEP, not_updated=_PARAMETER),
)
ASCEND = Operation(
    "ascend",
    _PARAMETER + _STEP,
    lambda: made(gradient_ascent=_PARAMETER - _STEP, change_for_new_value=_STEP, not_updated=_PARAMETER),
)
INVERSE_SCHEDULE = Operation(
    "inverse_schedule",
    1 / (ref("lambda") * ref("t")),
    lambda: made(forgot_lambda=1 / ref("t"), forgot_t=1 / ref("lambda"), forgot_reciprocal=ref("lambda") * ref("t")),
)
