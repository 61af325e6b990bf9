"""Which quantities of a problem a student can be asked for, which of them are, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase

from stepwise.asking.lines import Calculation, Line, calculation, is_result
from stepwise.asking.model import Asked, Questions
from stepwise.errors import UnsupportedError
from stepwise.problem.faults import suggestion
from stepwise.problem.model import Problem

_MOST = 100
"""Numbers of one quantity that are asked for where nobody says otherwise."""


def questions_of(problem: Problem, ask: Sequence[str] = ()) -> Questions:
    """What can be asked of a problem, and what is: `ask`, else the problem's own `ask`, else what a teacher would.

    Raises UnsupportedError where the problem has no numbers to ask for, or `ask` names a quantity it does not have.
    """
    return questions_for(calculation(problem), ask)


def questions_for(whole: Calculation, ask: Sequence[str] = ()) -> Questions:
    """The same for a calculation that is unrolled already."""
    problem = whole.problem
    lines = {line.id: line for line in whole.lines if line.step is not None}
    wanted = _named(ask or problem.ask, whole, lines) if ask or problem.ask else _usual(whole, lines)
    quantities = {name: _quantity(line, name in wanted, problem.marks) for name, line in lines.items()}
    return Questions(problem, quantities)


def _quantity(line: Line, asked: bool, marks: Mapping[str, float]) -> Asked:
    step = line.step
    assert step is not None
    worth = _worth(line.id, step.id, marks) if asked else 0.0
    return Asked(line.id, step.id, line.iteration, line.shape, step.rank, step, asked, worth)


def _worth(identifier: str, name: str, marks: Mapping[str, float]) -> float:
    """Exact id before name before pattern, the first pattern first; else 1."""
    for key in (identifier, name):
        if key in marks:
            return marks[key]
    patterns = (worth for key, worth in marks.items() if fnmatchcase(identifier, key) or fnmatchcase(name, key))
    return next(patterns, 1.0)


def _usual(whole: Calculation, lines: Mapping[str, Line]) -> set[str]:
    new = set(whole.derivation.carried.values()) if whole.iterations > 1 else set()
    return {
        name
        for name, line in lines.items()
        if line.step is not None
        and is_result(line.step.id)
        and line.shape[0] * line.shape[1] <= _MOST
        and _is_kept(line, whole)
        # what the last iteration leaves is asked for once, under its own name
        and not (line.iteration == whole.iterations and line.step.id in new)
    }


def _is_kept(line: Line, whole: Calculation) -> bool:
    return line.iteration is None or line.iteration in whole.kept


def _named(ask: Iterable[str], whole: Calculation, lines: Mapping[str, Line]) -> set[str]:
    """The ids that are meant: an id, a name in every iteration that is shown, or a pattern."""
    found: set[str] = set()
    for text in ask:
        if text in lines:
            found.add(text)
            continue
        names = {name: line.step.id for name, line in lines.items() if line.step is not None and _is_kept(line, whole)}
        pattern = any(sign in text for sign in "*?")
        meant = {
            name
            for name, bare in names.items()
            if bare == text or (pattern and (fnmatchcase(name, text) or fnmatchcase(bare, text)))
        }
        if not meant:
            raise UnsupportedError(_unknown(text, whole, lines))
        found |= meant
    return found


def _unknown(text: str, whole: Calculation, lines: Mapping[str, Line]) -> str:
    if text in whole.derivation.givens:
        return f"`{text}` is given in {whole.problem.name}, there is nothing to ask"
    known = dict.fromkeys([*lines, *(line.step.id for line in lines.values() if line.step is not None)])
    near = suggestion(text, known)
    hint = f"did you mean `{near}`?" if near else f"there are {', '.join(list(known)[:40])}"
    return f"no quantity `{text[:40]}` in {whole.problem.name} ({hint})"
