"""What every mistake gives, written by hand in NumPy: in columns, the samples side by side.

Slots that a line takes from a line before it (`exp`, `square`, `margin` …) are drawn numbers like all others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from stepwise.expressions import Const
from stepwise.operations import (
    linear,
    mistakes,
)
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.operation import Operation
from stepwise.operations.own import own_activation

Formula = Callable[[Any], Any]
"""What a mistake gives, from the numbers in the slots: `e.W @ e.x`. The slot `lambda` is `e.lam`."""
UNITS, SAMPLES = 3, 4
ALPHA, BETA = 0.3, 1.7
PARAMETERS = {"alpha": Const("0.3"), "beta": Const("1.7"), "at_zero": Const("0")}


def numbers() -> SimpleNamespace:
    """Drawn numbers for every slot, positive ones where a line needs them."""
    draw = np.random.default_rng(12)
    batch = [
        "z",
        "z_in",
        "x",
        "g",
        "f",
        "delta",
        "square",
        "diff",
        "one_minus",
        "inner",
        "data",
        "losses",
        "pdf",
        "cdf",
        "gate",
        "hinge",
    ]
    e = SimpleNamespace(**{name: draw.normal(size=(UNITS, SAMPLES)) for name in batch})
    e.a = draw.uniform(0.1, 0.9, (UNITS, SAMPLES))
    e.y = np.array([[0.0, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0]])
    e.exp, e.sum, e.prob, e.tanh, e.ln = (draw.uniform(0.5, 2.5, (UNITS, SAMPLES)) for _ in range(5))
    e.W, e.W_new, e.jac = (draw.normal(size=(UNITS, UNITS)) for _ in range(3))
    e.b = draw.normal(size=(UNITS, 1))
    e.margin = np.array([[1.5, 0.4, -0.7, 0.2], [0.3, -2, 1.1, 0.6], [-1, 0.9, 2, -0.1]])
    scalars = {"lam": 0.3, "eta": 0.1, "t": 3.0, "N": 4.0, "L": 1.3, "reg": 0.4, "norm": 2.2, "error": -1.0}
    scalars |= {"fan_in": 3.0, "fan_out": 5.0, "divisor": 4.0, "mean": 0.7, "std": 1.9, "total": 5.0, "yhat": 1.0}
    for name, value in scalars.items():
        setattr(e, name, np.array([[value]]))
    e.gradient, e.parameter, e.step, e.share, e.u = (draw.normal(size=(UNITS, SAMPLES)) for _ in range(5))
    e.w = draw.normal(size=(UNITS, 1))
    return e


@dataclass(frozen=True)
class Case:
    """An operation in a layout, and what each of its mistakes gives, by name or line and name (`sum.forgot_one`)."""

    make: Callable[[str], Operation]
    formulas: Mapping[str, Formula]
    slots: Mapping[str, Any] | None = None
    """Numbers of its own for some slots."""
    rows_too: bool = True
    """Whether the row layout is the same with everything transposed."""


def over(units: Any) -> Any:
    return units.sum(axis=0, keepdims=True)


def along(samples: Any) -> Any:
    return samples.sum(axis=1, keepdims=True)


def shifted(labels: Any) -> Any:
    """The one-hot columns of classes counted from 1."""
    return np.vstack([labels[1:], np.zeros((1, labels.shape[1]))])


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def phi(z: Any) -> Any:
    return np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def where(condition: Any, value: Any, otherwise: Any = 0.0) -> Any:
    return np.where(condition, value, otherwise)


ONES = np.ones((UNITS, SAMPLES))
BIAS: Mapping[str, Formula] = {
    "forgot_bias": lambda e: e.W @ e.x,
    "bias_subtracted": lambda e: e.W @ e.x - e.b,
    "weights_not_transposed": lambda e: e.W.T @ e.x + e.b,
    "z_for_a": lambda e: e.W @ e.z_in + e.b,
}
WEIGHTS: Mapping[str, Formula] = {
    "outer_product_transposed": lambda e: e.x @ e.delta.T,
    "z_for_a": lambda e: e.delta @ e.z_in.T,
    "forgot_input": lambda e: e.delta @ ONES.T,
}


def divided(formulas: Mapping[str, Formula], right: Formula) -> Mapping[str, Formula]:
    """The same over N, and the two mistakes with N."""
    made: dict[str, Formula] = {
        name: formula if "." in name else (lambda e, formula=formula: formula(e) / 4)
        for name, formula in formulas.items()
    }
    return made | {"forgot_one_over_n": right, "divided_by_n_twice": lambda e: right(e) / 16}


LINEAR = {
    "affine": Case(lambda at: linear.affine(at, bias=True), BIAS),
    "linear": Case(
        lambda at: linear.affine(at, bias=False),
        {"weights_not_transposed": lambda e: e.W.T @ e.x, "z_for_a": lambda e: e.W @ e.z_in},
    ),
    "back": Case(
        linear.back,
        {
            "weights_not_transposed": lambda e: e.W @ e.delta,
            "updated_weights_used": lambda e: e.W_new.T @ e.delta,
            "forgot_weights": lambda e: e.delta,
        },
    ),
    "weight_gradient_mean": Case(
        lambda at: linear.weight_gradient(at, mean=True), divided(WEIGHTS, lambda e: e.delta @ e.x.T)
    ),
    "weight_gradient_sum": Case(
        lambda at: linear.weight_gradient(at, mean=False),
        {**WEIGHTS, "mean_for_sum": lambda e: e.delta @ e.x.T / 4},
    ),
    "weight_gradient_divided": Case(
        lambda at: linear.weight_gradient(at, mean=False, divided=True),
        {**WEIGHTS, "divided_by_n_twice": lambda e: e.delta @ e.x.T / 4},
    ),
    "bias_gradient_mean": Case(
        lambda at: linear.bias_gradient(batch=True, mean=True), divided({}, lambda e: along(e.delta))
    ),
    "bias_gradient_sum": Case(
        lambda at: linear.bias_gradient(batch=True, mean=False), {"mean_for_sum": lambda e: along(e.delta) / 4}
    ),
    "bias_gradient_divided": Case(
        lambda at: linear.bias_gradient(batch=True, mean=False, divided=True),
        {"divided_by_n_twice": lambda e: along(e.delta) / 4},
    ),
    "copy": Case(lambda at: linear.bias_gradient(batch=False, mean=False), {}),
    "mean": Case(lambda at: linear.reduction("mean", linear.LOSSES, mean=True), divided({}, lambda e: along(e.losses))),
    "sum": Case(
        lambda at: linear.reduction("total", linear.LOSSES, mean=False), {"mean_for_sum": lambda e: along(e.losses) / 4}
    ),
    "through_slope": Case(
        lambda at: linear.THROUGH_SLOPE,
        {"forgot_activation_derivative": lambda e: e.g, "forgot_incoming_gradient": lambda e: e.f},
    ),
    "through_slope, not over n yet": Case(
        lambda at: mistakes.early_n(linear.THROUGH_SLOPE),
        {
            "forgot_activation_derivative": lambda e: e.g,
            "forgot_incoming_gradient": lambda e: e.f,
            "divided_by_n_early": lambda e: e.g * e.f / 4,
        },
    ),
    "through_slope_over_n": Case(
        lambda at: mistakes.over_n(linear.THROUGH_SLOPE),
        divided(
            {"forgot_activation_derivative": lambda e: e.g, "forgot_incoming_gradient": lambda e: e.f},
            lambda e: e.g * e.f,
        ),
    ),
    "through_jacobian": Case(linear.through_jacobian, {"forgot_activation_derivative": lambda e: e.g}),
    "diagonal": Case(lambda at: linear.DIAGONAL, {}, {"f": np.array([[0.2], [0.7], [-0.1]])}),
}

LOGISTIC: Mapping[str, Formula] = {"exp.sign_in_exponent": lambda e: np.exp(e.z), "sum.forgot_one": lambda e: e.exp}
OUTPUTS: Mapping[str, Mapping[str, Formula]] = {
    "identity": {},
    "step": {},
    "relu": {},
    "leaky_relu": {"zero_below_zero": lambda e: np.maximum(0, e.z)},
    "sigmoid": {**LOGISTIC, "forgot_reciprocal": lambda e: e.sum},
    "tanh": {"sigmoid_for_tanh": lambda e: sigma(e.z)},
    "softmax": {
        "exp.sign_in_exponent": lambda e: np.exp(-e.z),
        "sum.forgot_exponential": lambda e: over(e.z),
        "softmax_not_normalised": lambda e: e.exp,
        "forgot_exponential": lambda e: e.z / over(e.z),
        "sigmoid_for_softmax": lambda e: sigma(e.z),
    },
    "softplus": {
        "exp.sign_in_exponent": lambda e: np.exp(-BETA * e.z),
        "exp.forgot_beta": lambda e: np.exp(e.z),
        "sum.forgot_one": lambda e: e.exp,
        "forgot_logarithm": lambda e: e.sum,
        "forgot_beta": lambda e: np.log(e.sum),
        "log10_for_ln": lambda e: np.log10(e.sum) / BETA,
    },
    "swish": {
        "exp.sign_in_exponent": lambda e: np.exp(BETA * e.z),
        "exp.forgot_beta": lambda e: np.exp(-e.z),
        "sum.forgot_one": lambda e: e.exp,
        "gate.forgot_reciprocal": lambda e: e.sum,
        "forgot_factor_z": lambda e: e.gate,
    },
    "gelu": {"cdf.density_for_distribution": lambda e: phi(e.z), "forgot_factor_z": lambda e: e.cdf},
    "elu": {
        "zero_below_zero": lambda e: np.maximum(0, e.z),
        "forgot_minus_one": lambda e: where(e.z > 0, e.z, ALPHA * np.exp(e.z)),
        "forgot_alpha": lambda e: where(e.z > 0, e.z, np.exp(e.z) - 1),
        "sign_in_exponent": lambda e: where(e.z > 0, e.z, ALPHA * (np.exp(-e.z) - 1)),
    },
}
SLOPES: Mapping[str, Mapping[str, Formula]] = {
    "identity": {},
    "step": {"derivative_taken_as_one": lambda e: ONES},
    "relu": {"relu_derivative_one": lambda e: ONES},
    "leaky_relu": {"derivative_taken_as_one": lambda e: ONES, "zero_below_zero": lambda e: where(e.z > 0, 1.0)},
    "sigmoid": {
        "one_minus.difference_reversed": lambda e: e.a - 1,
        "forgot_factor_a": lambda e: e.one_minus,
        "derivative_of_tanh": lambda e: 1 - e.a**2,
        "z_for_a": lambda e: e.z - e.z**2,
    },
    "tanh": {
        "square.doubled_for_squared": lambda e: e.a + e.a,
        "tanh_derivative_one_minus_a": lambda e: 1 - e.a,
        "derivative_of_sigmoid": lambda e: e.a - e.a**2,
        "z_for_a": lambda e: 1 - e.z**2,
    },
    "softplus": {"forgot_denominator": lambda e: e.exp, "sign_in_exponent": lambda e: 1 / e.sum},
    "swish": {
        "one_minus.difference_reversed": lambda e: BETA * e.a - 1,
        "forgot_product_rule": lambda e: e.gate,
        "forgot_beta": lambda e: e.a + e.gate - e.gate * e.a,
    },
    "gelu": {
        "pdf.sign_in_exponent": lambda e: np.exp(e.z**2 / 2) / math.sqrt(2 * math.pi),
        "pdf.forgot_normalising_factor": lambda e: np.exp(-(e.z**2) / 2),
        "pdf.forgot_half": lambda e: np.exp(-(e.z**2)) / math.sqrt(2 * math.pi),
        "forgot_product_rule": lambda e: e.cdf,
        "forgot_factor_z": lambda e: e.cdf + e.pdf,
    },
    "elu": {
        "derivative_taken_as_one": lambda e: ONES,
        "zero_below_zero": lambda e: where(e.z > 0, 1.0),
        "forgot_alpha": lambda e: where(e.z > 0, 1.0, e.a),
    },
}
MISH = own_activation("mish", "z*tanh(ln(1+exp(z)))")


def of_activations() -> Iterator[tuple[str, Case]]:
    """Both lines of every registered activation; what they have in common is put in for all."""
    for name, record in ACTIVATIONS.items():
        outputs: dict[str, Formula] = {"forgot_activation": lambda e: e.z} if name != "identity" else {}
        yield name, Case(lambda at, record=record: record.forward(PARAMETERS), outputs | dict(OUTPUTS.get(name, {})))
        if record.derivative is not None:
            slopes: dict[str, Formula] = {"function_for_derivative": lambda e: e.a} | dict(SLOPES.get(name, {}))
            yield f"{name}_derivative", Case(lambda at, record=record: record.slope(PARAMETERS), slopes)


SOFTMAX = ACTIVATIONS["softmax"]
MIXED: Mapping[str, Formula] = {
    "inner.forgot_factor_a": lambda e: over(e.g),
    "forgot_activation_derivative": lambda e: e.g,
    "forgot_inner_sum": lambda e: e.a * e.g,
    "forgot_factor_a": lambda e: e.g - e.inner,
    "only_the_diagonal": lambda e: (e.a - e.a**2) * e.g,
}
MIXING = {
    "mixed": Case(lambda at: SOFTMAX.mixed(), MIXED),
    "mixed_over_n": Case(lambda at: mistakes.over_n(SOFTMAX.mixed()), divided(MIXED, lambda e: e.a * (e.g - e.inner))),
    "jacobian": Case(
        SOFTMAX.mixing,
        {
            "difference_reversed": lambda e: np.outer(e.a, e.a) - np.diag(e.a[:, 0]),
            "only_the_diagonal": lambda e: np.diag((e.a - e.a**2)[:, 0]),
            "forgot_outer_product": lambda e: np.diag(e.a[:, 0]),
        },
        {"a": np.array([[0.2], [0.5], [0.3]])},
    ),
    "mish": Case(
        lambda at: MISH.forward({}),
        {
            "forgot_activation": lambda e: e.z,
            "exp.sign_in_exponent": lambda e: np.exp(-e.z),
            "ln.log10_for_ln": lambda e: np.log10(1 + e.exp),
        },
    ),
    "mish_derivative": Case(lambda at: MISH.slope({}), {"function_for_derivative": lambda e: e.a}),
}
