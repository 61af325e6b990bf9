"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from stepwise.errors import UnsupportedError

PDF = "pdf"
"""The format that is made of another."""


def emit(content: str | bytes, target: str | None) -> None:
    """Write a result to `target`, or to standard output where there is none."""
    if target is not None and target != "-":
        write_whole(Path(target), content)
        return
    if isinstance(content, bytes):
        refuse_terminal(target)
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

    emit(pdf_of(write("latex")), target)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it."""
    if path.is_dir():
        raise UnsupportedError(f"{path} is a folder; give a file name")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UnsupportedError(f"cannot write {path}: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise UnsupportedError(f"cannot write {path}: {error.strerror or error}") from None
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
