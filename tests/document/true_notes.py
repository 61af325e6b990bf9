"""In which forms the lines of a page must have been written so that no number went out of range."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping

from stepwise import Trace
from tests.document.true_remarks import Numbers

FAR, LARGE, TINY = 30, 700, 1e-12
"""Beyond these another form is taken; below this no logarithm and no reciprocal is."""
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
    if loss == "binary_cross_entropy":
        outputs += [1 - a for a in outputs]
    if loss in ("cross_entropy", "binary_cross_entropy", "neg_log_sigmoid") and any(a < TINY for a in outputs):
        yield "clipped"


def _forms_of_fused(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[str]:
    """The short error term has another form of a score alone."""
    if variant.endswith("+neg_log_sigmoid") and not variant.startswith("sigmoid"):
        yield from _forms_of_loss(numbers, name, variant, layer)


_FORMS: Mapping[str, Callable[[Numbers, str, str, int], Iterator[str]]] = {
    "activation": _forms_of_activation,
    "losses": _forms_of_loss,
    "loss": _forms_of_loss,
    "loss_derivative": _forms_of_loss,
    "delta_fused": _forms_of_fused,
}
