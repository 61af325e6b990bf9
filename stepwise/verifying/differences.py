"""Central differences in float64, with steps that halve and an extrapolation that knows its own error.

(J(θ + h) − J(θ − h))/2h is computed for h, h/2, h/4 … and extrapolated to h = 0; the value whose neighbours in the
table of extrapolations differ least is taken. Source: C. J. F. Ridders, "Accurate computation of F′(x) and F′(x)F″(x)",
Advances in Engineering Software 4 (1982), 75–76; also Press et al., Numerical Recipes, 3rd ed., section 5.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
FIRST_STEP = 2.0**-4
HALVINGS = 14
_SHARE, _NOISE = 1e-3, 1e-7
"""Slopes from the left and from the right are those of a corner where they differ by more than this share and noise."""


@dataclass(frozen=True)
class Slope:
    """The derivative by central differences, and the slopes to the left and to the right."""

    central: float
    left: float
    right: float
    noise: float
    jumps: bool
    """Whether the loss is another beside the point, however near."""

    @property
    def corner(self) -> bool:
        """Whether the two sides differ."""
        return self.jumps or abs(self.right - self.left) > self._room

    @property
    def _room(self) -> float:
        return _SHARE * max(abs(self.left), abs(self.right)) + self.noise

    def has_between(self, value: float) -> bool:
        """Whether a value lies between the slopes of the two sides: any such one is a subgradient."""
        low, high = sorted((self.left, self.right))
        return not self.jumps and low - self._room <= value <= high + self._room


def slope(loss: Callable[[Array], Array], at: float, reach: float) -> Slope:
    """The slope of `loss`, which takes many values at once, at one number.

    `reach`: the largest number that the parameter is multiplied by; so many times smaller are the steps. Where a number
    is too large for such steps they are taken larger.
    """
    start = max(FIRST_STEP / max(1.0, reach), abs(at) * 2.0**-26)
    steps = start * 0.5 ** np.arange(HALVINGS)
    above, below = at + steps, at - steps
    values = loss(np.concatenate([above, below, [at]]))
    high, low, here = values[:HALVINGS], values[HALVINGS:-1], float(values[-1])
    quotients = (high - low) / (above - below)
    right = (high[-2:] - here) / (above[-2:] - at)
    left = (here - low[-2:]) / (at - below[-2:])
    noise = _NOISE * max(abs(here), 1.0)
    return Slope(
        _extrapolated(quotients),
        float(2 * left[1] - left[0]),
        float(2 * right[1] - right[0]),
        noise,
        _jumps(high, here) or _jumps(low, here),
    )


def _jumps(values: Array, here: float) -> bool:
    """Whether the loss is as far from its value at the point when the step is 64 times as small."""
    near, far = abs(values[-1] - here), abs(values[-7] - here)
    return bool(near > max(0.5 * far, 1e-9 * max(abs(here), 1.0)))


def _extrapolated(quotients: Array) -> float:
    """The limit for h → 0: each column takes the next power of h² out of the one before it."""
    best, error = float(quotients[-1]), np.inf
    before: list[float] = [float(quotients[0])]
    for quotient in quotients[1:]:
        row = [float(quotient)]
        for column, last in enumerate(before):
            factor = 4.0 ** (column + 1)
            row.append((row[-1] * factor - last) / (factor - 1))
            doubt = max(abs(row[-1] - row[-2]), abs(row[-1] - last))
            if doubt <= error:
                best, error = row[-1], doubt
        before = row
    return best
