"""Probabilities that are divided by or put into a logarithm are never less than 1e-12."""

from stepwise.expressions import Compare, Const, Expr, shown_as

SMALLEST = Const("1e-12")


def clipped(p: Expr) -> Expr:
    """p, but 1e-12 where p is less; the page says so when it happens."""
    return shown_as(p, Compare(p, "<", SMALLEST), SMALLEST, "clipped")
