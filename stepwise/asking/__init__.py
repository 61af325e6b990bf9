"""What a problem can ask for, and between which numbers an answer is right: common ground of marking and of sheets.

- `lines` unrolls the calculation over its iterations, with the givens as arrays; other givens, many at once, may take
  their place.
- `questions` says which quantities can be asked for, which are, and what they are worth.
- `ways` says how a line is computed from what is carried on and between which numbers an answer is right: `Careful`
  by intervals, `Within` a tolerance, and for long trainings `sampled`. `ranges` prints such a range.
"""

from stepwise.asking.lines import Calculation, Line, calculation
from stepwise.asking.model import Asked, Questions
from stepwise.asking.questions import questions_for, questions_of

__all__ = ["Asked", "Calculation", "Line", "Questions", "calculation", "questions_for", "questions_of"]
