"""What makes a variant worth doing. Each condition is one function: candidates worked out → which of them pass.

A function returns None where its condition has nothing to say about the problem (no ReLU, no loss …).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any

import numpy as np
from msgspec import Struct

from stepwise.asking import Line
from stepwise.asking.ways import Floats
from stepwise.expressions import FloatArithmetic
from stepwise.problem.numbers import parse_number
from stepwise.sheets.mistaken import demanded_show
from stepwise.sheets.working import Flags, Worked
from stepwise.trace.arithmetic import digits_in

KINKED = frozenset({"relu", "leaky_relu", "elu", "step"})
"""Activations that do one thing below 0 and another above."""
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}
"""The activations that saturate, and the largest value of their derivative."""
SLOPE = 0.05
"""A σ′ or tanh′ below this makes the page speak of vanishing gradients."""
_GRADIENT = re.compile(r"d[Ww]\d*|db\d*")
_NEAR = 1e-9
"""So near a corner nobody can say on which side a number is."""


class Rules(Struct, frozen=True):
    """The conditions as they are set; see the problem file's `vary.conditions`."""

    alive: bool = True
    units_off: str = "any"
    unsaturated: bool = True
    gradient_units: int = 10
    loss_above: float = 0.05
    both_sides: bool = True
    same_facts: bool = True
    mistakes_show: bool = True
    prediction: str = "any"


def rules_of(vary: Mapping[str, Any]) -> Rules:
    """The conditions that a `vary` block sets; the others are as usual."""
    given = dict(vary.get("conditions") or {})
    if "loss_above" in given:
        given["loss_above"] = parse_number(str(given["loss_above"])).value
    return Rules(**given)


def finite(made: Worked, rules: Rules) -> Flags | None:
    """Every number is one."""
    passed = np.ones(made.count, dtype=bool)
    for line in made.whole.lines:
        passed &= made.every(np.isfinite(made.exact[line.id])) & made.every(np.isfinite(made.known[line.id].point))
    return passed


def alive(made: Worked, rules: Rules) -> Flags | None:
    """No hidden ReLU layer is wholly off: some unit is on for some sample, in every iteration."""
    if not rules.alive:
        return None
    return _all_of(made, [made.some(made.exact[name] > _NEAR) for name in _relu_inputs(made)])


def units_off(made: Worked, rules: Rules) -> Flags | None:
    """How many units of each hidden ReLU layer are off, for every sample."""
    if rules.units_off == "any":
        return None
    axis = -2 if made.whole.problem.layout == "column" else -1
    found = []
    for name in _relu_inputs(made):
        off = (made.exact[name] <= 0).sum(axis=axis, keepdims=True)
        fits = {"none": off == 0, "one": off == 1, "some": off > 0}[rules.units_off]
        found.append(made.every(fits))
    return _all_of(made, found)


def unsaturated(made: Worked, rules: Rules) -> Flags | None:
    """No σ′ and no tanh′ is so small that the gradient fades, whoever computes it."""
    if not rules.unsaturated:
        return None
    found = []
    for line in made.of_role("activation"):
        function = _function(line)
        if function in STEEPEST:
            for a in made.versions(line.id):
                slope = a * (1 - a) if function == "sigmoid" else 1 - a * a
                found.append(made.every(slope >= SLOPE))
    return _all_of(made, found)


def gradient_units(made: Worked, rules: Rules) -> Flags | None:
    """Each gradient that is asked for has a number of some units of its last printed digit."""
    digits = digits_in(made.whole.problem, made.whole.derivation)
    found = []
    for one in made.questions.asked:
        if _GRADIENT.fullmatch(one.name):
            count = digits(one.name)
            least = 0.0 if count.figures else rules.gradient_units * 10.0**-count.count * (1 - _NEAR)
            for value in made.versions(one.id)[:2]:
                size = np.abs(value)
                found.append(made.some((size >= least) & (size > _NEAR)))
    return _all_of(made, found) if rules.gradient_units else None


