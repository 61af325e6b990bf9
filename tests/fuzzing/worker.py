"""A process of its own that uses one file after another, and measures."""

from __future__ import annotations

import signal
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from .limits import MEGABYTES, SECONDS, forget_peak, limit_memory, peak_megabytes
from .readers import prepare, reader_of, use

_PATIENCE = 2
"""An input is stopped after so many times the seconds it may take: how much too slow it is, matters."""


class TooSlowError(BaseException):
    """Not an Exception, so that nothing catches it on the way."""


@dataclass(frozen=True)
class Outcome:
    """What became of one input: "accepted", "refused", or "failed" with the reason."""

    kind: str
    seconds: float
    megabytes: float
    reason: str = ""


def used(name: str, data: bytes, folder: Path) -> Outcome:
    """Use one input in this process."""
    reader = reader_of(name)
    path = folder / f"input{reader.ending}"
    path.write_bytes(data)
    forget_peak()
    reason, kind, start = "", "failed", time.process_time()
    try:
        kind = use(reader, path)
    except TooSlowError:
        reason = "does not end"
    except MemoryError:
        reason = "MemoryError"
    except Exception:  # noqa: BLE001 - whatever comes out is what is looked for
        reason = traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds, megabytes = time.process_time() - start, peak_megabytes()
    if not reason and seconds > SECONDS:
        kind, reason = "failed", f"takes {seconds:.1f} s"
    if not reason and megabytes > MEGABYTES:
        kind, reason = "failed", f"takes {megabytes:.0f} MB"
    return Outcome(kind, seconds, megabytes, reason)


def timed(name: str, data: bytes, folder: Path) -> Outcome:
    """The same, stopped where it does not end."""
    signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS * _PATIENCE)
    try:
        return used(name, data, folder)
    except TooSlowError:
        return Outcome("failed", SECONDS * _PATIENCE, peak_megabytes(), "does not end")


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooSlowError


def serve(pipe: Connection) -> None:
    """Answer (reader, input) with an Outcome, until None comes."""
    warnings.simplefilter("error")
    limit_memory(2 * MEGABYTES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        ask: Callable[[], tuple[str, bytes] | None] = pipe.recv
        while (asked := ask()) is not None:
            pipe.send(timed(*asked, folder))
