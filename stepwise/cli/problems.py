"""stepwise problems"""

from __future__ import annotations

import click


@click.command(name="problems", short_help="List the problems that ship.")
@click.option("--lang", "language", default="en", metavar="LANG", help="Language of the titles: en (default) or zh.")
def command(language: str) -> None:
    """List the problems that ship, a line each; every command takes their names. Exams are for `stepwise sheet`.

    \b
    Example:
      stepwise problems
      stepwise solve softmax-regression
    """
    from stepwise.problem import load_problem, shipped_problems
    from stepwise.sheets.exams import read_exam, shipped_exams

    titles = {name: load_problem(name).title for name in shipped_problems()}
    titles |= {name: read_exam(name).title or {} for name in shipped_exams()}
    width = max(map(len, titles))
    for name, found in titles.items():
        title = found.get(language) or found.get("") or next(iter(found.values()), "")
        click.echo(f"{name.ljust(width)}  {' '.join(title.split())}")
