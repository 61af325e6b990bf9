"""What is put around formulas: braces below, intervals, the signs of rounding up."""

from __future__ import annotations

from collections.abc import Sequence


def under_brace(latex: str, mark: str) -> str:
    """A part of a formula with a brace below, marked by a letter that is explained elsewhere."""
    return rf"\underbrace{{{latex}}}_{{\mathrm{{({mark})}}}}"


def ceiling(latex: str) -> str:
    """⌈x⌉."""
    return rf"\left\lceil {latex} \right\rceil"


def interval(low: str | None, high: str | None, *, closed: bool) -> str:
    """All numbers between two ends; None stands for no end, and only numbers can be `closed` in."""
    opening = "[" if closed and low is not None else "("
    closing = "]" if closed and high is not None else ")"
    first = r"-\infty" if low is None else low
    last = r"\infty" if high is None else high
    if r"\frac" in f"{first}{last}":
        opening, closing = rf"\left{opening}", rf"\right{closing}"
    return rf"{opening}{first},\, {last}{closing}"


def set_of(members: Sequence[str]) -> str:
    """{0, 1}."""
    inside = r",\, ".join(members)
    return rf"\{{{inside}\}}"
