"""Whether the lines inside a function of the file fit a page of 41 em, by the estimate of widths."""

from __future__ import annotations

import pytest

from stepwise.expressions import Const, Expr, Func, line, ref
from stepwise.operations.own import fits


def nested(depth: int) -> Expr:
    """tanh(tanh(… z)), each of them a line: 3.14 em more in symbols, and one number where the lines have values."""
    tree: Expr = ref("z")
    for count in range(depth):
        tree = line(f"tanh_{count}", Func("tanh", tree))
    return tree


@pytest.mark.parametrize(
    ("depth", "factors", "fit"),
    [
        # formula and numbers beside each other: 6.2 + 30.2 em, 6.8 + 33.8 em, 20.4 + 26.7 em
        (0, 7, True),
        (0, 8, False),
        (5, 6, False),
        # from half the page on the formula stands alone (23.5 em, 22.3 em), below it 26.7 em, 37.3 em, 40.9 em
        (6, 6, True),
        (5, 9, True),
        (6, 10, False),
        # the whole in symbols: 33.4 em, 36.6 em
        (10, 0, True),
        (11, 0, False),
    ],
)
def test_a_line_has_its_numbers_beside_its_formula_or_below_it(depth: int, factors: int, fit: bool) -> None:
    argument = nested(depth)
    for _ in range(factors):
        argument = argument * ref("alpha")
    assert fits(ref("z") + line("argument", argument), "_{12}^{(1)}") is fit


@pytest.mark.parametrize(("depth", "fit"), [(10, True), (11, False)])
def test_a_product_with_z_is_as_wide_as_its_factors(depth: int, fit: bool) -> None:
    """1.6 + 32.2 em in symbols, 1.6 + 35.3 em; there is no sign between them."""
    assert fits(ref("z") * nested(depth), "_{12}^{(1)}") is fit


@pytest.mark.parametrize(("depth", "fit"), [(11, True), (12, False)])
def test_an_exponent_that_is_a_line_is_as_wide_as_a_line(depth: int, fit: bool) -> None:
    """38.5 em or 41.6 em, and a second part that stands below; as an exponent it was smaller."""
    argument = Func("tanh", nested(depth)) + ref("z")
    assert fits(Func("exp", line("argument", argument)), "_{12}^{(1)}") is fit


@pytest.mark.parametrize(("digits", "fit"), [(36, True), (41, False), (42, True)])
def test_a_formula_of_half_a_page_stands_beside_its_numbers(digits: int, fit: bool) -> None:
    """A digit is 0.5 em: 18 + 18 em beside each other, 20.5 + 20.5 em are too much, 21 em stand alone."""
    assert fits(ref("z") + line("argument", Const("1" * digits)), "_{12}^{(1)}") is fit
