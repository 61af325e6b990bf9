"""Every activation and every loss has its own definition in both of the other ways that verify them."""

from __future__ import annotations

import numpy as np
import pytest

from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.verifying.exact import Symbolic
from stepwise.verifying.plain import ACTIVATIONS as DEFINED
from stepwise.verifying.plain import Model, Unit, objective

OUTPUTS = {"cross_entropy": ("softmax",), "binary_cross_entropy": ("sigmoid",)}
VALUES = {"w": np.array([[0.3, -0.2], [0.4, 0.7]])}


def slopes_agree(activation: str, loss: str) -> None:
    """The symbolic slope of one weight is that of the plain loss; a missing definition raises."""
    parameters = {name: float(text) for name, text in ACTIVATIONS[activation].parameters.items()}
    units, x, y = (Unit(activation, parameters),), np.array([[0.8, 1.3]]), np.array([[1.0, 0.0]])
    model = Model(units, loss, 0.5, True, 0.0, False, x, y, (("w", "b"),))
    step = np.zeros((2, 2))
    step[1, 0] = 1e-5
    ends = [float(objective(model, {"w": VALUES["w"] + sign * step})) for sign in (1, -1)]
    assert Symbolic(model, VALUES).derivative("w", (1, 0)) == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)


def test_every_activation_is_defined_in_plain_numpy() -> None:
    assert set(DEFINED) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_activation_is_defined_twice(name: str) -> None:
    slopes_agree(name, "mse")


@pytest.mark.parametrize("name", list(LOSSES))
def test_every_loss_is_defined_twice(name: str) -> None:
    for activation in OUTPUTS.get(name, ("identity",)):
        slopes_agree(activation, name)
