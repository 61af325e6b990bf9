"""Every variant that is drawn by default settings is worth doing: worked once more by code of the tests' own.

500 variants of each shipped problem (or half of what its numbers allow), in full precision and with every line rounded
in decimal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from stepwise import solve
from stepwise.errors import UnsupportedError
from stepwise.problem import load_problem, shipped_problems, with_options

from .by_hand import Array, decimals_of, leaves, number
from .drawn import DOES_NOT_VARY, MOST, VARY, drawn, series
from .functions import STEEP
from .saying import facts, iterations, mistakes

LEAST_SLOPE = 0.05
LEAST_LOSS = 0.05
LEAST_UNITS = 10
NOISE = 1e-9
ASKED_IN_PART = ("homework-relu", "practice-relu")
"""Files that say what is asked: no biases."""
each_problem = pytest.mark.parametrize("name", VARY, scope="module")
"""All tests of one problem one after the other: its variants are drawn once."""


def some(flags: Array) -> Array:
    """Which variants have it anywhere."""
    return flags.any(axis=(1, 2))


# ---- which problems vary


@pytest.mark.parametrize("name", DOES_NOT_VARY)
def test_what_cannot_vary_says_so(name: str) -> None:
    with pytest.raises(UnsupportedError, match=name):
        series(name).sources  # noqa: B018


def test_every_other_shipped_problem_varies() -> None:
    assert {*VARY, *DOES_NOT_VARY} == set(shipped_problems())
    assert len(VARY) > 2 * len(DOES_NOT_VARY)


@each_problem
def test_there_are_five_hundred_variants_or_half_of_all(name: str) -> None:
    expected = {"sigmoid-mse-neuron": 54}.get(name, MOST)
    assert len(drawn(name).variants) == expected


# ---- the tests' own calculation is the program's


@each_problem
@pytest.mark.parametrize("by_hand", [False, True], ids=["exact", "hand"])
def test_the_numbers_worked_here_are_those_of_the_page(name: str, by_hand: bool) -> None:
    own = drawn(name)
    values = own.hand if by_hand else own.exact
    for place in (0, 1):
        trace = solve(with_options(own.variants[place].problem, carry=by_hand))
        for asked in own.asked:
            shown = np.asarray(trace[asked]).ravel()
            here = own.given.on_paper(asked, values[asked])[place].ravel()
            assert shown == pytest.approx(here, abs=1e-9), asked


@each_problem
def test_exact_and_hand_rounded_results_are_accepted(name: str) -> None:
    own = drawn(name)
    for asked in own.asked:
        low, high = own.accepted(asked)
        for values in (own.exact, own.hand):
            here = own.lies(asked, values[asked])
            assert (here >= low - NOISE).all(), asked
            assert (here <= high + NOISE).all(), asked


# ---- the conditions


def hidden(name: str, function: str) -> list[int]:
    """The hidden layers of an activation."""
    given = drawn(name).given
    layers = given.layers[:-1] if given.model == "network" else []
    return [place for place, (activation, _) in enumerate(layers, 1) if activation == function]


@each_problem
def test_no_hidden_relu_layer_is_wholly_off(name: str) -> None:
    for layer in hidden(name, "relu"):
        for values in (drawn(name).exact, drawn(name).hand):
            for z in iterations(values, f"z{layer}"):
                assert some(z > 0).all()


@each_problem
def test_no_sigmoid_or_tanh_is_saturated(name: str) -> None:
    own = drawn(name)
    layers = own.given.layers if own.given.model == "network" else []
    for place, (function, _) in enumerate(layers, 1):
        if function in STEEP:
            for values in (own.exact, own.hand):
                for a in (*iterations(values, f"a{place}"), *iterations(values, f"a{place}_new")):
                    assert STEEP[function](a).min() >= LEAST_SLOPE - NOISE


@each_problem
def test_each_asked_gradient_has_an_entry_of_ten_units_of_its_last_digit(name: str) -> None:
    own = drawn(name)
    decimals = decimals_of(own.documents[0])
    gradients = [asked for asked in own.asked if re.fullmatch(r"(t\d+\.)?d([Ww]|b)\d*", asked)]
    assert gradients or own.given.model == "perceptron"
    for asked in gradients:
        least = LEAST_UNITS * 10.0 ** -decimals(asked.rpartition(".")[2])
        for values in (own.exact, own.hand):
            assert np.abs(values[asked]).max(axis=(1, 2)).min() >= least - NOISE, asked


@each_problem
def test_nothing_is_solved_already(name: str) -> None:
    own = drawn(name)
    if own.given.model == "perceptron":
        assert np.any([some(error != 0) for error in iterations(own.exact, "error")], axis=0).all()
    elif name != "svm-pegasos":
        loss = next(value for label, value in own.exact.items() if label in ("L", "t1.L"))
        assert loss.min() > LEAST_LOSS


@pytest.mark.parametrize("name", ["hinge-network", "svm-hinge-subgradient", "svm-pegasos"])
def test_with_hinge_loss_one_sample_is_safe_and_another_is_not(name: str) -> None:
    margins = np.concatenate(iterations(drawn(name).exact, "margin"), axis=1)
    assert margins.shape[1] >= 2
    assert some(margins >= 1).all()
    assert some(margins < 1).all()


# ---- what is said of the numbers


@each_problem
def test_predictions_units_and_verdicts_are_the_same_by_hand_and_in_full_precision(name: str) -> None:
    own = drawn(name)
    pairs = list(zip(facts(own.given, own.exact), facts(own.given, own.hand), strict=True))
    for (label, exact), (other, hand) in pairs:
        assert label == other
        assert (exact == hand).all(), label


@each_problem
def test_nobody_is_asked_on_which_side_of_a_corner_a_number_is_that_lies_on_it(name: str) -> None:
    """z is not 0 before a ReLU, a margin not 1, two classes are not equally likely."""
    own = drawn(name)
    for values in (own.exact, own.hand):
        for label, value in values.items():
            bare = label.rpartition(".")[2].removesuffix("_new")
            if bare == "margin":
                assert (np.abs(value - 1) > NOISE).all(), label
            elif own.given.model == "perceptron" and bare == "z":
                assert (np.abs(value) > NOISE).all(), label
        for layer in hidden(name, "relu"):
            for z in (*iterations(values, f"z{layer}"), *iterations(values, f"z{layer}_new")):
                assert (np.abs(z) > NOISE).all()
        if own.given.model == "network" and own.given.layers[-1][0] == "softmax":
            for a in iterations(values, f"a{len(own.given.layers)}"):
                ordered = np.sort(a, axis=2)
                assert (ordered[:, :, -1] > ordered[:, :, -2]).all()


# ---- mistakes


@each_problem
def test_the_demanded_mistakes_give_numbers_that_are_not_right(name: str) -> None:
    own = drawn(name)
    for label, mistaken in mistakes(own.given, own.exact):
        if label not in own.asked:
            assert name in ASKED_IN_PART
            assert label in ("db1", "db2", "b1_new", "b2_new")
            continue
        low, high = own.accepted(label)
        right, wrong = own.lies(label, own.exact[label]), own.lies(label, mistaken)
        changes = some(np.abs(wrong - right) > 10 * NOISE * np.maximum(np.abs(right), 1))
        shows = some((wrong < low - NOISE) | (wrong > high + NOISE))
        assert (shows | ~changes).all(), label


# ---- what is drawn


@each_problem
def test_no_two_variants_are_alike(name: str) -> None:
    own = drawn(name)
    numbers = {
        tuple(leaves([document.get(part) for part in ("weights", "biases", "inputs", "labels", "lr")]))
        for document in own.documents
    }
    assert len(numbers) == len(own.documents)
    assert len({variant.code for variant in own.variants}) == len(own.variants)


def arrays(document: dict[str, Any], depth: int) -> Iterator[tuple[str, list[str]]]:
    """The arrays of a file with their numbers as typed: each layer's weights and biases, the inputs, the labels."""
    for name in ("weights", "biases", "inputs", "labels"):
        value = document.get(name)
        if name in ("weights", "biases") and isinstance(value, list) and depth > 1:
            for place, part in enumerate(value):
                yield f"{name} {place}", leaves(part)
        elif value is not None and not isinstance(value, dict):
            yield name, leaves(value)


