"""Widths of formulas: whatever the digits are, they are equally wide."""

from __future__ import annotations

import pytest

from stepwise.notation.widths import _width, width

_FORMULAS = (
    r"0.5 \times (-0.25) + 1.7 \times 10^{-3}",
    r"\frac{1}{1 + e^{-0.731}} \approx 0.675",
    r"\begin{bmatrix} 0.1 & -12.25 \\[0.5em] 31 & 4 \end{bmatrix}",
    r"w^{(1)}_{12} x_2 + b^{(2)}_{1} = 9876543210",
    r"\sum_{k=1}^{10} \delta^{(2)}_k",
)


@pytest.mark.parametrize("latex", _FORMULAS)
def test_a_width_does_not_depend_on_the_digits(latex: str) -> None:
    """The estimate for one formula serves all with other numbers in it: it is the one that its own digits give."""
    own = _width.__wrapped__(latex)
    assert width(latex) == own
    for digit in "123456789":
        assert width("".join(digit if one.isdigit() else one for one in latex)) == own


def test_another_digit_more_is_wider() -> None:
    assert width("0.1234") > width("0.123")
