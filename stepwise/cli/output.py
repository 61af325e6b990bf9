"""Where results go: standard output, or a file that appears whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from stepwise.errors import UnsupportedError


def emit(text: str, target: str | None) -> None:
    """Write a result to `target`, or to standard output where there is none."""
    if target is None or target == "-":
        click.echo(text, nl=False)
    else:
        write_whole(Path(target), text)


def write_whole(path: Path, text: str) -> None:
    """Write a file by way of a temporary one beside it, so that nobody ever sees half of it."""
    if path.is_dir():
        raise UnsupportedError(f"{path} is a folder; give a file name")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UnsupportedError(f"cannot write {path}: {error.strerror or error}") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
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
