"""Codes that were drawn once draw the same numbers for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from stepwise.problem import load_problem
from stepwise.sheets.by_code import coded

from .chance import counter_of, picked, tenths
from .drawn import VARY, series

TENTHS, WHOLE, CLASSES = tenths(-9, 9), ["1", "2", "3"], ["0", "1"]


@dataclass(frozen=True)
class Stored:
    """What a code once drew: the grids of the places that vary in order, what was drawn, the fields of the file."""

    problem: str
    grids: Sequence[Sequence[str]]
    drawn: str
    fields: Mapping[str, Any]


STORED = {
    "XOR-YCFNJ7H6-W": Stored(
        "xor-mlp",
        [TENTHS] * 4 + [tenths(-10, 10)] * 2 + [TENTHS] * 3,
        "-0.6 -0.4 0.2 0.3 -0.5 -0.2 -0.2 -0.8 0.1",
        {
            "weights": [[[-0.6, -0.4], [0.2, 0.3]], [[-0.5, -0.2]]],
            "biases": [[-0.2, -0.8], [0.1]],
            "inputs": [1, 1],
            "labels": 0,
        },
    ),
    "SVMP-CJSDRXP0-S": Stored(
        "svm-pegasos",
        [TENTHS] * 2 + [WHOLE] * 4,
        "-0.3 0.9 2 2 1 1",
        {"weights": [-0.3, 0.9], "inputs": [[2, 2], [1, 1]], "labels": [1, -1], "lr": 0.1},
    ),
    "SCALP-KKCXEH4A-N": Stored(
        "scaled-pixels",
        [TENTHS] * 8 + [[str(grey) for grey in range(51, 256)]] * 4 + [CLASSES],
        "-0.8 0.9 0.8 -0.7 0.4 0.5 0.6 -0.9 163 192 103 160 0",
        {
            "weights": [[[-0.8, 0.9, 0.8, -0.7], [0.4, 0.5, 0.6, -0.9]]],
            "biases": 0,
            "inputs": [163, 192, 103, 160],
            "labels": [1, 0],
        },
    ),
    "PERCA-6M3G74FH-P": Stored(
        "perceptron-and",
        [tenths(-10, 10)] * 2 + [tenths(-25, 25, 100)],
        "-1.0 -0.8 0.17",
        {"weights": [-1.0, -0.8], "biases": 0.17, "inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [0, 0, 0, 1]},
    ),
    "XAVIT-G5TSGQ7M-R": Stored(
        "xavier-tanh-network",
        [[str(seed) for seed in range(100_000)]] + [tenths(-20, 20)] * 3 + [CLASSES],
        "67242 -1.6 -1.3 0.4 1",
        {"weights": {"init": "xavier_uniform", "seed": 67242}, "inputs": [-1.6, -1.3, 0.4], "labels": [0, 1]},
    ),
    "LOGINCR-GXX0FGZ0-P": Stored(
        "logistic-neuron-chain-rule",
        [TENTHS] * 3 + [WHOLE] * 2 + [CLASSES],
        "0.2 0.8 0.4 2 2 1",
        {"weights": [[[0.2, 0.8]]], "biases": [[0.4]], "inputs": [2, 2], "labels": 1},
    ),
}


@pytest.mark.parametrize("code", STORED)
def test_a_code_drawn_long_ago_draws_the_same_numbers(code: str) -> None:
    stored = STORED[code]
    document = coded(load_problem(stored.problem), code).document
    assert {name: document[name] for name in stored.fields} == stored.fields
    assert document["code"] == code


@pytest.mark.parametrize("code", STORED)
def test_its_numbers_are_those_that_sha256_of_the_counter_picks_from_the_grids(code: str) -> None:
    stored = STORED[code]
    assert picked(counter_of(code.split("-")[1]), stored.grids) == stored.drawn.split()


def test_stored_documents_regenerate_from_their_codes() -> None:
    for name in VARY:
        whole = series(name)
        for paper in whole.papers(list(whole.tickets("once", 3))):
            (variant,) = paper.variants
            assert dict(coded(load_problem(name), variant.code).document) == dict(variant.problem.document)