def loss_above(made: Worked, rules: Rules) -> Flags | None:
    """It is not solved already: the first loss is large enough; a perceptron makes some error, unless this is 0."""
    if made.whole.problem.model == "perceptron":
        if rules.loss_above <= 0:
            return None
        errors = [made.some(made.exact[line.id] != 0) for line in made.of_role("error")]
        return np.logical_or.reduce(errors) if errors else None
    for line in made.whole.lines:
        if line.name == "L" and (line.iteration or 1) == 1:
            return made.some(made.exact[line.id] > rules.loss_above)
    return None


def both_sides(made: Worked, rules: Rules) -> Flags | None:
    """With hinge loss, one sample at least is safe and another is not."""
    margins = _before_the_end(made, "margin")
    if not rules.both_sides or not margins or made.whole.problem.samples < 2:
        return None
    floats = FloatArithmetic()
    safe = np.logical_or.reduce([made.some(floats.compare(made.exact[line.id], ">=", 1.0)) for line in margins])
    violating = np.logical_or.reduce([made.some(floats.compare(made.exact[line.id], "<", 1.0)) for line in margins])
    return np.asarray(safe & violating)


def same_facts(made: Worked, rules: Rules) -> Flags | None:
    """What is said of the numbers is the same in full precision, by hand, and at both ends of what care allows."""
    if not rules.same_facts:
        return None
    found = [made.every(_agree(versions)) for versions in _facts(made)]
    return _all_of(made, found)


def mistakes_show(made: Worked, rules: Rules) -> Flags | None:
    """Whoever forgets σ′, η or 1/N, or turns the sign of δ, gets other answers than the right ones."""
    return demanded_show(made) if rules.mistakes_show else None


def prediction(made: Worked, rules: Rules) -> Flags | None:
    """The first prediction is right for all samples, or wrong for one at least."""
    if rules.prediction == "any":
        return None
    right = predicted_right(made)
    return right if right is None or rules.prediction == "right" else ~right


CONDITIONS: Mapping[str, Callable[[Worked, Rules], Flags | None]] = {
    condition.__name__: condition
    for condition in (
        finite, alive, units_off, unsaturated, gradient_units, loss_above, both_sides, same_facts, prediction,
        mistakes_show,
    )
}  # fmt: skip
"""Every condition by its name in the problem file; `finite` always holds."""


# ---- what is said of the numbers


def _facts(made: Worked) -> Iterator[tuple[Any, ...]]:
    """Everything that is either so or not, as each version of a quantity has it."""
    for line in made.of_role("activation", "yhat"):
        if _function(line) in KINKED or made.whole.problem.model == "perceptron":
            name = "z" if line.step is not None and line.step.role == "yhat" else ""
            yield _sides(made, line.sources.get(name, name) if name else made.layer_input(line), 0.0)
    for line in made.of_role("margin"):
        yield _sides(made, line.id, 1.0)
        yield _sides(made, line.id, 0.0)
    for line in made.of_role("delta_fused"):
        yield tuple(np.sign(value) for value in made.versions(line.id)[:2])
    for line in _outputs(made, after=True):
        yield from _predictions(made, line)
    for line in made.of_role("derivative"):
        if _function(line) in STEEPEST:
            yield tuple(value < SLOPE for value in made.versions(line.id)[:2])
    lines = {line.id: line for line in made.whole.lines}
    for before, after in (("L", "L_new"), ("J", "J_new"), ("t1.L", "L_new"), ("t1.J", "J_new")):
        if before in lines and after in lines:
            pairs = zip(made.versions(before)[:2], made.versions(after)[:2], strict=True)
            yield tuple(new < old for old, new in pairs)


def _sides(made: Worked, name: str, corner: float) -> tuple[Any, ...]:
    """On which side of a corner each number is; on the corner itself, but for noise, nothing agrees with anything."""
    differences = (value - corner for value in made.versions(name))
    return tuple(np.where(np.abs(one) <= _NEAR, np.nan, np.sign(one)) for one in differences)


