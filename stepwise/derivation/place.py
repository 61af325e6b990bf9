"""Which number of a network `W1[1,2]`, `b1[2]` or `t2.W1[1,2]` means; indices count from 1, as on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from stepwise.errors import UnsupportedError, nearest
from stepwise.operations.losses import LOSSES
from stepwise.problem.model import Problem

_FORM = r"\s*(?:t(\d{1,9})\.)?([A-Za-z]\w*)\s*(?:\[\s*(\d{1,9})\s*(?:,\s*(\d{1,9})\s*)?\])?\s*"


class Place(Struct, frozen=True):
    """One number of a parameter, counted from 0. `samples` are those of its iteration (None: there is only one)."""

    name: str
    layer: int
    row: int
    column: int
    shape: tuple[int, int]
    unit: int
    input: int
    iteration: int | None
    samples: int


def find_place(problem: Problem, text: str) -> Place:
    """The parameter that `text` names. Raises UnsupportedError, with what may be written instead."""
    _check_problem(problem)
    parameters = _parameters(problem)
    found = re.fullmatch(_FORM, text)
    if found is None or found[2] not in parameters:
        raise UnsupportedError(f"no weight {text!r} in this network ({_hint(text, parameters)})")
    iteration, name = found[1], found[2]
    shape = parameters[name]
    row, column = _indices(text, name, shape, found[3], found[4])
    layer = int(name[1:])
    flat = name.startswith("b")
    unit, source = (row, column) if problem.layout == "column" else (column, row)
    number, samples = _iteration(problem, text, iteration)
    return Place(name, layer, row, column, shape, unit, 0 if flat else source, number, samples)


def _check_problem(problem: Problem) -> None:
    if problem.model != "network":
        raise UnsupportedError(f"a path leads through the layers of a network, and this is `model: {problem.model}`")
    if not problem.has_numbers:
        raise UnsupportedError("a path needs numbers, and this problem has only shapes")
    if problem.has_letters:
        raise UnsupportedError("a path needs numbers, and letters stand in place of some of them")
    if problem.loss is None or (problem.labels is None and LOSSES[problem.loss.name].labels != "unused"):
        raise UnsupportedError("a path ends at the loss, and this problem has none (write `loss` and `labels`)")


def _parameters(problem: Problem) -> dict[str, tuple[int, int]]:
    weights = {f"W{layer}": given.shape for layer, given in enumerate(problem.weights, 1)}
    return weights | {f"b{layer}": given.shape for layer, given in enumerate(problem.biases or (), 1)}


def _hint(text: str, parameters: Mapping[str, tuple[int, int]]) -> str:
    name = text.partition("[")[0].rpartition(".")[2].strip()
    if name in parameters:
        return f"write {_example(name)}, counted from 1"
    if re.fullmatch(r"b\d*", name) and not any(one.startswith("b") for one in parameters):
        return "it has no biases"
    close = nearest(name, parameters, 0.5)
    if close:
        return f"did you mean {_example(close)}?"
    sizes = (f"{name} ({_size(name, shape)})" for name, shape in parameters.items())
    return f"there are {', '.join(sizes)}"


def _size(name: str, shape: tuple[int, int]) -> str:
    """2 × 3; of a bias 3 × 1, whichever way it lies."""
    return f"{max(shape)} × 1" if name.startswith("b") else f"{shape[0]} × {shape[1]}"


def _example(name: str) -> str:
    return f"{name}[1]" if name.startswith("b") else f"{name}[1,1]"


def _indices(text: str, name: str, shape: tuple[int, int], first: str | None, second: str | None) -> tuple[int, int]:
    """Row and column, counted from 0; a parameter that is a single number needs none."""
    if first is None and shape == (1, 1):
        return 0, 0
    flat = name.startswith("b")
    if first is None or (second is None) != flat:
        raise UnsupportedError(f"{text!r} is not one number: write {_example(name)}, counted from 1")
    places = (int(first), int(second or 1)) if not flat or shape[1] == 1 else (1, int(first))
    if not all(1 <= place <= length for place, length in zip(places, shape, strict=True)):
        raise UnsupportedError(f"there is no {text!r}: {name} is {_size(name, shape)}, and places count from 1")
    return places[0] - 1, places[1] - 1


def _iteration(problem: Problem, text: str, asked: str | None) -> tuple[int | None, int]:
    """The iteration (None where there is only one), and how many samples it takes."""
    size = problem.train.batch_size or problem.samples
    batches, epochs = (-(-problem.samples // size), problem.train.epochs) if problem.lr is not None else (1, 1)
    if problem.lr is None:
        size = problem.samples
    total = batches * epochs
    number = int(asked) if asked else 1
    if not 1 <= number <= total:
        raise UnsupportedError(f"no iteration {number} for {text!r} (iterations here: {total})")
    start = (number - 1) % batches * size
    return (number if total > 1 else None), min(size, problem.samples - start)
