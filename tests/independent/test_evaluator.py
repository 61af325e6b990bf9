"""The evaluator finds true lines true and untrue lines untrue, and reads nothing that it does not understand."""

from __future__ import annotations

import math
import time
from fractions import Fraction
from random import Random

import pytest

from stepwise.verifying.printed.latex_numbers import evaluate_text
from stepwise.verifying.printed.values import Num, PrintedError

from . import alter_one_digit, check_operands, check_page, operands
from .altering import result_digits

TRUE = [
    # (formula, numbers re-done)
    (
        r"z^{(1)} = \begin{bmatrix} 0.5 & 0.2 \\ 0.1 & 0.1 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}"
        r" = \begin{bmatrix} 0.5(1) + 0.2(2) \\ 0.1(1) + 0.1(2) \end{bmatrix}"
        r" = \begin{bmatrix} 0.9 \\ 0.3 \end{bmatrix}",
        4,
    ),
    (r"z = w x + b = 0.5 \times 1 + 0.5 \times 1 + (-0.2) = 0.8", 1),
    (r"e^{0.63} \approx 1.878", 1),
    (r"a_1 = \frac{1.878}{3.543} \approx \mathbf{0.53}", 1),
    (r"a = \sigma(0.8) = \frac{1}{1+e^{-0.8}} \approx \frac{1}{1+0.449} \approx 0.690", 2),
    (r"e^{-(-0.3)} \approx 1.350", 1),
    (r"e^{0} = 1", 1),
    (r"L = -\ln(0.53) \approx 0.635", 1),
    (r"L = - (1 \cdot \log(0.53) + 0 \cdot \log(0.47)) \approx \mathbf{0.635}", 1),
    (r"L = \frac{1}{2}(0.731 - 1)^2 = \frac{1}{2}(-0.269)^{2} \approx 0.036", 2),
    (r"\frac{1}{2} \left( 0.4^{2} + 0.4^{2} \right) = 0.16", 1),
    (r"\max(0,\, 1 - (-1.2)) = 1 + 1.2 = 2.2", 2),
    (r"a = \max(0,\, 0.9) = 0.9 \quad (0.9 > 0)", 1),
    (r"\nabla w = \begin{bmatrix} -0.47 \\ 0.47 \end{bmatrix} \begin{bmatrix} 0.9 & 0.3 \end{bmatrix}"
     r" = \begin{bmatrix} -0.423 & -0.141 \\ 0.423 & 0.141 \end{bmatrix}", 4),
    (r"\begin{bmatrix} -0.094 \\ 0.094 \end{bmatrix} \odot \begin{bmatrix} 1 \\ 1 \end{bmatrix}"
     r" = \begin{bmatrix} -0.094 \\ 0.094 \end{bmatrix}", 2),
    (r"\underset{2 \times 2}{\begin{bmatrix} 0.6 & 0.3 \\ 0.4 & 0.5 \end{bmatrix}}"
     r" - 0.1 \times \begin{bmatrix} -0.423 & -0.141 \\ 0.423 & 0.141 \end{bmatrix}"
     r" \approx \begin{bmatrix} \mathbf{0.64} & 0.31 \\ 0.36 & 0.49 \end{bmatrix}", 4),
    (r"w = [0.4, 0.4] + [2, 1] = \mathbf{[2.4, 1.4]}", 2),
    (r"0.53 = 53\%", 1),
    (r"\frac{1.878}{3.543} \approx 0.530 = 53.0\%", 2),
    (r"\frac{1}{3} \times 0.3 = 0.1", 1),
    (r"1\mathrm{e}{-3} \times 2 = 0.002 = 2 \times 10^{-3}", 2),
    (r"e^{-11} \approx 1.670 \times 10^{-5}", 1),
    (r"9.996 \times 10^{-6} \times 1 \approx 1.00 \times 10^{-5}", 1),
    (r"\tanh(0.5) \approx 0.4621", 1),
    (r"0.5 \times \Phi(0.5) \approx 0.3457", 1),
    (r"\Phi(-21.8) \approx 1.16 \times 10^{-105}", 1),
    (r"\sqrt{0.25} = 0.5", 1),
    (r"\left| -0.3 \right| = 0.3", 1),
    (r"\left\| \begin{bmatrix} 3 \\ 4 \end{bmatrix} \right\|^{2} = 25", 1),
    (r"\operatorname{diag}\begin{bmatrix} 0.25 \\ 0.24 \end{bmatrix}"
     r" = \begin{bmatrix} 0.25 & 0 \\ 0 & 0.24 \end{bmatrix}", 4),
    (r"\operatorname{diag}\begin{bmatrix} 0.6 & 0.4 \end{bmatrix}"
     r" - \begin{bmatrix} 0.6 \\ 0.4 \end{bmatrix} \begin{bmatrix} 0.6 & 0.4 \end{bmatrix}"
     r" = \begin{bmatrix} 0.24 & -0.24 \\ -0.24 & 0.24 \end{bmatrix}", 4),
    (r"0.5 \times 0.25 \approx 0.13", 1),
    (r"-0.5 \times 0.25 \approx -0.13", 1),
    (r"-0.269^{2} \approx -0.072", 1),
    (r"1 - \begin{bmatrix} 0.690 & 0.426 \end{bmatrix} = \begin{bmatrix} 0.310 & 0.574 \end{bmatrix}", 2),
    (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} + \begin{bmatrix} 0.5 & 0.1 \end{bmatrix}"
     r" = \begin{bmatrix} 1.5 & 2.1 \\ 3.5 & 4.1 \end{bmatrix}", 4),
    (r"-(-0.357) = 0.357", 1),
    (r"\begin{cases} 0.9 & 0.9 > 0 \\ 0.01 \times 0.9 & 0.9 \le 0 \end{cases} = 0.9", 1),
    (r"\sum \begin{bmatrix} 1.878 \\ 1.665 \end{bmatrix} = 3.543", 1),
    (r"\max \begin{bmatrix} 0.63 \\ 0.51 \end{bmatrix} = 0.63", 1),
    (r"0.003 \times 0.0041 \approx 10^{-5}", 1),
    (r".5 \times 4 = 2", 1),
]  # fmt: skip

