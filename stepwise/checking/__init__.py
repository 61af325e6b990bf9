"""Answers against a trace: what is right, what follows from an earlier error, where an error starts and which it is."""

from stepwise.checking.asked import sheet_of
from stepwise.checking.model import Answer, Answers, Asked, ClassReport, MadeMistake, Marked, Report, Sheet, Unreadable
from stepwise.checking.run import check, check_class

__all__ = [
    "Answer",
    "Answers",
    "Asked",
    "ClassReport",
    "MadeMistake",
    "Marked",
    "Report",
    "Sheet",
    "Unreadable",
    "check",
    "check_class",
    "sheet_of",
]