@each_problem
def test_drawn_arrays_are_not_of_one_number_alone_and_have_no_zeros(name: str) -> None:
    own = drawn(name)
    depth = len(own.given.weights)
    original = dict(arrays(original_document(name), depth))
    for document in own.documents:
        for label, texts in arrays(document, depth):
            if [number(text) for text in texts] == [number(text) for text in original[label]]:
                continue
            if len(texts) > 2:
                assert len(set(map(number, texts))) > 1, label
            if label != "labels" or (own.given.loss == "mse" and own.given.layers[-1][0] == "identity"):
                assert 0 not in map(number, texts), label


def original_document(name: str) -> dict[str, Any]:
    """The shipped file; of data files the numbers."""
    document = dict(load_problem(name).document)
    for field in ("inputs", "labels"):
        value = document.get(field)
        if isinstance(value, dict) and "values" in value:
            document[field] = value["values"]
    return document


@each_problem
def test_drawn_numbers_have_the_decimals_of_the_original(name: str) -> None:
    own = drawn(name)
    depth = len(own.given.weights)
    here: dict[str, int] = {}
    for document in own.documents:
        for label, texts in arrays(document, depth):
            here[label] = max(here.get(label, 0), *map(decimals, texts), 0)
    original = arrays(original_document(name), depth)
    assert here == {label: max(map(decimals, texts)) for label, texts in original}


def decimals(text: str) -> int:
    """The digits behind the point, as typed."""
    return len(text.partition(".")[2])


@each_problem
def test_what_does_not_vary_stays(name: str) -> None:
    """All but the numbers of five fields, and by default the learning rate too."""
    own, original = drawn(name), original_document(name)
    varies = {*_DRAWN, *original.get("vary", ())}
    kept = {key: value for key, value in original.items() if key not in varies}
    for document in own.documents:
        assert {key: value for key, value in document.items() if key not in varies} == kept


_DRAWN = ("weights", "biases", "inputs", "labels", "code")
"""By default; `practice-relu` says itself that the learning rate varies."""


@each_problem
def test_truth_tables_and_biases_of_zero_stay(name: str) -> None:
    own, original = drawn(name), original_document(name)
    fields = KEPT.get(name, ())
    for document in own.documents:
        assert [document[field] for field in fields] == [original[field] for field in fields]


KEPT = {
    "xor-mlp": ("inputs",),
    "perceptron-and": ("inputs", "labels"),
    "wide-mlp": ("biases",),
    "scaled-pixels": ("biases",),
    "sigmoid-mse-neuron": ("biases",),
    "sgd-linear-regression": ("biases",),
}
