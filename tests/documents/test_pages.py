"""Every number of the documents stands in our trace, as printed, and on our page."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from stepwise import load_problem, render, solve
from tests.documents.numbers import NUMBERS, REMARKS, Printed

ENTRY = re.compile(r"^(-?)(\w+)(?:\[(\d+)(?:,(\d+))?\])?$")


@cache
def trace_of(problem: str) -> Any:
    """The shipped problem, solved."""
    return solve(load_problem(problem))


@cache
def page_of(problem: str) -> str:
    """Its full page in English."""
    page: str = render(trace_of(problem), format="md", language="en", detail="full")
    return page


def shown(problem: str, quantity: str) -> str:
    """The printed text of one number: a quantity with one number, or one entry of an array."""
    match = ENTRY.match(quantity)
    assert match, quantity
    _, name, row, column = match.groups()
    if name in {"lr", "l2"}:
        return str(getattr(load_problem(problem), name).text)
    texts = np.array(trace_of(problem).shown(name), dtype=object)
    index = tuple(int(i) - 1 for i in (row, column) if i)
    if not index:
        assert texts.size == 1, f"{quantity} has {texts.size} numbers"
        return str(texts.item())
    return str(texts[index] if texts.ndim == len(index) else texts.reshape(-1)[index])


def stands(text: str, page: str) -> bool:
    """Whether the number stands on the page by itself, not as a part of a longer one."""
    return re.search(rf"(?<![\d.]){re.escape(text)}(?![\d]|\.\d)", page) is not None


def label(row: Printed) -> str:
    """A test's name."""
    return f"{row.document}-{row.quantity}-{row.text}"


def test_the_table_is_long_enough() -> None:
    """The documents print over 150 numbers in these examples."""
    assert len(NUMBERS) > 150
    assert {row.document for row in NUMBERS} == set("ABCEH")


@pytest.mark.parametrize("row", NUMBERS, ids=label)
def test_the_trace_shows_it(row: Printed) -> None:
    """The quantity's printed text is the document's."""
    expected = f"-{row.text}" if row.quantity.startswith("-") else row.text
    assert shown(row.problem, row.quantity) == expected, row.where


@pytest.mark.parametrize("row", NUMBERS, ids=label)
def test_the_page_prints_it(row: Printed) -> None:
    """The text stands on the page."""
    assert stands(row.text, page_of(row.problem)), row.where


@pytest.mark.parametrize("row", REMARKS, ids=lambda row: f"{row.document}-{row.text}")
def test_the_page_says_it(row: Any) -> None:
    """Probabilities in per cent stand in a remark, with or without a backslash before the sign."""
    assert stands(row.text, page_of(row.problem).replace("\\%", "%")), row.where
