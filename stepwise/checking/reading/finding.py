"""Which answer files are meant: a Windows shell leaves folders and patterns such as `answers/*.yaml` to the program."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from stepwise.checking.model import Unreadable
from stepwise.checking.reading.answers import fault
from stepwise.problem.nodes import shortened

SUFFIXES = (".yaml", ".yml", ".json", ".md", ".csv")
"""The answer files of a folder; others in it are passed over."""


def expanded(files: Iterable[str | os.PathLike[str]], problem: str) -> tuple[list[str], list[Unreadable]]:
    """Every file once, numbers in names counting as numbers (s2 before s10), and the names that fit no file.

    `problem` is the problem file, which may lie beside its answers and is none of them.
    """
    found: dict[str, None] = {}
    nothing: list[Unreadable] = []
    for file in files:
        name = os.fspath(file)
        inside = list(_inside(name, problem))
        found |= dict.fromkeys(inside)
        if not inside:
            what = "no answer file is in this folder" if _is_folder(name) else "no file fits this pattern"
            message = str(fault(shortened(name, 200), what, f"answer files end in {', '.join(SUFFIXES)}"))
            nothing.append(Unreadable(name, message))
    return sorted(found, key=_natural), nothing


def _inside(name: str, problem: str) -> Iterator[str]:
    """A file as it is; the answer files of a folder and of those in it; the files that fit a pattern."""
    if _is_folder(name):
        yield from (str(path) for path in Path(name).rglob("*") if _is_answer_file(path, Path(name), problem))
    elif any(sign in name for sign in "*?[") and not _exists(name):
        for one in _fitting(Path(name)):
            yield from _inside(str(one), problem) if one.is_dir() else [str(one)]
    else:
        yield name


def _fitting(pattern: Path) -> list[Path]:
    try:
        return list(Path(pattern.anchor).glob(str(pattern.relative_to(pattern.anchor))))
    except (ValueError, OSError):
        return []  # `**` inside a word, or a NUL: nothing can fit


def _is_answer_file(path: Path, folder: Path, problem: str) -> bool:
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.relative_to(folder).parts)
    if hidden or path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    return not (Path(problem).name == path.name and _exists(problem) and path.samefile(problem))


def _is_folder(name: str) -> bool:
    return _exists(name) and Path(name).is_dir()


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False  # too long, or with a NUL


def _natural(path: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", path)
    return [(0, int(part), "") if part.isdigit() and len(part) < 20 else (1, 0, part.casefold()) for part in parts]
