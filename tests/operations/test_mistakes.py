"""The mistakes: each tree is the mistake that its name says, fits the line it is made in, and has its words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from stepwise.checking.slips import LAST_DIGIT_OFF, SLIPS
from stepwise.derivation import Derivation, Step, plan
from stepwise.document.words import catalogue
from stepwise.expressions import Expr, FloatArithmetic, Func, Sum, evaluate, orient, ref, refs, split
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.operations.mistakes import mistakes_of, of_loss
from stepwise.operations.operation import Mistake
from stepwise.problem import Problem, load_problem, read_problem
from stepwise.resources import known_languages
from stepwise.trace import solve
from tests.document.samples import HANDMADE, SHIPPED, combinations, read
from tests.operations import mistaken, mistaken_losses, mistaken_models
from tests.operations.mistaken import Case

CASES: dict[str, Case] = {
    **mistaken.LINEAR,
    **dict(mistaken.of_activations()),
    **mistaken.MIXING,
    **dict(mistaken_losses.of_losses()),
    **mistaken_losses.REGULARISATION,
    **mistaken_losses.UPDATES,
    **mistaken_losses.PREPARATION,
    **mistaken_models.PERCEPTRON,
    **mistaken_models.SVM,
    **mistaken_models.SEPARABILITY,
}
NOT_EVERYWHERE = {"updated_weights_used", "z_for_a", "mean_for_sum", "divided_by_n_twice"}
"""Mistakes with an operand that some problems do not have: new weights, a layer before, a number of samples."""
OF_SHAPE = {"weights_not_transposed", "outer_product_transposed", "forgot_weights", "z_for_a"}
"""Mistakes that can be made only where shapes allow."""


# ---- each tree is what its name says


def key(mistake: Mistake) -> str:
    return f"{mistake.line}.{mistake.name}" if mistake.line else mistake.name


def value(tree: Expr, slots: dict[str, Any], layout: str) -> Any:
    own = split(orient(tree, layout), str)[0]
    return evaluate(own, slots, FloatArithmetic())


@pytest.mark.parametrize("layout", ["column", "row"])
@pytest.mark.parametrize("name", CASES)
def test_a_mistake_gives_what_its_name_says(name: str, layout: str) -> None:
    case = CASES[name]
    if layout == "row" and not case.rows_too:
        return
    e = SimpleNamespace(**{**vars(mistaken.numbers()), **(case.slots or {})})
    slots = {"lambda" if slot == "lam" else slot: array for slot, array in vars(e).items()}
    if layout == "row":
        slots = {slot: array if slot == "w" else array.T for slot, array in slots.items()}
    operation = case.make(layout)
    found = {key(one): one for one in mistakes_of(operation)}
    right = dict(split(operation.tree, str)[1]) | {"": operation.tree}
    assert sorted(found) == sorted(case.formulas)
    for made, formula in case.formulas.items():
        expected = np.asarray(formula(e), dtype=float)
        if layout == "row" and name != "weight_step":
            expected = expected.T
        mistake = found[made]
        np.testing.assert_allclose(value(mistake.tree, slots, layout), expected, rtol=1e-12, err_msg=made)
        assert np.shape(expected) != np.shape(known := value(right[mistake.line], slots, layout)) or not np.allclose(
            expected, known
        )


def test_the_mean_for_the_sum_is_taken_inside_a_root() -> None:
    """√(3² + 4² + 12²) = 13 of three outputs, and the root of their mean square."""
    (mistake,) = of_loss(Func("sqrt", Sum(ref("a") ** 2, "units")))
    assert mistake.name == "mean_over_outputs"
    assert value(mistake.tree, {"a": np.array([[3.0], [4.0], [12.0]])}, "column").item() == pytest.approx(13 / 3**0.5)


def test_every_registered_activation_and_loss_is_in_the_table() -> None:
    assert {name for name, record in ACTIVATIONS.items() if record.mistakes({**mistaken.PARAMETERS})} <= set(
        mistaken.OUTPUTS
    )
    assert {loss for loss, _, _ in mistaken_losses.EACH} == set(LOSSES)
    assert {loss for loss, _, _ in mistaken_losses.SLOPE} == set(LOSSES)
    fused = {(name, activation) for name, record in LOSSES.items() for activation in record.fused}
    assert set(mistaken_losses.SHORT) == fused


# ---- in the lines of problems


@cache
def problems() -> dict[str, Problem]:
    found = {name: load_problem(name) for name in SHIPPED}
    found |= {name: read(document, name) for name, document in HANDMADE.items()}
    found |= {f"combination {number}": problem for number, problem in enumerate(combinations())}
    quarter = {"name": "mse", "factor": "1/4"}
    network = dict(HANDMADE["sigmoid-above-wrong"])
    network["architecture"] = {**network["architecture"], "loss": quarter}
    return found | {"a quarter": read(network)}


@cache
def in_problems() -> tuple[tuple[str, Step, Mistake], ...]:
    return tuple(
        (name, step, mistake)
        for name, problem in problems().items()
        for step, mistake in lines_with_mistakes(plan(problem))
    )


def test_the_mistakes_of_a_line_have_different_names() -> None:
    made = [(name, step.id, mistake.name) for name, step, mistake in in_problems()]
    assert len(made) == len(set(made))


def test_every_mistake_of_a_problem_is_in_the_table() -> None:
    known = {made for case in CASES.values() for made in case.formulas}
    assert {key(mistake) for _, _, mistake in in_problems()} == known


@pytest.mark.parametrize(
    ("problem", "line", "mistake", "operands"),
    [
        ("xor-mlp", "back1", "updated_weights_used", {"W2_new", "delta2"}),
        ("xor-mlp", "back1", "weights_not_transposed", {"W2", "delta2"}),
        ("xor-mlp", "z2", "z_for_a", {"W2", "z1", "b2"}),
        ("xor-mlp", "dW2", "z_for_a", {"delta2", "z1"}),
        ("combination 39", "data_grad", "mean_over_violations", {"data_grads", "margin"}),
        ("minibatch-softmax-epoch", "losses", "label_counted_from_one", {"y", "a1"}),
    ],
)
def test_a_mistake_is_made_with_quantities_of_the_problem(
    problem: str, line: str, mistake: str, operands: set[str]
) -> None:
    found = {one.name: one for one in plan(problems()[problem]).steps[line].mistakes}
    assert set(refs(found[mistake].tree)) == operands


NUMERIC = [name for name in SHIPPED if load_problem(name).has_numbers and not load_problem(name).has_letters]


@pytest.mark.parametrize("name", NUMERIC)
def test_a_mistake_can_be_computed_wherever_its_operands_are(name: str) -> None:
    derivation = plan(problems()[name])
    known, trace = {*derivation.givens, *derivation.steps}, solve(problems()[name])
    tried = 0
    for step, mistake in lines_with_mistakes(derivation):
        if not set(refs(mistake.tree)) <= known:
            assert mistake.name in NOT_EVERYWHERE
            continue
        tried += 1
        order = ("t1.", "") if step in derivation.each else ("",)
        operands = {one: numbers(trace, one, order) for one in refs(step.tree) + refs(mistake.tree)}
        assert_computable(step, mistake, operands)
    assert tried > 0


def lines_with_mistakes(derivation: Derivation) -> Iterator[tuple[Step, Mistake]]:
    return ((step, mistake) for step in derivation for mistake in step.mistakes)


def numbers(trace: Any, name: str, prefixes: tuple[str, ...]) -> Any:
    found = next(trace.quantities[prefix + name] for prefix in prefixes if prefix + name in trace.quantities)
    return np.asarray(found.value, dtype=float)


def assert_computable(step: Step, mistake: Mistake, operands: dict[str, Any]) -> None:
    right = evaluate(step.tree, operands, FloatArithmetic())
    with np.errstate(all="ignore"):
        try:
            wrong = evaluate(mistake.tree, operands, FloatArithmetic())
        except ValueError:
            assert mistake.name in OF_SHAPE
            return
    if np.shape(wrong) != np.shape(right):
        assert mistake.name in OF_SHAPE


# ---- the labels of classes


CLASSES = """
architecture: {layers: [{units: 3, activation: softmax}], loss: cross_entropy}
weights: [[[1, 0], [0, 1], [0.5, -1]]]
inputs: INPUTS
labels: LABELS
"""


@pytest.mark.parametrize(
    ("inputs", "labels", "offered"),
    [
        ("[[1, 2], [2, 0]]", "[2, 1]", True),
        ("[1, 2]", "2", True),
        ("[1, 2]", "[0, 0, 1]", False),
        ("[[1, 2], [2, 0]]", "[[0, 0, 1], [0, 1, 0]]", False),
        ("[[1, 2], [2, 0], [1, 1]]", "[0, 1, 2]", True),
    ],
)
def test_only_class_indices_can_be_counted_from_one(inputs: str, labels: str, offered: bool) -> None:
    text = CLASSES.replace("INPUTS", inputs).replace("LABELS", labels)
    steps = plan(read_problem(text, name="test", source="test", folder=None)).steps
    for name in ("L" if "L" in steps and "losses" not in steps else "losses", "delta1"):
        assert ("label_counted_from_one" in {one.name for one in steps[name].mistakes}) == offered


# ---- words


def names_with_words(language: str) -> Iterator[str]:
    for made in catalogue(language, "check"):
        section, _, rest = made.partition(".")
        if section == "mistake":
            yield rest


@pytest.mark.parametrize("language", known_languages())
def test_every_mistake_has_its_words_and_there_are_no_others(language: str) -> None:
    names = {mistake.name for _, _, mistake in in_problems()} | {*SLIPS, LAST_DIGIT_OFF}
    assert sorted(names_with_words(language)) == sorted(f"{name}.{part}" for name in names for part in ("name", "hint"))


@pytest.mark.parametrize(("language", "end"), [("en", "."), ("zh", "。")])
def test_a_hint_is_a_sentence_and_a_name_is_not(language: str, end: str) -> None:
    words = {made: text for made, text in catalogue(language, "check").items() if made.startswith("mistake.")}
    assert [made for made, text in words.items() if text.endswith((end, "?", "？")) != made.endswith(".hint")] == []
