"""What must be remarked of a trace, found from its numbers in other ways than the program's, and as sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from stepwise import Trace
from stepwise.problem.model import Array, Given

Key = tuple[str, dict[str, Any]]
"""A phrase and its slots: numbers as texts, lists as lists of them, phrases as their keys."""
FEW = 10
"""So many units or samples are still named one by one; more are counted."""


class Numbers:
    """The numbers of one iteration as nested lists, samples first."""

    def __init__(self, trace: Trace, iteration: int | None) -> None:
        self.trace = trace
        self.problem = trace.problem
        self.prefix = f"t{iteration}." if iteration else ""

    def id(self, name: str) -> str:
        return f"{self.prefix}{name}" if f"{self.prefix}{name}" in self.trace else name

    def flat(self, name: str) -> list[float]:
        return [float(number) for number in self.trace.quantity(self.id(name)).value.reshape(-1).tolist()]  # type: ignore[union-attr]

    def samples(self, name: str) -> list[list[float]]:
        """One list of units a sample."""
        value = self.trace.quantity(self.id(name)).value
        assert value is not None
        rows: list[list[float]] = value.tolist()
        return rows if self.problem.layout == "row" else [list(column) for column in zip(*rows, strict=True)]

    def shown(self, name: str) -> list[str]:
        """The printed texts of one sample."""
        quantity = self.trace.quantity(self.id(name))
        return [str(text) for text in self.trace.printed(quantity).texts.reshape(-1)]


def listed(wanted: list[int]) -> list[str]:
    return [str(number + 1) for number in wanted]


def expected(trace: Trace, iteration: int | None, name: str) -> list[Key]:
    """All that is to be said of one quantity."""
    step = trace.derivation.steps[name]
    rules = _rules()
    numbers = Numbers(trace, iteration)
    return list(rules[step.role](numbers, name, step.variant, step.layer or 0)) if step.role in rules else []


def _rules() -> dict[str, Callable[[Numbers, str, str, int], Iterator[Key]]]:
    return {
        "activation": of_activation, "derivative": of_slopes, "margin": of_margins, "error": of_error,
        "delta_fused": of_error_term, "delta_by_jacobian": of_long_way,
        "loss": of_loss_after, "reduced_loss": of_loss_after, "objective": of_loss_after,
    }  # fmt: skip


def of_activation(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    z = numbers.samples(name.replace("a", "z", 1))
    if variant in ("relu", "leaky_relu", "elu") and len(z) == 1:
        kind = "relu" if variant == "relu" else "leaky"
        off = [unit for unit, number in enumerate(z[0]) if not number > 0]
        if len(z[0]) == 1:
            yield f"remark.{kind}.{'one_off' if off else 'one_on'}", {}
        elif not off:
            yield f"remark.{kind}.all_on", {}
        elif len(off) == len(z[0]):
            yield f"remark.{kind}.all_off", {}
        else:
            yield f"remark.{kind}.some_off", {"units": listed(off)}
    if layer == len(numbers.problem.layers) and numbers.problem.labels is not None:
        yield from of_prediction(numbers, name, variant)
    elif layer == len(numbers.problem.layers) and variant == "softmax":
        (a,) = numbers.samples(name) if len(z) == 1 else ([],)
        if len(a) > 1 and sorted(a)[-2] < max(a):
            yield "remark.class.guess", of_likeliest(numbers, name)


def of_prediction(numbers: Numbers, name: str, variant: str) -> Iterator[Key]:
    a, y = numbers.samples(name), numbers.samples("y")
    assert numbers.problem.loss is not None
    if variant == "softmax" and all(sorted(row) == [0.0] * (len(row) - 1) + [1.0] for row in y):
        guesses = [row.index(max(row)) for row in a]
        truths = [row.index(1.0) for row in y]
        if len(a) > 1:
            yield of_samples([guess == truth for guess, truth in zip(guesses, truths, strict=True)])
        elif a[0].count(max(a[0])) == 1:
            yield of_class(numbers, name, guesses[0], truths[0])
    labels = {number for row in y for number in row}
    judged = numbers.problem.loss.name in ("mse", "binary_cross_entropy")
    if variant == "sigmoid" and judged and labels <= {0.0, 1.0} and len(a[0]) == 1:
        right = [(row[0] >= 0.5) is (truth[0] == 1) for row, truth in zip(a, y, strict=True)]
        if len(a) > 1:
            yield of_samples(right)
        else:
            verdict = f"remark.prediction.{'right' if right[0] else 'wrong'}"
            label = str(int(y[0][0]))
            yield f"remark.prediction.{'above' if a[0][0] >= 0.5 else 'below'}", {"verdict": verdict, "label": label}


def of_class(numbers: Numbers, name: str, guess: int, truth: int) -> Key:
    slots = of_likeliest(numbers, name)
    assert slots["guess"] == guess + 1
    return f"remark.class.{'right' if guess == truth else 'wrong'}", {"truth": truth + 1, **slots}


def of_likeliest(numbers: Numbers, name: str) -> dict[str, Any]:
    (a,) = numbers.samples(name)
    guess = a.index(max(a))
    percent = [f"{100 * number:.3f}" for number in a]
    return {"guess": guess + 1, "probability": numbers.shown(name)[guess], "percent": percent}


def of_samples(right: list[bool]) -> Key:
    wrong = [sample for sample, is_right in enumerate(right) if not is_right]
    if not wrong:
        return "remark.samples.all_right", {"count": len(right)}
    if len(wrong) > FEW:
        return "remark.samples.count_wrong", {"wrong": len(wrong), "count": len(right)}
    return "remark.samples.some_wrong", {"samples": listed(wrong), "count": len(right)}


def of_long_way(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    """Output minus label, where softmax and cross-entropy are the last pair."""
    problem = numbers.problem
    assert problem.loss is not None
    if (problem.loss.name, layer) == ("cross_entropy", len(problem.layers)):
        rows = zip(*(numbers.samples(one) for one in (name, f"a{layer}", "y")), strict=True)
        each = [one for row in rows for one in zip(*row, strict=True)]
        assert [delta for delta, _, _ in each] == pytest.approx([a - y for _, a, y in each])
        symbols = [numbers.trace.quantity(one).symbol.whole() for one in (f"a{layer}", "y")]  # type: ignore[union-attr]
        yield "remark.delta.short", {"difference": " - ".join(symbols)}


def of_error_term(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    """Whether outputs are above or below their labels, from outputs and labels."""
    if numbers.problem.labels is None:
        return
    deltas = numbers.samples(name)
    if len(deltas) > 1:
        return
    outputs, labels = numbers.samples(f"a{layer}")[0], numbers.samples("y")[0]
    if "neg_log_sigmoid" in variant:
        # a probability is never above 1, the label
        low, high = list(range(len(outputs))), []
    else:
        low = [unit for unit, (a, y) in enumerate(zip(outputs, labels, strict=True)) if a < y]
        high = [unit for unit, (a, y) in enumerate(zip(outputs, labels, strict=True)) if a > y]
    if len(outputs) == 1 and (low or high):
        yield ("remark.delta.one_low" if low else "remark.delta.one_high"), {}
    elif low and high and len(outputs) <= FEW:
        yield "remark.delta.both", {"low": listed(low), "high": listed(high)}


def of_slopes(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    """From the activations: 4a(1 − a) and 1 − a² as fractions of the steepest slope."""
    a, z = numbers.samples(f"a{layer}"), numbers.samples(f"z{layer}")
    if variant in ("sigmoid", "tanh"):
        slopes = numbers.samples(name)
        flat = [[abs(slope) < 0.05 for slope in row] for row in slopes]
        again = [[x - x * x if variant == "sigmoid" else 1 - x * x for x in row] for row in a]
        gap = 0.02 if numbers.trace.arithmetic == "hand" else 1e-9
        pairs = [(s, t) for row, other in zip(slopes, again, strict=True) for s, t in zip(row, other, strict=True)]
        assert all(abs(s - t) <= gap for s, t in pairs)
        if all(map(all, flat)):
            yield "remark.vanishing.all", {"bound": "0.05"}
        elif len(a) == 1 and any(flat[0]):
            units = [unit for unit, is_flat in enumerate(flat[0]) if is_flat]
            yield "remark.vanishing.some", {"bound": "0.05", "units": listed(units)}
    elif variant == "relu" and len(z) == 1:
        off = [unit for unit, number in enumerate(z[0]) if not number > 0]
        if len(off) == len(z[0]):
            yield "remark.stopped.all", {}
        elif off:
            yield "remark.stopped.some", {"units": listed(off)}
    elif variant == "step":
        yield "remark.stopped.step", {}


def of_margins(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    """Label times score again: a score of zero is on neither side, but on the boundary."""
    ending = name.removeprefix("margin")
    margins = [y * s for y, s in zip(numbers.flat("y"), numbers.flat(f"score{ending}"), strict=True)]
    kinds = {
        "safe": [k for k, m in enumerate(margins) if m >= 1],
        "inside": [k for k, m in enumerate(margins) if 0 < m < 1],
        "boundary": [k for k, m in enumerate(margins) if m == 0],
        "wrong": [k for k, m in enumerate(margins) if m < 0],
    }
    assert sum(map(len, kinds.values())) == len(margins)
    for kind, which in kinds.items():
        if which and len(margins) == 1:
            yield f"remark.margin.this_{kind}", {}
        elif len(which) > FEW:
            yield f"remark.margin.count_{kind}", {"count": len(which)}
        elif which:
            yield f"remark.margin.{kind}", {"samples": listed(which)}


def of_error(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    (truth,), (guess,) = numbers.flat("y"), numbers.flat("yhat")
    assert numbers.problem.labels is not None
    low = "-1" if -1 in numbers.problem.labels.values else "0"  # type: ignore[operator]
    if truth == guess:
        yield "remark.perceptron.right", {}
    else:
        yield ("remark.perceptron.too_low" if truth > guess else "remark.perceptron.too_high"), {"low": low}


def of_loss_after(numbers: Numbers, name: str, variant: str, layer: int) -> Iterator[Key]:
    """Steps over all samples: the loss before the first of them against the loss after the last."""
    if not name.endswith("_new") or (name == "L_new" and "J_new" in numbers.trace):
        return
    train, trace = numbers.problem.train, numbers.trace
    if train.method == "pegasos" or (train.batch_size or numbers.problem.samples) < numbers.problem.samples:
        return
    what = name.removesuffix("_new")
    before, over = (what, "") if trace.iterations == 1 else (f"t1.{what}", "_over")
    old, new = float(trace[before]), float(trace[name])
    if over:
        assert old == float(trace.history[what][0].item())
    slots = {"old": trace.shown(before), "new": trace.shown(name), "total": trace.iterations}
    change = "same" if old == new else "fell" if new < old else "rose"
    if old != new and float(slots["old"]) == float(slots["new"]):
        change += "_a_little"
    yield f"remark.loss.{change}{over}", {"what": f"remark.loss.{what}", **slots}


def numbers_of(given: Given) -> Array:
    assert given.values is not None
    return given.values


def of_a_perceptron_run(trace: Trace) -> list[Key]:
    """Its rule again, sample by sample, on plain numbers: in which epoch it makes no mistake."""
    problem = trace.problem
    if problem.model != "perceptron" or trace.iterations < 2 or problem.labels is None:
        return []
    given = numbers_of(problem.inputs)
    inputs = given if problem.layout == "row" else given.T
    labels = numbers_of(problem.labels).reshape(-1)
    w = numbers_of(problem.weights[0]).reshape(-1)
    b = float(numbers_of(problem.biases[0])[0, 0]) if problem.biases else 0.0
    lr = problem.lr.value if problem.lr else 0.0
    mistakes = []
    for _ in range(problem.train.epochs):
        mistakes.append(0)
        for x, y in zip(inputs, labels, strict=True):
            error = y - (1 if w @ x + b > 0 else min(0, labels.min()))
            mistakes[-1] += error != 0
            w, b = w + lr * error * x, b + lr * error * (problem.biases is not None)
    if 0 in mistakes:
        return [("remark.perceptron.converged", {"epoch": mistakes.index(0) + 1})]
    return [("remark.perceptron.not_yet", {"epoch": len(mistakes), "wrong": mistakes[-1]})]


def remarks_of_quantities(trace: Trace, worked: Iterable[tuple[int | None, str]]) -> list[Key]:
    """Everything that is to be said of the quantities that a page works out, and of a perceptron's run."""
    found = [key for iteration, name in worked for key in expected(trace, iteration, name)]
    return found + of_a_perceptron_run(trace)


# ---- as sentences


def sentence(key: Key, words: Mapping[str, str]) -> str:
    """A remark in a language, as Markdown writes it."""
    slots = {"one": "$1$", **{name: _slot(value, name, words) for name, value in key[1].items()}}
    return re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]], words[key[0]])


def _slot(value: Any, name: str, words: Mapping[str, str]) -> str:
    if isinstance(value, list):
        marks = [rf"{float(text):.1f}\%" if name == "percent" else text for text in value]
        return words["list.separator"].join(f"${text}$" for text in marks)
    if isinstance(value, str):
        return words[value] if value.startswith("remark.") else f"${value}$"
    return str(value)


ROLES = frozenset(_rules())
"""The lines of which something may be remarked."""
