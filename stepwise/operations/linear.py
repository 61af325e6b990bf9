"""The linear part of a layer: forward, backward, gradients. Column layout: z = Wx + b; row layout: Z = XW + b."""

from __future__ import annotations

from stepwise.expressions import Const, Diag, Expr, Fill, Sum, ref
from stepwise.operations.operation import Mistakes, Operation, made

_W, _X, _B, _DELTA, _Z_IN = ref("W"), ref("x"), ref("b"), ref("delta"), ref("z_in")
_ONE = Const("1")
ONE_OVER_N = Const("1") / ref("N")


def affine(layout: str, *, bias: bool) -> Operation:
    """z = Wx + b, or Z = XW + b, with or without the bias. `z_in` is what x was before its activation."""

    def product(weights: Expr, inputs: Expr) -> Expr:
        return weights @ inputs if layout == "column" else inputs @ weights

    def whole(linear: Expr) -> Expr:
        return linear + _B if bias else linear

    def mistakes() -> Mistakes:
        turned, unactivated = whole(product(_W.T, _X)), whole(product(_W, _Z_IN))
        common = made(weights_not_transposed=turned, z_for_a=unactivated)
        return common + of_bias(product(_W, _X)) if bias else common

    return Operation("affine" if bias else "linear", whole(product(_W, _X)), mistakes)


def of_bias(product: Expr) -> Mistakes:
    """Mistakes with the bias that is added to a product."""
    return made(forgot_bias=product, bias_subtracted=product - _B)


def back(layout: str) -> Operation:
    """The error term sent back through the weights: Wᵀδ, or ΔWᵀ."""

    def product(weights: Expr) -> Expr:
        return weights @ _DELTA if layout == "column" else _DELTA @ weights

    return Operation(
        "back",
        product(_W.T),
        lambda: made(
            weights_not_transposed=product(_W),
            updated_weights_used=product(ref("W_new").T),
            forgot_weights=_DELTA,
        ),
    )


def weight_gradient(layout: str, *, mean: bool, divided: bool = False) -> Operation:
    """∇W = δxᵀ, or XᵀΔ; over a batch the sum of these, times 1/N where the loss is a mean and δ is not `divided`."""

    def product(inputs: Expr) -> Expr:
        outer = _DELTA @ inputs.T if layout == "column" else inputs.T @ _DELTA
        return ONE_OVER_N * outer if mean else outer

    def mistakes() -> Mistakes:
        right = product(_X)
        return made(
            outer_product_transposed=right.T, z_for_a=product(_Z_IN), forgot_input=product(Fill(_ONE, _X))
        ) + _divided_once_more(right, mean=mean, divided=divided)

    return Operation("weight_gradient", product(_X), mistakes)


def bias_gradient(*, batch: bool, mean: bool, divided: bool = False) -> Operation:
    """∇b = δ; over a batch the sum over the samples, times 1/N where the loss is a mean and δ is not `divided`."""
    if not batch:
        return Operation("copy", _DELTA)
    return reduction("bias_gradient", _DELTA, mean=mean, divided=divided)


def reduction(name: str, each: Expr, *, mean: bool, divided: bool = False) -> Operation:
    """The mean or the sum over the samples."""
    total = Sum(each, "samples")
    tree = ONE_OVER_N * total if mean else total
    return Operation(name, tree, lambda: _divided_once_more(tree, mean=mean, divided=divided))


def _divided_once_more(tree: Expr, *, mean: bool, divided: bool) -> Mistakes:
    """A sum that is taken as a mean, though the loss is a sum or the error term has its 1/N already."""
    if mean:
        return ()
    again = ONE_OVER_N * tree
    return made(divided_by_n_twice=again) if divided else made(mean_for_sum=again)


INCOMING, SLOPE, LOSSES = ref("g"), ref("f"), ref("losses")
"""The gradient that arrives at an activation, the activation's derivative, the losses of the samples."""

DIAGONAL = Operation("diagonal", Diag(SLOPE))
"""The Jacobian of an activation that works on every unit by itself."""


THROUGH_SLOPE = Operation(
    "through_slope",
    INCOMING * SLOPE,
    lambda: made(forgot_activation_derivative=INCOMING, forgot_incoming_gradient=SLOPE),
)
"""The error term: the gradient that arrives times the activation's derivative."""


def through_jacobian(layout: str) -> Operation:
    """The error term by the Jacobian J of the activation: Jᵀg, or gJ for a row; every J here is its own transpose."""
    jacobian = ref("jac")
    tree = jacobian @ INCOMING if layout == "column" else INCOMING @ jacobian
    return Operation("through_jacobian", tree, lambda: made(forgot_activation_derivative=INCOMING))
