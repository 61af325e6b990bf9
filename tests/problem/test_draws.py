"""Drawn weights: the same everywhere, in their range, printed as given."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import pytest

from stepwise.operations.initialisation import SCHEMES
from stepwise.problem.draws import drawn, uniforms
from stepwise.problem.model import Draw
from tests.problem.reading import read, texts, values

BASE = {"architecture": "{layers: [{units: 3, activation: tanh}, {units: 2, activation: relu}]}", "inputs": "[1, 2]"}


def test_the_generator_gives_the_numbers_it_always_gave() -> None:
    # SHA-256 of "seven/0", the first eight bytes as a whole number, its first 52 bits

    first = int.from_bytes(hashlib.sha256(b"seven/0").digest()[:8], "big") >> 12
    assert uniforms("seven", 5)[0] == (first + 0.5) / 2**52
    assert len(set(uniforms("seven", 1000))) == 1000
    assert uniforms("seven", 5).tolist() == uniforms("seven", 9).tolist()[:5]


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_a_scheme_has_its_spread(scheme: str) -> None:
    given = drawn(Draw(scheme, 7), 1, 60, 40, (40, 60))
    assert given.values is not None
    fan = {"xavier": (60 + 40) / 2, "he": 60}.get(scheme.split("_")[0], 1)
    variance = {"xavier": 1 / fan, "he": 2 / fan}.get(scheme.split("_")[0], 0.0)
    assert given.values.std() == pytest.approx(math.sqrt(variance), rel=0.05)
    assert given.values.mean() == pytest.approx(0, abs=0.02)
    if scheme.endswith("uniform"):
        limit = math.sqrt(3 * variance)
        assert limit * 0.98 < np.abs(given.values).max() <= limit + 5e-5


@pytest.mark.parametrize("scheme", ["xavier_uniform", "he_normal"])
def test_what_is_printed_is_what_is_given(scheme: str) -> None:
    given = drawn(Draw(scheme, 3), 1, 20, 30, (30, 20))
    assert given.values is not None
    assert given.texts is not None
    assert [[float(text) for text in row] for row in given.texts] == given.values.tolist()
    assert all(len(text.partition(".")[2]) == 4 and not text.startswith("-0.0000") for text in given.texts.flat)


def test_seed_layer_and_scheme_make_a_difference() -> None:
    draws = [
        drawn(Draw(scheme, seed), layer, 3, 4, (4, 3)).values
        for scheme in ("xavier_uniform", "he_uniform")
        for seed in (1, 2)
        for layer in (1, 2)
    ]
    assert len({str(draw) for draw in draws}) == len(draws)


@pytest.mark.parametrize(("layout", "shapes"), [("column", [(3, 2), (2, 3)]), ("row", [(2, 3), (3, 2)])])
def test_drawn_weights_of_a_problem(layout: str, shapes: list[tuple[int, int]]) -> None:
    architecture = BASE["architecture"].replace("{layers", f"{{layout: {layout}, layers")
    problem = read(BASE, architecture=architecture, weights="{init: xavier_uniform, seed: 7}")
    assert problem.draw == Draw("xavier_uniform", 7)
    assert [given.shape for given in problem.weights] == shapes


def test_zeros_and_no_seed() -> None:
    problem = read(BASE, weights="{init: zeros}")
    assert problem.draw == Draw("zeros", 0)
    assert values(problem.weights[1]) == [[0.0] * 3] * 2
    assert texts(problem.weights[1]) == [["0"] * 3] * 2


def test_the_weights_of_a_perceptron_are_a_column() -> None:
    problem = read(model="perceptron", weights="{init: xavier_normal}", inputs="[[1, 2], [2, 3]]", labels="[0, 1]")
    assert problem.weights[0].shape == (2, 1)