def _agree(versions: tuple[Any, ...]) -> Any:
    """Whether all versions say the same."""
    return np.logical_and.reduce([np.asarray(one == versions[0]) for one in versions])


def _outputs(made: Worked, *, after: bool = False) -> list[Line]:
    """The last activation of a network with labels; with `after` also that of the forward pass after the update."""
    problem = made.whole.problem
    if problem.model != "network" or problem.labels is None:
        return []
    lines = made.of_role("activation") if after else _before_the_end(made, "activation")
    return [line for line in lines if line.step is not None and line.step.layer == len(problem.layers)]


def _predictions(made: Worked, line: Line) -> Iterator[tuple[Any, ...]]:
    """The predicted class as each version of the last layer has it."""
    problem = made.whole.problem
    axis = -2 if problem.layout == "column" else -1
    if problem.layers[-1].units > 1:
        if _function(line) == "softmax":
            values = made.versions(line.id)
            yield tuple(np.argmax(value, axis=axis, keepdims=True) for value in values[:2])
            yield (_ahead(values, axis), np.array([[True]]))
    elif _function(line) == "sigmoid":
        yield _sides(made, line.id, 0.5)


def _ahead(values: tuple[Floats, ...], axis: int) -> Any:
    """Whether the largest number is the largest for everybody: its least is above all others' most."""
    # by hand small numbers have fewer figures than care allows: two may become equal there alone
    exact, least, most = values[0], reduce(np.minimum, values), reduce(np.maximum, values)
    top = np.argmax(exact, axis=axis, keepdims=True)
    others = np.where(np.arange(exact.shape[axis]).reshape((-1, 1) if axis == -2 else (1, -1)) == top, -np.inf, most)
    return np.take_along_axis(least, top, axis) > others.max(axis=axis, keepdims=True)


def predicted_right(made: Worked) -> Flags | None:
    """Which candidates predict every sample right at first; None where nothing is predicted."""
    problem = made.whole.problem
    outputs = _outputs(made)[:1]
    if problem.model in ("svm", "perceptron"):
        lines = [
            line for line in made.of_role("margin", "error") if line.step is not None and line.step.phase != "after"
        ]
        lines = lines[: 1 if made.whole.iterations == 1 else problem.samples]
        right = [
            made.every(
                made.exact[line.id] > 0 if line.step and line.step.role == "margin" else made.exact[line.id] == 0
            )
            for line in lines
        ]
        return _all_of(made, right)
    for line in outputs:
        value, label = made.exact[line.id], made.exact[line.sources.get("y", "y")]
        if problem.layers[-1].units > 1 and _function(line) == "softmax":
            axis = -2 if problem.layout == "column" else -1
            return made.every(np.argmax(value, axis=axis, keepdims=True) == np.argmax(label, axis=axis, keepdims=True))
        if _function(line) == "sigmoid":
            return made.every((value > 0.5) == (label > 0.5))
        if problem.loss is not None and problem.loss.name == "hinge":
            return made.every(value * label > 0)
    return None


def _relu_inputs(made: Worked) -> list[str]:
    """The pre-activations of hidden ReLU layers."""
    last = len(made.whole.problem.layers)
    layers = [line for line in _before_the_end(made, "activation") if line.step is not None and line.step.layer != last]
    return [made.layer_input(line) for line in layers if _function(line) == "relu"]


def _before_the_end(made: Worked, *roles: str) -> list[Line]:
    """The lines of some roles, without the forward pass after the last update."""
    return [line for line in made.of_role(*roles) if line.step is not None and line.step.phase != "after"]


def _function(line: Line) -> str:
    return "" if line.step is None else line.step.variant


def _all_of(made: Worked, flags: list[Flags]) -> Flags | None:
    return np.asarray(np.logical_and.reduce(flags)) if flags else None
