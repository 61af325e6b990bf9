"""Pages in letters and exact forms: what stands on a line, and that every number on it is true."""

from __future__ import annotations

from functools import cache

import pytest

from stepwise.cli import group
from stepwise.document import render
from stepwise.errors import UnsupportedError
from stepwise.problem import load_problem, read_problem, shipped_problems
from stepwise.trace import Trace, solve
from tests.independent import check_page

LETTERS = load_problem("letters-network")


@cache
def in_forms(name: str, forms: str) -> Trace | None:
    """A shipped problem in letters or exact forms; None where that is refused."""
    try:
        return solve(load_problem(name), forms)  # type: ignore[arg-type]
    except UnsupportedError:
        return None


def lines(trace: Trace, **options: object) -> str:
    return render(trace, "md", "en", **options)  # type: ignore[arg-type]


def test_each_operand_is_written_one_level_deep() -> None:
    page = lines(solve(LETTERS))
    for wanted in (
        r"z^{(1)}_{1} &= w_{11} x_{1} + w_{12} x_{2} + b_{1}",
        r"h_{1} &= \frac{1}{1 + e^{-z^{(1)}_{1}}} = \frac{1}{1 + e^{-(w_{11} x_{1} + w_{12} x_{2} + b_{1})}}",
        r"y = \frac{1}{1 + e^{-(v_{1} h_{1} + v_{2} h_{2} + c)}}",
        r"L = \frac{1}{2} (y - t)^{2} = \frac{1}{2} \left(\frac{1}{1 + e^{-z^{(2)}}} - t\right)^{2}",
        r"\delta^{(2)} = \frac{\partial L}{\partial y} \cdot \frac{\partial y}{\partial z^{(2)}} = (y - t) y (1 - y)",
        r"\delta^{(1)}_{1} &= v_{1} \delta^{(2)} \frac{\partial h_{1}}{\partial z^{(1)}_{1}} = "
        r"v_{1} (y - t) y (1 - y) h_{1} (1 - h_{1})",
        r"\frac{\partial L}{\partial w_{12}} &= \delta^{(1)}_{1} x_{2} = v_{1} \delta^{(2)} h_{1} (1 - h_{1}) x_{2}",
        r"w_{12}^{\mathrm{new}} &= w_{12} - \eta \frac{\partial L}{\partial w_{12}} = "
        r"w_{12} - \eta \delta^{(1)}_{1} x_{2}",
    ):
        assert wanted in page


def test_expanded_lines_go_down_to_what_is_given() -> None:
    page = lines(solve(LETTERS), expand=True, until="L")
    inner = r"\frac{1}{1 + e^{-(w_{%d1} x_{1} + w_{%d2} x_{2} + b_{%d})}}"
    z2 = rf"v_{{1}} {inner % (1, 1, 1)} + v_{{2}} {inner % (2, 2, 2)} + c"
    assert rf"y = \frac{{1}}{{1 + \exp\left(-\left({z2}\right)\right)}}" in page
    # the loss would not fit a page: it stays one level deep, and the page says so
    assert r"L = \frac{1}{2} (y - t)^{2} = \frac{1}{2} \left(\frac{1}{1 + e^{-z^{(2)}}} - t\right)^{2}" in page
    assert "too long to read" in page


def test_numbers_among_letters_are_put_in_and_brought_together() -> None:
    page = lines(solve(load_problem("one-letter")))
    assert r"z = w x_{1} + w_{2} x_{2} + b = w \cdot 1 + 0.5 \cdot 1 + (-0.2) = w + 0.3" in page
    assert r"a = \frac{1}{1 + e^{-(w + 0.3)}}" in page
    assert r"w^{\mathrm{new}} &= w - \eta \frac{\partial L}{\partial w} = w - 0.5 \delta" in page


def test_exact_forms_of_numbers() -> None:
    page = lines(solve(load_problem("xor-mlp"), "forms"))
    assert r"h_{1} &= \frac{1}{1 + e^{-z^{(1)}_{1}}} = \frac{1}{1 + e^{-0.8}} \approx 0.690" in page
    assert r"= \frac{1}{1 + e^{-0.8}} + \frac{1}{1 + e^{0.3}} - 0.5 \approx 0.616" in page


def test_fractions_stay_fractions_where_fractions_were_typed() -> None:
    text = """
architecture: {layers: [{activation: identity}], loss: mse}
weights: [[2/3, 1]]
inputs: [1, 2]
labels: 1
lr: 1/2
"""
    page = lines(solve(read_problem(text, name="p", source="p.yaml", folder=None), "forms"))
    # 2/3 + 2 = 8/3; ½(5/3)² = 25/18; 2/3 − ½·5/3 = −1/6
    assert r"= \frac{8}{3} \approx 2.6667" in page
    assert r"\frac{25}{18} \approx 1.3889" in page
    assert r"-\frac{1}{6} \approx -0.1667" in page


