"""An evaluator of printed pages that shares no code with the program that writes them."""

from .altering import alter_one_digit
from .operands import ChainNumbers, check_operands, operands
from .pages import PageReport, check_page
from .substitutions import substitutions

__all__ = [
    "ChainNumbers",
    "PageReport",
    "alter_one_digit",
    "check_operands",
    "check_page",
    "operands",
    "substitutions",
]
