"""One parameter's path to the loss: the factors, the products, their sum, and what cannot be asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

from stepwise import StepwiseError, UnsupportedError, load_problem, render_path
from stepwise.derivation.path import MOST_PATHS, PathPlan, plan_path
from stepwise.derivation.place import find_place
from stepwise.document.words import Speaker, catalogue
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.problem import Problem, problem_from_document, read_problem, with_options
from stepwise.resources import known_languages
from stepwise.trace import Trace, solve_planned
from tests.document.test_words import JOINTS, MARKUP, asked_for, same_end, slots, western
from tests.independent import alter_one_digit, check_operands, check_page
from tests.pages.problems import MODES, NAMES, constants, givens, in_mode, problem
from tests.trace.networks import OTHERS, Act, Drawn, Network, Options, draw, networks

TOO_LARGE = re.compile(r"too many to write|for one sample|only shapes|has none|network")


def planned(asked: Problem, text: str) -> tuple[PathPlan, Trace]:
    plan = plan_path(asked, find_place(asked, text))
    return plan, solve_planned(asked, plan.derivation)


def unless_too_large(write: Callable[[], Any]) -> Any:
    """None where there are more paths than are written."""
    try:
        return write()
    except UnsupportedError as error:
        if TOO_LARGE.search(str(error)):
            return None
        raise


def total(plan: PathPlan, trace: Trace) -> float:
    """What the page ends with."""
    name = plan.sums[-1] if plan.sums else plan.products[0].id
    prefix = f"t{plan.place.iteration}." if plan.place.iteration else ""
    return float(trace[prefix + name])


# ---- document H


def test_the_path_of_document_h() -> None:
    """0.649 × 0.228 × 1.0 × 0.214 × 1 = 0.032, rounded to three decimals as one goes."""
    page = render_path(load_problem("xor-mlp"), "W1[1,1]")
    chain = (
        r"\frac{\partial L}{\partial w^{(1)}_{11}} = \frac{\partial L}{\partial y} \cdot "
        r"\frac{\partial y}{\partial z^{(2)}} \cdot \frac{\partial z^{(2)}}{\partial h_{1}} \cdot "
        r"\frac{\partial h_{1}}{\partial z^{(1)}_{1}} \cdot \frac{\partial z^{(1)}_{1}}{\partial w^{(1)}_{11}}"
    )
    lines = [
        r"w^{(1)}_{11} \to z^{(1)}_{1} \to h_{1} \to z^{(2)} \to y \to L",
        r"\frac{\partial L}{\partial y} = y - t = 0.649 - 0 = 0.649",
        r"\frac{\partial y}{\partial z^{(2)}} = y (1 - y) = 0.649 \times 0.351 \approx 0.228",
        r"\frac{\partial z^{(2)}}{\partial h_{1}} = w^{(2)}_{1} = 1.0",
        r"\frac{\partial h_{1}}{\partial z^{(1)}_{1}} = h_{1} (1 - h_{1}) = 0.690 \times 0.310 \approx 0.214",
        r"\frac{\partial z^{(1)}_{1}}{\partial w^{(1)}_{11}} = x_{1} = 1",
        r"\frac{\partial L}{\partial w^{(1)}_{11}} = 0.649 \times 0.228 \times 1.0 \times 0.214 \times 1 \approx 0.032",
    ]
    places = [page.index(f"$${line}$$") for line in (lines[0], chain, *lines[1:])]
    assert places == sorted(places)
    gradient = r"$\frac{\partial L}{\partial w^{(1)}_{11}}$: $0.032$."
    assert f"exactly the number that back-propagation gives for {gradient}" in page
    assert page.startswith("# A sigmoid network for XOR, one training step: the path of $w^{(1)}_{11}$\n")


def test_where_rounding_makes_a_difference_both_numbers_are_told() -> None:
    """0.561·0.246 + (−0.748)·(−0.141) + 0.187·(−0.105) is 0.138 + 0.105 − 0.020 = 0.223 when each is rounded."""
    page = render_path(load_problem("softmax-mse"), "W1[1,1]")
    assert r"= 0.138 + 0.105 + (-0.020) = 0.223$$" in page
    assert "Back-propagation gives $0.224$" in page
    assert "here it is $0.223$" in page
    assert "exactly" not in page
    assert "exactly" in render_path(with_options(load_problem("softmax-mse"), carry=False), "W1[1,1]")


# ---- the sum over all paths is the gradient


ACTS = [*(Act(name) for name in ACTIVATIONS), *OTHERS]


def _drawn(act: Act) -> Iterator[Drawn]:
    positive = ACTIVATIONS[act.name].positive_only
    every = networks(act, list(LOSSES), lambda loss: positive or not LOSSES[loss].needs_probabilities)
    return (draw(replace(network, samples=2 if network.samples else None)) for network in every)


def _problem(drawn: Drawn) -> Problem:
    return read_problem(drawn.text(), name="drawn", source=str(drawn.network), folder=None)


@cache
def _slopes(drawn: Drawn) -> np.ndarray[Any, Any]:
    return drawn.slopes()


def _gradient(drawn: Drawn, name: str) -> np.ndarray[Any, Any]:
    """∂/∂W1 or ∂/∂b1 by central differences, as the file lays it out."""
    weights, bias = list(drawn.layers(_slopes(drawn)))[int(name[1:]) - 1]
    return drawn.matrix(weights) if name.startswith("W") else bias[0]


@pytest.mark.parametrize("act", [act for act in ACTS if act.name != "step"], ids=str)
def test_the_paths_add_up_to_the_gradient(act: Act) -> None:
    """Against central differences of a network that shares no code with ours, and against the trace's own dW."""
    rng, tried, several = Random(str(act)), 0, 0
    for number, drawn in enumerate(_drawn(act)):
        if number % 3:
            continue
        asked = _problem(drawn)
        for layer in range(1, len(asked.layers) + 1):
            shape = asked.weights[layer - 1].shape
            text = f"W{layer}[{rng.randint(1, shape[0])},{rng.randint(1, shape[1])}]"
            found = unless_too_large(lambda asked=asked, text=text: planned(asked, text))
            if found is None:
                continue
            plan, trace = found
            row, column = plan.place.row, plan.place.column
            wanted = _gradient(drawn, f"W{layer}")[row, column]
            assert total(plan, trace) == pytest.approx(wanted, rel=1e-6, abs=1e-8), (text, str(drawn.network))
            assert total(plan, trace) == pytest.approx(trace[f"dW{layer}"][row, column], rel=1e-10, abs=1e-13)
            tried, several = tried + 1, several + (plan.count > 1)
    assert tried > 15
    assert several > 5