UNTRUE = [
    r"z = 0.5(1) + 0.2(2) = 0.8",
    r"z = 0.5 \times 0.063 = 0.032",  # rounded, so it must say ≈
    r"e^{0.63} = 1.878",
    r"1.0 - 0.5 \times 0.063 \approx 0.968",  # half-up gives 0.969
    r"\operatorname{diag}\begin{bmatrix} 0.25 \\ 0.24 \end{bmatrix}"
    r" = \begin{bmatrix} 0.25 & 0.24 \\ 0 & 0.24 \end{bmatrix}",
    r"\operatorname{diag}\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
    r"0.5 \times 0.25 \approx 0.12",
    r"-0.5 \times 0.25 \approx -0.12",
    r"a = \frac{1}{1+0.449} \approx 0.691",
    r"a = \frac{1}{1+0.439} \approx \frac{1}{1+0.449} \approx 0.690",
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} \odot \begin{bmatrix} 3 \\ 4 \end{bmatrix}"
    r" = \begin{bmatrix} 3 \\ 9 \end{bmatrix}",
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} + \begin{bmatrix} 3 \\ 4 \end{bmatrix}"
    r" = \begin{bmatrix} 4 & 6 \end{bmatrix}",
    r"\begin{bmatrix} 1 \\ 2 \end{bmatrix} \begin{bmatrix} 3 \\ 4 \end{bmatrix} = 11",
    r"a = \max(0,\, 0.9) = 0.9 \quad (0.9 < 0)",
    r"a = 0.9 \quad (0.9 \le 0)",
    r"\frac{1.878}{3.543} \approx 0.530 = 54\%",
    r"e^{-11} \approx 1.671 \times 10^{-5}",
    r"9.994 \times 10^{-6} \times 1 \approx 1.00 \times 10^{-5}",
    r"0.5 \times 0 = -0.0",
    r"0.5 \times 1 = ",
    r"0.5 \times 0.3 \approx 0.1 + 0.06",
    r"\begin{bmatrix} 0.5 & 0.2 \\ \vdots & \vdots \\ 0.1 & 0.1 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}"
    r" = \begin{bmatrix} 0.9 \\ \vdots \\ 0.4 \end{bmatrix}",
]

UNREADABLE = [
    r"\mystery{0.5} + 1 = 1.5",
    r"0.5 \ast 2 = 1",
    r"0.5 0.2 = 0.1",
    r"0.5 + = 0.5",
    r"0.4^23 = 1",
    r"\frac12 = 0.5",
    r"\begin{cases} 1 & 0.3 > 0 \\ 0 & 0.4 \ge 0.1 \end{cases} = 1",
    r"\left( 0.5 + 1 = 1.5",
    r"\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix} \times 1 = 1",
    r"\begin{bmatrix} 1 & \\ 3 & 4 \end{bmatrix} \times 1 = 1",
    r"\frac{1}{0} = 0",
    r"\mystery + \dots + 0.3 = 0.5",
]


