"""Every activation, found by looking into this folder."""

from collections.abc import Mapping

from stepwise.operations.activation import Activation
from stepwise.operations.operation import Records

ACTIVATIONS: Mapping[str, Activation] = Records(__name__, list(__path__), Activation)
