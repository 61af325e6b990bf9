"""A folder with a file for each paper, which a run that was interrupted can go on with.

Every file appears whole. Behind each, a line goes into a journal: what the file is called, its size and its hash, and
a hash of everything that decides about it. A new run takes over what agrees with all that, in the journal or in the
table that a finished run leaves, and writes the rest. At the end the table stands there and the journal is gone.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO

from msgspec import Struct, field

from stepwise.cli.output import write_whole
from stepwise.errors import UnsupportedError

_COLUMNS = ("code", "student", "name", "file", "bytes", "sha256", "made_of")
_TABLES = {"sheet": "variants.csv", "key": "variants-key.csv", "solutions": "variants-solutions.csv"}
_HEX = 64


class Wanted(Struct, frozen=True):
    """A paper that the folder is to hold: what it is made of, and what its rows in the table begin with."""

    made_of: str
    code: str
    student: str = ""
    name: str = ""


class Filed(Struct, frozen=True):
    """A file that is there."""

    file: str
    size: int
    digest: str
    made_of: str

    @classmethod
    def of(cls, file: str, content: bytes, made_of: str) -> Filed:
        return cls(file, len(content), sha256(content).hexdigest(), made_of)


class Folder(Struct):
    """The folder, open for one run: `with Folder(path, kind) as folder`."""

    path: Path
    kind: str
    each: int = 1
    """Files of one paper."""
    _filed: dict[str, list[Filed]] = field(default_factory=dict)
    """What there is, by what it is made of."""
    _earlier: list[tuple[Wanted, Filed]] = field(default_factory=list)
    """The rows of an earlier run."""
    _stream: IO[str] | None = None

    @property
    def table(self) -> Path:
        return self.path / _TABLES[self.kind]

    @property
    def _journal(self) -> Path:
        return self.path / f".stepwise-sheet-{self.kind}.part"

    def __enter__(self) -> Folder:
        try:
            if self.path.exists() and not self.path.is_dir():
                raise UnsupportedError(f"{self.path} is a file, not a folder (give -o another name)")
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UnsupportedError(f"cannot make the folder {self.path}: {error.strerror or error}") from None
        self._earlier = list(_in_table(self.table))
        known = {one.file: one for one in (*(one for _, one in self._earlier), *_in_journal(self._journal))}
        for one in known.values():
            if _agrees(self.path / one.file, one):
                self._filed.setdefault(one.made_of, []).append(one)
        # the last line of a journal may be half of one
        lines = "".join(_line(one) for files in self._filed.values() for one in files)
        write_whole(self._journal, lines)
        self._stream = self._journal.open("a", encoding="utf-8", newline="\n")
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: BaseException | TracebackType | None) -> None:
        if self._stream is not None:
            self._stream.close()
        if kind is None:
            self._journal.unlink(missing_ok=True)

    def has(self, made_of: str) -> bool:
        """Whether the files of a paper are there and as they should be."""
        return len(self._filed.get(made_of, ())) == self.each

    def write(self, made_of: str, files: Sequence[tuple[str, bytes]]) -> None:
        """The files of one paper; all of them stand in the folder before the journal says so."""
        assert self._stream is not None
        filed = [Filed.of(name, content, made_of) for name, content in files]
        for name, content in files:
            write_whole(self.path / name, content)
        try:
            self._stream.write("".join(map(_line, filed)))
            self._stream.flush()
        except OSError as error:
            raise UnsupportedError(f"cannot write {self._journal}: {error.strerror or error}") from None
        self._filed[made_of] = filed

    def finish(self, wanted: Sequence[Wanted]) -> int:
        """Write the table, and remove what an interrupted run left lying about.

        Papers of other runs that are still there keep their rows, behind those of this one. Returns how many rows.
        """
        files = [(one, filed) for one in wanted for filed in self._filed[one.made_of]]
        names = {filed.file for _, filed in files}
        others = [(one, filed) for one, filed in self._earlier if filed.file not in names]
        others = [(one, filed) for one, filed in others if _agrees(self.path / filed.file, filed)]
        files += others
        write_whole(self.table, _csv(files))
        for path in _leftovers(self.path, {self.table.name, self._journal.name, *(filed.file for _, filed in files)}):
            with suppress(OSError):
                path.unlink()
        return len(others)


def _agrees(path: Path, filed: Filed) -> bool:
    try:
        return path.stat().st_size == filed.size and sha256(path.read_bytes()).hexdigest() == filed.digest
    except (OSError, ValueError):
        return False


def _leftovers(folder: Path, names: set[str]) -> Iterator[Path]:
    """The temporary files of the files with these names: `.name.….part`."""
    for path in folder.glob(".*.part"):
        if path.name[1:].rsplit(".", 2)[0] in names:
            yield path


# ---- what an earlier run noted


def _line(one: Filed) -> str:
    return json.dumps([one.file, one.size, one.digest, one.made_of], ensure_ascii=False) + "\n"


def _in_journal(path: Path) -> Iterator[Filed]:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for line in text.splitlines():
        with suppress(ValueError, TypeError):
            file, size, digest, made_of = json.loads(line)
            yield from _sound({"file": file, "bytes": str(size), "sha256": digest, "made_of": made_of})


def _in_table(path: Path) -> Iterator[tuple[Wanted, Filed]]:
    """The rows of a table of ours. Raises UnsupportedError where another table has its name."""
    from stepwise.checking.marks_table import name_in

    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        rows = [{name: row.get(name) or "" for name in _COLUMNS} for row in reader]
        ours = tuple(reader.fieldnames or _COLUMNS) == _COLUMNS
    except FileNotFoundError:
        return
    except (OSError, csv.Error, UnicodeDecodeError):
        ours = False
    if not ours:
        raise UnsupportedError(f"{path} is no table of papers (move it away, or give -o another folder)")
    for row in rows:
        for filed in _sound({**row, "file": name_in(row["file"])}):
            yield Wanted(filed.made_of, row["code"], name_in(row["student"]), name_in(row["name"])), filed


def _sound(row: Mapping[str, str | None]) -> Iterator[Filed]:
    """A row, if all of it is there; files in other folders are none of ours."""
    file, size, digest, made_of = (row.get(name) or "" for name in ("file", "bytes", "sha256", "made_of"))
    if size.isdecimal() and len(digest) == _HEX and made_of and Path(file).name == file:
        yield Filed(file, int(size), digest, made_of)


def _csv(files: Iterable[tuple[Wanted, Filed]]) -> bytes:
    from stepwise.checking.marks_table import safe_cell

    stream = io.StringIO()
    write = csv.writer(stream, lineterminator="\n").writerow
    write(_COLUMNS)
    for one, filed in files:
        who = (safe_cell(one.student), safe_cell(one.name))
        write([one.code, *who, safe_cell(filed.file), filed.size, filed.digest, filed.made_of])
    text = stream.getvalue()
    # with this mark a spreadsheet keeps names in every script
    return (text if text.isascii() else f"\ufeff{text}").encode()
