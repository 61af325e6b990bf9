"""What is done to the inputs before the first layer."""

from stepwise.expressions import ref
from stepwise.operations.operation import Operation, made

_X, _MEAN, _STD = ref("x"), ref("mean"), ref("std")

DIVIDE = Operation("divide", _X / ref("divisor"), lambda: made(forgot_division=_X))
STANDARDIZE = Operation(
    "standardize",
    (_X - _MEAN) / _STD,
    lambda: made(
        forgot_mean=_X / _STD,
        forgot_division=_X - _MEAN,
        difference_reversed=(_MEAN - _X) / _STD,
        variance_for_deviation=(_X - _MEAN) / _STD**2,
    ),
)
