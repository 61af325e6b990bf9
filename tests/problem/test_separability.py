"""`model: separability` takes points and the labels 0 and 1, and says of everything else why it does not belong."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from stepwise import UnsupportedError, load_problem, solve
from stepwise.problem import with_options
from tests.problem.reading import faults, only_fault, read, texts, values

XOR = {"model": "separability", "inputs": "[[0, 0], [0, 1], [1, 0], [1, 1]]", "labels": "[0, 1, 1, 0]"}
FOREIGN = {
    "architecture": "{layers: [{activation: step}]}",
    "weights": "[1, 1]",
    "biases": "0",
    "lr": "0.1",
    "train": "{epochs: 3}",
    "rounding": "{decimals: 2}",
    "preprocess": "{divide: 255}",
}


def test_points_stand_one_a_row() -> None:
    problem = read(XOR)
    assert (problem.model, problem.layout, problem.samples) == ("separability", "row", 4)
    assert values(problem.inputs) == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert values(problem.labels) == [[0], [1], [1], [0]]
    assert (problem.weights, problem.biases, problem.loss) == ((), None, None)


def test_numbers_are_read_as_typed_and_exactly() -> None:
    problem = read(XOR, inputs="[[0.1, 1/3], [50%, 1e-3]]", labels="[0, 1]")
    assert texts(problem.inputs) == [["0.1", "1/3"], ["50%", "1e-3"]]
    rows = [[Fraction(1, 10), Fraction(1, 3)], [Fraction(1, 2), Fraction(1, 1000)]]
    assert solve(problem)["x"].tolist() == rows


def test_numbers_of_data_files_are_the_decimals_they_print_as(tmp_path: Path) -> None:
    np.savez(tmp_path / "d.npz", X=np.array([[0.1], [0.3], [0.2]]), y=np.array([0, 0, 1]))
    problem = read(XOR, inputs="{file: d.npz, key: X}", labels="{file: d.npz, key: y}", folder=tmp_path)
    trace = solve(problem)
    assert trace["x"].tolist() == [[Fraction(1, 10)], [Fraction(3, 10)], [Fraction(2, 10)]]
    assert trace.shown("x") == [["0.1"], ["0.3"], ["0.2"]]
    assert "u" in trace


@pytest.mark.parametrize("name", FOREIGN)
def test_a_field_of_another_model_is_refused(name: str) -> None:
    fault = only_fault(XOR, **{name: FOREIGN[name]})
    assert (fault.path, fault.hint) == (name, "leave it out")
    assert f"`model: separability` has no {name}" in fault.message


def test_all_faults_are_listed_at_once() -> None:
    found = faults(XOR, **FOREIGN, labels="[0, 2, -1, 0]", inputs="[[0, 0], [0, x1], [1, 0], [1]]")
    assert [fault.path for fault in found] == ["inputs[2][2]", "inputs[4]", "labels[2]", "labels[3]", *FOREIGN]
    assert {fault.hint for fault in found if fault.path.startswith("labels")} == {"write 0 or 1"}


@pytest.mark.parametrize(
    ("fields", "path", "message"),
    [
        ({"labels": None}, "labels", "missing field"),
        ({"inputs": None}, "inputs", "missing field"),
        ({"labels": "[0, 1, 1]"}, "labels", "4 labels are needed"),
        ({"labels": "[0, 1, 1, 0.5]"}, "labels[4]", "label 0.5 does not fit"),
        ({"labels": "[0, 1, 1, t]"}, "labels[4]", "'t' is not a number"),
        ({"inputs": "[[0, 0], [0, 1], [1, 0], [1, a]]"}, "inputs[4][2]", "'a' is not a number"),
        ({"inputs": "{shape: [4, 2]}"}, "inputs", "only a shape"),
        ({"labels": "{shape: [4]}"}, "labels", "only a shape"),
        ({"inputs": "[0, 1, 2, 3]"}, "labels", "4 labels are given for one point"),
        ({"inputs": str([[n] for n in range(51)]), "labels": str([0] * 51)}, "inputs", "51 points"),
        ({"inputs": "[[1, 2, 3, 4, 5, 6]]", "labels": "[1]"}, "inputs", "6 coordinates"),
        ({"notation": "{symbols: {delta1: d}}"}, "notation.symbols.delta1", "no quantity 'delta1'"),
    ],
)
def test_what_does_not_fit_is_said(fields: dict[str, str | None], path: str, message: str) -> None:
    with pytest.raises(Exception, match=r".") as caught:
        solve(read(XOR, **fields))
    (fault,) = caught.value.faults  # type: ignore[attr-defined]
    assert fault.path == path
    assert message in fault.message
    assert fault.hint


def test_fifty_points_in_five_dimensions_are_allowed() -> None:
    points = [[n, n % 2, n % 3, n % 5, n % 7] for n in range(50)]
    trace = solve(read(XOR, inputs=str(points), labels=str([int(n > 20) for n in range(50)])))
    assert trace["x"].shape == (50, 5)


def test_a_zero_with_a_monstrous_exponent_is_zero() -> None:
    assert solve(read(XOR, inputs="[['0e999999999'], [1]]", labels="[0, 1]"))["x"].tolist() == [[0], [1]]


def test_symbols_of_either_verdict_may_be_given() -> None:
    symbols = "{symbols: {w: v, b: c, x: p, label: t, u: m, score: s}}"
    assert solve(read(XOR, notation=symbols))["u"].tolist() == [1, 1, 1, 1]
    assert "w" in solve(read(XOR, notation=symbols, labels="[0, 0, 0, 1]"))


@pytest.mark.parametrize("options", [{"carry": True}, {"decimals": 3}, {"figures": 2}])
def test_a_proof_is_not_rounded(options: dict[str, int]) -> None:
    with pytest.raises(UnsupportedError, match="exact"):
        with_options(load_problem("xor-separability"), **options)  # type: ignore[arg-type]


def test_exact_is_what_a_proof_is_anyway() -> None:
    changed = with_options(load_problem("xor-separability"), carry=False, languages=["zh"])
    assert changed.languages == ("zh",)
    assert changed.document["language"] == "zh"
    assert "rounding" not in changed.document
