"""The words of verifications: the same in every language, all said, and none missing."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest

from stepwise import load_problem, solve, verify
from stepwise.document.verified import render_verification, render_verified
from stepwise.document.words import catalogue
from stepwise.resources import known_languages
from stepwise.verifying import Compared, Counted, GradientCheck, Missed, Verification
from tests.document.listening import listening

CHINESE_ONLY = "，。；："


def everything() -> Verification:
    """A verification in which everything happens."""
    verdicts = ("holds", "misses", "corner", "jumps", "clipped", "overflows", "unclear", "drowned", "skipped")
    gradients = [GradientCheck(f"dW{i}", 4, Compared(one, 4, 0.1), Compared(one)) for i, one in enumerate(verdicts)]
    kinds = ("outputs", "rule", "proof", "equalities", "operands", "sizes", "finite")
    reasons = ("", "cut", "letters", "shapes", "nothing", "", "")
    counts = [
        Counted(kind, "skipped" if reason else "misses", 3, 1, reason)
        for kind, reason in zip(kinds, reasons, strict=True)
    ]
    counts.append(Counted("finite", "holds", 5))
    names = ("gradient", "value", "shape", "finite", "proof", "equality", "operand", "unreadable")
    misses = [Missed(one, f"dW1[{i}]", "1", "2", i, "a = 1") for i, one in enumerate(names)]
    some = GradientCheck("dW9", 700, Compared("holds", 100, 2e-12), Compared("skipped"))
    return Verification(
        "x", (*gradients, some), tuple(counts), tuple(misses), True, (("a", "-3/16"), ("b", "1")), 250, 3
    )


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    ours, english = catalogue(language, "verify"), catalogue("en", "verify")
    assert sorted(ours) == sorted(english)
    assert {key: slots(text) for key, text in ours.items()} == {key: slots(text) for key, text in english.items()}


def test_every_sentence_is_said_somewhere() -> None:
    trace = solve(load_problem("xor-mlp"))
    whole = everything()
    with listening() as heard:
        for one in (
            whole,
            replace(whole, misses=whole.misses[:1]),
            replace(whole, misses=(), gradients=()),
            replace(whole, gradients=whole.gradients[-1:]),
        ):
            render_verification(trace, one, "md", "en")
        render_verified(trace)
    assert set(catalogue("en", "verify")) - heard == set()


@pytest.mark.parametrize("form", ["text", "md"])
def test_every_miss_says_where_and_what(form: str) -> None:
    page = render_verification(solve(load_problem("xor-mlp")), everything(), form, "en")
    assert "8 checks failed:" in page
    for line in ("Line 5: 1 is printed, and re-doing the line gives 2", "Line 6: 1 is neither given"):
        assert line in page
    for number in range(5):
        assert f"dW1[{number}]" in page.replace("\\", "")
    assert ("100 of 700" in page, "wrong by" in page) == (True, True)


def test_chinese_has_its_own_marks() -> None:
    page = render_verification(solve(load_problem("xor-mlp")), everything(), "md", "zh")
    sentences = [line for line in page.splitlines() if line.startswith("- ")]
    assert len(sentences) >= 12
    assert all(any(mark in line for mark in CHINESE_ONLY) for line in sentences)


def test_numbers_are_written_as_powers_of_ten() -> None:
    trace = solve(load_problem("xor-mlp"))
    one = everything()
    errors = (2.4e-12, 1e-16, 0.0, 0.1)
    gradients = tuple(
        GradientCheck(f"dW{i}", 1, Compared("holds", 1, error), Compared("skipped")) for i, error in enumerate(errors)
    )
    page = render_verification(trace, replace(one, gradients=gradients), "md", "en")
    for latex in (r"$2 \times 10^{-12}$", r"$10^{-16}$", "$0$", r"$10^{-1}$"):
        assert latex in page
    plain = render_verification(trace, replace(one, gradients=gradients), "text", "en")
    assert "2e-12" in plain
    assert "$" not in plain
    assert "\\" not in plain


def test_what_is_checked_is_what_is_written() -> None:
    trace = solve(load_problem("softmax-regression"))
    for form in ("md", "latex"):
        page, verified = render_verified(trace, form, "en+zh")
        assert verified.count("equalities").counted == verify(trace).count("equalities").counted
        assert "Verification / 验证" in page