def page(*formulas: str) -> str:
    return "\n\n".join(f"$$\n{formula}\n$$" for formula in formulas)


@pytest.mark.parametrize(("formula", "count"), TRUE)
def test_true_lines_are_true(formula: str, count: int) -> None:
    for text in (page(formula), f"Inline ${formula}$.", f"\\[\n{formula}\n\\]", f"\\( {formula} \\)"):
        report = check_page(text)
        assert (report.wrong, report.redone) == ([], count)


@pytest.mark.parametrize("formula", [*UNTRUE, *UNREADABLE])
def test_untrue_and_unreadable_lines_are_found(formula: str) -> None:
    assert check_page(page(formula)).wrong


@pytest.mark.parametrize(("formula", "count"), TRUE)
def test_every_altered_digit_of_a_result_is_noticed(formula: str, count: int) -> None:
    text = page(formula)
    places = result_digits(text)
    assert len(places) >= 1
    for place in places:
        for digit in set("0123456789") - {text[place]}:
            assert check_page(text[:place] + digit + text[place + 1 :]).wrong, (place, digit)


def test_one_digit_is_altered() -> None:
    text = page(*(formula for formula, _ in TRUE))
    altered = alter_one_digit(text, Random(1))
    assert sum(a != b for a, b in zip(text, altered, strict=True)) == 1
    assert len(check_page(altered).wrong) >= 1
    with pytest.raises(ValueError, match="no result"):
        alter_one_digit(page("z = w x"), Random(1))


def test_rows_of_an_aligned_display() -> None:
    text = page(
        r"""\begin{aligned}
z_1 &= w_{11} x_1 + w_{12} x_2 + b_1 \\
&= 0.5 \times 1 + 0.5 \times 1 \\
&\quad + (-0.2) \\
&= 0.8 \quad (0.8 > 0) \\[4pt]
z_2 &= (-0.5) \times 1 + (-0.5) \times 1 + 0.7 = -0.3 \\
& \vdots \\
z_9 &= 0.5 \times 1 = 0.5
\end{aligned}"""
    )
    report = check_page(text)
    assert (report.wrong, report.redone, report.conditions, report.elided) == ([], 3, 1, 1)
    assert check_page(text.replace("= 0.8", "= 0.9")).wrong
    assert check_page(text.replace("= -0.3", "= 0.3")).wrong
    assert check_page(text.replace("z_9 &= 0.5 ", "z_9 &= 0.6 ")).wrong


def test_rows_broken_inside_brackets_and_long_left_sides() -> None:
    text = page(
        r"""\begin{aligned}
L &= -(1 \times \ln(0.53) \\
&\quad + 0 \times \ln(0.47)) \\
&\approx 0.635 \\
&\frac{\partial L}{\partial z} \\
&\quad = 0.53 - 1 \\
&\quad = -0.47 \\
&-y \\
&\quad = -1 \times 0.5 = -0.5
\end{aligned}"""
    )
    report = check_page(text)
    assert (report.wrong, report.redone, report.symbolic) == ([], 3, 3)


def test_significant_figures_before_the_point() -> None:
    text = page(r"1234.5 \times 1 \approx 1230")
    assert check_page(text).wrong
    assert check_page(text, figures=3).wrong == []
    assert check_page(text, figures=4).wrong


def test_chains_side_by_side() -> None:
    text = page(
        r"\begin{aligned} e_1 &= e^{0.63} \approx 1.878 &\qquad e_2 &= e^{0.51} \\ && &\approx 1.665 \\"
        r" a_1 &= 0.5 \times 2 = 1 & (1 > 0) & \\ a_2 &= 0.5 \times 4 = 2 & (2 > 0) & \end{aligned}"
    )
    report = check_page(text)
    assert (report.wrong, report.redone, report.conditions) == ([], 4, 2)
    report = check_page(page(r"x = 2 \times 1 = 2,\quad y = 3 \times 1 = 3 \qquad \Rightarrow \qquad z = 2 + 3 = 5"))
    assert (report.wrong, report.redone) == ([], 3)
    report = check_page(page(r"\begin{aligned} & e^{0.63} \approx 1.878 \\ & e^{0.51} \approx 1.665 \end{aligned}"))
    assert (report.wrong, report.redone) == ([], 2)


