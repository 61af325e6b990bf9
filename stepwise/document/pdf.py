"""LaTeX → PDF, by a TeX engine that is on the path. The same page gives the same bytes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from stepwise.errors import UnsupportedError

_MOST_PASSES = 5
_SECONDS = 900
"""How long one pass may take: a class's solutions are thousands of pages."""
_AGAIN = re.compile(r"Rerun (?:LaTeX|to\sget)")
_ERROR = re.compile(r"^(?:! |error: )(?P<message>.*)$", re.MULTILINE)
_MISSING = re.compile(r"^Missing\scharacter:\s.*?\sno\s(.)", re.MULTILINE)
_PLACE = re.compile(r"^l\.(?P<line>[0-9]+) ", re.MULTILINE)
_FIXED = {
    # 2000-01-01: a PDF has dates and an id made of them, and no page has a date of its own
    "SOURCE_DATE_EPOCH": "946684800",
    "FORCE_SOURCE_DATE": "1",
    "max_print_line": "1000000",
    # a template that somebody else wrote may write nowhere else
    "openout_any": "p",
}


def pdf_of(latex: str, tell: Callable[[str], None] | None = None) -> bytes:
    """The document as a PDF.

    `tell` is given the characters for which no font here has a picture, where there are any: all in one text.
    Raises UnsupportedError where there is no TeX engine, or where it does not compile the document.
    """
    # latexmk would run xelatex as well, with twice the work
    engine = next((name for name in ("xelatex", "tectonic") if shutil.which(name)), None)
    if engine is None:
        raise UnsupportedError(
            "a PDF needs a TeX engine, and there is none on the path: install XeLaTeX with ctex (TeX Live, on Debian "
            "texlive-xetex and texlive-lang-chinese) or tectonic, or take --format latex"
        )
    with TemporaryDirectory(prefix="stepwise-") as name:
        folder = Path(name)
        (folder / "page.tex").write_text(latex, encoding="utf-8")
        (_by_xelatex if engine == "xelatex" else _by_tectonic)(folder)
        missing = "".join(dict.fromkeys(_MISSING.findall(_text(folder / "page.log"))))
        if missing and tell is not None:
            tell(missing)
        return (folder / "page.pdf").read_bytes()


def _by_xelatex(folder: Path) -> None:
    """As many passes as it takes until nothing changes, and only then the PDF itself."""
    command = ["xelatex", "-no-pdf", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    notes, log = folder / "page.aux", folder / "page.log"
    before = ""
    for _ in range(_MOST_PASSES):
        _run(command, folder)
        after = _text(notes)
        if not _AGAIN.search(_text(log)) and (not before or after == before):
            break
        before = after
    _run(["xdvipdfmx", "-q", "-E", "-o", "page.pdf", "page.xdv"], folder)


def _by_tectonic(folder: Path) -> None:
    _run(["tectonic", "--untrusted", "-Z", "deterministic-mode", "--keep-logs", "page.tex"], folder)


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **_FIXED},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnsupportedError(f"{command[0]} did not finish within {_SECONDS // 60} minutes") from None
    except OSError as error:
        raise UnsupportedError(f"{command[0]} cannot be run: {error.strerror or error}") from None
    if done.returncode != 0:
        said = _text(folder / "page.log") + "\n" + (done.stdout + done.stderr).decode("utf-8", errors="replace")
        reason, line = _first_error(said)
        raise UnsupportedError(
            f"{command[0]} does not compile the page: {reason or 'no reason given'}"
            + (f" (line {line} of the LaTeX)" if line else "")
        )


def _first_error(said: str) -> tuple[str, str]:
    """What is wrong first, and in which line ("" where that is not said)."""
    found = _ERROR.search(said)
    if found is None:
        return said.strip().split("\n")[-1][:200], ""
    place = _PLACE.search(said, found.end())
    return found["message"].strip(), place["line"] if place else ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
