"""Answers against a trace: what is right, what follows from an earlier error, where an error starts and which it is.

    answers ──reading──▶ Answers ──marking──▶ verdicts ──naming──▶ mistakes ──reports──▶ Report

What is asked, and between which numbers an answer is right, the room `asking` says.

- `reading` turns files, tables and dicts into numbers; `judging` compares a number with the range that is accepted.
- `marking` is the one pass over the lines, all students at once. `naming` tries the mistakes (and `slips`) where an
  error starts; `trivial` finds what follows without any calculation.
- `reports` counts the marks, `summary` those of a class; `by_hand`, `marks_table` and `earlier` keep what a teacher has
  written into a table of marks; `as_json` writes it down as data.
- `run` puts it together: `check` for one student, `check_class` for many.
"""

from stepwise.checking.model import Answer, Answers, ClassReport, MadeMistake, Marked, Report, Unreadable
from stepwise.checking.run import check, check_class

__all__ = [
    "Answer",
    "Answers",
    "ClassReport",
    "MadeMistake",
    "Marked",
    "Report",
    "Unreadable",
    "check",
    "check_class",
]
