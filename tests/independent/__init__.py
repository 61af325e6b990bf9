"""Helpers of the tests that read printed pages, and the evaluator they read them with."""

from stepwise.verifying.printed import ChainNumbers, PageReport, check_operands, check_page, operands

from .altering import alter_one_digit
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
