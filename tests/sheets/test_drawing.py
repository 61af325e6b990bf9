"""Drawing by rejection: the same everywhere, each candidate for itself, and never without an end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import islice
from typing import Any

import numpy as np
import pytest

from stepwise.asking import calculation
from stepwise.errors import UnsupportedError
from stepwise.problem import load_problem
from stepwise.sheets.drawing import candidates, drawn_problem
from stepwise.sheets.model import Student
from stepwise.sheets.search import judged, source_of
from stepwise.sheets.series import Assignment, Question, Series

from .by_hand import given
from .chance import counter_of, tried
from .drawn import VARY
from .drawn import series as shipped
from .made import documents, problem, series
from .models import worked

AT_MOST = 20.0
"""Seconds after which a search that finds nothing has said so."""
FEW = ("xor-mlp", "hinge-network", "wide-mlp", "svm-pegasos", "perceptron-and", "leaf-measurements")


def names(name: str, seed: str, count: int) -> list[str]:
    """The codes of some variants of a shipped problem."""
    return [ticket.name for ticket in shipped(name).tickets(seed, count)]


# ---- seeds


def test_the_same_seed_gives_the_same_in_another_process() -> None:
    program = (
        "from tests.sheets.test_drawing import FEW, names\n"
        "from tests.sheets.drawn import series\n"
        "for name in FEW:\n"
        "    whole = series(name)\n"
        "    for paper in whole.papers(list(whole.tickets('s', 6))):\n"
        "        print(paper.name, dict(paper.variants[0].problem.document))\n"
    )
    outputs = []
    for hashing in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": hashing}
        outputs.append(
            subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        )
    assert outputs[0].stdout == outputs[1].stdout
    lines = outputs[0].stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == [code for name in FEW for code in names(name, "s", 6)]


@pytest.mark.parametrize("name", FEW)
def test_other_seeds_give_other_variants(name: str) -> None:
    drawn = [set(names(name, seed, 20)) for seed in ("1", "2", "01", "1 ", "学号")]
    assert len(set.union(*drawn)) == 100


@pytest.mark.parametrize("name", FEW)
def test_a_seed_tries_the_counters_of_its_hash_in_their_order(name: str) -> None:
    """What is drawn are candidates from the start of the seed's list, in that order."""
    whole = shipped(name)
    found = [ticket.counters[0] for ticket in whole.tickets("s", 10)]
    list_of_seed = [tried("s", name, place) for place in range(whole.tallies[0].tried)]
    assert [counter for counter in list_of_seed if counter in found] == found
    assert list_of_seed[-1] == found[-1]
    assert [counter_of(ticket.name.split("-")[1]) for ticket in whole.tickets("s", 10)] == found


def test_fewer_variants_are_the_first_of_more() -> None:
    assert names("xor-mlp", "s", 7) == names("xor-mlp", "s", 300)[:7]


# ---- one by one and all at once


@pytest.mark.parametrize("name", VARY)
def test_a_candidate_is_judged_alone_as_in_a_batch(name: str) -> None:
    source = source_of(load_problem(name))
    counters = [tried("alone", name, place) for place in range(60 if name == "sgd-linear-regression" else 200)]
    together, _ = judged(source, candidates(source.problem, source.variation, counters))
    chosen = [*np.flatnonzero(together)[:12], *np.flatnonzero(~together)[:12]]
    for place in chosen:
        alone, _ = judged(source, candidates(source.problem, source.variation, [counters[place]]))
        assert alone.tolist() == [together[place]]


@pytest.mark.parametrize("name", VARY)
def test_the_arrays_of_candidates_are_the_numbers_of_their_files(name: str) -> None:
    source = source_of(load_problem(name))
    drawn = candidates(source.problem, source.variation, [tried("arrays", name, place) for place in range(8)])
    arrays = drawn.givens()
    assert arrays
    for row in range(8):
        own = calculation(drawn_problem(drawn, row, "X")).givens
        for label, values in own.items():
            here = arrays[label][row] if label in arrays else source.whole.with_givens(arrays).givens[label]
            assert (np.asarray(here)[row] if np.ndim(here) == 3 else here) == pytest.approx(values, abs=0), label


def test_papers_come_out_the_same_in_any_order_and_company() -> None:
    whole = shipped("hinge-network")
    tickets = list(whole.tickets("s", 12))
    papers = {paper.name: paper for paper in whole.papers(tickets)}
    for chosen in (tickets[::-1], tickets[3:4], tickets[5:8]):
        for paper in whole.papers(chosen):
            (variant,), (other,) = paper.variants, papers[paper.name].variants
            assert dict(variant.problem.document) == dict(other.problem.document)
            for name, (low, high) in variant.accepted.items():
                assert (low == other.accepted[name][0]).all()
                assert (high == other.accepted[name][1]).all()


# ---- a class


def test_a_student_keeps_the_variant_when_others_come_or_go() -> None:
    students = [Student(f"s{number}", name) for number, name in enumerate(["李雷", "韩梅梅", "Ana", "Bo", "Cy"])]
    whole = shipped("xor-mlp")
    codes = {ticket.student.id: ticket.name for ticket in whole.tickets_for(students, "s") if ticket.student}
    assert len(set(codes.values())) == 5
    for others in (students[::-1], students[2:3], [Student("new"), *students[3:]]):
        for ticket in whole.tickets_for(others, "s"):
            assert ticket.student is not None
            assert codes.get(ticket.student.id, ticket.name) == ticket.name
    again = {ticket.student.id: ticket.name for ticket in whole.tickets_for(students, "t") if ticket.student}
    assert not set(again.values()) & set(codes.values())


