"""The problems whose pages are read: all that ship and fifty made ones, in every arithmetic and notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, Literal, NamedTuple, cast

from msgspec.structs import replace

from stepwise.operations.activations import ACTIVATIONS
from stepwise.problem import Problem, load_problem, problem_from_document, shipped_problems, with_options

from .generated import problem_document

GENERATED = 50
BY_JACOBIANS = (6, 9, 19, 22, 31, 34, 43, 46)
"""Seeds of networks with one sample, which are also worked out by Jacobian matrices."""
NAMES = (
    *shipped_problems(),
    *(f"generated-{seed}" for seed in range(GENERATED)),
    *(f"jacobian-{seed}" for seed in BY_JACOBIANS),
)
_TYPED = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?(/\d+)?%?", re.IGNORECASE)
_NO_GIVENS = {"title", "rounding", "train", "notation", "vary", "marks", "ask", "language"}


class Mode(NamedTuple):
    """One way to write a page."""

    carry: bool
    style: Literal["matrix", "elementwise"]
    product: Literal["times", "paren"]


MODES = tuple(
    Mode(carry, cast(Literal["matrix", "elementwise"], style), cast(Literal["times", "paren"], sign))
    for carry, style, sign in product((False, True), ("matrix", "elementwise"), ("times", "paren"))
)


@cache
def problem(name: str) -> Problem:
    """A shipped problem by its name, a made one as `generated-7`, or `jacobian-7` by Jacobian matrices."""
    if name.startswith("jacobian-") and name.removeprefix("jacobian-").isdigit():
        document = problem_document(int(name.removeprefix("jacobian-")))
        document["notation"]["backward"] = "jacobian"
        return problem_from_document(document, name=name)
    if name.startswith("generated-"):
        return problem_from_document(problem_document(int(name.removeprefix("generated-"))), name=name)
    return load_problem(name)


def in_mode(name: str, mode: Mode) -> Problem:
    """The problem, to be written in one mode."""
    plain = problem(name)
    return with_options(
        replace(plain, notation=replace(plain.notation, style=mode.style, product=mode.product)), carry=mode.carry
    )


def givens(asked: Problem) -> list[str]:
    """Every number of the problem file, as typed."""
    return [text for field in asked.document if field not in _NO_GIVENS for text in _numbers(asked.document[field])]


def constants(asked: Problem) -> list[str]:
    """Numbers of the formulas: 1 and 2, numbers of samples, defaults of parameters, the spread of a draw."""
    found = ["0", "1", "2", "1/2", *(text for record in ACTIVATIONS.values() for text in record.parameters.values())]
    size = asked.train.batch_size or asked.samples
    found += [str(asked.samples), str(size), str(asked.samples % size or size)]
    if asked.draw is not None:
        found += ["6", *(str(count) for layer in asked.layers for count in (layer.inputs, layer.units))]
    if asked.schedule == "inverse":
        found += [str(t + 1) for t in range(asked.samples * asked.train.epochs)]
    return found


def _numbers(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from _numbers(value)
    elif not isinstance(node, bool) and _TYPED.fullmatch(str(node)):
        yield str(node)
