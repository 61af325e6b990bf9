"""A folder with a report for each student."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from stepwise.cli.output import write_whole
from stepwise.errors import UnsupportedError

if TYPE_CHECKING:
    from stepwise.checking import ClassReport, Report

SUFFIXES = {"text": ".txt", "md": ".md", "json": ".json"}
_LONGEST = 180
"""Bytes of a name; file systems take 255, with the ending and what a temporary file adds."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""What Windows takes for a device."""
_ANSWERS = re.compile(r"\.(?:ya?ml|json|csv|md|markdown|txt)(?= line [0-9]+$|$)", re.IGNORECASE)


def is_folder(output: str) -> bool:
    """Whether reports go to a folder: it exists, or its name ends in a slash."""
    return output.endswith(("/", os.sep)) or Path(output).is_dir()


def check_folder(output: str, form: str) -> None:
    """Raise UnsupportedError where a folder cannot take the format, or is none."""
    if form not in SUFFIXES:
        hint = f"give -o a file name such as {Path(output) / 'marks.csv'}"
        raise UnsupportedError(f"{output} is a folder, and {form} is one table for all ({hint})")
    if Path(output).exists() and not Path(output).is_dir():
        raise UnsupportedError(f"{output} is a file, not a folder (give another name, without the slash at its end)")


def write_each(
    marked: ClassReport,
    folder: Path,
    form: str,
    language: str | None,
    audience: str,
    tell: Callable[[ClassReport], None],
) -> ClassReport:
    """Write one file a student, as if each were marked alone; the class without reports of an earlier run.

    What is odd is told before anything is written.
    """
    from stepwise.checking import ClassReport
    from stepwise.checking.roll import odd_names
    from stepwise.document.marking import render_report

    files = [folder / f"{name}{SUFFIXES[form]}" for name in file_names(marked.reports)]
    taken = {path.resolve() for path in files}
    for report in marked.reports:
        if Path(report.source).resolve() in taken:
            raise click.UsageError(f"{report.source} has answers in it: write the reports to another folder")
    others = tuple(one for one in marked.unreadable if Path(one.source).resolve() not in taken)
    marked = replace(marked, unreadable=others)
    tell(marked)
    texts = []
    for report in marked.reports:
        alone = ClassReport(marked.questions, [report], warnings=tuple(odd_names([report])))
        texts.append(render_report(alone, form, language, audience))
    if files:
        _make(folder)
    for path, text in zip(files, texts, strict=True):
        write_whole(path, text)
    click.echo(f"{folder}{os.sep}: {len(files)} report{'' if len(files) == 1 else 's'} written", err=True)
    return marked


def file_names(reports: Iterable[Report]) -> list[str]:
    """A name for each student's file, without ending: the student's, or that of the answers; (2) for the second."""
    taken: set[str] = set()
    found = []
    for report in reports:
        name = safe_name(report.student or _ANSWERS.sub("", "_".join(Path(report.source).parts[-2:])))
        number, one = 1, name
        while one.casefold() in taken:  # some file systems take Ada and ada for one
            number += 1
            one = f"{name} ({number})"
        taken.add(one.casefold())
        found.append(one)
    return found


def safe_name(text: str) -> str:
    """A text as a file name that every system takes: letters of any script, no signs that mean something."""
    shown = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", text)
    )
    name = " ".join(_FORBIDDEN.sub("_", shown).split()).strip(". ")
    name = name.encode("utf-8")[:_LONGEST].decode("utf-8", "ignore").strip(". ")
    return f"_{name}" if _DEVICES.fullmatch(name) else name or "student"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnsupportedError(f"cannot make the folder {folder}: {error.strerror or error}") from None
