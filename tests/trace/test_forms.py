"""Letters and exact forms: the same derivation in sympy objects is the numeric one, number for number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import sympy

from stepwise.errors import SpecError, UnsupportedError
from stepwise.problem import Problem, load_problem, problem_from_document, read_problem, shipped_problems, with_options
from stepwise.trace import Trace, solve, trace_from_json, trace_to_json
from tests.trace.putting_in import FUNCTIONS, assert_same, numbers_of


def small() -> Iterator[str]:
    """The shipped problems that can be worked in letters: with numbers, few iterations, no verdicts."""
    for name in shipped_problems():
        problem = load_problem(name)
        numeric = problem.model == "network" and problem.has_numbers and not problem.has_letters
        if numeric and len(iterations(problem)) <= 3:
            yield name


def iterations(problem: Problem) -> range:
    size = problem.train.batch_size or problem.samples
    learns = problem.lr is not None and problem.labels is not None
    return range(-(-problem.samples // size) * problem.train.epochs if learns else 1)


SMALL = tuple(small())


def exact(name: str) -> Problem:
    """A shipped problem in full precision, whatever rounding its file asks for."""
    return with_options(load_problem(name), carry=False)


def parts(expression: Any, seen: dict[Any, None]) -> dict[Any, None]:
    """Every part of a sympy expression, each once."""
    if expression not in seen:
        seen[expression] = None
        for part in expression.args:
            parts(part, seen)
    return seen


def test_most_networks_are_small() -> None:
    assert len(SMALL) >= 25


@pytest.mark.parametrize("name", SMALL)
def test_letters_with_the_numbers_put_in_are_the_numeric_trace(name: str) -> None:
    problem = exact(name)
    numeric, lettered = solve(problem), solve(problem, "letters")
    letters = {s for q in lettered.quantities.values() for v in q.value.flat if v.is_Symbol for s in (v,)}  # type: ignore[union-attr]
    assert len(letters) > 3
    assert_same(lettered, numeric, numbers_of(numeric))


@pytest.mark.parametrize("name", SMALL)
def test_exact_forms_are_the_numeric_trace(name: str) -> None:
    problem = exact(name)
    assert_same(solve(problem, "forms"), solve(problem), {})


@pytest.mark.parametrize("forms", ["letters", "forms"])
@pytest.mark.parametrize("name", SMALL)
def test_there_is_no_float_in_it(name: str, forms: Any) -> None:
    trace, seen = solve(exact(name), forms), dict[Any, None]()
    for quantity in trace.quantities.values():
        for value in quantity.value.flat:  # type: ignore[union-attr]
            assert isinstance(value, sympy.Basic)
            parts(value, seen)
    assert [part for part in seen if isinstance(part, sympy.Float | float)] == []
    assert any(isinstance(part, sympy.Rational) for part in seen)


MIXED = """
architecture: {layers: [{activation: sigmoid}], loss: mse}
weights: [[w, 0.5]]
biases: [-0.2]
inputs: [1, x_2]
labels: 0
lr: eta
"""


def mixed(text: str = MIXED) -> Trace:
    return solve(read_problem(text, name="mixed", source="mixed.yaml", folder=None))


def test_numbers_and_letters_stand_side_by_side() -> None:
    trace = mixed()
    w, x2, eta = (sympy.Symbol(name, real=True) for name in ("w", "x_2", "eta"))
    z = w + x2 / 2 - sympy.Rational(1, 5)
    a = 1 / (1 + sympy.exp(-z))
    assert trace.arithmetic == "forms"
    assert sympy.simplify(trace["z1"][0] - z) == 0
    assert sympy.simplify(trace["a1"][0] - a) == 0
    assert sympy.simplify(trace["dW1"][0, 0] - sympy.diff(a**2 / 2, w)) == 0
    assert sympy.simplify(trace["W1_new"][0, 0] - (w - eta * sympy.diff(a**2 / 2, w))) == 0


def test_typed_numbers_are_the_rationals_that_were_typed() -> None:
    text = MIXED.replace("0.5", "0.1").replace("-0.2", "1/3").replace("[1, x_2]", "[50%, 1e-3]")
    trace = mixed(text)
    w = sympy.Symbol("w", real=True)
    assert trace["z1"][0] == w / 2 + sympy.Rational(1, 10) / 1000 + sympy.Rational(1, 3)


def test_one_letter_written_twice_is_one_letter() -> None:
    trace = mixed(MIXED.replace("[w, 0.5]", "[w, w]").replace("x_2", "1"))
    assert trace["z1"][0] == 2 * sympy.Symbol("w", real=True) - sympy.Rational(1, 5)


@pytest.mark.parametrize("forms", ["letters", "forms"])
def test_json_out_and_in(forms: Any) -> None:
    trace = solve(exact("xor-mlp"), forms)
    data = trace_to_json(trace)
    assert data["arithmetic"] == forms
    again = trace_from_json(data)
    assert trace_to_json(again) == data
    assert "a1" in data["quantities"]


@pytest.mark.parametrize("forms", ["letters", "forms"])
@pytest.mark.parametrize("name", ["xor-mlp", "leaky-relu-network", "gelu-network", "relu-mlp-rows", "softmax-mse"])
def test_the_text_of_a_form_is_the_form(name: str, forms: Any) -> None:
    numeric, trace = solve(exact(name)), solve(exact(name), forms)
    numbers = {re.sub(r"\W", "_", letter.name): number for letter, number in numbers_of(numeric).items()}
    for quantity_name, quantity in trace.quantities.items():
        texts = np.array(trace.shown(quantity_name), dtype=object).reshape(quantity.shape)
        for at in np.ndindex(quantity.shape):
            text = re.sub(r"(\w+)\[([\d,]+)\]", lambda m: f"{m[1]}_{m[2].replace(',', '_')}_", texts[at])
            again = eval(text, {"__builtins__": {}}, {**FUNCTIONS, "pi": math.pi, "E": math.e, **numbers})
            assert again == pytest.approx(numeric.quantity(quantity_name).value[at], rel=1e-9, abs=1e-12)  # type: ignore[index]


# ---- where a letter would decide


PERCEPTRON = """
model: perceptron
weights: [w1, 0]
biases: 0
inputs: [[1, 0], [0, 1]]
labels: [1, 0]
lr: 1
"""
SVM = """
model: svm
architecture: {loss: hinge, l2: 1}
weights: [0.4, 0.4]
biases: 0
inputs: [[2, c], [-1, -1]]
labels: [1, -1]
lr: 0.1
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (PERCEPTRON, "yhat"),
        (PERCEPTRON.replace("[w1, 0]", "[0, 0]").replace("lr: 1", "lr: eta"), "yhat"),
        (SVM, "hinge"),
        (SVM + "train: {method: pegasos}\n", "hinge"),
    ],
)
def test_a_verdict_that_a_letter_leaves_open_names_its_line(text: str, line: str) -> None:
    problem = read_problem(text, name="open", source="open.yaml", folder=None)
    said = rf"open\.yaml: {line} depends on whether .*, which a letter leaves open"
    with pytest.raises(UnsupportedError, match=said):
        solve(problem)


