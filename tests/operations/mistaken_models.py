"""What the mistakes in perceptrons, support vector machines and proofs give, written by hand: see `mistaken`."""

from __future__ import annotations

import numpy as np

from stepwise.operations import perceptron, separability, svm
from tests.operations.mistaken import Case, along, divided

Z = np.array([[0.4], [0.0], [-1.2]])
PERCEPTRON = {
    "error": Case(lambda at: perceptron.ERROR, {"difference_reversed": lambda e: e.yhat - e.y}),
    "bias_step": Case(lambda at: perceptron.BIAS_STEP, {"forgot_learning_rate": lambda e: e.error}),
    **{
        f"prediction_{low}": Case(
            lambda at, low=low: perceptron.prediction(low),
            {
                "zero_counted_as_positive": lambda e, low=low: [[1], [1], [int(low)]],
                "step_reversed": lambda e, low=low: [[int(low)], [1], [1]],
                "other_low_label": lambda e, low=low: [[1], [-1 - int(low)], [-1 - int(low)]],
                "forgot_activation": lambda e: e.z,
            },
            {"z": Z},
        )
        for low in ("0", "-1")
    },
    "weight_step": Case(
        perceptron.weight_step,
        {
            "forgot_learning_rate": lambda e: -2 * e.x,
            "forgot_input": lambda e: [[-0.2], [-0.2], [-0.2]],
            "forgot_error": lambda e: 0.1 * e.x,
        },
        # labels of ±1: the error is ±2
        {"x": np.array([[0.5], [2.0], [-1.0]]), "error": np.array([[-2.0]])},
    ),
}
Y, MARGIN = np.array([[1.0, -1, 1, -1]]), np.array([[1.5, 0.4, -0.7, 0.2]])
"""The labels and margins of four samples: the first is safe, the third is wrong."""
SIGNED = {"y": Y, "margin": MARGIN}
SVM = {
    "hinge": Case(
        lambda at: svm.HINGE,
        {
            "hinge_compared_with_zero": lambda e: [[0, 0, 0.7, 0]],
            "forgot_maximum": lambda e: [[-0.5, 0.6, 1.7, 0.8]],
            "sign_of_margin": lambda e: [[2.5, 1.4, 0.3, 1.2]],
        },
        SIGNED,
    ),
    "margin": Case(lambda at: svm.MARGINS, {"forgot_label": lambda e: e.a}),
    "score": Case(
        lambda at: svm.score("column", bias=True),
        {"forgot_bias": lambda e: e.w.T @ e.x, "bias_subtracted": lambda e: e.w.T @ e.x - 0.2},
        {"b": np.array([[0.2]])},
        rows_too=False,
    ),
    "data_gradients": Case(
        lambda at: svm.data_gradients(at, many=True),
        {
            "hinge_compared_with_zero": lambda e: e.x * [0, 0, -1, 0],
            "forgot_condition": lambda e: e.x * [-1, 1, -1, 1],
            "forgot_minus": lambda e: e.x * [0, -1, 1, -1],
            "forgot_label": lambda e: e.x * [0, -1, -1, -1],
            "forgot_input": lambda e: np.ones((3, 1)) * [0, 1, -1, 1],
        },
        SIGNED,
    ),
    "data_gradient_mean": Case(
        lambda at: svm.data_gradient("column", mean=True),
        {**divided({}, lambda e: along(e.data)), "mean_over_violations": lambda e: along(e.data) / 3},
        SIGNED,
        rows_too=False,
    ),
    "data_gradient_sum": Case(
        lambda at: svm.data_gradient("column", mean=False),
        {"mean_for_sum": lambda e: along(e.data) / 4},
        rows_too=False,
    ),
    "bias_gradients": Case(
        lambda at: svm.BIAS_GRADIENTS,
        {
            "hinge_compared_with_zero": lambda e: [[0, 0, -1, 0]],
            "forgot_condition": lambda e: [[-1, 1, -1, 1]],
            "forgot_minus": lambda e: [[0, -1, 1, -1]],
        },
        SIGNED,
    ),
}
LABELS = {"y": np.array([[1.0], [0], [1]]), "u": np.array([[2.0], [3], [5]])}
SEPARABILITY = {
    "scores": Case(
        lambda at: separability.SCORES,
        {"forgot_bias": lambda e: e.x @ e.w, "bias_subtracted": lambda e: e.x @ e.w - 0.2},
        {"b": np.array([[0.2]]), "x": np.arange(6.0).reshape(2, 3)},
        rows_too=False,
    ),
    "share_of_ones": Case(lambda at: separability.SHARE_OF_ONES, {"other_class": lambda e: [[0], [3], [0]]}, LABELS),
    "share_of_zeros": Case(lambda at: separability.SHARE_OF_ZEROS, {"other_class": lambda e: [[2], [0], [5]]}, LABELS),
    "weighted_mean": Case(lambda at: separability.MEAN, {"forgot_division": lambda e: e.sum}),
}
