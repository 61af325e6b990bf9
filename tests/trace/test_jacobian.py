"""Back-propagation by Jacobian matrices: the same numbers as without them, and the matrices themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy
from msgspec import structs

from stepwise import SpecError, Trace, load_problem, render, solve
from stepwise.expressions import Const, Diag, FloatArithmetic, OnDiagonal, Sub, entry, evaluate, generic, ref, shape_of
from stepwise.expressions.symbolic import SymbolicArithmetic
from stepwise.notation.numpy_code import code
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.problem import problem_from_document, with_options
from tests.trace.networks import OTHERS, Act, Drawn, Network, draw, networks

ACTS = [*(Act(name) for name in ACTIVATIONS), *OTHERS]
PAIRS = [(name, loss.name) for loss in LOSSES.values() for name in loss.fused]
"""Every output whose error term has a short form."""


def _networks(act: Act) -> Iterator[Network]:
    positive = ACTIVATIONS[act.name].positive_only
    every = networks(act, list(LOSSES), lambda loss: positive or not LOSSES[loss].needs_probabilities)
    return (network for network in every if network.samples is None)


def _solved(drawn: Drawn, backward: str) -> Trace:
    options = replace(drawn.network.options, backward=backward)
    return replace(drawn, network=replace(drawn.network, options=options)).solved()


@pytest.mark.parametrize("act", ACTS, ids=str)
def test_every_way_back_gives_the_same_gradients(act: Act) -> None:
    """Short forms, the chain rule, and Jacobians, over every loss, layout and depth."""
    for network in _networks(act):
        drawn = draw(network)
        fused, *others = (_solved(drawn, backward) for backward in ("fused", "chain", "jacobian"))
        names = [name for name in fused if name.startswith(("delta", "dW", "db", "W", "b")) and name[:4] != "back"]
        assert "delta1" in names
        for trace in others:
            for name in names:
                np.testing.assert_allclose(trace[name], fused[name], rtol=1e-9, atol=1e-11, err_msg=f"{name} {network}")


def test_the_jacobians_are_those_of_torch(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    import torch

    functions: dict[str, Callable[[Any], Any]] = {
        "softmax": lambda z: torch.softmax(z, dim=-1),
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "swish": torch.nn.functional.silu,
    }
    for name, function in functions.items():
        for network in _networks(Act(name)):
            trace = _solved(draw(network), "jacobian")
            for layer, act in enumerate(network.activations, 1):
                if act.name == name:
                    z = torch.tensor(np.atleast_1d(trace[f"z{layer}"]), dtype=torch.float64)
                    wanted = torch.autograd.functional.jacobian(function, z).numpy()
                    found = np.reshape(trace[f"jac{layer}"], wanted.shape)
                    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)


def test_short_forms_are_not_used() -> None:
    """A pair that has a short form is written by its parts, ∂L/∂a among them."""
    assert ("softmax", "cross_entropy") in PAIRS
    assert len(PAIRS) >= 4
    for activation, loss in PAIRS:
        for backward in ("chain", "jacobian"):
            trace = solve(problem_from_document(_pair(activation, loss, backward)))
            assert "dL_da1" in trace, (activation, loss, backward)
            assert ("jac1" in trace) == (backward == "jacobian")
        assert "dL_da1" not in solve(problem_from_document(_pair(activation, loss, "fused")))


def test_the_score_after_a_sigmoid_by_the_chain_rule() -> None:
    """L = −ln a with a = σ(z), by hand: z = 0.4·1 − 0.3·2 = −0.2, ∂L/∂a = −1/a, a′ = a(1 − a), δ = a − 1."""
    a = 1 / (1 + np.exp(0.2))
    trace = solve(problem_from_document(_pair("sigmoid", "neg_log_sigmoid", "chain")))
    np.testing.assert_allclose(trace["dL_da1"], [-1 / a])
    np.testing.assert_allclose(trace["da_dz1"], [a * (1 - a)])
    np.testing.assert_allclose(trace["delta1"], [a - 1])
    assert r"= -\frac{1}{a}" in render(trace)


def _pair(activation: str, loss: str, backward: str) -> dict[str, Any]:
    units = 2 if activation == "softmax" else 1
    return {
        "architecture": {"layers": [{"activation": activation}], "loss": loss},
        "weights": [[[0.4, -0.3], [0.1, 0.6]][:units]],
        "inputs": [1, 2],
        "labels": [1, 0][:units],
        "notation": {"backward": backward},
    }


def test_the_matrices_of_the_score_network() -> None:
    """Document F's network: ∂h/∂z = diag(f′(z)) with zeros beside it, δ = diag(f′(z)) u δ₂."""
    trace = solve(load_problem("jacobian-view"))
    z = np.array([0.6 - 0.8 - 0.2 + 0.1, -0.3 + 1 - 0.1 - 0.2])
    h = 1 / (1 + np.exp(-z))
    delta2 = 1 / (1 + np.exp(-(0.8 * h[0] - 0.6 * h[1]))) - 1
    np.testing.assert_allclose(trace["jac1"], np.diag(h * (1 - h)))
    np.testing.assert_allclose(trace["delta1"], np.diag(h * (1 - h)) @ np.array([0.8, -0.6]) * delta2)
    assert trace.shown("jac1")[0][1] == "0"


