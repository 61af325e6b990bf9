"""What a sheet says of its givens: what their symbols are, how inputs are prepared, what the penalty is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from stepwise.asking import Questions
from stepwise.document.page import given_group
from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.problem.model import Problem
from stepwise.trace import Trace, symbol_text

_OF_SAMPLES = {"x": "input", "x_raw": "raw", "y": "label"}
_OTHERS = {"mean": "mean", "std": "deviation", "divisor": "divisor", "lr": "rate", "l2": "strength"}
_NAMING_N = frozenset(
    {"blank.what.delta.divided", "blank.what.delta.undivided", "blank.what.loss_derivative.undivided"}
)
"""What a quantity is, where that is said with N."""


def meanings(trace: Trace, asked: Sequence[Phrase]) -> Phrase:
    """One sentence that says what each given is; N only where what is `asked` for is said with it."""
    named: dict[str, list[Math]] = {}
    givens = [trace.quantities[name] for name in sorted(trace.derivation.givens, key=given_group)]
    biases = [one.shape for one in givens if one.name[0] == "b"]
    for given in givens:
        kind = _kind(given.name, trace.problem, "bias" if biases == [(1, 1)] else "biases")
        if kind is not None:
            named.setdefault(kind, []).append(Math(symbol_text(given)))
    if any(one.key in _NAMING_N for one in asked):
        named[_count(trace.problem)] = [Math("N")]
    said = [phrase(f"paper.given.{kind}", symbol=tuple(symbols)) for kind, symbols in named.items()]
    return phrase("paper.given.all", what=reduce(lambda one, more: phrase("paper.given.and", one=one, more=more), said))


def _kind(name: str, problem: Problem, biases: str) -> str | None:
    if name in _OF_SAMPLES:
        return _OF_SAMPLES[name] if problem.single else f"{_OF_SAMPLES[name]}s"
    if name in _OTHERS:
        return _OTHERS[name]
    if not name[1:].isdigit() and name not in ("w", "b"):
        return None
    return "weights" if name[0] in "Ww" else biases


def _count(problem: Problem) -> str:
    size = problem.train.batch_size
    return "count" if size is None or size >= problem.samples else "count_batch"


def penalty(problem: Problem, strength: str) -> Phrase | None:
    """What is added to the loss for large weights; `strength` is the symbol of λ."""
    if problem.l2 is None:
        return None
    kind = "weights" if problem.biases is None else "not_biases"
    return phrase(f"paper.penalty.{kind}", half=Math(rf"\frac{{{strength}}}{{2}}"))


def unasked_iterations(questions: Questions) -> Iterator[Phrase]:
    """That iterations without questions are to be worked as well, where later ones need them."""
    total = max((one.iteration or 1 for one in questions.quantities.values()), default=1)
    worked = {one.iteration for one in questions.asked if one.iteration is not None}
    at_the_end = any(one.iteration is None and one.step.phase != "preparation" for one in questions.asked)
    last = total if total > 1 and at_the_end else max(worked, default=1)
    if total == 1 or worked >= set(range(1, last + 1)):
        return
    problem = questions.problem
    size = problem.train.batch_size
    one_by_one = problem.model == "perceptron" or problem.train.method == "pegasos"
    in_parts = one_by_one or (size is not None and size < problem.samples)
    yield phrase(f"paper.scratch.{'in_order' if in_parts else 'same'}", last=last)
