"""Proving that no line separates points: weighted sums of the points of each class, and their weighted means."""

from __future__ import annotations

from stepwise.expressions import Sum, ref
from stepwise.operations.linear import of_bias
from stepwise.operations.operation import Operation, made

_U, _Y, _X = ref("u"), ref("y"), ref("x")

_PRODUCT = (ref("w").T @ _X.T).T
SCORES = Operation("score", _PRODUCT + ref("b"), lambda: of_bias(_PRODUCT))
"""z = w·x + b of every point; they stand one a row."""
SHARE_OF_ONES = Operation("share_of_ones", _U * _Y, lambda: made(other_class=_U * (1 - _Y)))
"""The multipliers of the 1-points; 0 elsewhere."""
SHARE_OF_ZEROS = Operation("share_of_zeros", _U * (1 - _Y), lambda: made(other_class=_U * _Y))
WEIGHTED_SUM = Operation("weighted_sum", _X.T @ ref("share"))
"""The points added up, each as often as its multiplier says; they stand one a row."""
TOTAL = Operation("total", Sum(ref("share"), "rows"))
MEAN = Operation("weighted_mean", ref("sum") / ref("total"), lambda: made(forgot_division=ref("sum")))
