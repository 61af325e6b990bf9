"""Pages: a warm one with other numbers each time, the same lines by handcalcs, and batches that grow."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.measuring import Row, missing, ratios, seconds
from stepwise import draw, load_problem, render, solve
from stepwise.problem import Problem, problem_from_document

_VARY = {
    "inputs": {"choices": [0, 1, 2]},
    "weights": {"from": -1, "to": 1, "step": 0.1, "not": [0]},
    "biases": {"from": -0.9, "to": 0.9, "step": 0.1},
}
EACH = 20
"""Pages of one run."""


def variants(count: int) -> list[Problem]:
    """`xor-mlp` with other numbers each time: nothing that was remembered of one page is the next one."""
    return [variant.problem for variant in draw(load_problem("xor-mlp"), count, seed=6, vary=_VARY)]


def warm(pairs: int) -> Row:
    """Milliseconds for one page."""
    problems = itertools.cycle(variants(EACH * (pairs + 2)))
    work = _page_of(problems)
    seconds(work, EACH)
    measured = tuple(seconds(work, EACH) / EACH * 1000 for _ in range(pairs))
    return Row("`render(solve(problem))` of xor-mlp, md, full, warm, other numbers each time", 2, measured, unit="ms")


def against_handcalcs(pairs: int) -> Row:
    """handcalcs ÷ stepwise."""
    what = "the same lines by handcalcs ÷ that page"
    if importlib.util.find_spec("handcalcs") is None:
        return missing(what, 50, "handcalcs is not installed", at_least=True)
    from benchmarks.by_handcalcs import page

    problems = variants(EACH * (pairs + 2))
    work, numbers = _page_of(itertools.cycle(problems)), itertools.cycle(map(_named, problems))
    found = ratios(lambda: page(next(numbers)), lambda: [work() for _ in range(EACH)], pairs)
    return Row(what, 50, tuple(ratio * EACH for ratio in found), at_least=True, note="40 lines")


def _page_of(problems: Iterator[Problem]) -> Callable[[], str]:
    return lambda: render(solve(next(problems)), "md", "en")


def _named(problem: Problem) -> dict[str, Any]:
    """The numbers of a problem by their names in handcalcs."""
    given = [problem.inputs, *problem.weights, *(problem.biases or ())]
    names = ("x_1", "x_2", "w_11", "w_12", "w_21", "w_22", "v_1", "v_2", "b_1", "b_2", "c")
    listed = np.concatenate([one.values.ravel() for one in given if one.values is not None])
    return {**dict(zip(names, listed.tolist(), strict=True)), "t": 0.0, "eta": 0.5}


def _batch(samples: int) -> Problem:
    """One step of 64-32-10 on a batch of this size."""
    numbers = np.random.default_rng(3)
    return problem_from_document(
        {
            "architecture": {
                "layout": "row",
                "layers": [{"units": 32, "activation": "relu"}, {"units": 10, "activation": "softmax"}],
                "loss": "cross_entropy",
            },
            "weights": [numbers.standard_normal((64, 32)) / 8, numbers.standard_normal((32, 10)) / 6],
            "biases": [np.zeros(32), np.zeros(10)],
            "inputs": numbers.random((samples, 64)),
            "labels": np.eye(10)[numbers.integers(0, 10, samples)],
            "lr": 0.1,
        },
        name="batch",
    )


def growing(pairs: int, samples: int = 100_000) -> list[Row]:
    """A page of 100 samples beside one of many."""
    small, large = solve(_batch(100)), solve(_batch(samples))
    few, many = render(small, "md", "en"), render(large, "md", "en")
    problem = _batch(samples)
    whole = ratios(lambda: render(solve(problem), "md", "en"), lambda: solve(problem), pairs)
    size = f"64-32-10, 100 → {samples:,} samples"
    return [
        Row(f"length of the page, {size}", 1.1, (len(many) / len(few),)),
        Row(f"`render(solve(…))` ÷ `solve(…)` of 64-32-10 at {samples:,} samples", 1.2, whole),
    ]