def test_dots_exempt_what_they_hide_and_nothing_else() -> None:
    text = page(
        r"\begin{bmatrix} 0.5 & 0.2 \\ \vdots & \vdots \\ 0.1 & 0.1 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \end{bmatrix}"
        r" = \begin{bmatrix} 0.9 \\ \vdots \\ 0.3 \end{bmatrix}",
        r"z = 0.5(1) + \dots + 0.2(2) \approx 3.142",
        r"\begin{bmatrix} 0.5 & \cdots & 0.2 \end{bmatrix} \begin{bmatrix} 1 \\ 2 \\ \vdots \\ 4 \end{bmatrix} = 3",
        r"x_1 + \dots + x_n = y",
    )
    report = check_page(text)
    assert (report.wrong, report.redone, report.elided) == ([], 2, 3)


def test_symbolic_segments_are_counted_and_code_is_not_read() -> None:
    text = "Price \\$5.\n\n`$0.5 \\times 2 = 3$`\n\n```\n$$ 1 = 2 $$\n```\n" + page(r"z = \sigma(0.8) = W^{T} x")
    report = check_page(text)
    assert (report.wrong, report.redone, report.symbolic) == ([], 0, 3)


def test_latex_document() -> None:
    text = (
        "\\documentclass{article}\\newcommand{\\x}{$}\n\\begin{document}\n% \\[ 1 = 2 \\]\n"
        "\\begin{verbatim}\n\\[ 1 = 2 \\]\n\\end{verbatim}\nCosts \\$5.\\\\[2pt]\n"
        "\\[\n0.5 \\times 2 = 1\n\\] and \\(0.5 + 2 = 2.5\\)\n\\end{document}\n"
    )
    report = check_page(text)
    assert (report.wrong, report.redone) == ([], 2)
    assert check_page(text.replace("\n\\] and", " and")).wrong


@pytest.mark.parametrize("text", ["$$ 0.5 = 0.5", "a $0.5 = 0.5", "\\[ 0.5 = 0.5"])
def test_an_unclosed_formula_is_no_silence(text: str) -> None:
    assert check_page(text).wrong


def test_functions_agree_with_the_mathematical_library() -> None:
    rng = Random(2)
    for _ in range(200):
        x = round(rng.uniform(-6, 6), 3)
        positive = round(rng.uniform(0.001, 9), 3)
        expected = {
            f"e^{{{x}}}": math.exp(x),
            rf"\tanh({x})": math.tanh(x),
            rf"\sin({x})": math.sin(x),
            rf"\cos({x})": math.cos(x),
            rf"\sinh({x})": math.sinh(x),
            rf"\cosh({x})": math.cosh(x),
            rf"\arctan({x})": math.atan(x),
            rf"\operatorname{{erf}}({x})": math.erf(x),
            rf"\left|{x}\right|": abs(x),
            rf"\Phi({x})": 0.5 * math.erfc(-x / math.sqrt(2)),
            rf"\varphi({x})": math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
            rf"\ln({positive})": math.log(positive),
            rf"\sqrt{{{positive}}}": math.sqrt(positive),
        }
        for source, value in expected.items():
            result = evaluate_text(source)
            assert isinstance(result, Num)
            assert float(result.value) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 - 0.5 - 0.25", "0.25"),
        ("2 - 0.5(2)", "1"),
        ("8 / 2 / 2", "2"),
        (r"-3^{2}", "-9"),
        (r"(-3)^{2}", "9"),
        (r"\frac{1}{2}(0.5 - 1)^2", "0.125"),
        (r"2\,(3)\;(4)", "24"),
        (r"50\% \times 3", "1.5"),
        (r"\max\{0.1, 0.3, -2\}", "0.3"),
        (r"[2 - (1 - 3)]", "4"),
        (r"\tanh^{2}(0)", "0"),
    ],
)
def test_order_of_operations(source: str, value: str) -> None:
    result = evaluate_text(source)
    assert isinstance(result, Num)
    assert result.value == Fraction(value)


def test_ragged_and_unknown_are_errors() -> None:
    for source in (r"\begin{cases} 1 \\ 2 \end{cases}", "1 2", ")", r"\begin{bmatrix} \end{bmatrix}"):
        with pytest.raises(PrintedError):
            evaluate_text(source)


