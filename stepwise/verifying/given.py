"""What a problem gives, as plain arrays: the samples of an iteration, the model, the sizes. Letters become numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from stepwise.problem.model import Given, Number, Problem
from stepwise.verifying.plain import Array, Model, Unit, settled

Letters = Mapping[str, Fraction]


def letters_of(problem: Problem) -> dict[str, Fraction]:
    """A number for every letter of a problem, in size between 3/16 and 19/16, with changing signs."""
    givens = [problem.inputs, problem.labels, *problem.weights, *(problem.biases or ())]
    texts = [str(text) for one in givens if one is not None for text in _lettered(one)]
    if problem.lr is not None and np.isnan(problem.lr.value):
        texts.append(problem.lr.text)
    names = list(dict.fromkeys(texts))
    return {name: Fraction((3 + 5 * i % 17) * (-1) ** i, 16) for i, name in enumerate(names)}


def _lettered(given: Given) -> list[object]:
    if given.values is None or given.texts is None:
        return []
    return list(given.texts[np.isnan(given.values)])


def numbers(given: Given, letters: Letters) -> Array:
    """The numbers that are given, as on paper."""
    assert given.values is not None
    values = given.values.copy()
    for at in map(tuple, np.argwhere(np.isnan(values))):
        assert given.texts is not None
        values[at] = float(letters[str(given.texts[at])])
    return values


def number(one: Number | None, default: float) -> float:
    """A typed number, or what stands for it where none was typed."""
    return default if one is None else one.value


def samples(problem: Problem, letters: Letters) -> tuple[Array, Array | None]:
    """All inputs, preprocessed, and all labels, samples as rows."""
    x, y = numbers(problem.inputs, letters), None
    if problem.preprocess is not None:
        parts = problem.preprocess
        if parts.divide is not None:
            x = x / numbers(parts.divide, letters)
        if parts.mean is not None:
            mean = numbers(parts.mean, letters)
            x = settled(x - mean, np.abs(x) + np.abs(mean))
        if parts.std is not None:
            x = x / numbers(parts.std, letters)
    if problem.labels is not None:
        y = numbers(problem.labels, letters)
        y = y.T if problem.layout == "column" else y
    return (x.T if problem.layout == "column" else x), y


def chosen(problem: Problem, iteration: int) -> slice:
    """The samples of an iteration, counted from 1: batches in the order of the file, epoch after epoch."""
    one_by_one = problem.model == "perceptron" or problem.train.method == "pegasos"
    size = 1 if one_by_one else problem.train.batch_size or problem.samples
    in_epoch = -(-problem.samples // size)
    start = (iteration - 1) % in_epoch * size
    return slice(start, min(start + size, problem.samples))


def model_of(problem: Problem, letters: Letters) -> Model:
    """The model with all samples."""
    x, y = samples(problem, letters)
    loss = problem.loss
    layers = range(1, len(problem.layers) + 1)
    linear = problem.model != "network"
    return Model(
        units=tuple(
            Unit(
                "identity" if linear else one.activation.name,
                {name: each.value for name, each in one.activation.parameters.items()},
                one.activation.expr,
            )
            for one in problem.layers
        ),
        loss=loss.name if loss is not None else "",
        factor=number(loss.factor if loss is not None else None, 1.0),
        mean=loss is not None and loss.reduction == "mean",
        l2=number(problem.l2, 0.0),
        # w of a support vector machine is a column in both layouts
        column=problem.layout == "column" and not linear,
        x=x,
        y=y,
        names=(("w", "b"),) if linear else tuple((f"W{layer}", f"b{layer}") for layer in layers),
    )


def of_iteration(model: Model, problem: Problem, iteration: int) -> Model:
    """The same model with the samples of one iteration."""
    part = chosen(problem, iteration)
    return replace(model, x=model.x[part], y=None if model.y is None else model.y[part])
