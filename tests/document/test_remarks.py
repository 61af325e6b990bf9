"""Every remark is true: what must be said is found again here from the numbers, in other ways than the program's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from stepwise import Trace, render
from stepwise.document.phrases import Math, Phrase, Slot
from stepwise.document.words import catalogue
from stepwise.problem.model import Array, Given
from tests.document.samples import NUMERIC, SHIPPED, page_of, remarks_of, trace_of

Key = tuple[str, dict[str, Any]]
FEW = 10
"""So many units or samples are still named one by one; more are counted."""


# ---- what is said


def spoken(phrase: Phrase) -> Key:
    """A remark with its slots as plain texts, lists as lists of them, phrases as their keys."""
    return phrase.key, {name: plain(slot) for name, slot in phrase.slots.items()}


def plain(slot: Slot) -> Any:
    if isinstance(slot, tuple):
        return [item.latex for item in slot]
    return slot.latex if isinstance(slot, Math) else slot.key if isinstance(slot, Phrase) else slot


@cache
def said(name: str) -> dict[tuple[int | None, str], list[Key]]:
    found: dict[tuple[int | None, str], list[Key]] = {}
    for remark in remarks_of(name):
        found.setdefault((remark.iteration, remark.quantity), []).append(spoken(remark.phrase))
    return found


# ---- what must be said


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
    numbers = Numbers(trace, iteration)
    rule: dict[str, Callable[[Numbers, str, str, int], Iterator[Key]]] = {
        "activation": of_activation, "derivative": of_slopes, "margin": of_margins, "error": of_error,
        "delta_fused": of_error_term, "delta_by_jacobian": of_long_way,
        "loss": of_loss_after, "reduced_loss": of_loss_after, "objective": of_loss_after,
    }  # fmt: skip
    return list(rule[step.role](numbers, name, step.variant, step.layer or 0)) if step.role in rule else []


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


# ---- the tests


def agree(said_here: list[Key], wanted: list[Key]) -> bool:
    """Equal, per cents to the decimal that is printed."""
    if [key for key, _ in said_here] != [key for key, _ in wanted]:
        return False
    for (_, slots), (_, others) in zip(said_here, wanted, strict=True):
        percent, exact = slots.get("percent"), others.get("percent")
        if {**slots, "percent": 0} != {**others, "percent": 0} or (percent is None) != (exact is None):
            return False
        printed = [text.removesuffix(r"\%") for text in percent or []]
        if any(abs(float(p) - float(e)) > 0.0501 for p, e in zip(printed, exact or [], strict=True)):
            return False
    return True


@pytest.mark.parametrize("name", NUMERIC)
def test_all_that_is_true_is_said_and_nothing_else(name: str) -> None:
    trace, heard = trace_of(name), said(name)
    worked = {(q.iteration, q.name) for q in trace.quantities.values() if q.step is not None}
    assert set(heard) <= worked | {(None, "")}
    if not trace.problem.has_numbers:
        assert heard == {}
        return
    assert agree(heard.get((None, ""), []), of_a_perceptron_run(trace))
    shown = shown_quantities(name)
    for iteration, quantity in shown:
        wanted = expected(trace, iteration, quantity)
        here = heard.get((iteration, quantity), [])
        assert agree(here, wanted), f"of {quantity} in iteration {iteration}: said {here}, true is {wanted}"


def shown_quantities(name: str) -> list[tuple[int | None, str]]:
    """What the page works out line by line."""
    sections = page_of(name).sections
    return [
        (section.iteration, block.step.id) for section in sections for part in section.parts for block in part.blocks
    ]


PARTS: Mapping[str, tuple[str, ...]] = {
    "verdict": ("remark.prediction.right", "remark.prediction.wrong"),
    "what": ("remark.loss.L", "remark.loss.J"),
}
"""Slot → the phrases that stand in it and are no remarks themselves."""


def test_every_kind_of_remark_is_made_somewhere() -> None:
    made = {key for name in NUMERIC for keys in said(name).values() for key, _ in keys}
    made |= {
        slots[part]
        for name in NUMERIC
        for keys in said(name).values()
        for _, slots in keys
        for part in PARTS.keys() & slots
    }
    assert made == {key for key in catalogue("en") if key.startswith("remark.")}


def sentence(key: str, language: str) -> re.Pattern[str]:
    """The sentence with anything in its slots (a phrase where it must be one), alone in its line."""
    words = catalogue(language)
    phrases = {name: "|".join(re.escape(words[part]) for part in parts) for name, parts in PARTS.items()}
    texts, names = re.split(r"\{\w+\}", words[key]), re.findall(r"\{(\w+)\}", words[key])
    slots = [f"(?:{phrases.get(name, '.+?')})" for name in names]
    pieces = [piece for pair in zip(map(re.escape, texts), [*slots, ""], strict=True) for piece in pair]
    return re.compile(f"^{''.join(pieces)}$", re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [name for name in NUMERIC if name not in SHIPPED])
def test_the_page_says_the_remark_and_not_its_opposite(name: str, language: str) -> None:
    page = render(trace_of(name), "md", language)
    parts = {part for parts in PARTS.values() for part in parts}
    remarks = [key for key in catalogue(language) if key.startswith("remark.") and key not in parts]
    found = {key for key in remarks if sentence(key, language).search(page)}
    assert found == {key for keys in said(name).values() for key, _ in keys}


def test_a_brief_page_makes_no_remarks() -> None:
    brief = render(trace_of("relu-some"), "md", "en", "brief")
    pattern = sentence("remark.relu.some_off", "en")
    assert pattern.search(render(trace_of("relu-some"), "md", "en"))
    assert not pattern.search(brief)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("relu-some", ["Off (pre-activation not positive): unit $2$."]),
        ("class-wrong", ["The most probable class is number 1 ($0.8176$), but the true one is number 2"]),
        ("class-wrong-by-hand", ["The most probable class is number 1 ($0.82$)"]),
        ("sigmoid-below-right", ["The output is below ½, so the prediction is 0; the label is $0$: right."]),
        ("samples-some", ["Of the 2 samples here, predicted wrongly: no. $2$."]),
        ("samples-rows", ["Of the 2 samples here, predicted wrongly: no. $1$."]),
        ("sigmoid-both", ["Too low: output $2$, $3$; too high: output $1$."]),
        ("vanishing-some", ["with a slope below $0.05$, and hardly passing any gradient on: unit $1$."]),
        ("loss-fell", ["The step has lowered the loss from $2$ to $1.62$."]),
        (
            "margins",
            ["Margin at least 1, so no loss: sample $1$, $4$.", "The score is 0, on neither side: sample $5$."],
        ),
        ("margins", ["inside the margin: sample $2$.", "On the wrong side: sample $3$."]),
        ("margin-one-zero", ["The score of this sample is 0, on neither side."]),
        ("loss-fell-twice", ["2 iterations have lowered the loss from $2$ to $1.3122$."]),
        ("loss-rose-twice", ["2 iterations have raised the loss from $2$ to $32$: the learning rate"]),
        ("loss-same-twice", ["After 2 iterations the loss is still $0$."]),
        ("loss-of-epochs", ["3 iterations have lowered the objective from $3$ to $2.4168$."]),
        (
            "perceptron-signs",
            ["Prediction: 1 if the sum is positive, else −1.", "The prediction was $-1$ and should have been $1$, so"],
        ),
        (
            "perceptron-learns",
            ["Prediction: 1 if the sum is positive, else 0.", "The prediction was $0$ and should have been $1$, so"],
        ),
        ("perceptron-xor", ["In the last epoch (3) there were still mistakes: 4."]),
    ],
)
def test_remarks_by_hand(name: str, texts: list[str]) -> None:
    """Worked out on paper."""
    page = render(trace_of(name), "md", "en")
    for text in texts:
        assert text in page


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("sigmoid-both", ["第 $2$、$3$ 个输出偏低，第 $1$ 个输出偏高。"]),
        ("margins", ["第 $1$、$4$ 个样本的间隔不小于 1，没有损失。", "第 $5$ 个样本的得分为 0，不属于任何一侧。"]),
        ("class-wrong", [r"各类百分比：$81.8\%$、$18.2\%$。"]),
        ("loss-with-penalty", ["这一步使目标函数从 "]),
        ("perceptron-signs", ["预测：加权和为正时取 1，否则取 −1。"]),
    ],
)
def test_chinese_remarks_by_hand(name: str, texts: list[str]) -> None:
    """Lists are joined as Chinese joins them."""
    page = render(trace_of(name), "md", "zh")
    for text in texts:
        assert text in page


def test_nothing_is_said_of_the_class_at_a_tie() -> None:
    assert "most probable" not in render(trace_of("class-tie"), "md", "en")
    assert "most probable" in render(trace_of("class-mse"), "md", "en")