def test_every_product_is_written_up_to_eight() -> None:
    """All paths of a deep network, one by one: no path is missing or there twice, and they add up to dW."""
    network = Network((Act("tanh"), Act("sigmoid"), Act("identity")), "mse", "column", None, Options(), units=1)
    asked = _problem(draw(network))
    plan, trace = planned(asked, "W1[2,3]")
    assert plan.count == len(plan.products) == 2 <= MOST_PATHS
    routes = {product.route for product in plan.products}
    assert len(routes) == plan.count
    assert sum(float(trace[product.id]) for product in plan.products) == pytest.approx(trace["dW1"][1, 2], rel=1e-12)


def test_of_many_paths_the_first_and_the_last_are_written() -> None:
    network = Network((Act("tanh"), Act("softmax"), Act("softmax")), "mse", "column", None, Options(l2=0.1))
    asked = _problem(draw(network))
    plan, trace = planned(asked, "W1[1,1]")
    # 2 units mixed by the second layer's softmax, 3 by the last one's
    assert plan.count == 2 * 2 * 3 * 3
    assert [product.number for product in plan.products] == [1, 2, 3, 36]
    page = render_path(asked, "W1[1,1]")
    assert "36 paths lead to the loss" in page
    assert "P_{36} =" in page
    assert "The 36 products need not be added one by one" in page
    assert float(trace["path_all"]) == pytest.approx(trace["data_dW1"][0, 0], rel=1e-12)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("delta", ["undivided", "divided"])
@pytest.mark.parametrize("loss", ["binary_cross_entropy", "mse"])
def test_a_batch_has_the_paths_of_every_sample(loss: str, delta: str, reduction: str) -> None:
    """Where the error term already has the 1/N (divided, in its short form), no second one is taken."""
    options = Options(reduction=reduction, delta=delta)
    drawn = draw(Network((Act("tanh"), Act("sigmoid")), loss, "row", 3, options, units=1))
    asked = _problem(drawn)
    plan, trace = planned(asked, "W1[2,1]")
    assert (plan.count, len(plan.products)) == (3, 3)
    assert total(plan, trace) == pytest.approx(_gradient(drawn, "W1")[1, 0], rel=1e-6)
    page = render_path(asked, "W1[2,1]")
    divided = r"\frac{1}{N} (P_{1} + P_{2} + P_{3})" in page
    assert divided == (reduction == "mean" and not (delta == "divided" and loss == "binary_cross_entropy"))


