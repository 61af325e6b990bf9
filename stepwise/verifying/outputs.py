"""What a model puts out and loses, and how a perceptron learns: calculated again in plain NumPy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from stepwise.trace import Quantity, Trace
from stepwise.verifying.given import Letters, model_of, number, of_iteration, samples
from stepwise.verifying.model import Counted, Missed
from stepwise.verifying.plain import SHAKES, Array, Model, forward, objective, settled, shaken
from stepwise.verifying.values import Values, quantity_of

TOLERANCE = 1e-9
"""Two ways to the same float64 number differ by less, relative to it or to 1."""

Expected = Iterator[tuple[Quantity, Array, Array]]
"""A quantity, what it should be, and how far rounding can move that."""


def check_outputs(trace: Trace, letters: Letters) -> tuple[Counted, list[Missed]]:
    """The output of the last layer and the loss, of every iteration and after the update."""
    return _compared("outputs", trace, letters, _outputs(trace, letters))


def check_rule(trace: Trace, letters: Letters) -> tuple[Counted, list[Missed]]:
    """Every line of a perceptron that learns by w ← w + η(y − ŷ)x, from its first sample on."""
    return _compared("rule", trace, letters, _learning(trace, letters))


def _compared(
    kind: Literal["outputs", "rule"], trace: Trace, letters: Letters, expected: Expected
) -> tuple[Counted, list[Missed]]:
    values, counted, misses = Values(trace, letters), 0, []
    with np.errstate(all="ignore"):
        for quantity, theirs, spread in expected:
            ours = values.of(quantity)
            counted += ours.size
            if ours.shape != theirs.shape:
                misses.append(Missed("shape", quantity.id, _size(ours.shape), _size(theirs.shape)))
                continue
            room = TOLERANCE * np.maximum(1.0, np.maximum(np.abs(ours), np.abs(theirs))) + spread
            for at in map(tuple, np.argwhere(~(np.abs(ours - theirs) <= room))):
                place = place_of(quantity, at)
                misses.append(Missed("value", place, f"{ours[at] + 0.0:.10g}", f"{theirs[at] + 0.0:.10g}"))
    if not counted:
        return Counted(kind, "skipped", reason="nothing"), misses
    return Counted(kind, "misses" if misses else "holds", counted), misses


def _size(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def place_of(quantity: Quantity, at: tuple[int, ...]) -> str:
    """One number of a quantity, counted from 1 as on paper: `dW1[1,2]`."""
    places = [str(place + 1) for place, length in zip(at, quantity.shape, strict=True) if length > 1]
    return f"{quantity.id}[{','.join(places)}]" if places else quantity.id


def _outputs(trace: Trace, letters: Letters) -> Expected:
    problem, values = trace.problem, Values(trace, letters)
    model = model_of(problem, letters)
    last = "score" if problem.model == "svm" else f"a{len(problem.layers)}"
    for iteration in trace.kept:
        parameters = {}
        for name in (name for pair in model.names for name in pair):
            if (quantity := quantity_of(trace, name, iteration)) is not None:
                parameters[name] = values.of(quantity)
        yield from _one(trace, of_iteration(model, problem, iteration), parameters, last, iteration, "")
    renewed = {name: trace.quantities.get(f"{name}_new") for pair in model.names for name in pair}
    if f"{last}_new" in trace:
        new = {name: values.of(one) for name, one in renewed.items() if one is not None}
        given = {name: values.of(trace.quantities[name]) for name in renewed if name in trace}
        yield from _one(trace, model, given | new, last, None, "_new")


def _one(
    trace: Trace, model: Model, parameters: dict[str, Array], last: str, iteration: int | None, suffix: str
) -> Expected:
    """The last layer's output and the loss at some parameters."""

    def quantity(name: str) -> Quantity | None:
        whole = f"{name}{suffix}"
        return trace.quantities.get(whole) if iteration is None else quantity_of(trace, whole, iteration)

    column = trace.problem.layout == "column"
    others = shaken(model, parameters)
    rows = forward(model, parameters)[-1][1]
    if (output := quantity(last)) is not None:
        spread = _spread(rows, [forward(*one)[-1][1] for one in others])
        yield output, rows.T if column else rows, spread.T if column else spread
    if not model.loss:
        return
    loss = quantity("J") or (quantity("L") if not model.l2 else None)
    if loss is not None:
        value = np.reshape(objective(model, parameters, clip=True), (1, 1))
        yield loss, value, _spread(value, [objective(*one, clip=True) for one in others])


def _spread(value: Array, others: list[Array]) -> Array:
    """How far the value moves with the last bit of what it is calculated from, taken several times; 0 if unknown."""
    moved = SHAKES * np.max([np.abs(other - value) for other in others], axis=0)
    return np.where(np.isfinite(moved), moved, 0.0)


def _learning(trace: Trace, letters: Letters) -> Expected:
    """What every sample of every epoch gives a perceptron."""
    problem = trace.problem
    x, y = samples(problem, letters)
    w = Values(trace, letters).of(trace.quantities["w"])
    b = float(Values(trace, letters).of(trace.quantities["b"])[0, 0]) if "b" in trace else None
    rate = number(problem.lr, 0.0)
    if problem.lr is not None and problem.lr.text in letters:
        rate = float(letters[problem.lr.text])
    low = -1.0 if y is not None and np.any(y < 0) else 0.0
    for iteration in range(1, trace.iterations + 1):
        place = (iteration - 1) % problem.samples
        sizes = np.abs(x[place]) @ np.abs(w[:, 0]) + abs(b or 0.0)
        z = float(settled(x[place] @ w[:, 0] + (b or 0.0), sizes))
        guess = 1.0 if z > 0 else low
        found = {"z": z, "yhat": guess}
        if y is not None:
            error = float(y[place, 0]) - guess
            found["error"] = error
            w = w + rate * error * x[place][:, None] if "weights" in problem.train.update else w
            b = b + rate * error if b is not None and "biases" in problem.train.update else b
        arrays = {name: np.array([[value]]) for name, value in found.items()}
        arrays |= {"w_new": w} | ({} if b is None else {"b_new": np.array([[b]])})
        if iteration in trace.kept:
            prefix = f"t{iteration}." if trace.iterations > 1 else ""
            for name, value in arrays.items():
                if prefix + name in trace:
                    spread = SHAKES * np.finfo(float).eps * sizes if name == "z" else 0.0
                    yield trace.quantities[prefix + name], value, np.full_like(value, spread)
