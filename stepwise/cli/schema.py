"""stepwise schema"""

from __future__ import annotations

import click


@click.command(name="schema", short_help="Print the JSON Schema of the problem file.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def command(output: str | None) -> None:
    """Print the JSON Schema of the problem file, for editors that complete and check YAML.

    \b
    Example:
      stepwise schema -o stepwise.schema.json
    """
    import json

    from stepwise.cli.output import emit
    from stepwise.problem import schema

    emit(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n", output)
