"""The command line: one file a command, found by name when it is asked for."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
from importlib import import_module
from typing import Any

import click

from stepwise import __version__
from stepwise.errors import StepwiseError, nearest

COMMANDS = ("solve", "blank", "check", "sheet", "derive", "reference", "verify", "new", "problems", "schema")


class Commands(click.Group):
    """Imports a command's file only when that command, or the list of all, is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"stepwise.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = nearest(args[0], COMMANDS)
            hint = f" Did you mean '{close}'?" if close else f" There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No command '{args[0]}'.{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="stepwise", message="%(prog)s %(version)s")
def group() -> None:
    """Work small machine-learning problems out on paper.

    A YAML file gives a model with real numbers; stepwise writes the whole calculation: every formula, the numbers put
    in, the result.

    \b
    Example:
      stepwise solve xor-mlp
      stepwise solve my-problem.yaml --lang zh --format latex -o my-problem.tex
    """


def main() -> None:
    """Run a command; every error stepwise knows of is one message on standard error and exit code 2."""
    # what is imported and made at the start stays: to look through it for garbage again and again is wasted time
    gc.set_threshold(100_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        # pages are Chinese and mathematical, whatever the terminal's own encoding is
        if isinstance(stream, io.TextIOWrapper) and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
    try:
        group(prog_name="stepwise")
    except StepwiseError as error:
        _say(str(error))
        sys.exit(2)
    except BrokenPipeError:
        # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        _say(f"cannot write to {error.filename or 'standard output'}: {error.strerror or error}")
        sys.exit(2)


def _say(message: str) -> None:
    click.echo(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)


def run() -> None:
    """The program: run a command and leave.

    Python takes as long to tidy up behind a page as to write it, and the system does that anyway. Where somebody asked
    to be called at the end (a pool of processes), or works on in a thread, Python leaves in its own way.
    """
    try:
        main()
    except SystemExit as done:
        code = done.code or 0
        if not isinstance(code, int) or atexit._ncallbacks() or threading.active_count() > 1:
            raise
        for stream in filter(None, (sys.stdout, sys.stderr)):
            try:
                stream.flush()
            except OSError:
                code = code or 1
        os._exit(code)
