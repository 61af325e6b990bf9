"""Small problem files for the tests of traces, and half-up rounding in decimal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from stepwise import Trace, solve
from stepwise.problem import read_problem

MLP = """
architecture:
  layout: {layout}
  layers:
    - {{units: 3, activation: {hidden}}}
    - {{units: 2, activation: {output}}}
  loss: {loss}
weights: {weights}
biases: [[0.1, -0.2, 0.3], [0.05, 0]]
inputs: {inputs}
"""
COLUMN = "[[[0.5, -0.4], [0.3, 0.8], [-0.6, 0.2]], [[0.7, -0.2, 0.4], [0.1, 0.9, -0.5]]]"
ROW = "[[[0.5, 0.3, -0.6], [-0.4, 0.8, 0.2]], [[0.7, 0.1], [-0.2, 0.9], [0.4, -0.5]]]"
BATCH = "[[1, 2], [0.5, -1], [2, 0.25], [-1, 1]]"


def solved(text: str) -> Trace:
    """The problem file, solved."""
    return solve(read_problem(text, name="test", source="test", folder=None))


def mlp(
    more: str = "labels: [1, 0]\nlr: 0.1\n",
    *,
    layout: str = "column",
    hidden: str = "sigmoid",
    output: str = "softmax",
    loss: str = "cross_entropy",
    inputs: str = "[1, 2]",
) -> Trace:
    """A 2-3-2 network, with `more` at the end of its file."""
    weights = COLUMN if layout == "column" else ROW
    head = MLP.format(layout=layout, hidden=hidden, output=output, loss=loss, weights=weights, inputs=inputs)
    return solved(head + more)


def neuron(more: str, *, activation: str = "identity", loss: str = "mse", numbers: str = "") -> Trace:
    """One neuron with two inputs, or with `numbers` of its own."""
    numbers = numbers or "weights: [[0.37, -0.61]]\nbiases: [0.15]\ninputs: [1.2, 0.7]\nlabels: 0.9\nlr: 0.3\n"
    head = f"architecture: {{layers: [{{units: 1, activation: {activation}}}], loss: {loss}}}\n"
    return solved(head + numbers + more)


def half_up(value: float, decimals: int) -> float:
    """Rounded as on paper, in decimal."""
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
