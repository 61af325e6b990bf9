"""The linear part of a layer: forward, backward, gradients. Column layout: z = Wx + b; row layout: Z = XW + b."""

from __future__ import annotations

from stepwise.expressions import Const, Diag, Expr, Sum, ref
from stepwise.operations.operation import Operation

_W, _X, _B, _DELTA = ref("W"), ref("x"), ref("b"), ref("delta")
ONE_OVER_N = Const("1") / ref("N")


def affine(layout: str, *, bias: bool) -> Operation:
    """z = Wx + b, or Z = XW + b, with or without the bias."""
    product = _W @ _X if layout == "column" else _X @ _W
    return Operation("affine", product + _B) if bias else Operation("linear", product)


def back(layout: str) -> Operation:
    """The error term sent back through the weights: Wᵀδ, or ΔWᵀ."""
    return Operation("back", _W.T @ _DELTA if layout == "column" else _DELTA @ _W.T)


def weight_gradient(layout: str, *, mean: bool) -> Operation:
    """∇W = δxᵀ, or XᵀΔ; over a batch the sum of these, times 1/N where the loss is a mean."""
    product = _DELTA @ _X.T if layout == "column" else _X.T @ _DELTA
    return Operation("weight_gradient", ONE_OVER_N * product if mean else product)


def bias_gradient(*, batch: bool, mean: bool) -> Operation:
    """∇b = δ; over a batch the sum over the samples, times 1/N where the loss is a mean."""
    if not batch:
        return Operation("copy", _DELTA)
    return reduction("bias_gradient", _DELTA, mean=mean)


def reduction(name: str, each: Expr, *, mean: bool) -> Operation:
    """The mean or the sum over the samples."""
    total = Sum(each, "samples")
    return Operation(name, ONE_OVER_N * total if mean else total)


INCOMING, SLOPE, LOSSES = ref("g"), ref("f"), ref("losses")
"""The gradient that arrives at an activation, the activation's derivative, the losses of the samples."""

DIAGONAL = Operation("diagonal", Diag(SLOPE))
"""The Jacobian of an activation that works on every unit by itself."""


def through_jacobian(layout: str) -> Expr:
    """The error term by the Jacobian J of the activation: Jᵀg, or gJ for a row; every J here is its own transpose."""
    jacobian = ref("jac")
    return jacobian @ INCOMING if layout == "column" else INCOMING @ jacobian
