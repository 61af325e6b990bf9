"""Small models worked out by hand: `render(solve(load_problem("xor-mlp")))` is the page of a shipped problem."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stepwise.errors import AnswerError, Fault, SpecError, StepwiseError, TemplateError, UnsupportedError

if TYPE_CHECKING:
    from stepwise.checking import ClassReport, Report, check, check_class
    from stepwise.document import render
    from stepwise.document.path import render_path
    from stepwise.document.verified import verify
    from stepwise.problem import Problem, load_problem
    from stepwise.sheets import coded, draw
    from stepwise.trace import Trace, solve
    from stepwise.verifying import Verification

__version__ = "0.1.0"

__all__ = [
    "AnswerError",
    "ClassReport",
    "Fault",
    "Problem",
    "Report",
    "SpecError",
    "StepwiseError",
    "TemplateError",
    "Trace",
    "UnsupportedError",
    "Verification",
    "__version__",
    "check",
    "check_class",
    "coded",
    "draw",
    "load_problem",
    "render",
    "render_path",
    "solve",
    "verify",
]

# Fetched when first asked for, so that `stepwise --version` and `--help` do not wait for NumPy.
_HOMES = {
    "ClassReport": "stepwise.checking",
    "Problem": "stepwise.problem",
    "Report": "stepwise.checking",
    "Trace": "stepwise.trace",
    "Verification": "stepwise.verifying",
    "check": "stepwise.checking",
    "check_class": "stepwise.checking",
    "coded": "stepwise.sheets",
    "draw": "stepwise.sheets",
    "load_problem": "stepwise.problem",
    "render": "stepwise.document",
    "render_path": "stepwise.document.path",
    "solve": "stepwise.trace",
    "verify": "stepwise.document.verified",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'stepwise' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
