"""Problems by file or by the name of one that ships with stepwise."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO

from stepwise import resources
from stepwise.errors import Fault, SpecError
from stepwise.problem.faults import suggestion
from stepwise.problem.filekind import PROBLEM_FILE, FileKind
from stepwise.problem.model import Problem
from stepwise.problem.read import read_problem

LARGEST = 5_000_000
"""Bytes of a problem file."""
_SUFFIXES = (".yaml", ".yml", ".json")


def shipped_problems() -> tuple[str, ...]:
    """The names of the problems that ship with stepwise."""
    return resources.names("problems", ".yaml")


def load_problem(path_or_name: str | os.PathLike[str]) -> Problem:
    """The problem in a file, or the shipped problem of that name."""
    given = os.fspath(path_or_name)
    path = _found(given)
    return read_problem(read_text(path, given), name=path.stem, source=given, folder=path.parent)


def read_stream(stream: IO[bytes]) -> Problem:
    """The problem in a stream, such as standard input; its data files are looked for where stepwise was started."""
    source = "standard input"
    return read_problem(decoded(stream.read(LARGEST + 1), source), name="problem", source=source, folder=Path())


def _found(given: str) -> Path:
    shipped = shipped_problems()
    try:
        path = Path(given)
        if path.is_file() or (given and path.exists() and given not in shipped):
            return path
    except (OSError, ValueError):
        pass  # too long, or with a NUL: no path, and no name either
    if given in shipped:
        return resources.resource("problems") / f"{given}.yaml"
    near = suggestion(given, shipped)
    if given.endswith(_SUFFIXES) or os.sep in given:
        message, hint = "there is no such file", "check the name and the folder"
    else:
        message, hint = "there is no such file and no shipped problem of this name", "`stepwise problems` lists them"
    hint = f"did you mean `{near}`? {hint}" if near else hint
    raise SpecError(given[:200] or "''", [Fault(message, hint=hint)])


def read_text(path: Path, source: str, kind: FileKind = PROBLEM_FILE) -> str:
    """The text of a file, or a SpecError that says why there is none."""
    return decoded(read_bytes(path, source, kind), source, kind)


def read_bytes(path: Path, source: str, kind: FileKind = PROBLEM_FILE) -> bytes:
    """What is in a file, but no more than a byte too much, or a SpecError that says why there is nothing."""
    try:
        if path.is_dir():
            raise SpecError(source, [Fault("this is a directory", hint=f"name {kind.name} in it")])
        if path.exists() and not path.is_file():
            raise SpecError(source, [Fault("this is not a plain file", hint="use `-` for standard input")])
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SpecError(source, [Fault(f"the file cannot be read: {reason}", hint="check the file")]) from None


def decoded(data: bytes, source: str, kind: FileKind = PROBLEM_FILE) -> str:
    """The bytes of a file as text."""
    if len(data) > LARGEST:
        raise SpecError(source, [Fault(f"the file is larger than {LARGEST // 1_000_000} MB", hint=kind.large)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault(f"byte {error.start + 1} is not UTF-8", line=line, hint=kind.encoding)
        raise SpecError(source, [fault]) from None


def gbk_text(data: bytes) -> str:
    """The text of a table in GBK, as Excel saves it in China; "" where it can hardly be one: every word of it has some
    common character."""
    if len(data) > LARGEST or b"\0" in data:
        return ""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    words = re.findall(r"[^\x00-\x7f]+", text)
    return text if all(found.encode("gb2312", "ignore") for found in words) else ""
