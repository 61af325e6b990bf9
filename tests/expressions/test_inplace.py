"""Lines worked in place: the values of `evaluate`, and of NumPy, again and again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stepwise.expressions import (
    Case,
    Cases,
    Compare,
    Const,
    Diag,
    Expr,
    Fill,
    FloatArithmetic,
    Func,
    Largest,
    Max,
    Sum,
    Transpose,
    evaluate,
    exp,
    ln,
    ref,
    shown_as,
)
from stepwise.expressions.inplace import InPlace

Z, Y, W = ref("z"), ref("y"), ref("W")
TREES: dict[str, Expr] = {
    "affine": Y @ W + ref("b"),
    "relu": Max(Const("0"), Z),
    "slope": Cases((Case(Compare(Z, ">", Const("0")), Const("1")),), Const("0.01")),
    "rows": Cases((Case(Compare(Z, ">", Const("0")), Sum(Z, "columns")),), Z),
    "two cases": Cases((Case(Compare(Z, ">", Const("1")), Const("1")), Case(Compare(Z, ">", Const("0")), Z)), -Z),
    "softmax": exp(Z - Largest(Z, "columns")) / Sum(exp(Z - Largest(Z, "columns")), "columns"),
    "shifted": Cases((Case(Compare(Largest(Z, "columns"), ">", Const("700")), exp(Z - Const("900"))),), exp(Z), "s"),
    "nested": exp(shown_as(Z, Compare(Z, "<", Const("-3")), -Z, "n")) + (Z * 2 + (Z - 1) ** 2) / (Z**2 + 1),
    "clipped": ln(Z * Z),
    "clipped alone": shown_as(Z, Compare(Z, "<", Const("0.5")), Const("0.5"), "clipped"),
    "mean": Const("1") / ref("N") * (Transpose(Z) @ Z),
    "turned": Transpose(Z * Z) @ (Z + Z),
    "all": Sum(Z, "all"),
    "cube": Z**3,
    "normal": Func("Phi", Z),
    "filled": Fill(Const("2"), Z) * Z,
    "diagonal": Diag(Sum(Z, "rows")),
    "copy": Z,
}


def operands(seed: int) -> dict[str, Any]:
    numbers = np.random.default_rng(seed)
    scale = 1000.0 if seed == 2 else 1.0  # large enough to need every precaution
    return {"z": numbers.standard_normal((4, 3)) * scale, "y": numbers.standard_normal((4, 2))}


@pytest.mark.parametrize("name", TREES)
def test_a_line_has_the_value_of_evaluate_each_time(name: str) -> None:
    held = {"W": np.arange(6.0).reshape(2, 3), "b": np.array([[1.0, -2.0, 0.5]]), "N": np.array([[4.0]])}
    lines = InPlace([("line", TREES[name])], held, {"z": (4, 3), "y": (4, 2)}, {})
    with np.errstate(all="ignore"):
        for seed in (1, 2, 3):
            moving = operands(seed)
            before = {key: array.copy() for key, array in moving.items()}
            lines.work(moving)
            wanted = evaluate(TREES[name], {**held, **moving}, FloatArithmetic())
            np.testing.assert_array_equal(lines.results["line"], wanted)
            for key, array in before.items():
                np.testing.assert_array_equal(moving[key], array)


def test_parameters_are_written_over_and_what_is_wanted_is_kept() -> None:
    weights = np.array([[1.0, 2.0]])
    trees = [("g", W * ref("x")), ("h", ref("g") + W), ("step", ref("lr") * ref("g")), ("W_new", W - ref("step"))]
    lines = InPlace(trees, {"W": weights, "lr": np.array([[0.5]])}, {"x": (1, 2)}, {"W_new": weights}, ["h"])
    x = np.array([[0.2, 0.4]])
    for expected_h, expected in (([[1.2, 2.8]], [[0.9, 1.6]]), ([[1.08, 2.24]], [[0.81, 1.28]])):
        assert lines.work({"x": x}) is None
        np.testing.assert_allclose(lines.results["h"], expected_h, rtol=1e-15)
        np.testing.assert_allclose(weights, expected, rtol=1e-15)
    assert np.shares_memory(lines.results["step"], lines.results["g"])


def test_a_parameter_with_a_line_of_several_parts_is_not_spoilt() -> None:
    weights = np.array([[1.0, 2.0]])
    lines = InPlace([("W_new", (W + ref("x")) * W)], {"W": weights}, {"x": (1, 2)}, {"W_new": weights})
    lines.work({"x": np.array([[1.0, 1.0]])})
    assert weights.tolist() == [[2.0, 6.0]]


def test_what_is_not_finite_is_found_where_it_would_go_unseen() -> None:
    trees = [("s", exp(Z)), ("p", 1 / (1 + ref("s"))), ("q", ref("p") + 1)]
    lines = InPlace(trees, {}, {"z": (1, 2)}, {})
    with np.errstate(all="ignore"):
        assert lines.work({"z": np.array([[1.0, 2.0]])}) is None
        assert lines.work({"z": np.array([[1.0, 1000.0]])}) == "s"
        # a square that is too large is not a number that is
        assert InPlace([("c", Z + Z)], {}, {"z": (1, 2)}, {}).work({"z": np.array([[1e200, 1.0]])}) is None
