"""Every printed equality of a page, re-done from its printed operands; shares no code with what writes the pages.

Text → `tokens` (with the words of `vocabulary`) → `chains` (`formula = numbers put in = result`) → `latex_numbers`,
which evaluates each side in `values` (exact fractions, matrices) and `elementary` (60-digit decimals) → `pages` (is
every result what its formula gives?) and `operands` (does every number that is put in come from somewhere?).

`check_page(text, figures=None)` returns a PageReport: `redone` printed numbers compared, `elided` ones exempt because
dots hide an operand, `misses` with the line of the page each is in.
"""

from stepwise.verifying.printed.operands import (
    ChainNumbers,
    OperandReport,
    StrayOperand,
    check_operands,
    operand_misses,
    operands,
)
from stepwise.verifying.printed.pages import Miss, PageReport, check_page

__all__ = [
    "ChainNumbers",
    "Miss",
    "OperandReport",
    "PageReport",
    "StrayOperand",
    "check_operands",
    "check_page",
    "operand_misses",
    "operands",
]
