"""How operands are written in letters and exact forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from stepwise.expressions import Entry, Expr
from stepwise.notation.letters import is_letter, letter_latex
from stepwise.notation.written import Written, atom
from stepwise.trace import Quantity

if TYPE_CHECKING:
    from stepwise.document.forms import FormWriter


class FormLeaves(Struct, frozen=True):
    """Letters as they were typed, numbers as they were typed, everything else by its symbol."""

    writer: FormWriter
    quantity: Quantity
    numbers: bool = False

    @property
    def product(self) -> str:
        return self.writer.product

    def array(self, name: str, *, transposed: bool) -> Written:
        raise TypeError(f"{name} is not one number")

    def entry(self, node: Entry) -> Written:
        operand = self.writer.operand(self.quantity, node.name)
        text = typed(operand, node) if not isinstance(node.row, str) and not isinstance(node.column, str) else None
        if text is not None and is_letter(text):
            return atom(letter_latex(text))
        if operand.given and not isinstance(node.row, str) and not isinstance(node.column, str):
            return atom(self.writer.placed(operand, node.row, node.column, self.writer.symbols[node.name]))
        return atom(self.writer.symbols[node.name].entry(node.row, node.column, operand.shape))

    def is_scalar(self, tree: Expr) -> bool:
        return True


def typed(operand: Quantity, node: Entry) -> str | None:
    """What stands in the file for one given number."""
    if not operand.given or operand.texts is None:
        return None
    return str(operand.texts[int(node.row), int(node.column)])
