"""Activations and losses by name, with their parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Literal

from stepwise.operations.activation import OWN_LETTERS, OWN_NAME, Activation
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.problem.faults import View, did_you_mean
from stepwise.problem.model import Choice, Loss, Number
from stepwise.problem.nodes import MapNode, shortened
from stepwise.problem.numbers import NumberError, parse_number

_RANGES: dict[str, tuple[Callable[[float], bool], str]] = {
    "alpha": (lambda value: value >= 0, "of 0 or more"),
    "beta": (lambda value: value > 0, "above 0"),
    "at_zero": (lambda value: 0 <= value <= 1, "from 0 to 1"),
}


@cache
def _parameters() -> list[str]:
    """The names of the parameters of all activations."""
    return sorted({name for record in ACTIVATIONS.values() for name in record.parameters})


def record_of(choice: Choice) -> Activation:
    """The activation that was chosen: a registered one, or the file's own."""
    if not choice.expr:
        return ACTIVATIONS[choice.name]
    from stepwise.operations.own import own_activation

    return own_activation(choice.name, choice.expr, _texts(choice.parameters))


def number_of(view: View | None) -> Number | None:
    """The number at `view`, where there is one without a fault."""
    if view is None or not view.sound or not view.text:
        return None
    try:
        return parse_number(view.text)
    except NumberError as error:
        # beside a field without a name nothing was checked
        view.add(str(error), error.hint)
        return None


def read_activation(view: View | None) -> Choice | None:
    """`sigmoid`, or `{name: leaky_relu, alpha: 0.01}`, or `{name: mish, expr: "z*tanh(log(1+exp(z)))"}`."""
    if view is not None and (formula := view.get("expr")) is not None:
        return _read_own(view, formula)
    record = ACTIVATIONS.get(_name(view))
    if view is None or record is None:
        return None
    parameters = {name: parse_number(text) for name, text in record.parameters.items()}
    for name in _parameters() if view.get("name") else ():
        value = view.good(name)
        if value is None:
            continue
        number = number_of(value)
        fits, words = _RANGES.get(name, (lambda value: True, ""))
        if name not in parameters:
            hint = did_you_mean(name, parameters) if parameters else "leave it out"
            value.add(f"{record.name} has no parameter `{name}`", hint)
        elif number is not None and not fits(number.value):
            value.add(f"{record.name} cannot have {name} = {number.text}", f"write a number {words}")
        elif number is not None:
            parameters[name] = number
    return Choice(record.name, parameters)


def read_activations(views: Sequence[View | None]) -> list[Choice | None]:
    """The activation of every layer; a name of the file's own stands for one function."""
    read = [read_activation(view) for view in views]
    first: dict[str, str] = {}
    for view, choice in zip(views, read, strict=True):
        if view is not None and choice is not None and choice.expr:
            formula = first.setdefault(choice.name, choice.expr)
            if formula != choice.expr:
                view.add(
                    f"{choice.name} is another function in a layer before: {shortened(formula)}", "name this one anew"
                )
    return read


def _read_own(view: View, formula: View) -> Choice | None:
    """A function of the file's own: its name, the numbers of its parameters, and its formula."""
    from stepwise.expressions.parse import ParseError
    from stepwise.operations.own import own_activation

    named, name = view.get("name"), ""
    if named is not None and named.sound:
        name = named.text
        if name in ACTIVATIONS:
            named.add(f"{name} is already the name of an activation", "leave `expr` out, or give it another name")
        elif not re.fullmatch(OWN_NAME, name):
            named.add(f"{shortened(name)!r} cannot be the name of a function", "write one word in plain letters: mish")
    typed = {letter: view.get(letter) for letter in _parameters()}
    for letter, value in typed.items():
        if value is not None and letter not in OWN_LETTERS:
            value.add(f"an own function has no parameter `{letter}`", f"it may use {' and '.join(OWN_LETTERS)}")
    parameters = {letter: number for letter in OWN_LETTERS if (number := number_of(typed.get(letter))) is not None}
    if not formula.sound:
        return None
    try:
        record = own_activation(name or "f", formula.text, _texts(parameters))
    except ParseError as error:
        # within { } a comma ends an unquoted text: max(0
        quotes = ", and put the formula in quotes" if error.message.endswith("never closed") else ""
        formula.add(f"column {error.column}: {error.message}", f"{error.hint}{quotes}")
        return None
    for letter in OWN_LETTERS:
        value = typed[letter]
        if letter in record.parameters and value is None:
            formula.add(f"no number for `{letter}`", f"write `{letter}: 0.5` beside it")
        elif value is not None and letter not in record.parameters:
            value.add(f"`{letter}` does not occur in the formula", "leave it out")
    return Choice(name, parameters, formula.text) if view.sound and name else None


def _texts(parameters: Mapping[str, Number]) -> tuple[tuple[str, str], ...]:
    return tuple((name, number.text) for name, number in parameters.items())


def _name(view: View | None) -> str:
    """The name that is written as `sigmoid` or {name: sigmoid, …}; "" where it is faulty, whatever stands beside it."""
    if view is None:
        return ""
    named = view.good("name") if isinstance(view.node, MapNode) else view
    return named.text if named is not None and named.sound else ""


def read_loss(view: View | None, default_reduction: Literal["mean", "sum"]) -> Loss | None:
    """`mse`, or `{name: mse, factor: 0.5, reduction: mean}`."""
    record = LOSSES.get(_name(view))
    if view is None or record is None:
        return None
    default = parse_number(record.factor) if record.factor is not None else None
    factor = _factor(view.get("factor"), record.name, allowed=default is not None)
    typed = view.good("reduction")
    reduction = default_reduction if typed is None else ("sum" if typed.text == "sum" else "mean")
    return Loss(record.name, factor or default, reduction)


def _factor(view: View | None, name: str, *, allowed: bool) -> Number | None:
    factor = number_of(view)
    if view is None or factor is None:
        return None
    if not allowed:
        view.add(f"{name} has no factor", "leave it out")
    elif factor.value <= 0:
        view.add(f"the factor {factor.text} is not positive", "write one such as 0.5")
    elif "%" in factor.text:
        view.add(f"the factor {factor.text} is a percentage", "write it as 0.5 or 1/2")
    else:
        return factor
    return None


def check_loss(view: View, loss: Loss, output: Choice) -> None:
    """Note where the loss does not go with the last layer."""
    last = record_of(output)
    if LOSSES[loss.name].needs_probabilities and not last.positive_only:
        able = " or ".join(name for name, record in ACTIVATIONS.items() if record.positive_only)
        view.add(f"{loss.name} needs probabilities, the last layer has {last.name}", f"use {able} there, or mse here")
