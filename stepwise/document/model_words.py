"""The set-up of a problem in short phrases: layers, loss, data, training."""

from __future__ import annotations

from collections.abc import Iterator

from stepwise.document.phrases import Math, Phrase, Slot, phrase
from stepwise.notation.numbers import number_latex
from stepwise.problem.model import Choice, Loss, Number, Problem

_SYMBOLS = {"alpha": r"\alpha", "beta": r"\beta", "at_zero": r"f(0)"}


def describe(problem: Problem) -> Iterator[Phrase]:
    """The model, line by line."""
    if problem.model == "network":
        yield phrase("setup.inputs", count=problem.layers[0].inputs)
        for number, layer in enumerate(problem.layers, 1):
            last = number == len(problem.layers)
            kind = "only" if last and number == 1 else "output" if last else "hidden"
            activation = _activation(layer.activation)
            yield phrase(f"setup.layer.{kind}", layer=number, units=layer.units, activation=activation)
        if problem.loss is not None:
            yield phrase("setup.loss", loss=_loss(problem.loss))
    else:
        yield phrase(f"setup.{problem.model}", count=problem.layers[0].inputs)
    yield from _data(problem)
    yield from _training(problem)


def _data(problem: Problem) -> Iterator[Phrase]:
    if problem.single:
        yield phrase("setup.one_sample")
    else:
        all_at_once = problem.train.batch_size is None or problem.train.batch_size >= problem.samples
        named = all_at_once and problem.train.method != "pegasos" and problem.loss and problem.loss.reduction == "mean"
        count: Slot = Math(f"N = {problem.samples}") if named else problem.samples
        yield phrase(f"setup.samples_{problem.layout}", count=count)
    if problem.loss is not None and not problem.single and problem.train.method != "pegasos":
        yield phrase(f"setup.reduction.{problem.loss.reduction}")
    if problem.biases is None:
        yield phrase("setup.no_bias")
    if problem.l2 is not None:
        yield phrase("setup.l2", penalty=Math(rf"\lambda = {_number(problem.l2)}"))
    if problem.draw is not None:
        yield phrase("setup.drawn", scheme=phrase(f"scheme.{problem.draw.scheme}"), seed=problem.draw.seed)


def _training(problem: Problem) -> Iterator[Phrase]:
    if problem.lr is None or not problem.has_numbers:
        return
    if problem.schedule == "inverse":
        yield phrase("setup.schedule")
    train = problem.train
    if problem.biases is not None and len(train.update) == 1:
        yield phrase("setup.only_weights" if "weights" in train.update else "setup.only_biases")
    slots: dict[str, Slot] = {"epochs": train.epochs, "samples": problem.samples}
    if problem.model == "perceptron" or train.method == "pegasos":
        yield phrase("setup.one_by_one", **slots)
    elif train.batch_size is not None and train.batch_size < problem.samples:
        batches = -(-problem.samples // train.batch_size)
        rest = problem.samples % train.batch_size
        slots |= {"size": train.batch_size, "batches": batches, "rest": rest}
        kind = "sgd" if train.batch_size == 1 else "batches_short" if rest else "batches"
        yield phrase(f"setup.{kind}", **slots)
    elif train.epochs > 1:
        yield phrase("setup.repeats" if problem.single else "setup.epochs", **slots)


def _activation(choice: Choice) -> Phrase:
    """The activation's name, with its parameters where it has any."""
    name = phrase("activation.own", name=choice.name) if choice.expr else phrase(f"activation.{choice.name}")
    if not choice.parameters:
        return name
    values = tuple(Math(f"{_SYMBOLS[key]} = {_number(value)}") for key, value in choice.parameters.items())
    return phrase("activation.with", activation=name, parameters=values)


def _loss(loss: Loss) -> Phrase:
    name = phrase(f"loss.{loss.name}")
    return name if loss.factor is None else phrase("loss.with", loss=name, factor=Math(_number(loss.factor)))


def _number(number: Number) -> str:
    return number_latex(number.text, typed=True)
