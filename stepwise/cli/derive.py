"""stepwise derive"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stepwise.symbolic import Deduction


@click.command(name="derive", short_help="Derive a derivative or an error term, line by line.")
@click.argument("name", required=False)
@click.option("--expr", "expression", metavar="TEXT", help="Derive a function of z of your own.")
@click.option("--format", "form", default="md", metavar="FORMAT", help="md (default) or latex.")
@click.option("--lang", "language", default="en", metavar="LANG", help="en (default), zh or en+zh.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def command(name: str | None, expression: str | None, form: str, language: str, output: str | None) -> None:
    """Write a symbolic derivation line by line, with the rule of every step; without NAME, list what there is.

    \b
    Examples:
      stepwise derive
      stepwise derive sigmoid --lang en+zh
      stepwise derive softmax_cross_entropy --format latex -o softmax.tex
      stepwise derive --expr "z*tanh(log(1+exp(z)))"
    """
    with _no_looking_for_garbage():
        _derive(name, expression, form, language, output)


@contextmanager
def _no_looking_for_garbage() -> Iterator[None]:
    """sympy makes so many lasting objects at its start that looking for garbage among them costs a tenth of it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _derive(name: str | None, expression: str | None, form: str, language: str, output: str | None) -> None:
    from stepwise.cli.output import emit
    from stepwise.document.deduction import render_deduction

    if name is not None and expression is not None:
        raise click.UsageError("NAME and --expr exclude each other")
    if name is None and expression is None:
        emit(_names(language), output)
        return
    emit(render_deduction(_deduction(name, expression), form, language), output)


def _deduction(name: str | None, expression: str | None) -> Deduction:
    from stepwise.symbolic import derive, derive_expression

    if expression is not None:
        return derive_expression(expression)
    assert name is not None
    return derive(name)


def _names(language: str) -> str:
    """The names of all topics under the headings of their groups, a line each with its title."""
    from stepwise.document.deduction import group_title, topic_title
    from stepwise.document.options import languages_of
    from stepwise.symbolic import groups, topics

    first = languages_of(language)[0]
    width = max(len(name) for name in topics())
    parts = []
    for group, members in groups().items():
        lines = (f"  {topic.name.ljust(width)}  {topic_title(topic, first)}\n" for topic in members)
        parts.append(f"{group_title(group, first)}\n{''.join(lines)}")
    return "\n".join(parts)
