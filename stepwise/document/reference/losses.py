"""The sheet of losses: formula, derivative, labels, when to use which, and the short error terms."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import formula, in_one, over, over_units, tall, without_sums
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Const, Expr, Ref, bind
from stepwise.operations import linear
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.loss import LossRecord
from stepwise.operations.losses import LOSSES

_SEVERAL_OUTPUTS = ("any", "distribution")
"""Labels of losses that are shown for a whole layer of outputs, not for one."""
CHAIN = {"g": r"\frac{\partial \ell}{\partial a}", "f": "f'(z)"}
"""How the two factors of an error term are written."""
SLOPES_OF_LOSS = {f"g_{index}": rf"\frac{{\partial \ell}}{{\partial a_{{{index}}}}}" for index in "ik"}
"""What comes in from the loss, for an output i and for each of a sum."""


def factor_of(record: LossRecord) -> Const:
    """The factor that a file gets that names none."""
    return Const(record.factor or "1")


def loss_tree(record: LossRecord) -> Expr:
    """The loss of one sample with one output."""
    return without_sums(in_one(record.each(factor_of(record))))


def derivative_tree(record: LossRecord) -> Expr:
    """∂ℓ/∂a with one output."""
    factor = factor_of(record)
    return in_one(record.derivative(factor), lines_of=record.each(factor))


def loss_formula(record: LossRecord) -> str:
    """The loss of one sample."""
    several = over_units(in_one(record.each(factor_of(record))))
    return formula(several if _several(record) else loss_tree(record))


def derivative_formula(record: LossRecord) -> str:
    """∂ℓ/∂a for one output."""
    return formula(_of_output(record, derivative_tree(record)))


def error_formula(record: LossRecord, activation: str) -> str:
    """The short error term after an output activation."""
    tree = in_one(record.fused[activation], lines_of=record.each(factor_of(record)))
    return f"{formula(_of_output(record, Ref('delta')))} = {formula(_of_output(record, tree))}"


def _several(record: LossRecord) -> bool:
    return record.labels in _SEVERAL_OUTPUTS


def _of_output(record: LossRecord, tree: Expr) -> Expr:
    """The tree for output k, or for the only one."""
    return bind(tree, {name: Ref(f"{name}_k") for name in ("a", "y", "delta")}) if _several(record) else tree


class Losses:
    """What the story tells."""

    mean = Math(
        "L = "
        + formula(
            over(linear.reduction("mean", linear.LOSSES, mean=True).tree, "i", "N", "samples"),
            {"losses_i": r"\ell_{i}"},
        )
    )
    """The loss of a batch."""
    after = Math(formula(without_sums(in_one(LOSSES["neg_log_sigmoid"].each_after["sigmoid"]))))
    """−log σ(s) where the output is σ(s) already."""
    delta = Math(r"\delta = \partial \ell / \partial z")

    @cached_property
    def formulas(self) -> Table:
        """A row for each: the loss of a sample, its derivative, its labels."""
        header: list[Cell] = [
            _column("name"),
            Math(r"\ell"),
            Math(r"\partial \ell / \partial a"),
            _column("labels"),
        ]
        rows: list[list[Cell]] = [
            [
                phrase(f"loss.{name}"),
                tall(loss_formula(record)),
                tall(derivative_formula(record)),
                phrase(f"losses.labels.{record.labels}"),
            ]
            for name, record in LOSSES.items()
        ]
        return Table(header, rows, (23, 31, 20, 26))

    def uses(self, known: Callable[[str], bool]) -> Table:
        """A row for each that has words: what it is for."""
        names = [name for name in LOSSES if known(f"losses.use.{name}")]
        rows = [[phrase(f"loss.{name}"), phrase(f"losses.use.{name}")] for name in names]
        return Table([_column("name"), _column("use")], rows, (23, 77))

    @cached_property
    def errors(self) -> Table:
        """A row for each pair of a loss and an output activation with a short error term, then the general one."""
        rows: list[list[Cell]] = [
            [phrase(f"loss.{name}"), phrase(f"activation.{activation}"), Math(error_formula(record, activation))]
            for name, record in LOSSES.items()
            for activation in record.fused
        ]
        # the slope of the identity is 1
        error = f"{formula(Ref('delta_k'))} = {derivative_formula(LOSSES['mse'])}"
        rows.append([phrase("loss.mse"), phrase("activation.identity"), Math(error)])
        mixed = ACTIVATIONS["softmax"].backward
        assert mixed is not None
        every = bind(over_units(in_one(mixed)), {"a": Ref("a_i"), "g": Ref("g_i")})
        softmax = rf"\delta_{{i}} = {formula(every, SLOPES_OF_LOSS)}"
        rows.append([phrase("losses.any_loss_softmax"), phrase("activation.softmax"), tall(softmax)])
        chain = rf"\delta = {formula(linear.INCOMING * linear.SLOPE, CHAIN)}"
        rows.append([phrase("losses.any_loss"), phrase("losses.any_activation"), tall(chain)])
        return Table([_column("name"), _column("activation"), _column("error")], rows, (42, 25, 33))


def _column(name: str) -> Phrase:
    return phrase(f"losses.column.{name}")


SHEET = Sheet("losses", Losses)
