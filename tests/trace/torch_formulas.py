"""Activations and losses as PyTorch has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def outputs(torch: Any) -> dict[str, Callable[[Any, Any], Any]]:
    """a = f(z) by the name of the activation."""
    functions = torch.nn.functional
    return {
        "identity": lambda z, p: z,
        "sigmoid": lambda z, p: torch.sigmoid(z),
        "tanh": lambda z, p: torch.tanh(z),
        "relu": lambda z, p: torch.relu(z),
        "leaky_relu": lambda z, p: functions.leaky_relu(z, p["alpha"]),
        "elu": lambda z, p: functions.elu(z, p["alpha"]),
        "swish": lambda z, p: z * torch.sigmoid(p["beta"] * z),
        "gelu": lambda z, p: functions.gelu(z),
        "softplus": lambda z, p: functions.softplus(z, p["beta"], threshold=200),
        "softmax": lambda z, p: torch.softmax(z, dim=-1),
        "step": lambda z, p: torch.heaviside(z.detach(), torch.tensor(p["at_zero"], dtype=z.dtype)) + 0 * z,
    }


def each_loss(torch: Any, loss: str, a: Any, y: Any, factor: float, *, after_sigmoid: bool) -> Any:
    """The loss of each sample."""
    functions = torch.nn.functional
    if loss == "mse":
        return functions.mse_loss(a, y, reduction="none").sum(-1) * factor
    if loss == "binary_cross_entropy":
        return functions.binary_cross_entropy(a, y, reduction="none").sum(-1)
    if loss == "cross_entropy":
        return functions.nll_loss(torch.log(a), y.argmax(-1), reduction="none") if _hard(y) else -(y * a.log()).sum(-1)
    if loss == "hinge":
        return torch.relu(1 - y * a).sum(-1)  # 0 at a margin of exactly 1
    return (-torch.log(a) if after_sigmoid else -functions.logsigmoid(a)).sum(-1)


def _hard(y: Any) -> bool:
    return bool(((y == 0) | (y == 1)).all())
