"""What a loss is: one record a file in `losses/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from stepwise.expressions import Const, Expr


@dataclass(frozen=True)
class LossRecord:
    """A loss of one sample's outputs `a` against its labels `y`.

    `each` is the loss of a sample (summed over its outputs), `derivative` ∂L/∂a; both get the factor in front. With
    some output activations the error term has a short form: `fused[activation]` is δ in `a`, `y` and the lines of
    `each`. `each_after[activation]` replaces `each` where the activation already is part of the loss, and
    `derivative_after[activation]` then replaces `derivative`.
    """

    name: str
    each: Callable[[Const], Expr]
    derivative: Callable[[Const], Expr]
    fused: Mapping[str, Expr] = field(default_factory=dict)
    each_after: Mapping[str, Expr] = field(default_factory=dict)
    derivative_after: Mapping[str, Expr] = field(default_factory=dict)
    labels: Literal["any", "probability", "distribution", "plus_minus", "unused"] = "any"
    needs_probabilities: bool = False
    factor: str | None = None
