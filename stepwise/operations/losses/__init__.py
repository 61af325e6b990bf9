"""Every loss, found by looking into this folder."""

from collections.abc import Mapping

from stepwise.operations.loss import LossRecord
from stepwise.operations.operation import records

LOSSES: Mapping[str, LossRecord] = records(__name__, __path__, LossRecord)
