"""Numbers far out: every page is finite and true as printed, or the error says which line is too large."""

from __future__ import annotations

import re
import time
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import numpy as np
import pytest

from stepwise import Trace, UnsupportedError, render, solve
from stepwise.notation.numbers import Digits, carried
from stepwise.operations.activations import ACTIVATIONS
from stepwise.problem import read_problem, with_options
from stepwise.resources import resource
from stepwise.verifying.printed import check_page

FAR = ("1000", "-1000", "1e300", "-1e300", "1e-300", "-0.0", "1e16", "123456789.123", "4712.1234", "35", "-35")
"""The scores of two units: each weight with an input of 1, and a small number beside it."""
PAIRS = (
    *((name, "mse") for name in ACTIVATIONS),
    ("softmax", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("identity", "neg_log_sigmoid"),
    ("identity", "hinge"),
)
LABELS = {"hinge": "labels: [1, -1]\n", "neg_log_sigmoid": ""}
_NOT_FINITE = re.compile(r"(?<![A-Za-z])(?:nan|inf|NaN|Infinity|∞)(?![a-z])|\\infty")


def _solved(text: str, *, carry: bool = False) -> Trace:
    return solve(with_options(read_problem(text, name="far", source="far.yaml", folder=None), carry=carry))


def _far(z: str, activation: str, loss: str) -> str:
    return (
        f"architecture: {{layers: [{{activation: {activation}}}], loss: {loss}}}\n"
        f"weights: [[{z}, 0.5], [0.3, {z}]]\ninputs: [1, 1]\n{LABELS.get(loss, 'labels: [1, 0]')}\nlr: 0.1\n"
        "train: {loss_after: true}\n"
    )


def _too_far(z: str, activation: str, loss: str, *, carry: bool) -> str:
    """What is said where there is no page: of a square of 1e300, and of exponentials that are 0 for whoever rounds."""
    if carry and (z, activation) == ("-35", "softmax"):
        return "all exponentials of a1 are rounded to 0"
    grows = {"identity", "leaky_relu"} | ({"relu", "elu", "swish", "gelu", "softplus"} if z == "1e300" else set())
    too_large = z.endswith("1e300") and loss == "mse" and activation in grows
    return "square is no longer a finite number" if too_large else ""


@pytest.mark.parametrize("z", FAR)
@pytest.mark.parametrize("part", [0, 1])
def test_pages_of_numbers_far_out(z: str, part: int) -> None:
    """Half of the pairs in hand arithmetic and half in exact arithmetic, and at the next number the other way round."""
    for number, (activation, loss) in enumerate(PAIRS):
        if number % 2 != part:
            continue
        carry = bool((number // 2 + FAR.index(z)) % 2)
        if said := _too_far(z, activation, loss, carry=carry):
            with pytest.raises(UnsupportedError, match=said):
                _solved(_far(z, activation, loss), carry=carry)
            continue
        trace = _solved(_far(z, activation, loss), carry=carry)
        for form, language in (("md", "en"), ("latex", "zh"), ("json", "en")):
            page = render(trace, form, language)
            assert not _NOT_FINITE.search(page), (activation, loss, form)
            if form != "json":
                report = check_page(page)
                assert not report.wrong, (activation, loss, carry, report.wrong[0])
                assert report.redone > 10


@pytest.mark.parametrize("carry", [False, True])
def test_what_is_done_about_large_numbers_is_said(carry: bool) -> None:
    for z, said in (("1000", ("largest", "最大")), ("-1000", ("10^{-12}", "10^{-12}"))):
        text = (
            "architecture: {layers: [{activation: softmax}], loss: cross_entropy}\n"
            f"weights: [[{z}], [0.5]]\ninputs: 1\nlabels: {int(z == '1000')}\n"
        )
        for language, words in zip(("en", "zh"), said, strict=True):
            assert words in render(_solved(text, carry=carry), "md", language)


def test_a_rounded_square_of_a_large_number_is_about() -> None:
    """4712.1234 · 4712.1234 = 22204106.93682756, and four decimals of it are not all."""
    text = (
        "architecture: {layers: [{activation: identity}], loss: {name: mse, factor: 1}}\n"
        "weights: 4712.1234\ninputs: 1\nlabels: 0\n"
    )
    for carry in (False, True):
        assert r"4712.1234^{2} \approx 22204106.9368" in render(_solved(text, carry=carry), "md", "en")


def test_hand_arithmetic_carries_large_numbers_as_they_are_printed() -> None:
    text = (
        "architecture: {layers: [{activation: identity}], loss: mse}\n"
        "weights: 123456789.123\ninputs: 1\nlabels: 0\nrounding: {carry: true, decimals: 4}\n"
    )
    trace = _solved(text, carry=True)
    assert trace.shown("z1") == ["1.235e8"]
    assert trace["z1"].tolist() == [123_500_000]


def test_numbers_too_near_to_zero_are_refused() -> None:
    with pytest.raises(Exception, match=r"far\.yaml:2: weights: '5e-324' is too small for a number"):
        _solved("architecture: {layers: [{activation: tanh}]}\nweights: 5e-324\ninputs: 1\n")


# ---- many numbers

_CLASSES = (
    "architecture: {layers: [{activation: softmax}], loss: cross_entropy}\n"
    f"weights: [{', '.join(f'[0.{i:02}, -0.{99 - i:02}]' for i in range(100))}]\ninputs: [1, 2]\nlabels: 7\nlr: 0.1\n"
)
_FEATURES = (
    "architecture: {layers: [{activation: sigmoid}], loss: mse}\n"
    f"weights: [{', '.join(f'0.{i % 97:02}' for i in range(10_000))}]\n"
    f"inputs: [{', '.join(f'-0.{i % 89:02}' for i in range(10_000))}]\nlabels: 1\nlr: 0.1\n"
)
_SAMPLES = (
    "architecture: {layers: [{activation: sigmoid}], loss: mse}\nweights: 0.3\nbiases: 0.1\n"
    f"inputs: [{', '.join(f'[-0.{i % 89:02}]' for i in range(10_000))}]\n"
    f"labels: [{', '.join(str(i % 2) for i in range(10_000))}]\nlr: 0.1\n"
)


@pytest.mark.parametrize("carry", [False, True])
@pytest.mark.parametrize(
    "text", [_CLASSES, _FEATURES, _SAMPLES], ids=["100-classes", "10000-features", "10000-samples"]
)
def test_pages_of_many_numbers_are_short_and_soon_made(text: str, carry: bool) -> None:
    trace = _solved(text, carry=carry)
    for form, language in product(("md", "latex"), ("en", "zh")):
        start = time.process_time()
        page = render(trace, form, language)
        assert time.process_time() - start < 1  # some hundredths
        assert len(page) < 12_000
        assert not _NOT_FINITE.search(page)
        assert not check_page(page).wrong
    assert not _NOT_FINITE.search(render(trace, "json"))


def test_the_code_of_a_notebook_rounds_large_numbers_as_the_page_does() -> None:
    names: dict[str, Any] = {"np": np, "Decimal": Decimal, "ROUND_HALF_UP": ROUND_HALF_UP}
    exec((resource("templates") / "notebook" / "rounded.txt").read_text(encoding="utf-8"), names)
    values = [123456789.123, -2.5e9, 1e30, 99999999.12344, 0.00005, 0.0]
    assert names["rounded"](values, 4).tolist() == [123_500_000, -2.5e9, 1e30, 99999999.1234, 0.0001, 0]
    assert carried(values, Digits(4)).tolist() == names["rounded"](values, 4).tolist()
