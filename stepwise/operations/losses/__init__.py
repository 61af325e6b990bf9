"""Every loss, found by looking into this folder."""

from collections.abc import Mapping

from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import Records

LOSSES: Mapping[str, LossRecord] = Records(__name__, list(__path__), LossRecord)
