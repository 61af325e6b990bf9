"""In which forms the lines of a page must have been written so that no number went out of range."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from stepwise import Trace
from tests.document.true_remarks import Numbers

FAR, LARGE, TINY = 30, 700, 1e-12
"""Beyond these another form is taken; below this no logarithm and no reciprocal is."""
SURE = 0.999999
"""What an output lacks to 1 is not found by taking away from 1 beyond this."""
SERIES = 14
"""ln(1 + e^−x) beyond this is taken from its series, and what σ(x) lacks to 1 is not found by taking away."""


def notes(trace: Trace, worked: Iterable[tuple[int | None, str]]) -> set[str]:
    """Which forms the worked lines were written in, other than the usual ones."""
    found: set[str] = set()
    for iteration, name in worked:
        step, numbers = trace.derivation.steps[name], Numbers(trace, iteration)
        if step.role in _FORMS:
            found |= set(_FORMS[step.role](numbers, name, step.variant, step.layer or 0))
    return found


def _forms_of_activation(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    if variant not in ("sigmoid", "swish", "softplus", "softmax"):
        return
    rows = numbers.samples(name.replace("a", "z", 1))
    if variant == "softmax":
        if any(abs(max(row)) > LARGE for row in rows):
            yield "shifted"
        return
    parameters = {
        key: float(value.value) for key, value in numbers.problem.layers[layer - 1].activation.parameters.items()
    }
    if variant == "softplus" and any(parameters["beta"] * z < -SERIES for row in rows for z in row):
        yield "series"
    beta = parameters.get("beta", 1.0) * (-1 if variant == "softplus" else 1)
    if any(beta * z < -FAR for row in rows for z in row):
        yield "other_form"


def _forms_of_loss(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    """A logarithm or a reciprocal of less than is ever taken; a score so low that its sigmoid has another form."""
    ending = "_new" if name.endswith("_new") else ""
    last = len(numbers.problem.layers)
    loss = numbers.problem.loss.name if numbers.problem.loss else ""
    outputs = [a for row in numbers.samples(f"a{last}{ending}") for a in row]
    if loss == "neg_log_sigmoid" and numbers.problem.layers[-1].activation.name != "sigmoid":
        if name.startswith(("dL_da", "delta")):
            if any(a > SERIES for a in outputs):
                yield "other_form"
            return
        if any(a < -FAR for a in outputs):
            yield "other_form"
        if any(min(row) > SERIES for row in numbers.samples(f"a{last}{ending}")):
            yield "series"
        outputs = [1 / (1 + math.exp(min(700, -a))) for a in outputs]
    yield from _forms_next_to_one(numbers, name)
    if loss == "binary_cross_entropy":
        outputs += [1 - a for a in outputs]
    if loss in ("cross_entropy", "binary_cross_entropy", "neg_log_sigmoid") and any(a < TINY for a in outputs):
        yield "clipped"


def _forms_next_to_one(numbers: Numbers, name: str) -> Iterator[str]:
    """Whether a − y is nothing but what a lacks to 1 or −1, and whether the logarithm of a or 1 − a is taken there."""
    problem, ending = numbers.problem, "_new" if name.endswith("_new") else ""
    layer = f"{len(problem.layers)}{ending}"
    loss, activation = problem.loss.name if problem.loss else "", problem.layers[-1].activation.name
    if problem.rounding.carry or activation not in ("sigmoid", "tanh", "softmax"):
        return
    rows = list(zip(numbers.samples(f"a{layer}"), numbers.samples(f"z{layer}"), strict=True))
    labels = numbers.samples("y") if problem.labels is not None else [[1.0] * len(rows[0][0])] * len(rows)
    found = [
        (a, y)
        for (outputs, scores), wanted in zip(rows, labels, strict=True)
        for a, z, y in zip(outputs, scores, wanted, strict=True)
        if abs(a) > SURE and (a > 0 or activation == "tanh") and _left(activation, outputs, z) > 0
    ]
    if name.startswith(("delta", "diff")) or (loss == "mse" and name.startswith("dL_da")):
        if any(y == math.copysign(1, a) for a, y in found):
            yield "sure"
    elif loss == "binary_cross_entropy" and not name.startswith("dL_da"):
        nearly = [
            a < 1 - SURE and y < 1
            for (row, _), ys in zip(rows, labels, strict=True)
            for a, y in zip(row, ys, strict=True)
        ]
        if found or any(nearly):
            yield "sure"
        if any(y > 0 for _, y in found) or any(nearly):
            yield "series"
    elif loss == "binary_cross_entropy" and found:
        yield "sure"
    elif not name.startswith("dL_da") and any(y > 0 for _, y in found) and loss != "mse":
        yield from ("sure", "series")


def _left(activation: str, outputs: list[float], score: float) -> float:
    """What is left to 1, as floats hold it."""
    if activation == "softmax":
        return sum(a for a in outputs if a <= SURE)
    return math.exp(-min(1000, abs(score) * (2 if activation == "tanh" else 1)))


def _forms_of_difference(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    yield from _forms_next_to_one(numbers, name)


def _forms_of_mixed(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    """A difference after a softmax is taken of the other outputs."""
    if not numbers.problem.rounding.carry and any(a > SURE for row in numbers.samples(f"a{layer}") for a in row):
        yield "sure"


def _forms_of_slope(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    """What σ(z) lacks to 1 and ELU to −α, and e^{−2|z|} in place of tanh² z."""
    scores = [z for row in numbers.samples(f"z{layer}") for z in row]
    activation = numbers.problem.layers[layer - 1].activation.name
    if any((activation == "sigmoid" and z > SERIES) or (activation == "elu" and z < -SERIES) for z in scores):
        yield "sure"
    if activation == "tanh" and any(abs(z) > SERIES / 2 for z in scores):
        yield "other_form"


def _forms_of_fused(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    """The short error term has another form of a score alone."""
    yield from _forms_next_to_one(numbers, name)
    if variant.endswith("+neg_log_sigmoid") and not variant.startswith("sigmoid"):
        yield from _forms_of_loss(numbers, name, variant, layer)


_FORMS: Mapping[str, Callable[[Numbers, str, str, int], Iterator[str]]] = {
    "activation": _forms_of_activation,
    "losses": _forms_of_loss,
    "loss": _forms_of_loss,
    "loss_derivative": _forms_of_loss,
    "delta_fused": _forms_of_fused,
    "delta_mixed": _forms_of_mixed,
    "diff": _forms_of_difference,
    "one_minus": _forms_of_slope,
    "derivative": _forms_of_slope,
}