def test_the_gradient_of_torch(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    import torch

    asked = load_problem("three-layer-network")
    weights = [torch.tensor(given.values, requires_grad=True) for given in asked.weights]
    a = torch.tensor(asked.inputs.values)
    assert [layer.activation.name for layer in asked.layers] == ["tanh", "relu", "sigmoid"]
    for function, w, b in zip((torch.tanh, torch.relu, torch.sigmoid), weights, asked.biases or (), strict=True):
        a = function(w @ a + torch.tensor(b.values))
    y = torch.tensor(asked.labels.values)  # type: ignore[union-attr]
    torch.nn.functional.binary_cross_entropy(a, y, reduction="sum").backward()
    for layer, weight in enumerate(weights, 1):
        for row, column in np.ndindex(*weight.shape):
            plan, trace = planned(asked, f"W{layer}[{row + 1},{column + 1}]")
            assert total(plan, trace) == pytest.approx(float(weight.grad[row, column]), rel=1e-9, abs=1e-12)


def test_a_bias_is_simply_added() -> None:
    plan, trace = planned(load_problem("xor-mlp"), "b1[2]")
    assert total(plan, trace) == trace["db1"][1]
    assert r"\frac{\partial z^{(1)}_{2}}{\partial b^{(1)}_{2}} = 1$$" in render_path(load_problem("xor-mlp"), "b1[2]")


def test_a_later_iteration_has_its_own_numbers() -> None:
    document = {
        "architecture": {"layers": [{"activation": "identity"}], "loss": "mse"},
        "weights": [[[2]]],
        "inputs": [[1], [3]],
        "labels": [1, 1],
        "lr": "0.1",
        "train": {"batch_size": 1},
    }
    # by hand: (2·1 − 1)·1 = 1, so w = 1.9; then (1.9·3 − 1)·3 = 14.1
    asked = problem_from_document(document)
    for text, wanted in (("W1[1,1]", 1.0), ("t1.W1", 1.0), ("t2.W1[1,1]", 14.1)):
        plan, trace = planned(asked, text)
        assert total(plan, trace) == pytest.approx(wanted)
    assert "14.1" in render_path(asked, "t2.W1[1,1]")
    assert "in iteration 2?" in render_path(asked, "t2.W1[1,1]")


def test_a_blocked_path_is_pointed_out() -> None:
    document = {
        "architecture": {"layers": [{"activation": "relu"}, {"activation": "identity"}], "loss": "mse"},
        "weights": [[[1], [-1]], [[1, 1], [2, 1]]],
        "inputs": [2],
        "labels": [1, 0],
    }
    page = render_path(problem_from_document(document), "W1[2,1]")
    assert "Paths that are blocked by a factor of 0: $1$, $2$." in page
    assert "(-2 \\le 0)" in page
    assert "Q_" not in page
    assert r"Q_{2} = " in render_path(load_problem("relu-mlp-rows"), "W1[1,2]")
    assert "locked" not in render_path(problem_from_document(document), "W1[1,1]")


# ---- true as printed


def asked_on_pages() -> Iterator[tuple[str, str]]:
    """A weight of every layer of every problem, and a bias."""
    for name in NAMES:
        asked, rng = problem(name), Random(name)
        if asked.model != "network" or not asked.has_numbers or asked.has_letters:
            continue
        for layer, given in enumerate(asked.weights, 1):
            yield name, f"W{layer}[{rng.randint(1, given.shape[0])},{rng.randint(1, given.shape[1])}]"
        if asked.biases:
            yield name, f"b1[{rng.randint(1, max(asked.biases[0].shape))}]"
        if asked.train.epochs > 1 and asked.lr is not None:
            yield name, "t2.W1[1,1]"


def test_every_line_of_a_path_is_true_and_its_operands_are_known() -> None:
    written = redone = 0
    for number, (name, text) in enumerate(asked_on_pages()):
        asked = in_mode(name, MODES[number % len(MODES)])
        page = unless_too_large(lambda asked=asked, text=text: render_path(asked, text, "md", "en"))
        if page is None:
            continue
        figures = asked.rounding.figures
        report = check_page(page, figures=figures)
        assert report.wrong == [], (name, text)
        assert check_operands(page, givens(asked), constants(asked), figures=figures) == [], (name, text)
        assert report.redone >= 2, (name, text)
        assert asked.rounding.carry or "round at different places" not in page, (name, text)
        written, redone = written + 1, redone + report.redone
    assert written > 100
    assert redone > 800


def test_one_altered_digit_of_a_path_is_noticed() -> None:
    rng = Random(1)
    for name in ("xor-mlp", "softmax-mse", "three-layer-network", "score-network"):
        page = render_path(problem(name), "W1[1,1]")
        for _ in range(10):
            assert check_page(alter_one_digit(page, rng)).wrong, name


# ---- what cannot be asked for


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("W3[1,1]", ["no weight 'W3[1,1]'", "did you mean W"]),
        ("w1[1,1]", ["did you mean W1[1,1]?"]),
        ("dW1[1,1]", ["did you mean W1[1,1]?"]),
        ("W1_new[1,1]", ["did you mean W1[1,1]?"]),
        ("x[1]", ["W1 (2 × 2), W2 (1 × 2), b1 (2 × 1), b2 (1 × 1)"]),
        ("W1[3,1]", ["W1 is 2 × 2", "count from 1"]),
        ("W1[0,1]", ["W1 is 2 × 2", "count from 1"]),
        ("b1[3]", ["b1 is 2 × 1"]),
        ("W1", ["not one number", "write W1[1,1]"]),
        ("W2[1]", ["not one number", "write W2[1,1]"]),
        ("b1[1,2]", ["not one number", "write b1[1]"]),
        ("W1[1;1]", ["write W1[1,1]"]),
        ("", ["no weight ''"]),
        ("t2.W1[1,1]", ["no iteration 2", "iterations here: 1"]),
        ("W1[" + "9" * 5000 + ",1]", ["no weight"]),
    ],
)
def test_a_wrong_name_gets_told_what_there_is(text: str, words: list[str]) -> None:
    with pytest.raises(UnsupportedError) as caught:
        render_path(load_problem("xor-mlp"), text)
    assert [word for word in words if word not in str(caught.value)] == []


