"""What is done to the inputs before the first layer."""

from stepwise.expressions import ref
from stepwise.operations.operation import Operation

DIVIDE = Operation("divide", ref("x") / ref("divisor"))
STANDARDIZE = Operation("standardize", (ref("x") - ref("mean")) / ref("std"))