@pytest.mark.parametrize("expand", [False, True])
@pytest.mark.parametrize("name", shipped_problems())
def test_every_number_of_an_exact_page_is_true(name: str, expand: bool) -> None:
    trace = in_forms(name, "forms")
    if trace is None:
        return
    checked = check_page(lines(trace, expand=expand))
    assert checked.wrong == []
    assert checked.redone or checked.symbolic


def test_enough_of_them_are_redone() -> None:
    redone = sum(len_of(name) for name in ("xor-mlp", "relu-mlp-rows", "softmax-regression"))
    assert redone > 60


def len_of(name: str) -> int:
    trace = in_forms(name, "forms")
    assert trace is not None
    return check_page(lines(trace)).redone


def test_a_wrong_number_on_an_exact_page_is_found() -> None:
    page = lines(solve(load_problem("xor-mlp"), "forms")).replace(r"\approx 0.690", r"\approx 0.691")
    assert check_page(page).wrong


def test_hand_rounding_is_left_out() -> None:
    assert load_problem("xor-mlp").rounding.carry
    assert "rounded" not in lines(solve(load_problem("xor-mlp"), "letters")).replace("nothing is rounded", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--letters", "--exact-forms"], "exclude each other"),
        (["--letters", "--hand"], "hand arithmetic rounds"),
        (["--expand"], "expanding is for letters and exact forms"),
    ],
)
def test_options_that_do_not_go_together(options: list[str], message: str) -> None:
    from click.testing import CliRunner

    result = CliRunner().invoke(group, ["solve", "xor-mlp", *options])
    assert result.exit_code != 0
    assert message in f"{result.output}{result.exception}"


def written(text: str, **options: object) -> str:
    return lines(solve(read_problem(text, name="p", source="p.yaml", folder=None)), **options)


ONE = """
architecture: {layers: [{activation: sigmoid}], loss: mse}
weights: [[w, 2]]
biases: [0.3]
inputs: [2, c]
labels: 1
lr: eta
"""


def test_a_brief_page_has_formula_and_result() -> None:
    page = written(ONE, detail="brief")
    assert "z = w x_{1} + w_{2} c + b = 2 w + 2 c + 0.3" in page
    assert r"a = \frac{1}{1 + e^{-(2 w + 2 c + 0.3)}}" in page


def test_a_letter_in_two_places_has_two_derivatives_with_names_of_their_own() -> None:
    page = written(ONE.replace("[[w, 2]]", "[[w, w]]"))
    assert r"\frac{\partial L}{\partial w_{1}} &= \delta x_{1} = " in page
    assert r"\frac{\partial L}{\partial w_{2}} &= \delta c = " in page
    assert r"\frac{\partial L}{\partial w} " not in page


def test_new_parameters_keep_their_name_after_the_update() -> None:
    page = written(f"{ONE}train: {{loss_after: true}}\n")
    assert r"z^{\mathrm{new}} = w^{\mathrm{new}} x_{1} + w^{\mathrm{new}}_{2} c + b^{\mathrm{new}}" in page


def test_what_an_iteration_left_is_a_number_where_it_is_one() -> None:
    text = """
model: perceptron
weights: [0, 0]
biases: 0
inputs: [[0, 0], [1, 1]]
labels: [0, 1]
lr: eta
"""
    page = written(text)
    second = page[page.index("Iteration 2") :]
    assert r"w = \begin{bmatrix} 0 \\ 0 \end{bmatrix}" in second
    assert r"z = w_{1} x_{1} + w_{2} x_{2} + b = 0 \times 1 + 0 \times 1 + 0 = 0" in second
    assert r"w^{\mathrm{new}}_{1} &= w_{1} + \eta e x_{1} = 0 + \eta \cdot 1 \cdot 1 = \eta" in second


def test_the_samples_of_a_later_batch_go_by_their_own_places() -> None:
    trace = in_forms("minibatch-softmax-epoch", "letters")
    assert trace is not None
    page = lines(trace)
    assert r"X = \begin{bmatrix} X_{31} & X_{32} \end{bmatrix}" in page[page.index("Iteration 2") :]
    assert "stand for what the iteration before left" in page


def test_nothing_is_read_as_part_of_a_case_that_stands_behind_it() -> None:
    text = ONE.replace("sigmoid", "relu").replace("mse", "hinge").replace("[2, c]", "[c, 2]")
    page = written(text)
    cases = r"\left(\begin{cases} -1 & a < 1 \\ 0 & a \ge 1 \end{cases}\right) "
    assert cases + r"\begin{cases} 1 & z > 0" in page
    assert r"\end{cases} c" not in page


def test_fractions_of_formulas_stay_fractions() -> None:
    page = written(ONE)
    assert r"L = \frac{1}{2} (a - y)^{2} = \frac{1}{2} \left(\frac{1}{1 + e^{-z}} - 1\right)^{2}" in page
