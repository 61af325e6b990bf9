"""A LaTeX page as XeLaTeX sees it."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

# What an eye does not see at the end of a line.
WIDEST_OVERFULL = 5.0
_OVERFULL = re.compile(r"^Overfull \\hbox \((?P<points>[\d.]+)pt too wide\) (?P<where>.*)$", re.MULTILINE)
_MISSING = re.compile(r"^Missing character: .*$", re.MULTILINE)
_ERROR = re.compile(r"^(?:! .*|[^\n]*:\d+: .*)(?:\n.*){0,4}", re.MULTILINE)
_PAGES = re.compile(r"Output written on \S+ \((\d+) page")


@dataclass(frozen=True)
class Compilation:
    """What came of one run of XeLaTeX."""

    errors: tuple[str, ...]
    overfull: tuple[str, ...]
    """Lines that stick out of the text by more than WIDEST_OVERFULL points."""
    missing: tuple[str, ...]
    """Characters for which a font has no glyph."""
    pages: int

    @property
    def complaints(self) -> tuple[str, ...]:
        """Everything that must not be; empty when the page is fine."""
        nothing = () if self.pages or self.errors else ("no page came out",)
        return (*self.errors, *self.overfull, *self.missing, *nothing)


def compile_latex(text: str, folder: Path) -> Compilation:
    """Compile `text` once in `folder` (which should be empty) and read the log."""
    (folder / "page.tex").write_text(text, encoding="utf-8")
    # LaTeX may not report a missing glyph by itself; the log's lines are otherwise broken at 79 characters.
    command = ["xelatex", "-no-shell-escape", "-halt-on-error", "-interaction=nonstopmode", "-jobname=page"]
    done = subprocess.run(
        [*command, r"\tracinglostchars=2 \input{page.tex}"],
        cwd=folder,
        env={**os.environ, "max_print_line": "1000000"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=180,
        check=False,
    )
    log_file = folder / "page.log"
    log = log_file.read_text(encoding="utf-8", errors="replace") if log_file.exists() else ""
    return read_log(log, failed=done.returncode != 0)


def read_log(log: str, *, failed: bool) -> Compilation:
    """The log of a run, of which `failed` says whether it ended badly."""
    errors = tuple(match.group() for match in _ERROR.finditer(log)) if failed else ()
    if failed and not errors:
        errors = (f"XeLaTeX failed: {log[-400:]}",)
    wide = (match for match in _OVERFULL.finditer(log) if float(match["points"]) > WIDEST_OVERFULL)
    pages = _PAGES.search(log)
    return Compilation(
        errors=errors,
        overfull=tuple(f"{match['points']} pt too wide {match['where']}" for match in wide),
        missing=tuple(sorted(set(_MISSING.findall(log)))),
        pages=int(pages.group(1)) if pages else 0,
    )
