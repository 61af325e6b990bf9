"""stepwise reference"""

from __future__ import annotations

import click


@click.command(name="reference", short_help="Write a reference sheet to copy onto a cheat sheet.")
@click.argument("name", required=False)
@click.option("--format", "form", default="md", metavar="FORMAT", help="md (default) or latex.")
@click.option("--lang", "language", default="en", metavar="LANG", help="en (default), zh or en+zh.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def command(name: str | None, form: str, language: str, output: str | None) -> None:
    """Write the reference sheet NAME: tables, formulas and pseudo-code; without NAME, list what there is.

    \b
    Examples:
      stepwise reference
      stepwise reference activations --lang en+zh
      stepwise reference svm --format latex -o svm.tex
    """
    from stepwise.cli.output import emit
    from stepwise.document.reference import reference_list, render_reference

    emit(reference_list(language) if name is None else render_reference(name, form, language), output)
