"""All checks of a trace and of the page that was written of it."""

from __future__ import annotations

from collections.abc import Callable

from stepwise.problem import with_options
from stepwise.trace import Trace, solve
from stepwise.verifying.given import Letters, letters_of
from stepwise.verifying.gradients import check_gradients
from stepwise.verifying.lines import check_equalities, check_put_in
from stepwise.verifying.model import Counted, GradientCheck, Missed, Verification
from stepwise.verifying.outputs import check_outputs, check_rule
from stepwise.verifying.proof import check_proof
from stepwise.verifying.sizes import check_finite, check_sizes

Adding = Callable[[tuple[Counted, list[Missed]]], None]


def verify_trace(trace: Trace, page: str, *, whole: bool = True) -> Verification:
    """Check the numbers of a trace, and the text of its page in Markdown or LaTeX.

    Hand arithmetic rounds every line: its gradients and outputs are compared in exact arithmetic, where they are those
    of the loss. `whole` is False for a page that leaves quantities out.
    """
    problem = trace.problem
    letters = letters_of(problem) if problem.has_letters else {}
    hand = trace.arithmetic == "hand"
    gradients: list[GradientCheck] = []
    counts: list[Counted] = []
    misses: list[Missed] = []

    def add(found: tuple[Counted, list[Missed]]) -> None:
        counts.append(found[0])
        misses.extend(found[1])

    if problem.model == "separability":
        add(check_proof(trace))
    elif problem.has_numbers:
        exact = solve(with_options(problem, carry=False)) if hand else trace
        gradients, missed = _learned(exact, letters, add)
        misses += missed
    add(check_equalities(trace, page))
    add(check_put_in(trace, page, whole=whole))
    add(check_sizes(trace))
    add(check_finite(trace))
    named = tuple((name, str(value)) for name, value in letters.items())
    whole_ones = len(trace.kept) if trace.iterations > 1 else 1
    found = (tuple(gradients), tuple(counts), tuple(misses))
    return Verification(problem.name, *found, hand, named, trace.iterations, whole_ones)


def _learned(exact: Trace, letters: Letters, add: Adding) -> tuple[list[GradientCheck], list[Missed]]:
    """The gradients and outputs of a model, or the rule of a perceptron."""
    if exact.problem.model == "perceptron":
        add(check_rule(exact, letters))
        return [], []
    found = check_gradients(exact, letters)
    add(check_outputs(exact, letters))
    return found
