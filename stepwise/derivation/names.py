"""The quantity ids a problem file mentions must be ids of its derivation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stepwise.derivation.model import Derivation
from stepwise.errors import Fault, SpecError, nearest
from stepwise.problem.model import Problem

_ALWAYS = frozenset({"label", "x", "y", "lr", "l2", "N", "t", "L", "J", "losses"})
"""Names that make sense in any file, whether this problem has them or not."""
_CHECKED = "checked"
_ITERATION = r"t\d+\."
"""What stands before a quantity where there are several iterations: `t2.dW1`."""
_OF_PROOFS = frozenset({"w", "b", "u", "score", "yhat", "mean_ones", "mean_zeros"})
"""Which of these there are is for the proof to find out."""


def check_names(problem: Problem, derivation: Derivation) -> None:
    """Raise SpecError for every id under symbols, quantities, marks and ask that the problem does not have.

    All these are in the outline, so a derivation that was made for several problems is checked once; letters are not.
    """
    kept = derivation.formulas
    if kept.get(_CHECKED) and not problem.has_letters:
        return
    known = {*derivation.givens, *derivation.steps}
    if problem.model == "separability":
        known |= _OF_PROOFS
    faults = [
        Fault(f"no quantity {name!r} in this problem", path=path, hint=_hint(name, known))
        for path, name in _mentioned(problem)
        if name not in known and name not in _ALWAYS and not any(sign in name for sign in "*?[")
    ]
    faults += _clashes(problem, derivation)
    if problem.has_letters:
        from stepwise.derivation.letters import letter_faults

        faults += letter_faults(problem, derivation)
    if faults:
        raise SpecError(problem.source, faults)
    kept[_CHECKED] = problem.model != "separability"


def _clashes(problem: Problem, derivation: Derivation) -> Iterator[Fault]:
    """A symbol of the file that already stands for something else on the page."""
    symbols = {name: given.symbol for name, given in derivation.givens.items()}
    symbols |= {name: step.symbol for name, step in derivation.steps.items() if step.symbol is not None}
    written = {name: symbol.whole() for name, symbol in symbols.items()}
    for name in problem.notation.symbols:
        same = [other for other in written if other != name and written[other] == written.get(name)]
        if same:
            hint = "give one of them another symbol"
            yield Fault(f"{written[name]} already stands for `{same[0]}`", path=f"notation.symbols.{name}", hint=hint)


def _mentioned(problem: Problem) -> Iterator[tuple[str, str]]:
    for name in problem.notation.symbols:
        yield f"notation.symbols.{name}", name
    for name, _ in problem.rounding.quantities:
        yield f"rounding.quantities.{name}", name
    for name in problem.marks:
        yield f"marks.{name}", re.sub(_ITERATION, "", name)
    for name in problem.ask:
        yield "ask", re.sub(_ITERATION, "", name)


def _hint(name: str, known: set[str]) -> str:
    close = nearest(name, sorted(known))
    return f"did you mean `{close}`?" if close else f"there are {', '.join(sorted(known))}"
