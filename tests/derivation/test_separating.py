"""The verdict on point sets: every separator and every certificate is checked here in fractions, point by point."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from stepwise import load_problem, solve
from stepwise.derivation.separating import Certificate, Point, Separator, between, separate

SETS = 200
BITS = (Fraction(0), Fraction(1))
SQUARE = tuple(product(BITS, repeat=2))
CUBE = tuple(product(BITS, repeat=3))


def decided(points: Sequence[Sequence[Any]], labels: Sequence[Any]) -> Separator | Certificate:
    return separate(tuple(tuple(map(Fraction, point)) for point in points), tuple(map(bool, labels)))


def separates(weights: Sequence[Fraction], bias: Fraction, points: Sequence[Point], labels: Sequence[bool]) -> bool:
    """Whether w·x + b > 0 for the ones and ≤ 0 for the zeros."""
    sums = [sum(w * x for w, x in zip(weights, point, strict=True)) + bias for point in points]
    return all((value > 0) == label for value, label in zip(sums, labels, strict=True))


def proves(multipliers: Sequence[int], points: Sequence[Point], labels: Sequence[bool]) -> bool:
    """Whether u ≥ 0, not all 0, gives the ones and the zeros the same sum of (x, 1)."""
    sums = [[Fraction(0)] * (len(points[0]) + 1) for _ in range(2)]
    for times, point, label in zip(multipliers, points, labels, strict=True):
        for place, entry in enumerate((*point, Fraction(1))):
            sums[label][place] += times * entry
    return min(multipliers) >= 0 and any(multipliers) and sums[0] == sums[1]


def verified(points: Sequence[Point], labels: Sequence[bool]) -> bool:
    """The verdict (can they be separated?) once its evidence has been checked."""
    found = decided(points, labels)
    if isinstance(found, Separator):
        assert all(type(number) is Fraction for number in (*found.weights, found.bias))
        assert separates(found.weights, found.bias, points, labels)
        return True
    assert all(type(number) is int for number in found.multipliers)
    assert proves(found.multipliers, points, labels)
    assert np.gcd.reduce(np.array(found.multipliers, dtype=object)) == 1
    return False


# ---- logic functions


@pytest.mark.parametrize("name", ["and", "or", "nand"])
def test_and_or_nand_have_a_separator(name: str) -> None:
    trace = solve(load_problem(f"{name}-separability"))
    gate = {"and": min, "or": max, "nand": lambda pair: 1 - min(pair)}[name]
    labels = [bool(gate(point)) for point in SQUARE]
    assert [bool(label) for label in trace["y"]] == labels
    assert separates(list(trace["w"]), trace["b"].item(), SQUARE, labels)
    assert "u" not in trace


def test_and_has_the_weights_of_the_textbooks() -> None:
    trace = solve(load_problem("and-separability"))
    assert (trace.shown("w"), trace.shown("b")) == (["2", "2"], "-3")
    assert trace.shown("score") == ["-3", "-1", "-1", "1"]


@pytest.mark.parametrize(("name", "points"), [("xor", SQUARE), ("parity-3", CUBE)])
def test_parity_has_a_certificate(name: str, points: tuple[Point, ...]) -> None:
    trace = solve(load_problem(f"{name}-separability"))
    labels = [sum(point) % 2 == 1 for point in points]
    assert [tuple(row) for row in trace["x"]] == list(points)
    assert [bool(label) for label in trace["y"]] == labels
    multipliers = [int(number) for number in trace["u"]]
    assert proves(multipliers, points, labels)
    assert not proves([times + (place == 0) for place, times in enumerate(multipliers)], points, labels)
    assert not proves([0] * len(points), points, labels)
    assert "w" not in trace


def test_xor_takes_every_condition_once_and_meets_in_the_middle() -> None:
    """Example H: any proof of XOR takes all four conditions equally often."""
    trace = solve(load_problem("xor-separability"))
    assert trace["u"].tolist() == [1, 1, 1, 1]
    assert trace["sum_ones"].tolist() == trace["sum_zeros"].tolist() == [1, 1]
    assert trace["total_ones"] == trace["total_zeros"] == 2
    assert trace.shown("mean_ones") == trace.shown("mean_zeros") == ["1/2", "1/2"]


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_parity_is_never_separable_and_majority_always(size: int) -> None:
    points = list(product(BITS, repeat=size))
    assert not verified(points, [sum(point) % 2 == 1 for point in points])
    assert verified(points, [sum(point) * 2 > size for point in points])


# ---- sets drawn at random


def drawn(seed: int) -> tuple[list[Point], list[bool]]:
    """Points with rational coordinates: cut by a plane (some lie on it), labelled at random, or one put in a hull."""
    rng = random.Random(seed)
    size, count = rng.randint(1, 5), rng.randint(2, 50)
    below = rng.choice([1, 2, 3, 6, 7])
    points = [tuple(Fraction(rng.randint(-5 * below, 5 * below), below) for _ in range(size)) for _ in range(count)]
    if seed % 3 == 1:
        return points, [rng.random() < 0.5 for _ in points]
    plane = [rng.randint(-3, 3) for _ in range(size)]
    level = sum(w * x for w, x in zip(plane, rng.choice(points), strict=True))  # through one of the points
    labels = [sum(w * x for w, x in zip(plane, point, strict=True)) > level for point in points]
    if seed % 3 == 2 and labels.count(True) > 1:
        ones = [point for point, label in zip(points, labels, strict=True) if label][:size]
        points[-1] = tuple(sum(entries, Fraction(0)) / len(ones) for entries in zip(*ones, strict=True))
        labels[-1] = False
    return points, labels


def scipy_separates(points: Sequence[Point], labels: Sequence[bool]) -> bool:
    """The verdict of linprog: is there w, b with scores of at least 1 for the ones and at most −1 for the zeros?"""
    from scipy.optimize import linprog

    rows = np.array([[*map(float, point), 1.0] for point in points])
    signs = np.where(labels, -1.0, 1.0)
    size = rows.shape[1]
    found = linprog(
        np.zeros(size), A_ub=signs[:, None] * rows, b_ub=-np.ones(len(points)), bounds=[(None, None)] * size
    )
    assert found.status in (0, 2)  # solved, or infeasible
    return bool(found.status == 0)


@pytest.mark.parametrize("seed", range(SETS))
def test_the_verdict_is_that_of_scipy(seed: int) -> None:
    points, labels = drawn(seed)
    assert verified(points, labels) == scipy_separates(points, labels)


def test_both_verdicts_are_drawn_often() -> None:
    found = [type(decided(*drawn(seed))) for seed in range(SETS)]
    assert min(found.count(Separator), found.count(Certificate)) > SETS / 4


def test_fifty_points_in_five_dimensions_are_quick() -> None:
    rng = random.Random(0)
    points = [tuple(Fraction(rng.randint(-(10**16), 10**16), 10**15) for _ in range(5)) for _ in range(50)]
    for labels in ([rng.random() < 0.5 for _ in points], [point[0] + point[1] > point[2] for point in points]):
        start = time.perf_counter()
        verified(points, labels)
        assert time.perf_counter() - start < 2


# ---- sets on the edge


@pytest.mark.parametrize(
    ("points", "labels", "separable"),
    [
        ([(0,), (1,)], [0, 1], True),
        ([(0,), (1,)], [1, 0], True),
        ([(0,), (1,), (2,)], [0, 1, 0], False),
        ([(0,), (0,)], [0, 1], False),
        ([(0, 0), (1, 1), (2, 2)], [0, 0, 1], True),
        ([(0, 0), (1, 1), (2, 2)], [0, 1, 0], False),
        ([(0, 0), (2, 2), (1, 1), (1, 1)], [0, 0, 0, 1], False),
        ([(0, 0), (4, 0), (2, 0), (2, 5)], [0, 0, 1, 0], False),
        ([(0, 0), (4, 0), (2, "1/1000000000000000000000"), (2, 5)], [0, 0, 1, 1], True),
        ([(0, 0), (4, 0), (2, "-1/1000000000000000000000"), (2, 5)], [0, 0, 1, 1], False),
        ([(0, 0), (4, 0), (2, "1/1000000000000000000000"), (2, 5)], [0, 0, 1, 0], False),
        ([(0, 0), (4, 0), (2, 5), (2, "-1/1000000000000000000000")], [0, 0, 0, 1], True),
        ([(3, 4)], [1], True),
        ([(3, 4)], [0], True),
        ([(3, 4), (1, 2)], [0, 0], True),
        ([(3, 4), (3, 4)], [1, 1], True),
        ([("1e300",), ("1e-300",)], [1, 0], True),
    ],
)
def test_sets_on_the_edge(points: Sequence[Sequence[Any]], labels: Sequence[int], separable: bool) -> None:
    exact = [tuple(map(Fraction, point)) for point in points]
    assert verified(exact, list(map(bool, labels))) is separable


def test_tenths_are_tenths() -> None:
    """0.1 + 0.2 is 0.3 on paper: the point between the others is on their line, which floats would miss."""
    assert not verified([(Fraction("0.1"),) * 2, (Fraction("0.3"),) * 2, (Fraction("0.2"),) * 2], [False, False, True])


def test_equal_points_with_different_labels_are_the_shortest_proof() -> None:
    found = decided([(0, 0), (5, 5), (1, 2), (9, 9), (1, 2)], [0, 1, 1, 0, 0])
    assert found == Certificate((0, 0, 1, 0, 1))


@pytest.mark.parametrize(
    ("low", "high", "simplest"),
    [("5/4", "7/4", "3/2"), ("1/4", "3/4", "1/2"), ("-7/4", "-5/4", "-3/2"), ("-1", "2", "0"), ("0.31", "0.34", "1/3"),
     ("2", "2.5", "2"), ("2.1", "9", "3"), ("1/7", "1/7", "1/7"), ("314/100", "315/100", "22/7")],
)  # fmt: skip
def test_the_simplest_fraction_between_two(low: str, high: str, simplest: str) -> None:
    assert between(Fraction(low), Fraction(high)) == Fraction(simplest)
