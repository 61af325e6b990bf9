"""What a teacher would point out, computed from the numbers: never a canned remark.

One function a kind of line, found by its role; each returns the phrases that are true of this quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.document.phrases import Math, Phrase, Slot, phrase
from stepwise.expressions import LENGTH_SHOWN, FloatArithmetic
from stepwise.notation.numbers import number_latex
from stepwise.operations.activations import ACTIVATIONS
from stepwise.trace import Quantity, Trace

Array = npt.NDArray[np.float64]
Lookup = Callable[[str], Quantity]

SMALL_SLOPE = 0.05
"""σ′ and tanh′ below this (a fifth of the largest σ′) let the gradient fade."""


def remarks(trace: Trace, quantity: Quantity, lookup: Lookup) -> list[Phrase]:
    """Everything there is to say about one quantity. `lookup` finds another of the same iteration."""
    step = quantity.step
    if step is None or quantity.value is None:
        return []
    rule = _RULES.get(step.role)
    return list(rule(trace, quantity, lookup)) if rule else []


def _list(numbers: Iterable[int]) -> tuple[Math, ...]:
    """Places counted from 1."""
    return tuple(Math(str(number + 1)) for number in numbers)


def _units(trace: Trace, array: Array) -> Array:
    """Samples × units."""
    return array.T if trace.problem.layout == "column" else array


def _value(quantity: Quantity) -> Array:
    assert quantity.value is not None
    return quantity.value


def _activation(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    step = quantity.step
    assert step is not None
    if step.variant in ("relu", "leaky_relu", "elu"):
        z = _units(trace, _value(lookup(f"z{step.layer}{_suffix(quantity)}")))
        if len(z) == 1:
            yield from _off(step.variant, z[0])
    if step.layer == len(trace.problem.layers):
        yield from _prediction(trace, quantity, lookup)


def _suffix(quantity: Quantity) -> str:
    return "_new" if quantity.name.endswith("_new") else ""


def _off(variant: str, z: Array) -> Iterable[Phrase]:
    off = np.flatnonzero(z <= 0)
    kind = "relu" if variant == "relu" else "leaky"
    if len(z) == 1:
        yield phrase(f"remark.{kind}.one_{'off' if len(off) else 'on'}")
    elif len(off) == 0:
        yield phrase(f"remark.{kind}.all_on")
    elif len(off) == len(z):
        yield phrase(f"remark.{kind}.all_off")
    else:
        yield phrase(f"remark.{kind}.some_off", units=_list(off))


def _prediction(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """Right or wrong, by the largest output (softmax) or by the threshold ½ (sigmoid)."""
    step, problem = quantity.step, trace.problem
    assert step is not None
    if step.variant not in ("softmax", "sigmoid"):
        return
    if problem.labels is None:
        if step.variant == "softmax":
            yield from _guess(trace, quantity)
        return
    loss = problem.loss.name if problem.loss else ""
    a, y = _units(trace, _value(quantity)), _units(trace, _value(lookup("y")))
    if step.variant == "softmax" and _is_one_hot(y):
        guess, truth = a.argmax(axis=1), y.argmax(axis=1)
        if len(a) == 1:
            if np.count_nonzero(a[0] == a[0].max()) == 1:
                yield from _one_prediction(trace, quantity, int(guess[0]), int(truth[0]))
        elif (np.count_nonzero(a == a.max(axis=1, keepdims=True), axis=1) == 1).all():
            yield _many_predictions(guess == truth)
    elif step.variant == "sigmoid" and loss in ("binary_cross_entropy", "mse") and _is_binary(y) and a.shape[1] == 1:
        right = (a[:, 0] >= 0.5) == (y[:, 0] == 1)
        if len(a) > 1:
            yield _many_predictions(right)
        else:
            answer = "above" if a[0, 0] >= 0.5 else "below"
            verdict = phrase("remark.prediction.right" if right[0] else "remark.prediction.wrong")
            yield phrase(f"remark.prediction.{answer}", verdict=verdict, label=Math(f"{y[0, 0]:.0f}"))


def _one_prediction(trace: Trace, quantity: Quantity, guess: int, truth: int) -> Iterable[Phrase]:
    verdict = "right" if guess == truth else "wrong"
    yield phrase(f"remark.class.{verdict}", truth=truth + 1, **_class(trace, quantity, guess))


def _guess(trace: Trace, quantity: Quantity) -> Iterable[Phrase]:
    """Without labels: just the most probable class."""
    a = _value(quantity).reshape(-1)
    if trace.problem.single and len(a) > 1 and np.count_nonzero(a == a.max()) == 1:
        yield phrase("remark.class.guess", **_class(trace, quantity, int(a.argmax())))


def _class(trace: Trace, quantity: Quantity, guess: int) -> dict[str, Slot]:
    texts = quantity.edge(trace.printed(quantity).texts).reshape(-1)
    shown = Math(number_latex(str(texts[guess])))
    return {"guess": guess + 1, "probability": shown, "percent": _percent(quantity)}


def _percent(quantity: Quantity) -> tuple[Math, ...]:
    """The probabilities in per cent, to the digits that their printed values have."""
    from stepwise.notation.numbers import Digits, print_array

    value = quantity.edge(_value(quantity)).reshape(-1)
    texts = print_array(value * 100, Digits(1), trailing="auto").texts
    return tuple(Math(rf"{number_latex(str(text))}\%") for text in texts)


def _many_predictions(right: npt.NDArray[np.bool_]) -> Phrase:
    wrong = np.flatnonzero(~right)
    if len(wrong) == 0:
        return phrase("remark.samples.all_right", count=len(right))
    if len(wrong) > LENGTH_SHOWN:
        return phrase("remark.samples.count_wrong", wrong=len(wrong), count=len(right))
    return phrase("remark.samples.some_wrong", samples=_list(wrong), count=len(right))


def _is_one_hot(y: Array) -> bool:
    return bool(np.isin(y, (0.0, 1.0)).all() and (y.sum(axis=1) == 1).all())


def _is_binary(y: Array) -> bool:
    return bool(np.isin(y, (0.0, 1.0)).all())


def _delta(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """The sign of a − y says which outputs were too high and which too low."""
    value = _units(trace, _value(quantity))
    if len(value) > 1 or trace.problem.labels is None:
        return
    low, high = np.flatnonzero(value[0] < 0), np.flatnonzero(value[0] > 0)
    if value.shape[1] == 1:
        if len(low) or len(high):
            yield phrase("remark.delta.one_low" if len(low) else "remark.delta.one_high")
        return
    if len(low) and len(high) and value.shape[1] <= LENGTH_SHOWN:
        yield phrase("remark.delta.both", low=_list(low), high=_list(high))


def _short_form(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """After the long way through a Jacobian: what it comes to."""
    loss, step = trace.problem.loss, quantity.step
    if loss is None or step is None or step.layer != len(trace.problem.layers) or loss.name != "cross_entropy":
        return
    a, y = lookup(f"a{step.layer}"), lookup("y")
    if a.symbol and y.symbol and np.allclose(_value(quantity), _value(a) - _value(y), rtol=0, atol=1e-9):
        yield phrase("remark.delta.short", difference=Math(f"{a.symbol.whole()} - {y.symbol.whole()}"))


def _slope(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """Where a(1 − a) or 1 − a² is small the gradient fades; where ReLU is off it stops."""
    step = quantity.step
    assert step is not None
    slopes = _units(trace, _value(quantity))
    record = ACTIVATIONS.get(step.variant)
    if record is not None and record.saturates:
        small = slopes[np.abs(slopes) < SMALL_SLOPE]
        if small.size == slopes.size:
            yield phrase("remark.vanishing.all", bound=Math(str(SMALL_SLOPE)))
        elif small.size and len(slopes) == 1:
            units = np.flatnonzero(np.abs(slopes[0]) < SMALL_SLOPE)
            yield phrase("remark.vanishing.some", bound=Math(str(SMALL_SLOPE)), units=_list(units))
    elif step.variant == "relu" and len(slopes) == 1:
        off = np.flatnonzero(slopes[0] == 0)
        if len(off) == slopes.shape[1]:
            yield phrase("remark.stopped.all")
        elif len(off):
            yield phrase("remark.stopped.some", units=_list(off))
    elif step.variant == "step":
        yield phrase("remark.stopped.step")


def _new_loss(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """Whether the step lowered the loss; said only where both were taken over the same samples."""
    if not quantity.name.endswith("_new"):
        return
    name = quantity.name.removesuffix("_new")
    if name == "L" and "J_new" in trace:
        return
    batch = trace.problem.train.batch_size
    if trace.problem.train.method == "pegasos" or (batch is not None and batch < trace.problem.samples):
        return
    several = trace.iterations > 1
    first = trace.quantities[f"t1.{name}" if several else name]
    before, after = float(_value(first)[0, 0]), float(_value(quantity)[0, 0])
    old, new = trace.printed(first), trace.printed(quantity)
    change = "fell" if after < before else "rose" if after > before else "same"
    if change != "same" and old.values[0, 0] == new.values[0, 0]:
        change += "_a_little"
    slots: dict[str, Slot] = {
        "what": phrase(f"remark.loss.{name}"),
        "old": Math(number_latex(str(old.texts[0, 0]))),
        "new": Math(number_latex(str(new.texts[0, 0]))),
        "total": trace.iterations,
    }
    yield phrase(f"remark.loss.{change}_over" if several else f"remark.loss.{change}", **slots)


def _margin(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    """Each sample is safe (m ≥ 1), inside the margin (0 < m < 1), on the boundary, or on the wrong side (m < 0)."""
    margins = _value(quantity).reshape(-1)
    safe = FloatArithmetic().compare(margins, ">=", 1.0)
    kinds = {
        "safe": safe,
        "inside": (margins > 0) & ~safe,
        "boundary": margins == 0,
        "wrong": margins < 0,
    }
    if len(margins) == 1:
        yield next(phrase(f"remark.margin.this_{kind}") for kind, which in kinds.items() if which[0])
        return
    for kind, which in kinds.items():
        samples = np.flatnonzero(which)
        if len(samples) > LENGTH_SHOWN:
            yield phrase(f"remark.margin.count_{kind}", count=len(samples))
        elif len(samples):
            yield phrase(f"remark.margin.{kind}", samples=_list(samples))


def _error(trace: Trace, quantity: Quantity, lookup: Lookup) -> Iterable[Phrase]:
    error = float(_value(quantity)[0, 0])
    from stepwise.derivation.perceptron import low_label

    low = Math(low_label(trace.problem))
    if error == 0:
        yield phrase("remark.perceptron.right")
    else:
        yield phrase("remark.perceptron.too_low" if error > 0 else "remark.perceptron.too_high", low=low)


_RULES: Mapping[str, Callable[[Trace, Quantity, Lookup], Iterable[Phrase]]] = {
    "activation": _activation,
    "delta_fused": _delta,
    "delta_by_jacobian": _short_form,
    "derivative": _slope,
    "loss": _new_loss,
    "reduced_loss": _new_loss,
    "objective": _new_loss,
    "margin": _margin,
    "error": _error,
}


def converged(trace: Trace) -> Phrase | None:
    """Of a perceptron's run: whether its last epoch was without mistakes."""
    errors: Any = trace.history.get("error")
    if errors is None or trace.problem.model != "perceptron" or trace.iterations < 2:
        return None
    epoch = trace.problem.samples
    wrong = np.count_nonzero(errors.reshape(-1, epoch), axis=1)
    first = next((number for number, count in enumerate(wrong, 1) if count == 0), None)
    if first is not None:
        return phrase("remark.perceptron.converged", epoch=first)
    return phrase("remark.perceptron.not_yet", epoch=len(wrong), wrong=int(wrong[-1]))