def test_a_letter_that_decides_nothing_may_stand_in_a_support_vector_machine() -> None:
    text = SVM.replace("[2, c]", "[2, 2]").replace("lr: 0.1", "lr: eta")
    trace = solve(read_problem(text, name="svm", source="svm.yaml", folder=None))
    eta = sympy.Symbol("eta", real=True)
    # margins 1.6 and 0.8: only the second sample counts; ∇ = w − y x = (0.4 − 1, 0.4 − 1)
    assert list(trace["w_new"]) == [sympy.Rational(2, 5) + eta * sympy.Rational(3, 5)] * 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sgd-linear-regression", "250 iterations"),
        ("batch-softmax-shapes", "only shapes"),
        ("and-separability", "exact numbers as it is"),
    ],
)
@pytest.mark.parametrize("forms", ["letters", "forms"])
def test_what_nobody_could_read_is_refused(name: str, message: str, forms: Any) -> None:
    with pytest.raises(UnsupportedError, match=message):
        solve(load_problem(name), forms)


def test_prepared_inputs_may_be_letters() -> None:
    text = """
architecture: {layers: [{activation: identity}], loss: mse}
weights: [v]
inputs: [c]
labels: 1
preprocess: {standardize: {mean: 1, std: 2}}
"""
    problem = read_problem(text, name="p", source="p.yaml", folder=None)
    v, c = sympy.Symbol("v", real=True), sympy.Symbol("c", real=True)
    assert sympy.simplify(solve(problem)["z1"][0] - v * (c - 1) / 2) == 0


