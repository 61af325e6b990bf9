"""Every line of every derivation: proven by sympy, confirmed in numbers, and wrong once it is altered."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import mpmath
import numpy as np
import pytest
from msgspec.structs import replace

from stepwise.expressions import Add, Const, Expr, Func, Neg, Power, Sub, rebuild, walk
from stepwise.symbolic import Deduction, Step, topics
from stepwise.symbolic.places import index_letters
from stepwise.symbolic.proof import unproven
from tests.symbolic.second_opinion import Opinion, near

NAMES = sorted(topics())
CLASSES = 3
SIGNED = {"z", "s", "x", "b"}
"""Letters that are drawn with either sign; all others lie between 0 and 1, where logarithms are."""


@cache
def deduction(name: str) -> Deduction:
    return topics()[name].build()


# ---- sympy


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_proven(name: str) -> None:
    assert deduction(name).steps
    assert [fault for step in deduction(name).steps for fault in unproven(step)] == []


# ---- numbers


def drawing(rng: random.Random) -> Any:
    def draw(name: str) -> Any:
        size = mpmath.mpf(rng.uniform(0.15, 0.85))
        return size * 2 * rng.choice([-1, 1]) if name in SIGNED else size

    return draw


def opinions(step: Step, rng: random.Random) -> Iterator[Opinion]:
    """Numbers for all letters, with the index letters at every place that the step allows."""
    trees = (step.left, *step.right)
    free = sorted(set().union(*(index_letters(tree) for tree in trees)))
    for places in product(*(range(CLASSES + (letter in step.facts.inputs)) for letter in free)):
        chosen = dict(zip(free, places, strict=True))
        if any(chosen.get(a) != chosen.get(b) for a, b in step.facts.same):
            continue
        if any(chosen.get(a) == chosen.get(b) for a, b in step.facts.different):
            continue
        opinion = Opinion({}, drawing(rng), CLASSES, chosen)
        for letter in step.facts.positive:
            opinion.letters[letter] = mpmath.mpf(rng.uniform(0.2, 2))
        for letter in step.facts.negative:
            opinion.letters[letter] = -mpmath.mpf(rng.uniform(0.2, 2))
        if step.facts.sums_to_one:
            shares = [mpmath.mpf(rng.uniform(0.2, 1)) for _ in range(CLASSES)]
            for k, share in enumerate(shares):
                opinion.entries[step.facts.sums_to_one, k, 0] = share / sum(shares)
        yield opinion


def decimals_of(tree: Expr) -> int:
    texts = [node.text for node in walk(tree) if isinstance(node, Const) and re.fullmatch(r"[-\d.e]+", node.text)]
    return max(-min(int(Decimal(text).as_tuple().exponent), 0) for text in texts)


def disagreements(step: Step, rng: random.Random) -> list[str]:
    found = []
    for opinion in opinions(step, rng):
        values = [opinion.of(tree) for tree in (step.left, *step.right)]
        for place in range(1, len(values)):
            before, after = (np.ravel(side) for side in np.broadcast_arrays(values[place - 1], values[place]))
            rounded = place in step.rounded or (step.about and place == len(values) - 1)
            last = near(decimals_of(step.right[-1])) if rounded else 0
            for one, other in zip(before, after, strict=True):
                room = last if rounded else mpmath.mpf("1e-9") * (1 + abs(other))
                if not abs(one - other) <= room:
                    found.append(f"{step.rule} {place}: {mpmath.nstr(one, 12)} is not {mpmath.nstr(other, 12)}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_line_holds_at_random_numbers(name: str) -> None:
    rng = random.Random(name)
    found = [fault for step in deduction(name).steps for _ in range(2) for fault in disagreements(step, rng)]
    assert found == []


# ---- alterations


def alterations(tree: Expr) -> list[Expr]:
    """The tree with one sign, number or power changed."""
    found: list[Expr] = []
    for target in {id(node): node for node in walk(tree)}.values():
        other: Expr | None = None
        if isinstance(target, Add):
            other = target.left - target.right
        elif isinstance(target, Sub):
            other = target.left + target.right
        elif isinstance(target, Neg):
            other = target.arg
        elif isinstance(target, Const) and re.fullmatch(r"\d+", target.text):
            other = Const(str(int(target.text) + 1))
        elif isinstance(target, Power):
            other = Power(target.arg, target.exponent + 1)
        elif isinstance(target, Func) and target.name == "exp":
            other = Func("exp", -target.arg)
        if other is not None:
            found.append(rebuild(tree, lambda node, t=target, o=other: o if node is t else None))  # type: ignore[misc]
    return found


def altered(name: str, rng: random.Random) -> Step | None:
    """One line of a derivation with a change in one of its expressions that changes its value."""
    steps = [step for step in deduction(name).steps if not step.about and not step.rounded]
    rng.shuffle(steps)
    for step in steps:
        places = list(range(len(step.right)))
        rng.shuffle(places)
        for place in places:
            changed = alterations(step.right[place])
            rng.shuffle(changed)
            for tree in changed:
                right = (*step.right[:place], tree, *step.right[place + 1 :])
                candidate = replace(step, right=right)
                try:
                    wrong = disagreements(candidate, rng)
                except (ZeroDivisionError, ValueError, TypeError):
                    continue
                if wrong:
                    return candidate
    return None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", NAMES)
def test_an_altered_line_is_not_proven(name: str, seed: int) -> None:
    step = altered(name, random.Random(f"{name} {seed}"))
    assert step is not None
    assert unproven(step)


@pytest.mark.parametrize("name", NAMES)
def test_a_rounded_number_is_proven_to_its_last_digit(name: str) -> None:
    for step in deduction(name).steps:
        last = step.right[-1]
        if step.about and isinstance(last, Const):
            places = decimals_of(last)
            off = Const(f"{Decimal(last.text) + Decimal(10) ** -places:.{places}f}")
            assert unproven(replace(step, right=(*step.right[:-1], off))), step.rule
