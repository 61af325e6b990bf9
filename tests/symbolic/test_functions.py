"""Derivations of activations and losses: the steps of the study, the derivatives, the numbers, what is said."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy
from scipy import optimize

from stepwise.document.deduction import DeductionPage, render_deduction
from stepwise.expressions import Cases, Const, Expr, FloatArithmetic, Named, Ref, evaluate, rational, rebuild, usual
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.symbolic import Deduction, Relation, Remark, Step, derive
from stepwise.symbolic.topics.activations import derivative_of, subject_of
from tests.symbolic.second_opinion import Opinion

UNITS = sorted(name for name, record in ACTIVATIONS.items() if record.per_unit)
KINKED = {"relu", "leaky_relu", "elu", "step"}
POINTS = 1000


@cache
def deduction(name: str) -> Deduction:
    return derive(name)


def steps(name: str, rule: str) -> list[Step]:
    return [step for step in deduction(name).steps if step.rule == rule]


def remarks(name: str) -> dict[str, Remark]:
    parts = [part for passage in deduction(name).passages for part in passage.parts]
    return {part.key: part for part in parts if isinstance(part, Remark)}


def written(name: str, rule: str) -> str:
    (step,) = steps(name, rule)
    return " ".join(" ".join(DeductionPage(deduction(name))._said(step).displays).split())


def test_there_is_a_derivation_of_every_activation_and_every_loss() -> None:
    from stepwise.symbolic import topics

    assert {*UNITS, *LOSSES, "l2"} <= set(topics())


# ---- sigmoid: the steps of the study, in order


def test_sigmoid_takes_all_steps_of_the_study_in_order() -> None:
    rules = [step.rule for step in deduction("sigmoid").steps]
    wanted = [
        *("definition", "as_power", "inner", "chain", "power", "termwise", "combine"),
        *("two_fractions", "first_fraction", "second_fraction", "elegant"),
        *("value", "check_formula", "check_rules", "square", "largest", "solver"),
    ]
    assert rules == wanted


def test_sigmoid_prints_the_lines_of_the_study_in_order() -> None:
    lines = (
        r"\sigma(z) = \frac{1}{1 + e^{-z}}",
        r"\sigma(z) = (1 + e^{-z})^{-1}",
        r"u = 1 + e^{-z}",
        r"\frac{d\sigma}{dz} = \frac{d}{du} (u^{-1}) \cdot \frac{du}{dz}",
        r"\frac{d}{du} (u^{-1}) = -u^{-2} = -\frac{1}{u^{2}} = -\frac{1}{(1 + e^{-z})^{2}}",
        r"\frac{du}{dz} = \frac{d}{dz} (1 + e^{-z}) = 0 + e^{-z} \cdot (-1) = -e^{-z}",
        r"\frac{d\sigma}{dz} = -\frac{1}{(1 + e^{-z})^{2}} \cdot (-e^{-z}) = \frac{e^{-z}}{(1 + e^{-z})^{2}}",
        r"\frac{e^{-z}}{(1 + e^{-z})^{2}} = \frac{1}{1 + e^{-z}} \cdot \frac{e^{-z}}{1 + e^{-z}}",
        r"\frac{1}{1 + e^{-z}} = \sigma(z)",
        r"\frac{1 + e^{-z} - 1}{1 + e^{-z}} = \frac{1 + e^{-z}}{1 + e^{-z}} - \frac{1}{1 + e^{-z}} = 1 - \sigma(z)",
        r"\frac{d\sigma}{dz} = \sigma(z) (1 - \sigma(z))",
        r"\sigma(0) = \frac{1}{1 + e^{0}} = 0.5",
        r"\sigma'(0) = 0.5 \times (1 - 0.5) = 0.25",
        r"\sigma'(0) = \frac{e^{0}}{(1 + e^{0})^{2}} = \frac{1}{4} = 0.25",
        r"\frac{1}{4} - \left(\sigma(z) - \frac{1}{2}\right)^{2}",
        r"\sigma'(0) = \frac{1}{4} = 0.25",
    )
    for language in ("en", "zh", "en+zh"):
        page, at = " ".join(render_deduction(deduction("sigmoid"), "md", language).split()), 0
        for line in lines:
            assert line in page[at:], line
            at += page[at:].index(line)


# ---- through the function itself


@pytest.mark.parametrize(
    ("name", "rule", "ending"),
    [
        ("sigmoid", "elegant", r"\sigma(z) (1 - \sigma(z))"),
        ("tanh", "elegant", r"1 - \tanh^{2}(z)"),
        ("elu", "substitute", r"\mathrm{ELU}(z) + \alpha"),
        ("softplus", "gate", r"\sigma(\beta z)"),
        ("softplus", "substitute", r"1 - e^{-\beta \operatorname{softplus}(z)}"),
        ("swish", "substitute", r"\beta \mathrm{Swish}(z) + \sigma(\beta z) (1 - \beta \mathrm{Swish}(z))"),
        ("neg_log_sigmoid", "combine", r"\sigma(s) - 1"),
        ("cross_entropy", "therefore", r"-\frac{t_{j}}{y_{j}}"),
        ("mse", "loss.half", r"y_{j} - t_{j}"),
        ("binary_cross_entropy", "combine", r"\frac{1 - t}{1 - y} - \frac{t}{y}"),
        ("hinge", "together", r"\begin{cases} -t & t s < 1 \\ 0 & t s \ge 1 \end{cases}"),
        ("l2", "therefore", r"\lambda w_{j}"),
    ],
)
def test_a_derivation_ends_as_the_books_write_it(name: str, rule: str, ending: str) -> None:
    last = DeductionPage(deduction(name))._said(steps(name, rule)[-1]).displays[-1]
    assert " ".join(last.split()).removesuffix(r" \end{aligned}").endswith(ending)


# ---- three derivatives


def lambda_of(tree: Expr, values: dict[str, Any]) -> Any:
    """The derivative as NumPy computes it."""
    with np.errstate(all="ignore"):
        return evaluate(tree, values, FloatArithmetic())


def by_sympy(name: str) -> Callable[[Any], Any]:
    """Definitions typed here once more, and differentiated by sympy."""
    z, one = sympy.Symbol("z", real=True), sympy.Integer(1)
    gate = one / (1 + sympy.exp(-z))
    functions = {
        "identity": z,
        "sigmoid": gate,
        "tanh": sympy.tanh(z),
        "relu": sympy.Piecewise((z, z > 0), (0, True)),
        "leaky_relu": sympy.Piecewise((z, z > 0), (z / 100, True)),
        "elu": sympy.Piecewise((z, z > 0), (sympy.exp(z) - 1, True)),
        "swish": z * gate,
        "gelu": z * (1 + sympy.erf(z / sympy.sqrt(2))) / 2,
        "softplus": sympy.log(1 + sympy.exp(z)),
        "step": sympy.Piecewise((one, z > 0), (0, True)),
    }
    return sympy.lambdify(z, sympy.diff(functions[name], z), ["scipy", "numpy"])


def test_every_activation_is_compared() -> None:
    for name in UNITS:
        assert by_sympy(name)(0.5) is not None


@pytest.mark.parametrize("name", UNITS)
def test_sympy_numpy_and_central_differences_agree(name: str) -> None:
    points = np.random.default_rng(7).uniform(-6, 6, 4 * POINTS)
    points = points[np.abs(points) > 1e-3][:POINTS]
    assert points.size == POINTS
    subject = subject_of(ACTIVATIONS[name])
    defaults = {parameter: float(rational(text)) for parameter, text in subject.parameters.items()}
    output = lambda_of(subject.tree, {"z": points, **defaults})
    ours = np.broadcast_to(
        lambda_of(derivative_of(ACTIVATIONS[name]), {"z": points, "a": output, **defaults}), points.shape
    )
    theirs = np.broadcast_to(np.asarray(by_sympy(name)(points), dtype=float), points.shape)
    h = 1e-5
    above, below = (lambda_of(subject.tree, {"z": points + side * h, **defaults}) for side in (1, -1))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours, (above - below) / (2 * h), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", UNITS)
def test_the_derivation_starts_from_the_function_that_the_solver_computes(name: str) -> None:
    record, subject = ACTIVATIONS[name], subject_of(ACTIVATIONS[name])
    points = np.linspace(-3, 3, 13)
    parameters = {parameter: Const(text) for parameter, text in record.parameters.items()}
    defaults = {parameter: float(rational(text)) for parameter, text in subject.parameters.items()}
    from stepwise.expressions import Line

    def without_lines(tree: Expr) -> Expr:
        found: Expr = rebuild(tree, lambda node: without_lines(node.arg) if isinstance(node, Line) else None)
        return found

    solver = lambda_of(without_lines(usual(record.output(parameters))), {"z": points})
    np.testing.assert_allclose(lambda_of(subject.tree, {"z": points, **defaults}), solver, rtol=1e-12, atol=1e-14)


# ---- kinks


@pytest.mark.parametrize(
    ("name", "taken"), [("relu", "0"), ("leaky_relu", r"\alpha"), ("elu", r"\alpha"), ("step", "0")]
)
def test_a_page_says_which_derivative_is_taken_at_a_kink(name: str, taken: str) -> None:
    remark = remarks(name)["corner.convention"]
    page = DeductionPage(deduction(name))
    assert page._slot(remark.slots["value"]).latex == taken  # type: ignore[union-attr]
    assert page._slot(remark.slots["where"]).latex == "z = 0"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", sorted(KINKED))
def test_the_convention_is_what_the_solver_does(name: str) -> None:
    record = ACTIVATIONS[name]
    assert record.derivative is not None
    parameters = {parameter: Const(text) for parameter, text in record.parameters.items()}
    zero = np.zeros((1, 1))
    solver = float(np.squeeze(lambda_of(record.derivative(parameters), {"z": zero, "a": zero})))
    said = remarks(name)["corner.convention"].slots["value"]
    defaults = {parameter: float(rational(text)) for parameter, text in record.parameters.items()}
    assert isinstance(said, Expr)
    assert float(lambda_of(said, defaults)) == solver


@pytest.mark.parametrize(
    ("name", "key", "right", "left"),
    [
        ("relu", "corner.kink", "1", "0"),
        ("leaky_relu", "corner.kink", "1", r"\alpha"),
        ("elu", "corner.kink_unless", "1", r"\alpha"),
        ("step", "corner.jump", "1", "0"),
    ],
)
def test_the_two_sides_of_a_kink_are_not_mixed_up(name: str, key: str, right: str, left: str) -> None:
    page, slots = DeductionPage(deduction(name)), remarks(name)[key].slots
    assert [page._slot(slots[side]).latex for side in ("right", "left")] == [right, left]  # type: ignore[union-attr]


def test_a_page_without_a_kink_says_nothing_of_one() -> None:
    for name in set(UNITS) - KINKED:
        assert not any(key.startswith("corner") for key in remarks(name)), name


# ---- the largest value, and what it means


def slope_of(name: str) -> Callable[[float], float]:
    derivative = by_sympy(name)
    return lambda at: float(derivative(float(at)))


@pytest.mark.parametrize(
    ("name", "rule"), [("sigmoid", "largest"), ("tanh", "largest"), ("swish", "largest_near"), ("gelu", "largest")]
)
def test_the_derivative_is_largest_where_the_page_says(name: str, rule: str) -> None:
    slope = slope_of(name)
    found = optimize.minimize_scalar(lambda at: -abs(slope(at)), bounds=(-1, 5), options={"xatol": 1e-10})
    assert max(abs(slope(at)) for at in np.linspace(-20, 20, 801)) <= -found.fun + 1e-12
    (step,) = steps(name, rule)
    (where,) = [value for value in step.slots.values() if isinstance(value, Relation)]
    assert float(evaluate(where.right, {}, FloatArithmetic())) == pytest.approx(found.x, abs=1e-4)
    assert isinstance(step.right[-1], Const)
    assert float(rational(step.right[-1].text)) == pytest.approx(-found.fun, abs=5e-5)


def test_the_largest_values_are_those_of_the_books() -> None:
    assert written("sigmoid", "largest").endswith(r"= \frac{1}{4} = 0.25")
    assert written("tanh", "largest").endswith("= 1")
    assert written("swish", "largest_near").endswith(r"\approx 1.0998")
    assert written("gelu", "largest").endswith(r"\approx 1.1289")


MEANINGS = {
    "sigmoid": {"vanishing", "saturates"},
    "tanh": {"one_at_a_point", "saturates", "square"},
    "relu": {"unchanged", "dead"},
    "leaky_relu": {"unchanged", "never_zero"},
    "elu": {"unchanged", "fades_left"},
    "swish": {"above_one", "fades_left", "passes_right", "falls"},
    "gelu": {"above_one", "fades_left", "passes_right", "falls"},
    "softplus": {"comes_near_right", "fades_left"},
    "step": {"nothing"},
    "identity": {"always_one"},
}


@pytest.mark.parametrize("name", UNITS)
def test_what_is_said_of_an_activation_is_what_holds_for_it(name: str) -> None:
    said = {key.removeprefix("size.") for key in remarks(name) if key.startswith("size.")}
    assert said == MEANINGS[name]
    slope, far = slope_of(name), 60.0
    grid = np.concatenate([np.linspace(-30, -1e-6, 3000), np.linspace(1e-6, 30, 3000)])
    slopes = np.array([slope(at) for at in grid])
    largest = float(np.max(np.abs(slopes)))
    assert ("vanishing" in said) == (0 < largest <= 0.5)
    assert ("above_one" in said) == (largest > 1 + 1e-9)
    assert ("dead" in said) == bool(largest and np.all(slopes[grid < 0] == 0))
    assert ("falls" in said) == bool(np.any(slopes < 0))
    assert ("nothing" in said) == (largest == 0)
    assert ("never_zero" in said) == bool(np.min(slopes) > 1e-4 and np.ptp(slopes) > 0)
    to_zero = [abs(slope(side * far)) < 1e-9 and slope(side * 3.0) != 0 for side in (-1, 1)]
    assert ("saturates" in said) == all(to_zero)
    assert ("fades_left" in said) == (to_zero == [True, False])


def test_the_numbers_of_the_remarks_are_true() -> None:
    slots = remarks("sigmoid")["size.vanishing"].slots
    assert isinstance(slots["product"], Const)
    assert 0.25**5 <= float(slots["product"].text) < 0.25**5 + 1e-5
    for name in ("sigmoid", "tanh"):
        said = remarks(name)["size.saturates"].slots["slope"]
        assert isinstance(said, Const)
        assert float(said.text) == pytest.approx(slope_of(name)(5.0), rel=0.05)
    for name in ("swish", "gelu"):
        where = remarks(name)["size.falls"].slots["where"]
        assert isinstance(where, Relation)
        assert isinstance(where.right, Const)
        root = optimize.brentq(slope_of(name), -3, 0)
        assert float(where.right.text) == pytest.approx(root, abs=5e-5)


# ---- checks


CHECKED = {
    "sigmoid": (0, 0.25),
    "tanh": (1, 1 - math.tanh(1) ** 2),
    "relu": (1, 1),
    "leaky_relu": (-1, 0.01),
    "elu": (-1, math.exp(-1)),
    "softplus": (0, 0.5),
    # σ + 2σ(1 − σ) with σ = 1/(1 + e⁻²); Φ(2) + 2φ(2)
    "swish": (2, (1 + 2 * (1 - 1 / (1 + math.exp(-2)))) / (1 + math.exp(-2))),
    "gelu": (2, 0.5 * math.erfc(-math.sqrt(2)) + 2 * math.exp(-2) / math.sqrt(2 * math.pi)),
}


@pytest.mark.parametrize("name", sorted(CHECKED))
def test_both_ways_of_a_check_give_the_derivative(name: str) -> None:
    place, expected = CHECKED[name]
    where = remarks(name)["check.at"].slots["where"]
    assert isinstance(where, Relation)
    assert where.right == Const(str(place))
    ways = [step for step in deduction(name).steps if step.rule.startswith("check_")]
    assert ways[0].rule == "check_formula"
    assert len(ways) == 2
    for step in ways:
        assert isinstance(step.right[-1], Const)
        assert float(step.right[-1].text) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("name", sorted({*CHECKED, *LOSSES, "l2"}))
def test_a_check_with_printed_numbers_comes_out_as_printed(name: str) -> None:
    """Whoever puts the printed numbers in gets the printed result."""
    ways = [step for step in deduction(name).steps if step.rule in ("check_formula", "check_difference", "check_rules")]
    assert ways
    for step in ways:
        if len(step.right) > 1:
            filled, last = step.right[0], step.right[-1]
            assert isinstance(last, Const)
            decimals = len(last.text.partition(".")[2])
            value = Opinion({}, lambda name: None, 3, {}).of(filled)
            assert abs(float(value) - float(last.text)) <= 0.5000001 * 10**-decimals, step.rule


# ---- what the solver has


@pytest.mark.parametrize("name", UNITS)
def test_the_last_line_is_the_tree_of_the_solver(name: str) -> None:
    (step,) = [*steps(name, "solver"), *steps(name, "solver_plain")]
    plain: Expr = rebuild(
        step.right[-1],
        lambda node: (
            (node.symbol if isinstance(node.symbol, Ref) else node.meaning) if isinstance(node, Named) else None
        ),
    )
    assert plain == derivative_of(ACTIVATIONS[name])


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_loss_ends_in_the_derivative_of_the_solver(name: str) -> None:
    (step,) = steps(name, "solver_score" if name == "neg_log_sigmoid" else "solver_loss")
    record = LOSSES[name]
    factor = Const(record.factor or "1")
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, y = rng.uniform(0.05, 0.95), rng.choice([-1.0, 1.0]) if name == "hinge" else rng.uniform(0, 1)
        known = {
            "a": np.array([[a]]),
            "y": np.array([[y]]),
            "prob": 1 / (1 + np.exp(-a)),
            "margin": np.array([[y * a]]),
        }
        solver = float(np.squeeze(lambda_of(record.derivative(factor), known)))
        opinion = Opinion({"a": a, "y": y, "s": a, "t": y}, lambda name: 0.5, 1, {"j": 0})
        opinion.entries = {("a", 0, 0): a, ("y", 0, 0): y, ("t", 0, 0): y}
        plain: Expr = rebuild(step.right[-1], lambda node: node.symbol if isinstance(node, Named) else None)
        assert float(opinion.of(plain)) == pytest.approx(solver, rel=1e-12)


def test_the_logarithm_is_said_to_be_natural() -> None:
    for name in ("cross_entropy", "binary_cross_entropy", "neg_log_sigmoid"):
        assert "loss.natural" in remarks(name)
        assert "base e" in render_deduction(deduction(name))


def test_cases_are_written_by_their_branches() -> None:
    (step,) = steps("elu", "together")
    assert isinstance(step.right[-1], Cases)