def test_a_name_does_not_decide_about_the_numbers() -> None:
    whole = shipped("xor-mlp")
    first, second = (next(whole.tickets_for([Student("7", name)], "s")) for name in ("Ana", "Bo"))
    assert first.counters == second.counters


def exam(*problems: str) -> Series:
    return Series(Assignment("exam", tuple(Question(load_problem(name)) for name in problems), {"": "Exam"}))


def test_the_questions_of_an_exam_have_numbers_of_their_own() -> None:
    tickets = list(exam("xor-mlp", "homework-relu", "xor-mlp").tickets("s", 20))
    assert all(len(set(ticket.counters)) == 3 for ticket in tickets)
    for question in range(3):
        assert len({ticket.counters[question] for ticket in tickets}) == 20
    assert tickets[0].name == "exam-01"
    students = [Student("a"), Student("b")]
    own = list(exam("xor-mlp", "homework-relu", "xor-mlp").tickets_for(students, "s"))
    assert all(len(set(ticket.counters)) == 3 for ticket in own)
    assert [ticket.name for ticket in own] == ["exam-a", "exam-b"]


# ---- a small ReLU network


def test_no_variant_of_a_small_relu_network_has_only_zeros_in_its_gradients() -> None:
    """Drawn without conditions, many have."""
    network = problem()
    conditions = {
        "alive": False, "gradient_units": 0, "loss_above": 0, "same_facts": False, "mistakes_show": False
    }  # fmt: skip
    blind = {"weights": "any", "biases": "any", "inputs": "any", "labels": "any", "conditions": conditions}

    def without_gradients(drawn: list[dict[str, Any]]) -> int:
        values = worked(given(drawn), by_hand=False)
        gradients = np.concatenate([values[name].reshape(len(drawn), -1) for name in ("dW1", "db1")], axis=1)
        return int((gradients == 0).all(axis=1).sum())

    assert without_gradients(documents(network, 500, vary=blind)) > 50
    assert without_gradients(documents(network, 500)) == 0


def test_the_share_of_candidates_that_are_kept_is_reported() -> None:
    whole = series(problem())
    list(whole.tickets("1", 200))
    (tally,) = whole.tallies
    assert tally.kept == 200
    assert tally.rate == 200 / tally.tried
    assert 0.4 < tally.rate < 0.9
    assert tally.rejected["alive"] > 0
    assert sum(tally.rejected.values()) >= tally.tried - tally.kept


# ---- where it ends


@pytest.mark.parametrize(
    ("name", "vary", "condition"),
    [
        ("xor-mlp", {"weights": "any", "conditions": {"loss_above": 50}}, "loss_above"),
        ("xor-mlp", {"weights": {"from": 50, "to": 90, "step": 1}}, "unsaturated"),
        ("homework-relu", {"weights": {"from": -9, "to": -1, "step": 1}, "biases": {"choices": [-1, -2]}}, "alive"),
        ("xor-mlp", {"weights": "any", "conditions": {"gradient_units": 100_000}}, "gradient_units"),
        ("svm-pegasos", {"weights": {"choices": ["0.001", "0.002"]}, "inputs": "any"}, "both_sides"),
        ("softmax-regression", {"lr": {"choices": [1, 2]}, "conditions": {"prediction": "right"}}, "prediction"),
        # 250 steps a candidate: fewer are tried
        ("sgd-linear-regression", {"weights": "any", "conditions": {"loss_above": 1000}}, "loss_above"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_conditions_that_cannot_be_met_end_with_the_one_that_rejects_most(
    name: str, vary: dict[str, Any], condition: str
) -> None:
    start = time.perf_counter()
    with pytest.raises(UnsupportedError, match=rf"{name}: .*`{condition}` rejects \d+ %.*conditions: {{{condition}: "):
        list(shipped(name, vary=vary).tickets("1", 1000))
    assert time.perf_counter() - start < AT_MOST


def test_a_grid_that_is_too_small_says_so() -> None:
    one = problem(vary={"inputs": {"choices": [1, 2, 3]}})
    start = time.perf_counter()
    with pytest.raises(
        UnsupportedError, match=r"only \d of 10 variants.*repeat them.*allow 9 candidates.*let more vary"
    ):
        list(series(one).tickets("1", 10))
    assert time.perf_counter() - start < AT_MOST


def test_what_was_found_before_the_end_is_given_out() -> None:
    one = problem(vary={"inputs": {"choices": [1, 2, 3]}})
    assert len(list(islice(series(one).tickets("1", 50), 5))) == 5


def test_a_problem_of_ten_thousand_inputs_is_refused_clearly() -> None:
    weights = [[[0.01] * 10_000]]
    large = problem(
        architecture={"layers": [{"units": 1, "activation": "identity"}], "loss": "mse"},
        weights=weights,
        biases=None,
        inputs=[0.5] * 10_000,
    )
    start = time.perf_counter()
    with pytest.raises(UnsupportedError, match=r"10,001 numbers would vary \(at most 10,000\)"):
        series(large).sources  # noqa: B018
    assert time.perf_counter() - start < AT_MOST
