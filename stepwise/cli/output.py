"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from stepwise.errors import UnsupportedError

PDF = "pdf"
"""The format that is made of another."""
_MOST_NAMED = 20
_warned_of: set[str] = set()


def emit(content: str | bytes, target: str | None) -> None:
    """Write a result to `target`, or to standard output where there is none."""
    if target is not None and target != "-":
        write_whole(Path(target), content)
        return
    if isinstance(content, bytes):
        refuse_terminal(target)
    if sys.stdout is None:
        raise UnsupportedError("there is no standard output to write to; name a file: -o FILE")
    click.echo(content, nl=False)


def refuse_terminal(target: str | None) -> None:
    """Raise UnsupportedError where what is not text would go to a terminal."""
    if target in (None, "-") and sys.stdout.isatty():
        raise UnsupportedError("this is no text to read on a terminal; name a file with -o FILE")


def emit_page(write: Callable[[str], str], form: str, target: str | None) -> None:
    """Write what `write` makes of the name of a format; a PDF is made of its LaTeX."""
    if form != PDF:
        emit(write(form), target)
        return
    refuse_terminal(target)
    from stepwise.document.pdf import pdf_of

    emit(pdf_of(write("latex"), warn_of_missing), target)


def warn_of_missing(characters: str) -> None:
    """Say which characters no font here has; a process says so of each only once."""
    new = [character for character in characters if character not in _warned_of]
    _warned_of.update(new)
    if new:
        some, more = " ".join(new[:_MOST_NAMED]), " …" if len(new) > _MOST_NAMED else ""
        what = "character" if len(new) == 1 else "characters"
        label = click.style("warning:", fg="yellow", bold=True)
        click.echo(f"{label} no font here has the {what} {some}{more} (install Noto Serif CJK SC)", err=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it.

    A link stays, and what it leads to is written; a device or a pipe takes the content as it comes.
    """
    data = content if isinstance(content, bytes) else content.encode()
    try:
        if path.is_dir():
            raise UnsupportedError(f"{path} is a folder; give a file name")
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                stream.write(data)
            return
        if path.is_symlink():
            path = path.resolve()
    except (OSError, RuntimeError) as error:
        raise UnsupportedError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}") from None
    import tempfile  # half of what this file needs to start

    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UnsupportedError(f"cannot write {path}: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise UnsupportedError(f"cannot write {path}: {error.strerror or error}") from None
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def refuse_input(target: str | None, *inputs: str | None) -> None:
    """Raise UnsupportedError where a result would take the place of what it is made from."""
    for name in inputs:
        with suppress(OSError, ValueError):
            if target and name and Path(target).is_file() and Path(name).is_file() and Path(target).samefile(name):
                raise UnsupportedError(f"{target} would be written over what it is made from; give -o another name")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
