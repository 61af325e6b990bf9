"""The sheet that compares squared error and cross-entropy under a sigmoid."""

from __future__ import annotations

from functools import cached_property

from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.document.reference.losses import derivative_tree, loss_tree
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import DECIMALS, formula, in_one, shown, tall, value
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Const, Expr, bind
from stepwise.operations import linear
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES

MSE, ENTROPY, SIGMOID = LOSSES["mse"], LOSSES["binary_cross_entropy"], ACTIVATIONS["sigmoid"]
OUTPUTS = ("0.01", "0.1", "0.5", "0.9", "0.99")
"""The outputs of the table; the label is 1."""
_IN_WORDS = ("slope", "saturated", "convex", "use")


def slope() -> Expr:
    """σ′ through a."""
    assert SIGMOID.derivative is not None
    return in_one(SIGMOID.derivative({}))


def error(derivative: Expr) -> Expr:
    """∂L/∂a · σ′."""
    return bind(linear.INCOMING * linear.SLOPE, {"g": derivative, "f": slope()})


MSE_ERROR = error(derivative_tree(MSE))
ENTROPY_ERROR = ENTROPY.fused[SIGMOID.name]


class Comparison:
    """What the story tells."""

    label = Math(f"y = {formula(Const('1'))}")
    output = Math(rf"a = {SIGMOID.head}(z)")
    slope = Math(formula(slope()))
    zero = Math("a = 0")
    one = Math("a = 1")
    decimals = DECIMALS

    @cached_property
    def formulas(self) -> Table:
        """Loss, derivative, error term, and what follows, side by side."""
        rows: list[list[Cell]] = [
            [_row("loss"), tall(formula(loss_tree(MSE))), tall(formula(loss_tree(ENTROPY)))],
            [
                Math(r"\partial L / \partial a"),
                Math(formula(derivative_tree(MSE))),
                tall(formula(derivative_tree(ENTROPY))),
            ],
            [Math(r"\partial a / \partial z"), self.slope, self.slope],
            [_row("error"), Math(formula(MSE_ERROR)), Math(formula(ENTROPY_ERROR))],
        ]
        for name in _IN_WORDS:
            sides = [phrase(f"mse_vs_cross_entropy.{side}.{name}") for side in ("mse", "entropy")]
            rows.append([_row(name), *sides])
        return Table([_row("what"), phrase("loss.mse"), phrase("loss.binary_cross_entropy")], rows, (24, 38, 38))

    @property
    def cancelling(self) -> str:
        """Why no slope is left in the error term of cross-entropy."""
        product = formula(error(derivative_tree(ENTROPY)))
        chain = r"\frac{\partial L}{\partial a} \cdot \frac{\partial a}{\partial z}"
        return rf"\delta = {chain} = {product} = {formula(ENTROPY_ERROR)}"

    @cached_property
    def numbers(self) -> Table:
        """Loss and error term of both for some outputs."""
        heads = ("mse_loss", "mse_error", "entropy_loss", "entropy_error")
        trees = (slope(), loss_tree(MSE), MSE_ERROR, loss_tree(ENTROPY), ENTROPY_ERROR)
        rows: list[list[Cell]] = [
            [Math(formula(Const(text))), *(Math(number(tree, text)) for tree in trees)] for text in OUTPUTS
        ]
        header: list[Cell] = [Math("a"), self.slope, *(phrase(f"mse_vs_cross_entropy.column.{name}") for name in heads)]
        return Table(header, rows, (10, 14, 19, 19, 19, 19))

    sure = Math(f"a = {OUTPUTS[0]}")
    """The output that is sure and wrong."""

    @property
    def weak(self) -> Math:
        """δ of the squared error there."""
        return Math(number(MSE_ERROR, OUTPUTS[0]))

    @property
    def strong(self) -> Math:
        """δ of cross-entropy there."""
        return Math(number(ENTROPY_ERROR, OUTPUTS[0]))


def number(tree: Expr, output: str) -> str:
    """What the engine computes for an output, with the label 1."""
    return shown(float(value(tree, a=float(output), y=1.0))).latex


def _row(name: str) -> Phrase:
    return phrase(f"mse_vs_cross_entropy.row.{name}")


SHEET = Sheet("mse-vs-cross-entropy", Comparison)
