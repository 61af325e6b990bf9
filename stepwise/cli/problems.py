"""stepwise problems"""

from __future__ import annotations

import click


@click.command(name="problems", short_help="List the problems that ship.")
@click.option("--lang", "language", default="en", metavar="LANG", help="Language of the titles: en (default) or zh.")
def command(language: str) -> None:
    """List the problems that ship, a line each; every command takes their names.

    \b
    Example:
      stepwise problems
      stepwise solve softmax-regression
    """
    from stepwise.problem import load_problem, shipped_problems

    names = shipped_problems()
    width = max(len(name) for name in names)
    for name in names:
        titles = load_problem(name).title
        title = titles.get(language) or titles.get("") or next(iter(titles.values()), "")
        click.echo(f"{name.ljust(width)}  {' '.join(title.split())}")
