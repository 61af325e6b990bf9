"""Every remark is true: what must be said is found again here from the numbers, in other ways than the program's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from stepwise import render
from stepwise.document.phrases import Math, Phrase, Slot
from stepwise.document.words import catalogue
from tests.document.samples import NUMERIC, SHIPPED, page_of, remarks_of, trace_of
from tests.document.true_remarks import Key, expected, of_a_perceptron_run

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


# ---- the tests


def agree(said_here: list[Key], wanted: list[Key]) -> bool:
    """Equal, per cents to the decimal that is printed."""
    if [key for key, _ in said_here] != [key for key, _ in wanted]:
        return False
    for (_, slots), (_, others) in zip(said_here, wanted, strict=True):
        percent, exact = slots.get("percent"), others.get("percent")
        if {**slots, "percent": 0} != {**others, "percent": 0} or (percent is None) != (exact is None):
            return False
        printed = [re.sub(r" \\times 10\^\{(.*)\}", r"e\1", text.removesuffix(r"\%")) for text in percent or []]
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
        ("clipped", [r"In per cent: $100\%$, $9 \times 10^{-25}\%$."]),
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


def test_outputs_that_are_no_classes_are_not_called_so() -> None:
    """Two sigmoids are two answers, and do not add up to 1."""
    assert "most probable" not in render(trace_of("sigmoid-unlabelled-pair"), "md", "en")
