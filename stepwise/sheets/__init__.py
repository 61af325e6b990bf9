"""Fresh numbers for a problem, each time worth doing: drawn from a seed, held to conditions, known by a code.

    Problem ──varying──▶ what varies ──drawing──▶ Candidates ──conditions──▶ counters ──series──▶ Papers

- `varying` says what may stand in each place of a problem file, by `grids`; `generator` is the source of chance.
- `drawing` makes candidates of counters: many as arrays, one as a problem. `working` works many out at once.
- `conditions` says which are worth doing, `mistaken` in which the commonest mistakes would be seen.
- `search` tries candidates in the order of a seed; `codes` names a candidate, `by_code` finds it again.
- `series` makes papers of what is found; `roster` and `exams` read for whom, and of which problems.
"""

from stepwise.sheets.by_code import coded
from stepwise.sheets.model import Paper, Student, Variant
from stepwise.sheets.series import Assignment, Question, Series, Ticket, draw

__all__ = ["Assignment", "Paper", "Question", "Series", "Student", "Ticket", "Variant", "coded", "draw"]
