"""Answers against a trace: what is right, what follows from an earlier error, where an error starts and which it is.

    answers ──reading──▶ Answers ──marking──▶ verdicts ──naming──▶ mistakes ──reports──▶ Report

- `lines` unrolls the calculation over its iterations; `asked` says which of its quantities a student is asked for.
- `reading` turns files, tables and dicts into numbers.
- `ways` says how a line is computed from what is carried on and between which numbers an answer is right: `Careful`
  by intervals, `Within` a tolerance, and for long trainings `sampled`. `judging` compares a number with such a range.
- `marking` is the one pass over the lines, all students at once. `naming` tries the mistakes (and `slips`) where an
  error starts; `trivial` finds what follows without any calculation.
- `reports` counts the marks, `summary` those of a class; `by_hand`, `marks_table` and `earlier` keep what a teacher has
  written into a table of marks; `as_json` and `ranges` write it down as data.
- `run` puts it together: `check` for one student, `check_class` for many.
"""

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
