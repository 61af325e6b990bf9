"""A bar on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Moved = Callable[[int, int], None]
"""Told how many are done, and how many there are."""


@contextmanager
def progress(label: str, least: int = 1) -> Iterator[Moved | None]:
    """What moves the bar; it appears where there are `least` things to do. None where nobody sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    bar = Progress(*columns, console=Console(file=sys.stderr))
    task = None

    def moved(done: int, total: int) -> None:
        nonlocal task
        if total < least:
            return
        if task is None:
            bar.start()
            task = bar.add_task(label, total=total)
        bar.update(task, completed=done)

    try:
        yield moved
    finally:
        bar.stop()
