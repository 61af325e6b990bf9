"""stepwise solve"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from stepwise.cli.output import emit

if TYPE_CHECKING:
    from stepwise.problem import Problem


@click.command(name="solve", short_help="Write the worked solution of a problem.")
@click.argument("problem")
@click.argument("more", nargs=-1, metavar="")
@click.option("--format", "form", default="md", metavar="FORMAT", help="md (default), latex or json.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the file's, else en]")
@click.option("--detail", default="full", metavar="DETAIL", help="full (default), or brief: formulas and results only.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--exact", is_flag=True, help="Full precision, rounded in print.")
@click.option("--hand", is_flag=True, help="Round every line and carry on.")
@click.option("--decimals", type=click.IntRange(0, 12), metavar="N", help="Decimals of every result.")
@click.option("--figures", type=click.IntRange(1, 12), metavar="N", help="Significant figures of every result.")
@click.option("--only", multiple=True, metavar="ID...", help="Only these quantities; names may be patterns.")
@click.option("--until", metavar="ID", help="Everything up to this quantity.")
@click.option("--templates", metavar="DIR", help="A folder of templates to use before the shipped ones.")
def command(
    problem: str,
    more: tuple[str, ...],
    form: str,
    language: str | None,
    detail: str,
    output: str | None,
    exact: bool,
    hand: bool,
    decimals: int | None,
    figures: int | None,
    only: tuple[str, ...],
    until: str | None,
    templates: str | None,
) -> None:
    """Write the worked solution of PROBLEM: a file, the name of a shipped problem, or - for standard input.

    \b
    Examples:
      stepwise solve xor-mlp
      stepwise solve xor-mlp --lang en+zh --format latex -o xor.tex
      stepwise solve my-problem.yaml --hand --decimals 3 --only dW1 W1_new
    """
    if more and not only:
        raise click.UsageError(f"one problem at a time; what is {more[0]!r}? (several ids go behind --only)")
    if decimals is not None and figures is not None:
        raise click.UsageError("--decimals and --figures exclude each other")
    if exact and hand:
        raise click.UsageError("--exact and --hand exclude each other")
    carry = hand if exact or hand else None
    from stepwise.document import render
    from stepwise.problem import with_options
    from stepwise.trace import solve

    languages = tuple(language.split("+")) if language else None
    asked = with_options(load(problem), carry=carry, decimals=decimals, figures=figures, languages=languages)
    wanted = [name for text in (*only, *(more if only else ())) for name in text.split(",") if name]
    emit(render(solve(asked), form, None, detail, only=wanted, until=until, templates=templates), output)


def load(problem: str) -> Problem:
    """A problem from a file, a shipped name, or standard input."""
    from stepwise.problem import load_problem, read_stream

    if problem != "-":
        return load_problem(problem)

    return read_stream(sys.stdin.buffer)
