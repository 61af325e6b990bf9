"""stepwise new"""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="new", short_help="Write a commented problem file to start from.")
@click.argument("name")
@click.option("--lang", "language", default="en", metavar="LANG", help="Language of the comments: en (default) or zh.")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(name: str, language: str, force: bool) -> None:
    """Write NAME.yaml, a small problem with a comment on every part, to start from.

    \b
    Example:
      stepwise new my-network
      stepwise solve my-network.yaml
    """
    from stepwise.cli.output import write_whole
    from stepwise.errors import UnsupportedError
    from stepwise.resources import names, resource

    known = names("templates/new", ".yaml")
    if language not in known:
        raise UnsupportedError(f"no comments in the language {language!r} (there are {', '.join(known)})")
    start = resource("templates") / "new" / f"{language}.yaml"
    path = Path(name if name.endswith((".yaml", ".yml")) else f"{name}.yaml")
    if path.exists() and not force:
        raise UnsupportedError(f"{path} is there already (another name, or --force to replace it)")
    write_whole(path, start.read_text(encoding="utf-8"))
    click.echo(f"{path}: edit it, then run: stepwise solve {path}", err=True)
