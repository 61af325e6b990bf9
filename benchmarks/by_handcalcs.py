"""The numbers of `xor-mlp` in handcalcs: each entry of each line that stepwise writes, as a line of Python."""

# ruff: noqa: F841
# handcalcs reads the source of the function: a line is what it writes, and the names are those of the page
from __future__ import annotations

from math import exp
from typing import Any

from handcalcs.decorator import handcalc


# fmt: off
@handcalc(jupyter_display=False)
def worked(x_1, x_2, t, eta, w_11, w_12, w_21, w_22, b_1, b_2, v_1, v_2, c):  # type: ignore[no-untyped-def]
    z_1 = w_11 * x_1 + w_12 * x_2 + b_1
    z_2 = w_21 * x_1 + w_22 * x_2 + b_2
    e_1 = exp(-z_1)
    e_2 = exp(-z_2)
    s_1 = 1 + e_1
    s_2 = 1 + e_2
    h_1 = 1 / s_1
    h_2 = 1 / s_2
    z_3 = v_1 * h_1 + v_2 * h_2 + c
    e_3 = exp(-z_3)
    s_3 = 1 + e_3
    y = 1 / s_3
    L = 1 / 2 * (y - t) ** 2
    g_y = y - t
    f_3 = y * (1 - y)
    delta_3 = g_y * f_3
    dv_1 = delta_3 * h_1
    dv_2 = delta_3 * h_2
    dc = delta_3
    back_1 = v_1 * delta_3
    back_2 = v_2 * delta_3
    f_1 = h_1 * (1 - h_1)
    f_2 = h_2 * (1 - h_2)
    delta_1 = back_1 * f_1
    delta_2 = back_2 * f_2
    dw_11 = delta_1 * x_1
    dw_12 = delta_1 * x_2
    dw_21 = delta_2 * x_1
    dw_22 = delta_2 * x_2
    db_1 = delta_1
    db_2 = delta_2
    v_1new = v_1 - eta * dv_1
    v_2new = v_2 - eta * dv_2
    c_new = c - eta * dc
    w_11new = w_11 - eta * dw_11
    w_12new = w_12 - eta * dw_12
    w_21new = w_21 - eta * dw_21
    w_22new = w_22 - eta * dw_22
    b_1new = b_1 - eta * db_1
    b_2new = b_2 - eta * db_2
    return b_2new  # noqa: RET504
# fmt: on


def page(numbers: dict[str, Any]) -> str:
    """The working as handcalcs writes it, in LaTeX."""
    latex, _ = worked(**numbers)
    return str(latex)