def test_an_iteration_that_is_not_kept() -> None:
    with pytest.raises(UnsupportedError, match="of the 6 iterations only t1, t2, t6 are kept whole"):
        render_path(load_problem("minibatch-linear-regression"), "t4.W1[1,1]")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("svm-hinge-subgradient", "`model: svm`"),
        ("perceptron-and", "`model: perceptron`"),
        ("batch-softmax-shapes", "only shapes"),
        ("step-xor-network", "ends at the loss"),
        ("leaf-measurements", r"12 samples have \d+ paths .*`inputs: \[1, 2\]`"),
    ],
)
def test_a_problem_without_a_path_says_why(name: str, words: str) -> None:
    with pytest.raises(UnsupportedError, match=words):
        render_path(load_problem(name), "W1[1,1]")


@pytest.mark.parametrize(
    ("options", "words"), [({"format": "json"}, "json"), ({"format": "odt"}, "odt"), ({"detail": "long"}, "long")]
)
def test_other_formats_and_details_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(StepwiseError, match=words):
        render_path(load_problem("xor-mlp"), "W1[1,1]", **options)


def test_a_brief_page_leaves_the_numbers_out() -> None:
    page = render_path(load_problem("xor-mlp"), "W1[1,1]", detail="brief")
    assert r"\times" not in page
    assert r"y (1 - y) \approx 0.228" in page


# ---- words


def _said(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    heard: set[str] = set()
    say = Speaker.say
    monkeypatch.setattr(Speaker, "say", lambda self, what: heard.add(what.key) or say(self, what))  # type: ignore[func-returns-value]
    for name, text in asked_on_pages():
        unless_too_large(lambda name=name, text=text: render_path(problem(name), text))
    return heard


def test_every_sentence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = _said(monkeypatch)
    assert set(catalogue("en", "path")) - heard == set()


@pytest.mark.parametrize("language", known_languages())
def test_every_language_says_the_same(language: str) -> None:
    words, english = catalogue(language, "path"), catalogue("en", "path")
    assert list(words) == list(english)
    assert {key for key in words if slots(words[key]) != slots(english[key])} == set()
    assert {key for key, text in words.items() if MARKUP.search(re.sub(r"\{\w+\}", "", text))} == set()
    assert not set(words) & set(catalogue(language))
    assert JOINTS.isdisjoint(words)


def test_chinese_is_chinese() -> None:
    words, english = catalogue("zh", "path"), catalogue("en", "path")
    assert {key: western(text) for key, text in words.items() if western(text)} == {}
    sentences = [key for key in words if not key.startswith("path.section") and english[key][-1] == "."]
    assert [key for key in sentences if not same_end(words[key], english[key])] == []


def test_every_key_in_the_code_is_in_the_words() -> None:
    keys = set(catalogue("en", "path"))
    wanted = [text for text in asked_for() if text.startswith("path.")]
    assert len(wanted) > 10
    for text in wanted:
        pattern = re.compile(re.escape(text).replace(r"\*", r"[\w.+]+"))
        assert any(pattern.fullmatch(key) for key in keys), text
