"""What is made of files that ship with stepwise, and is the same at every start: made once and kept on disk.

Python keeps compiled modules in the same way. The folder is the user's own cache folder; one that others can write to
is never used, because what is read from it is trusted. Nothing of a problem file is kept. `STEPWISE_CACHE` names
another folder, or is `off`.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from stepwise import __version__

T = TypeVar("T")
OFF = "off"
MOST = 100
"""So many texts of a kind are kept."""


@cache
def folder() -> Path | None:
    """Where things are kept; None where there is no folder that is the user's alone."""
    chosen = os.environ.get("STEPWISE_CACHE")
    if chosen == OFF:
        return None
    try:
        place = Path(chosen) if chosen else _caches() / "stepwise"
        # installations beside each other keep their own
        here = sha256(f"{Path(__file__).parent} {sys.version}".encode()).hexdigest()[:12]
        for one in (place, place / here):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(one.lstat()):
                return None
        return place / here
    except (OSError, RuntimeError):  # it cannot be made, or nobody knows where home is
        return None


def kept(name: str, sources: Iterable[Path], make: Callable[[], T], *more: str) -> T:
    """What `make` makes of the files `sources` and the texts `more`: as it was kept, if none of these has changed."""
    place = folder()
    if place is None:
        return make()
    path = place / f"{name}.pickle"
    key = [__version__, sys.version, *more]
    for source in sources:
        found = source.stat()
        key += [str(source), str(found.st_mtime_ns), str(found.st_size)]
    # whatever is wrong with a kept file, it is made anew
    with suppress(Exception), path.open("rb") as file:
        if _is_ours(os.fstat(file.fileno())):
            written, value = pickle.load(file)  # nobody else can write this file
            if written == key:
                return value  # type: ignore[no-any-return]
    made = make()
    _write(path, pickle.dumps((key, made), protocol=pickle.HIGHEST_PROTOCOL))
    return made


def kept_text(kind: str, about: str, sources: Iterable[Path], make: Callable[[], str]) -> str:
    """A text that `make` makes of what `about` says; of each kind the last hundred are kept."""
    name = f"{kind}-{sha256(about.encode()).hexdigest()[:24]}"
    place = folder()
    known = place is None or (place / f"{name}.pickle").exists()
    text = kept(name, sources, make, about)
    if place is not None and not known:
        _keep_last(place, kind)
    return text


def _keep_last(place: Path, kind: str) -> None:
    with suppress(OSError):
        found = sorted(place.glob(f"{kind}-*.pickle"), key=lambda path: path.stat().st_mtime_ns)
        for path in found[:-MOST]:
            path.unlink()


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; where it cannot be written, nothing is kept."""
    own = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        own.touch(mode=0o600, exist_ok=False)
        own.write_bytes(data)
        own.replace(path)


def _is_ours(found: os.stat_result) -> bool:
    """Whether a folder or file belongs to this user and nobody else can write to it."""
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)


def _caches() -> Path:
    """The user's folder for what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
