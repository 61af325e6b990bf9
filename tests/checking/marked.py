"""Marked answers put together by hand, so that what is written about them is known beforehand."""

from __future__ import annotations

from functools import cache
from typing import Any

from stepwise.asking import Questions, questions_of
from stepwise.checking import ClassReport, MadeMistake, Marked, Report, Unreadable
from stepwise.checking.model import Verdict
from stepwise.problem import load_problem


@cache
def questions(problem: str = "xor-mlp") -> Questions:
    return questions_of(load_problem(problem))


KEY: dict[str, Any] = {
    "z1": [[0.8, 0.8], [-0.3, -0.3]],
    "a1": [[0.6899, 0.6901], [0.4255, 0.426]],
    "L": [0.2105, 0.211],
    "delta2": [[0.1476, 0.1481]],
    "delta1": [[0.0315, 0.032], [0.036, 0.0363]],
    "dW1": [[[0.0315, 0.032], [0.0315, 0.032]], [[0.036, 0.0363], [0.036, 0.0363]]],
    "W2_new": [[[0.949, 0.9491], [0.968, 0.969]]],
}
"""Between which numbers these quantities of the XOR network are accepted: two of them as worked out on paper."""


def marked(
    name: str,
    verdict: Verdict,
    given: Any = None,
    *,
    entries: Any = None,
    mistakes: tuple[MadeMistake, ...] = (),
    marks: float | None = None,
    problem: str = "xor-mlp",
    **more: Any,
) -> Marked:
    """One quantity, all entries of which have the same verdict unless `entries` says otherwise."""
    asked = questions(problem).quantities[name]
    earned = marks if marks is not None else (asked.marks if verdict in ("right", "follows") else 0.0)
    accepted = more.pop("accepted", None) or KEY[name]
    same = _like(accepted, verdict, asked.rank)
    nothing = _like(accepted, None, asked.rank)
    return Marked(
        asked,
        verdict,
        earned,
        asked.marks,
        nothing if given is None else given,
        accepted,
        more.pop("expected", None),
        same if entries is None else entries,
        mistakes,
        **more,
    )


def _like(nested: Any, value: Any, rank: int) -> Any:
    return value if rank == 0 else [_like(part, value, rank - 1) for part in nested]


RIGHT = {
    "z1": ["0.8", "-0.3"],
    "a1": ["0.690", "0.426"],
    "L": "0.211",
    "delta2": ["0.148"],
    "delta1": ["0.032", "0.036"],
    "dW1": [["0.032", "0.032"], ["0.036", "0.036"]],
    "W2_new": [["0.949", "0.968"]],
}
FORGOT = MadeMistake("forgot_activation_derivative", "delta2")


def report(student: str, *quantities: Marked, source: str = "", **more: Any) -> Report:
    """One student who has everything right but `quantities`."""
    others = {one.asked.id: one for one in quantities}
    found = {name: others.get(name) or marked(name, "right", given) for name, given in RIGHT.items()}
    return Report(student, source or f"{student}.yaml", found, **more)


def whole_class(
    *reports: Report, unreadable: tuple[Unreadable, ...] = (), warnings: tuple[str, ...] = ()
) -> ClassReport:
    return ClassReport(questions(), reports, unreadable, warnings)


def everyone() -> tuple[Report, ...]:
    """A class of five in which everything occurs."""
    return (
        report("Ada"),
        report("李明", marked("delta2", "wrong", ["0.649"], mistakes=(FORGOT,))),
        report(
            "s3",
            marked("delta2", "wrong", ["0.649"], mistakes=(FORGOT,)),
            marked("delta1", "follows", ["0.140", "0.159"], expected=[[0.138, 0.14], [0.158, 0.1594]]),
            marked("dW1", "follows", [["0.14", "0.14"], ["0.16", "0.16"]], trivial=True, marks=0.0),
        ),
        report(
            "s4",
            marked(
                "dW1",
                "missing",
                [["0.5", "0.032"], [None, "0.036"]],
                entries=[["wrong", "right"], ["missing", "right"]],
            ),
            marked("L", "too_few_digits", "0.2"),
            marked("W2_new", "missing"),
        ),
        report(
            "s5",
            marked(
                "delta1",
                "wrong",
                ["0.5", "0.036"],
                entries=["wrong", "right"],
                mistakes=(
                    MadeMistake("digits_exchanged", "delta1", (1,)),
                    MadeMistake("weights_not_transposed", "back1", (1,)),
                ),
            ),
        ),
    )
