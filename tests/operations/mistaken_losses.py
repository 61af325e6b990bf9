"""What the mistakes in losses, updates and preparations give, written by hand in NumPy: see `mistaken`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from stepwise.expressions import Const
from stepwise.operations import (
    initialisation,
    mistakes,
    preprocessing,
    regularisation,
    update,
)
from stepwise.operations.losses import LOSSES
from stepwise.operations.operation import Operation
from tests.operations.mistaken import Case, Formula, over, shifted, where

MSE_LINES: Mapping[str, Formula] = {
    "diff.difference_reversed": lambda e: e.y - e.a,
    "square.forgot_square": lambda e: e.diff,
    "square.doubled_for_squared": lambda e: e.diff + e.diff,
}
LOGISTIC_OF_SCORE: Mapping[str, Formula] = {
    "exp.sign_in_exponent": lambda e: np.exp(e.a),
    "sum.forgot_one": lambda e: e.exp,
    "prob.forgot_reciprocal": lambda e: e.sum,
}
EACH: Mapping[tuple[str, str, str], Mapping[str, Formula]] = {
    ("mse", "1/2", ""): {
        **MSE_LINES,
        "forgot_half": lambda e: over(e.square),
        "mean_over_outputs": lambda e: over(e.square) / 6,
    },
    ("mse", "1", ""): {
        **MSE_LINES,
        "halved": lambda e: over(e.square) / 2,
        "mean_over_outputs": lambda e: over(e.square) / 3,
    },
    ("mse", "1/4", ""): {
        **MSE_LINES,
        "forgot_factor": lambda e: over(e.square),
        "mean_over_outputs": lambda e: over(e.square) / 12,
    },
    ("cross_entropy", "1", ""): {
        "log10_for_ln": lambda e: -over(e.y * np.log10(e.a)),
        "forgot_minus": lambda e: over(e.y * np.log(e.a)),
        "forgot_label": lambda e: -over(np.log(e.a)),
        "mean_over_outputs": lambda e: -over(e.y * np.log(e.a)) / 3,
    },
    ("binary_cross_entropy", "1", ""): {
        "log10_for_ln": lambda e: -over(e.y * np.log10(e.a) + (1 - e.y) * np.log10(1 - e.a)),
        "forgot_minus": lambda e: over(e.y * np.log(e.a) + (1 - e.y) * np.log(1 - e.a)),
        "forgot_second_term": lambda e: -over(e.y * np.log(e.a)),
        "mean_over_outputs": lambda e: -over(e.y * np.log(e.a) + (1 - e.y) * np.log(1 - e.a)) / 3,
    },
    ("hinge", "1", ""): {
        "margin.forgot_label": lambda e: e.a,
        "hinge.hinge_compared_with_zero": lambda e: np.maximum(0, -e.margin),
        "hinge.forgot_maximum": lambda e: 1 - e.margin,
        "hinge.sign_of_margin": lambda e: np.maximum(0, 1 + e.margin),
        "mean_over_outputs": lambda e: over(e.hinge) / 3,
    },
    ("neg_log_sigmoid", "1", ""): {
        **LOGISTIC_OF_SCORE,
        "log10_for_ln": lambda e: -over(np.log10(e.prob)),
        "forgot_minus": lambda e: over(np.log(e.prob)),
        "mean_over_outputs": lambda e: -over(np.log(e.prob)) / 3,
    },
    ("neg_log_sigmoid", "1", "sigmoid"): {
        "log10_for_ln": lambda e: -over(np.log10(e.a)),
        "forgot_minus": lambda e: over(np.log(e.a)),
        "mean_over_outputs": lambda e: -over(np.log(e.a)) / 3,
    },
}
SLOPE: Mapping[tuple[str, str, str], Mapping[str, Formula]] = {
    ("mse", "1/2", ""): {
        "sign_of_delta": lambda e: e.y - e.a,
        "doubled": lambda e: 2 * e.a - 2 * e.y,
        "halved": lambda e: (e.a - e.y) / 2,
    },
    ("mse", "1/4", ""): {
        "sign_of_delta": lambda e: (e.y - e.a) / 2,
        "doubled": lambda e: e.a - e.y,
        "halved": lambda e: (e.a - e.y) / 4,
    },
    ("cross_entropy", "1", ""): {"sign_of_delta": lambda e: e.y / e.a, "forgot_denominator": lambda e: -e.y},
    ("binary_cross_entropy", "1", ""): {
        "sign_of_delta": lambda e: e.y / e.a - (1 - e.y) / (1 - e.a),
        "forgot_second_term": lambda e: -e.y / e.a,
    },
    ("hinge", "1", ""): {
        "sign_of_delta": lambda e: where(e.margin < 1, e.y),
        "hinge_compared_with_zero": lambda e: where(e.margin < 0, -e.y),
        "forgot_condition": lambda e: -e.y,
    },
    ("neg_log_sigmoid", "1", ""): {"sign_of_delta": lambda e: 1 - e.prob, "forgot_minus_one": lambda e: e.prob},
    ("neg_log_sigmoid", "1", "sigmoid"): {"sign_of_delta": lambda e: 1 / e.a},
}
MINUS: Mapping[str, Formula] = {"sign_of_delta": lambda e: e.y - e.a, "forgot_label": lambda e: e.a}
SHORT: Mapping[tuple[str, str], Mapping[str, Formula]] = {
    ("cross_entropy", "softmax"): {
        **MINUS, "activation_derivative_twice": lambda e: (e.a - e.y) * (e.a - e.a**2)
    },
    ("binary_cross_entropy", "sigmoid"): {
        **MINUS, "activation_derivative_twice": lambda e: (e.a - e.y) * (e.a - e.a**2)
    },
    ("neg_log_sigmoid", "sigmoid"): {
        "sign_of_delta": lambda e: 1 - e.a,
        "activation_derivative_twice": lambda e: (e.a - 1) * (e.a - e.a**2),
    },
    ("neg_log_sigmoid", "identity"): {"sign_of_delta": lambda e: 1 - e.prob},
}  # fmt: skip


def short(loss: str, activation: str) -> Operation:
    found = LOSSES[loss].short_delta(activation)
    assert found is not None
    return found


def of_losses() -> Iterator[tuple[str, Case]]:
    for (loss, factor, last), formulas in EACH.items():
        yield (
            f"{loss} {factor} {last}",
            Case(lambda at, loss=loss, f=factor, last=last: LOSSES[loss].of_sample(Const(f), last), formulas),
        )
    for (loss, factor, last), formulas in SLOPE.items():
        yield (
            f"slope of {loss} {factor} {last}",
            Case(lambda at, loss=loss, f=factor, last=last: LOSSES[loss].slope(Const(f), last), formulas),
        )
    for (loss, last), formulas in SHORT.items():
        yield f"{loss} after {last}", Case(lambda at, loss=loss, last=last: short(loss, last), formulas)
    entropy = LOSSES["cross_entropy"]
    counted: dict[str, tuple[Operation, Mapping[str, Formula], Formula]] = {
        "loss": (
            entropy.of_sample(Const("1"), ""), EACH["cross_entropy", "1", ""],
            lambda e: -over(shifted(e.y) * np.log(e.a)),
        ),
        "slope": (entropy.slope(Const("1"), ""), SLOPE["cross_entropy", "1", ""], lambda e: -shifted(e.y) / e.a),
        "short": (short("cross_entropy", "softmax"), SHORT["cross_entropy", "softmax"], lambda e: e.a - shifted(e.y)),
    }  # fmt: skip
    for name, (operation, formulas, formula) in counted.items():
        yield (
            f"{name} by class indices",
            Case(
                lambda at, operation=operation: mistakes.slip_of_labels(operation, lambda: True),
                {**formulas, "label_counted_from_one": formula},
            ),
        )


REGULARISATION = {
    "norm": Case(
        lambda at: regularisation.NORM,
        {"forgot_square": lambda e: [[e.W.sum()]], "square_root_taken": lambda e: [[np.linalg.norm(e.W)]]},
    ),
    "reg_gradient": Case(
        lambda at: regularisation.REG_GRADIENT,
        {"forgot_lambda": lambda e: e.W, "doubled": lambda e: 0.6 * e.W, "halved": lambda e: 0.15 * e.W},
    ),
    "objective": Case(
        lambda at: regularisation.OBJECTIVE,
        {"forgot_regulariser": lambda e: e.L, "sign_of_regulariser": lambda e: e.L - e.reg},
    ),
    "total_gradient": Case(
        lambda at: regularisation.TOTAL_GRADIENT,
        {"forgot_lambda_w": lambda e: e.data, "sign_of_regulariser": lambda e: e.data - e.reg},
    ),
    "penalty": Case(
        lambda at: regularisation.penalty(["norm", "L"]),
        {"forgot_half": lambda e: 0.3 * (e.norm + e.L), "forgot_lambda": lambda e: (e.norm + e.L) / 2},
    ),
}
UPDATES = {
    "step_of_descent": Case(lambda at: update.STEP, {"forgot_learning_rate": lambda e: e.gradient}),
    "descend": Case(
        lambda at: update.DESCEND,
        {
            "gradient_ascent": lambda e: e.parameter + e.step,
            "change_for_new_value": lambda e: -e.step,
            "not_updated": lambda e: e.parameter,
        },
    ),
    "ascend": Case(
        lambda at: update.ASCEND,
        {
            "gradient_ascent": lambda e: e.parameter - e.step,
            "change_for_new_value": lambda e: e.step,
            "not_updated": lambda e: e.parameter,
        },
    ),
    "schedule": Case(
        lambda at: update.INVERSE_SCHEDULE,
        {
            "forgot_lambda": lambda e: 1 / e.t, "forgot_t": lambda e: 1 / e.lam,
            "forgot_reciprocal": lambda e: e.lam * e.t,
        },
    ),
}  # fmt: skip
PREPARATION = {
    "divide": Case(lambda at: preprocessing.DIVIDE, {"forgot_division": lambda e: e.x}),
    "standardize": Case(
        lambda at: preprocessing.STANDARDIZE,
        {
            "forgot_mean": lambda e: e.x / 1.9,
            "forgot_division": lambda e: e.x - 0.7,
            "difference_reversed": lambda e: (0.7 - e.x) / 1.9,
            "variance_for_deviation": lambda e: (e.x - 0.7) / 3.61,
        },
    ),
    "xavier_uniform": Case(
        lambda at: initialisation.SCHEMES["xavier_uniform"].spread,
        {"forgot_square_root": lambda e: [[6 / 8]], "forgot_fan_out": lambda e: [[np.sqrt(6 / 3)]]},
    ),
    "he_normal": Case(
        lambda at: initialisation.SCHEMES["he_normal"].spread, {"forgot_square_root": lambda e: [[2 / 3]]}
    ),
}