def test_in_hand_arithmetic_the_matrix_holds_rounded_numbers() -> None:
    trace = solve(with_options(load_problem("jacobian-view"), carry=True, decimals=2))
    assert np.diag(trace["jac1"]).tolist() == trace["da_dz1"].tolist()
    # by hand: h = (0.43, 0.60), so 0.43·0.57 = 0.2451 and 0.60·0.40 = 0.24; δ₂ = −0.50, so uᵀδ₂ = (−0.40, 0.30)
    assert trace.shown("jac1") == [["0.25", "0"], ["0", "0.24"]]
    assert trace.shown("delta1") == ["-0.10", "0.07"]


def test_a_row_goes_through_its_jacobian_from_the_left() -> None:
    document = _pair("softmax", "cross_entropy", "jacobian")
    document["architecture"]["layout"] = "row"
    document["weights"] = [[[0.4, 0.1], [-0.3, 0.6]]]
    by_rows = render(solve(problem_from_document(document)), only=["delta1"])
    by_columns = render(solve(problem_from_document(_pair("softmax", "cross_entropy", "jacobian"))), only=["delta1"])
    incoming, jacobian = r"\frac{\partial L}{\partial a}", r"\frac{\partial a}{\partial z}"
    assert by_rows.index(incoming) < by_rows.index(jacobian)
    assert by_columns.index(jacobian) < by_columns.index(incoming)


@pytest.mark.parametrize("style", ["matrix", "elementwise"])
def test_every_entry_of_the_matrix_is_written(style: str) -> None:
    problem = load_problem("jacobian-view")
    page = render(solve(structs.replace(problem, notation=structs.replace(problem.notation, style=style))))
    if style == "matrix":
        assert r"\operatorname{diag}(\sigma'(z^{(1)}))" in page
        assert r"\begin{bmatrix} 0.2445 & 0 \\ 0 & 0.2403 \end{bmatrix} \begin{bmatrix}" in page
    else:
        for i, j in ((1, 2), (2, 1)):
            assert rf"\frac{{\partial h_{{{i}}}}}{{\partial z^{{(1)}}_{{{j}}}}} &= 0" in page


# ---- what is refused

SAMPLES = {"inputs": [[1, 2], [2, 1]], "labels": [[1, 0], [0, 1]]}
LINEAR = {"weights": [1, 2], "inputs": [[1, 2], [2, 1]], "notation": {"backward": "jacobian"}}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({**_pair("softmax", "cross_entropy", "jacobian"), **SAMPLES}, ["one sample", "`inputs: [1, 2]`", "chain"]),
        ({"model": "svm", "labels": [1, -1], **LINEAR}, ["`model: network`", "svm", "leave it out"]),
        ({"model": "perceptron", "labels": [1, 0], **LINEAR}, ["`model: network`", "perceptron"]),
    ],
)
def test_what_has_no_jacobian_view_is_told_what_to_write(document: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        problem_from_document(document)
    [fault] = caught.value.faults
    assert fault.path == "notation.backward"
    assert [word for word in words if word not in str(caught.value)] == []


# ---- the node


def test_a_diagonal_matrix_of_a_row_and_of_a_column() -> None:
    column, shapes = np.array([[2.0], [3.0]]), {"v": (2, 1)}
    for value in (column, column.T):
        assert evaluate(Diag(ref("v")), {"v": value}, FloatArithmetic()).tolist() == [[2, 0], [0, 3]]
    assert shape_of(Diag(ref("v")), shapes) == (2, 2)
    assert entry(Diag(ref("v")), 0, 1, shapes) == Const("0")
    assert entry(Diag(ref("v")), 1, 1, shapes) == entry(ref("v"), 1, 0, shapes)
    assert code(Diag(ref("v")))[0] == "np.diagflat(v)"
    with pytest.raises(ValueError, match="diagonal"):
        shape_of(Diag(ref("v")), {"v": (2, 3)})


def test_leading_axes_are_candidates() -> None:
    many = np.arange(6.0).reshape(3, 2, 1)
    found = evaluate(Diag(ref("v")), {"v": many}, FloatArithmetic())
    assert found.shape == (3, 2, 2)
    assert found[2].tolist() == [[4, 0], [0, 5]]


def test_letters_on_the_diagonal() -> None:
    a, b = sympy.symbols("a b")
    found = evaluate(Diag(ref("v")), {"v": np.array([[a], [b]], dtype=object)}, SymbolicArithmetic())
    assert found.tolist() == [[a, 0], [0, b]]
    assert all(isinstance(cell, sympy.Basic) for cell in found.ravel())


def test_the_general_entry_has_two_cases() -> None:
    shapes = {"v": (2, 1)}
    assert isinstance(generic(Diag(ref("v")), shapes, "i", "j"), OnDiagonal)
    assert isinstance(generic(Sub(Diag(ref("v")), ref("v") @ ref("v").T), shapes, "i", "j").left, OnDiagonal)  # type: ignore[attr-defined]
