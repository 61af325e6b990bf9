"""The step of gradient descent: η∇W, then W − η∇W."""

from stepwise.expressions import ref
from stepwise.operations.operation import Operation

STEP = Operation("learning_rate_times_gradient", ref("eta") * ref("gradient"))
DESCEND = Operation("descend", ref("parameter") - ref("step"))
ASCEND = Operation("ascend", ref("parameter") + ref("step"))
INVERSE_SCHEDULE = Operation("inverse_schedule", 1 / (ref("lambda") * ref("t")))
