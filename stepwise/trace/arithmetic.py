"""The two arithmetics in numbers: exact (float64 throughout) and hand (every line rounded, that value carried)."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from stepwise.derivation import Derivation, Step
from stepwise.errors import UnsupportedError
from stepwise.expressions import FloatArithmetic
from stepwise.notation.numbers import Digits, carried
from stepwise.problem.model import Problem, Rounding

DigitsOf = Callable[[str], Digits]


def digits_rule(rounding: Rounding, same_as: Callable[[str], str]) -> DigitsOf:
    """How finely each quantity is printed: exact name before pattern, first pattern first, then the default.

    `same_as` names another quantity whose digits apply where a quantity is not named itself (η∇W rounds like W_new).
    """
    figures = rounding.figures is not None
    default = Digits(rounding.figures if rounding.figures is not None else rounding.decimals or 0, figures)
    if not rounding.quantities:
        return lambda quantity: default
    cache: dict[str, Digits] = {}

    def named(quantity: str) -> Digits | None:
        patterns = sorted(rounding.quantities, key=lambda pair: pair[0] != quantity)
        count = next((count for pattern, count in patterns if fnmatchcase(quantity, pattern)), None)
        return None if count is None else Digits(count)

    def digits(quantity: str) -> Digits:
        if quantity not in cache:
            other = same_as(quantity)
            cache[quantity] = named(quantity) or (named(other) if other else None) or default
        return cache[quantity]

    return digits


def digits_in(problem: Problem, derivation: Derivation) -> DigitsOf:
    """How finely each quantity of a problem is printed, by its name without the iteration."""
    same_as = {step.id: step.digits_of for step in derivation}
    return digits_rule(problem.rounding, lambda name: same_as.get(name, ""))


class HandArithmetic(FloatArithmetic):
    """After each line the result is rounded half-up to that quantity's digits, and the rounded value is carried on."""

    name = "hand"

    def __init__(self, digits: DigitsOf) -> None:
        self._digits = digits

    def finish(self, quantity: str, value: object) -> object:
        return carried(value, self._digits(quantity))


def not_finite(step: Step, problem: Problem) -> UnsupportedError:
    """Why a line cannot be worked."""
    own = step.layer is not None and problem.layers[step.layer - 1].activation.expr
    if own and step.role != "z":
        return UnsupportedError(
            f"{problem.source}: {step.id} is not a finite number: a logarithm, root or quotient has no value there, or "
            "the numbers grow too large (other weights or inputs, or another formula, avoid it)"
        )
    softmax = step.layer is not None and problem.layers[step.layer - 1].activation.name == "softmax"
    if problem.rounding.carry and softmax and step.role == "activation":
        return UnsupportedError(
            f"{problem.source}: all exponentials of {step.id} are rounded to 0, and nothing is divided by their sum "
            "(more decimals, exact arithmetic or larger weights keep them apart)"
        )
    return UnsupportedError(
        f"{problem.source}: the numbers grow too large: {step.id} is no longer a finite number "
        "(smaller weights, inputs or learning rate keep it in range)"
    )
