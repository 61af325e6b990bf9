"""Every gradient against two others: central differences of a plain NumPy loss, and symbolic derivatives.

The relative error of a number is |a − n| / max(|a|, |n|, g/1000, least), where g is the largest gradient of its
iteration: what is a thousand times smaller is measured by that. By differences `least` is 10⁻⁴·max(1, |J|), as what is
smaller is lost in the rounding of the loss J; by symbols it is 10⁻⁵·max(1, √|J|), with which 10⁻⁹ is the rounding that
1 − a leaves of a saturated unit. Source of the first two terms: Stanford CS231n, "Neural Networks Part 3", Gradient
checks. An error that the last bits of the numbers make, where large terms cancel, is none.

However small a gradient is, by symbols its printed digits have to be right, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from stepwise.trace import Quantity, Trace
from stepwise.verifying.differences import HALVINGS, Slope, slope
from stepwise.verifying.given import Letters, model_of, of_iteration
from stepwise.verifying.model import Compared, GradientCheck, Missed, Verdict
from stepwise.verifying.plain import SHAKES, Array, Model, forward, has_jumps, is_clipped, objective, shaken
from stepwise.verifying.values import Values, quantity_of

TOLERANCE = 1e-6
"""Of central differences, which lose some digits …"""
TOLERANCE_SYMBOLIC = 1e-9
"""… and of symbolic derivatives, which lose none: the printed gradients are float64 all the same."""
MOST = 100
"""So many numbers of one parameter are compared."""
_SHARE = 1e-3
LEAST_OF_LOSS = 1e-4
"""A gradient this much smaller than the loss is lost in its rounding."""
LEAST_SYMBOLIC = 1e-5
_LAST_BITS = 1e-11
"""Of a number that is printed whole, and at a tie."""
_LOST = 1e-200
"""So near to 0 the digits of the check itself may be lost."""
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
_SEEN = 1e-3
"""So large a part of the largest gradient has to be seen, or the loss drowns it."""
_MOST_WORK = 2e9
_MOST_AT_ONCE = 4_000_000

Place = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class _Gradient:
    """A gradient of the page, and the parameter it belongs to."""

    parameter: str
    quantity: Quantity
    values: Array
    places: list[Place]


@dataclass(eq=False)
class _Iteration:
    """The gradients of one iteration, at its own parameters and samples."""

    trace: Trace
    model: Model
    parameters: dict[str, Array]
    gradients: list[_Gradient]
    misses: list[Missed] = field(default_factory=list)

    @cached_property
    def clipped(self) -> bool:
        return is_clipped(self.model, self.parameters)

    @cached_property
    def loss(self) -> float:
        """The loss, or 1 where it is smaller or no number."""
        loss = abs(float(objective(self.model, self.parameters)))
        return max(1.0, loss if np.isfinite(loss) else 1.0)

    @cached_property
    def least(self) -> float:
        """The smallest denominator of a relative error, whatever the loss."""
        return _SHARE * max((float(np.max(np.abs(one.values))) for one in self.gradients), default=0.0)

    @cached_property
    def others(self) -> list[_Iteration]:
        """The same iteration with the last bits of its numbers changed."""
        return [
            replace(self, model=model, parameters=dict(found)) for model, found in shaken(self.model, self.parameters)
        ]

    def error(self, ours: float, theirs: float, least: float) -> float:
        return abs(ours - theirs) / max(abs(ours), abs(theirs), self.least, least)

    def missed(self, gradient: _Gradient, at: Place, expected: float) -> None:
        """Note a miss, once for both methods."""
        name = _place_name(gradient.quantity, at)
        if all(one.place != name for one in self.misses):
            self.misses.append(Missed("gradient", name, _number(gradient.values[at]), _number(expected)))


def check_gradients(trace: Trace, letters: Letters) -> tuple[list[GradientCheck], list[Missed]]:
    """Every gradient of every iteration that is shown."""
    checks: list[GradientCheck] = []
    misses: list[Missed] = []
    with np.errstate(all="ignore"):
        for one in _iterations(trace, letters):
            symbolic = _by_symbols(one)
            for gradient in one.gradients:
                differences = _by_differences(one, gradient)
                checks.append(
                    GradientCheck(gradient.quantity.id, gradient.values.size, differences, symbolic(gradient))
                )
            misses += one.misses
    return checks, misses


def _iterations(trace: Trace, letters: Letters) -> Iterator[_Iteration]:
    model, values = model_of(trace.problem, letters), Values(trace, letters)
    if not model.loss:
        return
    for number in trace.kept:
        part = of_iteration(model, trace.problem, number)
        parameters: dict[str, Array] = {}
        for name in (name for pair in model.names for name in pair):
            if (quantity := quantity_of(trace, name, number)) is not None:
                parameters[name] = values.of(quantity)
        gradients = []
        for name in parameters:
            if (quantity := quantity_of(trace, f"d{name}", number)) is not None:
                found = values.of(quantity)
                if found.shape == parameters[name].shape:
                    gradients.append(_Gradient(name, quantity, found, list(_places(found, part))))
        yield _Iteration(trace, part, parameters, gradients)


def _places(gradient: Array, model: Model) -> Iterator[Place]:
    """Which numbers are compared: all, or some that are spread evenly and the largest."""
    work = len(model.x) * max(gradient.size, model.x.shape[1]) * (2 * HALVINGS + 1)
    most = max(1, min(MOST, int(_MOST_WORK / work)))
    flat = list(range(gradient.size))
    if gradient.size > most:
        spread = np.linspace(0, gradient.size - 1, most - 1) if most > 1 else np.array([])
        flat = sorted({int(np.argmax(np.abs(gradient))), *map(int, spread)})
    return (tuple(map(int, np.unravel_index(place, gradient.shape))) for place in flat)


def _number(value: float) -> str:
    return f"{value + 0.0:.10g}"


def _every(values: Array) -> Iterator[Place]:
    yield from np.ndindex(values.shape)


def _place_name(quantity: Quantity, at: Place) -> str:
    places = [str(place + 1) for place, length in zip(at, quantity.shape, strict=True) if length > 1]
    return f"{quantity.id}[{','.join(places)}]" if places else quantity.id


# ---- central differences


def _by_differences(one: _Iteration, gradient: _Gradient) -> Compared:
    reach, least = _reach(one, gradient.parameter), LEAST_OF_LOSS * one.loss
    small = 0 < _SEEN * float(np.max(np.abs(gradient.values))) < TOLERANCE * least
    worst = 0.0
    verdict: Verdict = "holds"
    for at in gradient.places:
        ours = float(gradient.values[at])
        found = _slope(one, gradient.parameter, at, reach)
        error = one.error(ours, found.central, least)
        if error > TOLERANCE and not found.corner:
            # where only the curvature is another on each side, each side alone is exact
            error = min(error, max(one.error(ours, side, least) for side in (found.left, found.right)))
        if error <= TOLERANCE:
            bare = one.error(ours, found.central, 0.0) if small else error
            if bare <= TOLERANCE:
                worst = max(worst, bare)
            elif verdict == "holds":
                verdict = "drowned"
            continue
        excuse = _excuse(one, found, ours) or _unclear(one, gradient, at, abs(ours - found.central))
        if excuse is None:
            worst, verdict = max(worst, error), "misses"
            one.missed(gradient, at, found.central)
        elif verdict == "holds":
            verdict = excuse
    return Compared(verdict, len(gradient.places), worst if verdict in ("holds", "misses") else None)


def _slope(one: _Iteration, parameter: str, at: Place, reach: float) -> Slope:
    return slope(_loss_at(one, parameter, at), float(one.parameters[parameter][at]), reach)


def _excuse(one: _Iteration, found: Slope, ours: float) -> Verdict | None:
    """Why a difference need not agree: a corner, a jump, a clipped logarithm, a loss that is no number."""
    if not np.isfinite(found.central):
        return "overflows"
    if found.corner and found.has_between(ours):
        return "corner"
    if found.jumps:
        return "jumps" if has_jumps(one.model) else "unclear"
    return "clipped" if one.clipped else None


def _unclear(one: _Iteration, gradient: _Gradient, at: Place, error: float) -> Verdict | None:
    """Whether the last bits of the numbers change the difference as much."""
    reach = _reach(one, gradient.parameter)
    slopes = [_slope(each, gradient.parameter, at, reach).central for each in (one, *one.others)]
    return "unclear" if error <= SHAKES * float(np.ptp(slopes)) else None


def _reach(one: _Iteration, parameter: str) -> float:
    """The largest number that the parameter is multiplied by."""
    layer = next(i for i, pair in enumerate(one.model.names) if parameter in pair)
    if parameter != one.model.names[layer][0]:
        return 1.0
    inputs = one.model.x if layer == 0 else forward(one.model, one.parameters)[layer - 1][1]
    return float(np.max(np.abs(inputs), initial=0.0))


def _loss_at(one: _Iteration, parameter: str, at: Place) -> Callable[[Array], Array]:
    """The loss as a function of many values of one number."""
    widest = max(one.model.x.shape[1], *(max(value.shape) for value in one.parameters.values()))
    at_once = max(1, _MOST_AT_ONCE // (len(one.model.x) * widest))

    def losses(values: Array) -> Array:
        found = []
        for start in range(0, len(values), at_once):
            part = values[start : start + at_once]
            moved = np.repeat(one.parameters[parameter][None], len(part), axis=0)
            moved[:, at[0], at[1]] = part
            found.append(objective(one.model, {**one.parameters, parameter: moved}))
        return np.concatenate(found)

    return losses


# ---- symbolic derivatives


def _by_symbols(one: _Iteration) -> Callable[[_Gradient], Compared]:
    from stepwise.verifying.exact import Symbolic, is_small

    if not one.gradients or not is_small(one.model, one.parameters):
        return lambda gradient: Compared("skipped")
    symbolic = Symbolic(one.model, one.parameters)
    least = LEAST_SYMBOLIC * float(np.sqrt(one.loss))
    others: list[Symbolic] = []

    def is_rounding(gradient: _Gradient, at: Place, ours: float, theirs: float) -> bool:
        """Whether the last bits of the numbers change the derivative as much."""
        if not others:
            others.extend(Symbolic(each.model, each.parameters) for each in one.others)
        slopes = [theirs, *(each.derivative(gradient.parameter, at) for each in others)]
        return abs(ours - theirs) <= SHAKES * float(np.ptp(slopes))

    def compared(gradient: _Gradient) -> Compared:
        worst = 0.0
        verdict: Verdict = "holds"
        printed = one.trace.printed(gradient.quantity)
        for at in _every(gradient.values):
            symbolic.at_corner = False
            ours, theirs = float(gradient.values[at]), symbolic.derivative(gradient.parameter, at)
            error = one.error(ours, theirs, least)
            misprinted = _is_misprinted(str(printed.texts[at]), theirs, whole=bool(printed.exact[at]))
            if error <= TOLERANCE_SYMBOLIC and not misprinted:
                worst = max(worst, error)
            elif symbolic.at_corner or one.clipped or not np.isfinite(theirs):
                verdict = "corner" if symbolic.at_corner else "clipped" if one.clipped else "overflows"
            elif not is_rounding(gradient, at, ours, theirs):
                worst, verdict = max(worst, one.error(ours, theirs, 0.0)), "misses"
                one.missed(gradient, at, theirs)
        return Compared(verdict, gradient.values.size, worst if verdict in ("holds", "misses") else None)

    return compared


def _is_misprinted(text: str, expected: float, *, whole: bool) -> bool:
    """Whether the digits of a printed number, which may be the `whole` of it, are not those of `expected`."""
    if not _NUMBER.fullmatch(text) or not np.isfinite(expected) or abs(expected) < _LOST:
        return False
    number = Decimal(text)
    unit = 0.0 if whole else float(Decimal(1).scaleb(int(number.as_tuple().exponent)))
    return abs(float(number) - expected) > unit / 2 + _LAST_BITS * max(abs(expected), unit)
