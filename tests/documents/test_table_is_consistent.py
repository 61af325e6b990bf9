"""The table of the documents' numbers is proven by plain decimal arithmetic that shares nothing with stepwise."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.documents.by_hand import EXAMPLES
from tests.documents.numbers import NUMBERS, Printed


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: f"{row.document}-{row.quantity}-{row.text}")
def test_the_row_follows_from_the_givens(row: Printed) -> None:
    """Rounded line by line, the quantity is the printed number."""
    sign, name, *index = re.findall(r"^-?|\w+", row.quantity)
    i, j = [0, *(int(k) - 1 for k in index)][-2:] if index else (0, 0)
    value = EXAMPLES[row.document]()[name][i][j]
    assert Decimal(row.text) == (-value if sign else value), row.where
