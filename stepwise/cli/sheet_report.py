"""What is said on standard error of a search: how many candidates it took, what rejected them, what shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from stepwise.sheets.series import Series, Ticket


def tell_search(series: Series, tickets: Sequence[Ticket]) -> None:
    """The report of each question."""
    for number in range(len(series.sources)):
        for line in _said(series, number, tickets):
            click.echo(line, err=True)


def _said(series: Series, number: int, tickets: Sequence[Ticket]) -> Iterator[str]:
    tally, name = series.tallies[number], series.assignment.questions[number].problem.name
    yield f"{name}: {counted(tally.kept, 'variant')} of {counted(tally.tried, 'draw')} ({tally.rate:.1%})"
    if tally.rejected:
        most = ", ".join(f"{condition} {count:,}" for condition, count in tally.rejected.most_common())
        several = "; a draw may be rejected by several" if len(tally.rejected) > 1 else ""
        yield f"  rejected by {most}{several}"
    shown, possible = series.in_sight(number, tickets)
    if possible:
        # nearly all is not all
        share = shown / possible if shown == possible else min(shown / possible, 0.999)
        yield f"  known mistakes that would show in the answers: {share:.1%}"


def counted(count: int, what: str) -> str:
    """1 file, 2 files."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
