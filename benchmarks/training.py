"""Large arrays: a step of a network, an epoch of softmax regression, the memory that it takes."""

from __future__ import annotations

import importlib.util
import os
import resource
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np

from benchmarks.measuring import Row, best_of, missing, ratios
from benchmarks.rivals import PlainNetwork, PlainRegression, TorchNetwork
from stepwise.problem import problem_from_document
from stepwise.trace import solve

BATCH = 100
STEPS = 100
"""Steps of one run of the network."""
MEGABYTE = 2**20


def document(sizes: tuple[int, ...], samples: int) -> dict[str, Any]:
    """A classifier in row layout with ReLU between its layers, and one epoch of training."""
    numbers = np.random.default_rng(7)
    layers: list[dict[str, Any]] = [{"units": units, "activation": "relu"} for units in sizes[1:]]
    layers[-1]["activation"] = "softmax"
    pairs = list(pairwise(sizes))
    return {
        "architecture": {"layout": "row", "layers": layers, "loss": "cross_entropy"},
        "weights": [numbers.standard_normal(pair) / np.sqrt(pair[0]) for pair in pairs],
        "biases": [np.zeros(units) for units in sizes[1:]],
        "inputs": numbers.random((samples, sizes[0])),
        "labels": np.eye(sizes[-1])[numbers.integers(0, sizes[-1], samples)],
        "lr": 0.1,
        "train": {"batch_size": BATCH},
    }


def steps(pairs: int, steps_each: int = STEPS, most_threads: int | None = None) -> list[Row]:
    """A step of 784-128-10 in a run of `steps_each`, of which the first two and the last are recorded whole."""
    asked = document((784, 128, 10), BATCH * steps_each)
    problem, plain = problem_from_document(asked), PlainNetwork(asked, BATCH)
    _agree(solve(problem).history["L"], plain.epoch())
    what = "recording a step of 784-128-10, batch 100 ÷ "
    rows = [Row(what + "plain NumPy, in place", 1.10, ratios(lambda: solve(problem), plain.epoch, pairs))]
    if importlib.util.find_spec("torch") is None:
        return [*rows, missing(what + "PyTorch eager, float64", 1.0, "PyTorch is not installed")]
    threads = sorted({1, most_threads or os.cpu_count() or 1})
    ways = [(f"{n} thread{'s' * (n > 1)}", TorchNetwork(asked, BATCH, n)) for n in threads]
    _agree(solve(problem).history["L"], ways[0][1].epoch())
    name, best = best_of([(name, way.epoch) for name, way in ways])
    found = ratios(lambda: solve(problem), best, pairs)
    return [*rows, Row(what + "PyTorch eager, float64", 1.0, found, note=f"PyTorch with {name}, its best")]


def one_step(pairs: int) -> Row:
    """A trace of a single step: everything is recorded, and nothing is worked in memory of before."""
    asked = document((784, 128, 10), BATCH)
    problem, plain = problem_from_document(asked), PlainNetwork(asked, BATCH)
    found = ratios(lambda: solve(problem), plain.epoch, pairs, times=50)
    return Row("`solve` of a single step ÷ plain NumPy, in place", float("nan"), found, note="no target")


def epoch(pairs: int, samples: int = 60_000) -> Row:
    """An epoch of softmax regression on data of the size of MNIST."""
    asked = document((784, 10), samples)
    problem, plain = problem_from_document(asked), PlainRegression(asked, BATCH)
    _agree(solve(problem).history["L"], plain.epoch())
    found = ratios(lambda: solve(problem), plain.epoch, pairs)
    return Row(f"an epoch of softmax regression, {samples:,} × 784, batch 100 ÷ plain NumPy loop", 1.15, found)


def memory(times: int, samples: int = 60_000) -> Row:
    """What that epoch takes at most beside the data, in a process of its own each time."""
    command = [sys.executable, "-m", "benchmarks.training", str(samples)]
    done = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(times)]
    note = "the largest size of the process ÷ before `solve`, where the data are there"
    return Row("memory of that epoch above the data", 100, tuple(map(float, done)), unit="MB", note=note)


def _agree(ours: Any, theirs: list[float]) -> None:
    """Who does not calculate the same is not compared."""
    np.testing.assert_allclose(np.ravel(ours), theirs, rtol=1e-8)


def _largest() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def _resident() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * resource.getpagesize() / MEGABYTE


def main() -> None:
    """Print the memory in megabytes that an epoch takes beside the data."""
    problem = problem_from_document(document((784, 10), int(sys.argv[1])))
    # the largest size so far is that of making the data: it is set back
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("5")
    before = _resident()
    solve(problem)
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123
        peak = next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024
    print(peak - before)  # noqa: T201


if __name__ == "__main__":
    main()
