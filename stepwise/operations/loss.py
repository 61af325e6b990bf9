"""What a loss is: one record a file in `losses/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from msgspec import Struct, field

from stepwise.expressions import Const, Expr
from stepwise.operations.mistakes import of_loss, of_short_delta
from stepwise.operations.operation import Mistakes, Operation, made, none


class LossRecord(Struct, frozen=True):
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
    mistakes: Callable[[Const], Mistakes] = none
    """What people get wrong in the lines of `each`, beside what they get wrong in every loss …"""
    derivative_mistakes: Callable[[Const], Mistakes] = none
    """… and in those of `derivative`."""

    def of_sample(self, factor: Const, activation: str) -> Operation:
        """The loss of a sample, after an output `activation`."""
        after = self.each_after.get(activation)
        tree = after or self.each(factor)
        own = none if after else self.mistakes
        return Operation(self.name, tree, lambda: of_loss(tree) + own(factor))

    def slope(self, factor: Const, activation: str) -> Operation:
        """∂L/∂a, after an output `activation`."""
        after = self.derivative_after.get(activation)
        tree = after or self.derivative(factor)
        own = none if after else self.derivative_mistakes
        return Operation("loss_derivative", tree, lambda: made(sign_of_delta=-tree) + own(factor))

    def short_delta(self, activation: str) -> Operation | None:
        """The short form of the error term after an output `activation`, if there is one."""
        tree = self.fused.get(activation)
        if tree is None:
            return None
        return Operation("fused", tree, lambda: of_short_delta(tree, activation))