def test_a_division_by_zero_is_said() -> None:
    text = """
architecture: {layers: [{activation: {name: inverse, expr: 1/z}}]}
weights: [1]
biases: [-1]
inputs: [1]
"""
    problem = read_problem(text, name="p", source="p.yaml", folder=None)
    with pytest.raises(UnsupportedError, match=r"p\.yaml: a1 is not defined for these numbers \(a division by zero\)"):
        solve(problem, "forms")


CLASH = """
architecture: {layers: [{activation: sigmoid}], loss: mse}
weights: [[w, 5]]
biases: [b]
inputs: [1, 3]
labels: t
lr: 0.1
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[[w, 5]]", "[[w2, 5]]", "the letter w2 already stands for a place of `W1`, which is 5"),
        ("[[w, 5]]", "[[a, 5]]", "the letter a already stands for `a1`"),
        ("[[w, 5]]", "[[z, 5]]", "the letter z already stands for `z1`"),
        ("[[w, 5]]", "[[x, 5]]", "the letter x already stands for all of `x`"),
        ("[[w, 5]]", "[[e, 5]]", "the letter e is a number"),
        ("[[w, 5]]", "[[v1, v_1]]", "the letter v_1 is written like v1"),
        ("labels: t", "labels: L", "the letter L already stands for `L`"),
    ],
)
def test_a_letter_that_stands_for_something_else_is_refused(old: str, new: str, said: str) -> None:
    problem = read_problem(CLASH.replace(old, new), name="p", source="p.yaml", folder=None)
    with pytest.raises(SpecError) as error:
        solve(problem)
    assert said in str(error.value)


@pytest.mark.parametrize("new", ["[[w1, w2]]", "[[w2, w1]]", "[[w_1, 5]]", "[[b1, 5]]"])
def test_a_letter_may_be_that_of_its_place(new: str) -> None:
    trace = solve(read_problem(CLASH.replace("[[w, 5]]", new), name="p", source="p.yaml", folder=None))
    first, second = (sympy.sympify(text, {"b1": sympy.Symbol("b1")}) for text in new.strip("[]").split(", "))
    # the weighted sum of the inputs 1 and 3, whatever the letters are called
    assert str(trace["z1"][0]) == str(first + 3 * second + sympy.Symbol("b"))


def test_deep_networks_are_not_worked_in_forms() -> None:
    """Every layer is written into the next: ten of them take minutes."""
    document = {
        "architecture": {"layers": [{"activation": "tanh"}] * 9, "loss": "mse"},
        "weights": ["0.5"] * 9,
        "inputs": ["2"],
        "labels": ["0"],
    }
    problem = problem_from_document(document)
    assert solve(problem).quantities
    for forms in ("letters", "forms"):
        with pytest.raises(UnsupportedError, match=r"9 layers .*at most 8"):
            solve(problem, forms)  # type: ignore[arg-type]
