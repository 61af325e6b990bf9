"""The code of a candidate, and the problem that a code stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stepwise.errors import UnsupportedError
from stepwise.problem.load import load_problem, shipped_problems
from stepwise.problem.model import Problem
from stepwise.sheets.codes import Code, fingerprint_of, prefix_of, read_code
from stepwise.sheets.drawing import candidates, drawn_problem
from stepwise.sheets.varying import variation_of

_OF_THE_PAGE = frozenset({"title", "language", "notation", "marks", "marking", "ask", "rounding", "code"})
"""Fields that say how a problem is told, asked and printed; the others make its numbers and what is calculated."""


def coded(problem: Problem, text: str, vary: Mapping[str, Any] | None = None) -> Problem:
    """The problem with the numbers that a code draws, whatever conditions say.

    Raises UnsupportedError where the code is mistyped, or belongs to another problem or another state of its file.
    """
    code = read_code(text)
    expected = Code(prefix_of(problem.name), code.counter, fingerprint(problem, vary))
    if code.prefix != expected.prefix:
        raise UnsupportedError(
            f"the code {code.text} is not of {problem.name}: its codes begin with {expected.prefix}- (name the problem "
            "that the sheet was made from)"
        )
    if code.fingerprint != expected.fingerprint:
        raise UnsupportedError(
            f"the code {code.text} was drawn from another state of {problem.name}: the file, `--vary`, or an exam's "
            "own `vary` (`--question`) was not what it is now (take the file that the sheet was made from)"
        )
    return drawn_problem(candidates(problem, variation_of(problem, vary), [code.counter]), 0, code.text)


def own_code(problem: Problem) -> str:
    """The code that a problem file bears, as it is printed; "" where it has none."""
    text = str(problem.document.get("code") or "")
    try:
        return read_code(text).text if text else ""
    except UnsupportedError:
        return ""


def fingerprint(problem: Problem, vary: Mapping[str, Any] | None) -> str:
    """Two characters of what decides about the numbers; "" for a problem as it ships with stepwise."""
    content = _content(problem, vary)
    if problem.name in shipped_problems() and content == _content(load_problem(problem.name), None):
        return ""
    return fingerprint_of(content)


def _content(problem: Problem, vary: Mapping[str, Any] | None) -> dict[str, Any]:
    content = {name: value for name, value in problem.document.items() if name not in _OF_THE_PAGE}
    rules = problem.vary if vary is None else vary
    content["vary"] = {name: rule for name, rule in rules.items() if name != "conditions"}
    return content
