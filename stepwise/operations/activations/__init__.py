"""Every activation, found by looking into this folder."""

from collections.abc import Mapping

from stepwise.operations.activation import Activation
from stepwise.operations.operation import records

ACTIVATIONS: Mapping[str, Activation] = records(__name__, __path__, Activation)
