"""Networks with a function of their own: values, gradients, hand arithmetic, and the file they go back into."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from string import ascii_lowercase
from typing import Any

import numpy as np
import pytest

from stepwise import load_problem, render, solve
from stepwise.derivation import plan
from stepwise.errors import UnsupportedError
from stepwise.problem import problem_from_document, with_options
from tests.cli.running import COMMAND, ENVIRONMENT
from tests.own.functions import FUNCTIONS, Own, network

Array = np.ndarray[Any, Any]
STEP = 1e-6
MISH = FUNCTIONS[0]
W1, W2 = np.array([[0.6, 0.4], [-0.5, -0.3]]), np.array([[0.8, -0.7]])
B1, B2 = np.array([0.1, -0.2]), np.array([0.2])
X, Y = np.array([[1, 2], [-1.5, 0.5], [2, -2]]), np.array([[0.5], [1], [-1]])


def loss(own: Own, w1: Array, b1: Array, w2: Array, x: Array, y: Array) -> float:
    """The mean of ½(a − y)² over the samples (rows), in plain NumPy."""
    hidden = np.vectorize(own.function)(x @ w1.T + b1)
    return float(np.mean(np.sum(0.5 * (hidden @ w2.T + B2 - y) ** 2, axis=1)))


def quotients(of: Callable[[Array], float], at: Array) -> Array:
    """The central difference quotients by every entry."""
    found = np.empty(at.shape)
    for place in np.ndindex(*at.shape):
        nudge = np.zeros(at.shape)
        nudge[place] = STEP
        found[place] = (of(at + nudge) - of(at - nudge)) / (2 * STEP)
    return found


@pytest.mark.parametrize("batch", [False, True], ids=["one", "batch"])
@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_values_and_gradients(own: Own, batch: bool) -> None:
    x, y = (X, Y) if batch else (X[:1], Y[:1])
    for layout in ("column", "row"):
        trace = solve(network(own, layout=layout, batch=batch))
        turned = (lambda a: a) if layout == "column" else np.transpose
        hidden = np.vectorize(own.function)(x @ W1.T + B1)
        expected = hidden.T if batch and layout == "column" else hidden if batch else hidden[0]
        np.testing.assert_allclose(trace["a1"], expected, rtol=1e-12, atol=1e-14)
        assert trace["L"] == pytest.approx(loss(own, W1, B1, W2, x, y), rel=1e-12)
        wanted = {
            "dW1": turned(quotients(lambda w: loss(own, w, B1, W2, x, y), W1)),
            "db1": quotients(lambda b: loss(own, W1, b, W2, x, y), B1),
            "dW2": turned(quotients(lambda w: loss(own, W1, B1, w, x, y), W2)),
        }
        for name, gradient in wanted.items():
            np.testing.assert_allclose(trace[name], gradient, rtol=1e-6, atol=1e-7, err_msg=f"{name}, {layout}")


def test_mish_agrees_with_torch(require_tool: Callable[[str], None]) -> None:
    require_tool("torch")
    import torch

    w1, b1, w2, b2 = (torch.tensor(array, requires_grad=True) for array in (W1, B1, W2, B2))
    z = torch.tensor(X) @ w1.T + b1
    a = torch.nn.functional.mish(z)
    objective = (0.5 * (a @ w2.T + b2 - torch.tensor(Y)) ** 2).sum(dim=1).mean()
    objective.backward()
    trace = solve(network(MISH, batch=True))
    wanted = {"z1": z.T, "a1": a.T, "L": objective, "dW1": w1.grad, "db1": b1.grad, "dW2": w2.grad, "db2": b2.grad}
    for name, tensor in wanted.items():
        np.testing.assert_allclose(trace[name], tensor.detach().numpy(), rtol=1e-10, atol=1e-10, err_msg=name)


def test_the_shipped_problem_is_mish() -> None:
    trace = solve(load_problem("mish-network"))
    np.testing.assert_allclose(trace["a1"], [MISH.function(z) for z in trace["z1"]], rtol=1e-12)
    assert trace["L_new"] < trace["L"]


def test_hand_arithmetic_rounds_each_line_of_the_function() -> None:
    """z = 1.5: e^1.5 = 4.48, ln(5.48) = 1.70, tanh 1.70 = 0.94, 1.5 · 0.94 = 1.41 (exactly it is 1.40)."""
    trace = solve(with_options(network(MISH), carry=True, decimals=2))
    assert [trace.shown(name)[0] for name in ("exp1", "ln1", "tanh1", "a1")] == ["4.48", "1.70", "0.94", "1.41"]
    assert solve(with_options(network(MISH), decimals=2)).shown("a1")[0] == "1.40"


def test_the_derivative_uses_the_lines_of_the_function() -> None:
    steps = solve(network(MISH)).derivation.steps
    assert set(steps["da_dz1"].operands) == {"z1", "exp1", "tanh1"}
    assert set(solve(network(FUNCTIONS[6])).derivation.steps["da_dz1"].operands) == {"z1", "a1"}


def test_functions_that_occur_twice_are_worked_once_and_others_apart() -> None:
    own = Own("exp(z)/(1+exp(z)) + exp(2z)", lambda z: 0.0)
    steps = solve(network(own)).derivation.steps
    assert [name for name in steps if name.startswith("exp") and not name.endswith("new")] == ["exp1", "exp_b1"]


def lines_before_the_output(expr: str) -> list[str]:
    steps = list(plan(network(Own(expr, lambda z: 0.0))).steps)
    return steps[steps.index("z1") + 1 : steps.index("a1")]


def test_more_lines_than_letters_have_names_of_their_own() -> None:
    names = lines_before_the_output("+".join(f"exp({n}z)" for n in range(1, 29)))
    assert names == ["exp1", *(f"exp_{letter}1" for letter in (*ascii_lowercase[1:], "aa", "bb"))]


@pytest.mark.parametrize(
    ("argument", "lines"),
    [
        # eight: two numbers, two z, a power, a product, − and +; then a power more
        ("z^3-2z+1", ["exp1"]),
        ("z^3-2z^2+1", ["in_exp1", "exp1"]),
    ],
)
def test_an_argument_of_more_than_eight_parts_is_a_line(argument: str, lines: list[str]) -> None:
    assert lines_before_the_output(f"z*exp({argument})") == lines


def test_a_case_is_worked_only_where_it_holds() -> None:
    """√z has no value at z = −1.3, where the derivative is that of the other case: 0."""
    trace = solve(network(Own("max(z, 0)*sqrt(max(z, 0))", lambda z: 0.0)))
    np.testing.assert_allclose(trace["da_dz1"], [1.5 * np.sqrt(1.5), 0], rtol=1e-12)


# ---- files


@pytest.mark.parametrize("own", FUNCTIONS, ids=str)
def test_the_document_gives_the_same_problem_again(own: Own) -> None:
    problem = network(own)
    again = problem_from_document(json.loads(json.dumps(dict(problem.document))))
    assert again.layers == problem.layers
    assert again.layers[0].activation.expr == own.expr
    assert solve(again)["L"] == solve(problem)["L"]
    assert json.loads(render(solve(problem), "json"))["problem"]["architecture"] == problem.document["architecture"]


# ---- numbers that are none


def test_a_logarithm_of_a_negative_number_is_said() -> None:
    own = Own("z*log(z)", lambda z: 0.0)
    with pytest.raises(
        UnsupportedError, match="ln1 is not a finite number: a logarithm, root or quotient has no value"
    ):
        solve(network(own))


def test_what_is_too_large_is_said() -> None:
    own = Own("exp(exp(exp(exp(z))))*z", lambda z: 0.0)
    with pytest.raises(UnsupportedError, match=r"exp_d1 is not a finite number.* or the numbers grow too large"):
        solve(network(own))


# ---- sympy

_IMPORTS = "import sys; from stepwise import load_problem, render, solve; render(solve(load_problem({!r}))); print({})"


@pytest.mark.parametrize(("name", "imported"), [("xor-mlp", False), ("gelu-network", False), ("mish-network", True)])
def test_sympy_is_imported_only_for_a_function_of_the_file(name: str, imported: bool) -> None:
    code = _IMPORTS.format(name, "'sympy' in sys.modules")
    done = subprocess.run(
        [COMMAND[0], "-c", code], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == str(imported)