def test_operands_and_results_in_page_order() -> None:
    text = page(r"x = 2", r"z = w x + b = 0.5 \times 2 - (-0.1) = 1.1", r"a = \frac{1}{1 + e^{-1.1}} \approx 0.750")
    found = operands(text)
    assert [chain.operands for chain in found] == [[], ["0.5", "2", "-0.1"], ["1", "1", "-1.1"]]
    assert [chain.results for chain in found] == [["2"], ["1.1"], ["0.750"]]


def test_operands_come_from_somewhere() -> None:
    text = page(
        r"z = 0.5 \times 2 + \frac{1}{3} \approx 1.333",
        r"e^{-1.3333} \approx 0.2636",
        r"a = \frac{1}{1 + 0.2636} \approx 0.791",
        r"L = \frac{1}{2}(0.7914 - 1)^{2} \approx 0.022",
    )
    givens = ["0.50", "2", "1/3"]
    assert check_page(text).wrong == []
    assert check_operands(text, givens, ["1"]) == []
    assert len(check_operands(text, ["0.50", "2"], ["1"])) == 1
    assert len(check_operands(text, givens, [])) == 2
    typed = ["1/3", "50%", "1e-3"]
    assert check_operands(page(r"\frac{1}{3} \times 50\% + 1\mathrm{e}{-3} \approx 0.17"), typed, []) == []
    assert len(check_operands(page(r"3 \times 2 = 6"), ["1/3"], [])) == 2
    assert len(check_operands(text.replace("0.7914", "0.7924"), givens, ["1"])) == 1
    assert len(check_operands(text.replace("e^{-1.3333}", "e^{-1.3325}"), givens, ["1"])) == 0
    assert len(check_operands(text.replace("e^{-1.3333}", "e^{-1.3324}"), givens, ["1"])) == 1
    with pytest.raises(ValueError, match="not a typed number"):
        check_operands(text, ["sqrt(2)"], [])


def test_a_power_of_ten_alone_is_no_product() -> None:
    assert check_operands(page(r"2 \times 10^{-10} = 2 \times 10^{-10}"), ["2", "1e-10"], []) == []
    assert len(check_operands(page(r"3 + 10^{-10} \approx 3"), ["3"], [])) == 1
    assert check_operands(page(r"3 + 10^{-10} \approx 3"), ["3", "1e-10"], []) == []


def test_a_number_times_a_power_of_ten_that_was_printed_is_a_product() -> None:
    """η times a result of 10^150: two operands, though they look like one number."""
    text = page(r"h = 5 \times 2 \times 10^{149} = 10^{150}", r"u = 0.1 \times 10^{150} = 10^{149}")
    assert check_operands(text, ["0.1", "5", "2e149"], []) == []
    assert len(check_operands(text, ["5", "2e149"], [])) == 1


@pytest.mark.parametrize(
    ("formula", "wrong"),
    [
        (r"\tanh(10^{-20}) \approx 1.00 \times 10^{-20}", r"\tanh(10^{-20}) \approx 1.01 \times 10^{-20}"),
        (r"\tanh(10^{300}) \approx 1", r"\tanh(10^{300}) \approx 2"),
        (r"\tanh(-10^{300}) \approx -1", r"\tanh(-10^{300}) \approx 1"),
    ],
)
def test_tanh_of_numbers_far_out(formula: str, wrong: str) -> None:
    assert check_page(page(formula)).wrong == []
    assert len(check_page(page(wrong)).wrong) == 1


def test_an_exponential_too_large_to_be_written_out_is_exempt_and_counted() -> None:
    report = check_page(page(r"a = \frac{1}{1 + e^{10^{300}}} \approx 0", r"z = 0.5 \times 1 = 0.6"))
    assert (report.elided, report.redone, len(report.wrong)) == (1, 1, 1)


def test_a_tie_to_twelve_digits_is_a_tie() -> None:
    assert check_page(page(r"0.5 + (-2.4 \times 10^{-212}) \times 4 \approx 1")).wrong == []
    assert len(check_page(page(r"0.5 + (-2.4 \times 10^{-9}) \times 4 \approx 1")).wrong) == 1


def test_a_page_of_200_lines_is_quick() -> None:
    text = page(*(TRUE[i % len(TRUE)][0] for i in range(200)))
    start = time.perf_counter()
    report = check_page(text)
    assert report.wrong == []
    assert report.redone > 200
    assert time.perf_counter() - start < 0.5
