"""What one input may cost, and how it is measured: processor time and the largest resident memory of the process."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

SECONDS = 2.0
"""Of processor time: a busy machine makes no input slower."""
MEGABYTES = 300
"""Of the whole process, with the interpreter and its libraries."""
LARGEST_INPUT = 1_000_000
"""Bytes of an input."""
_STATUS = Path("/proc/self/status")
_REFERENCES = Path("/proc/self/clear_refs")


def forget_peak() -> None:
    """Measure the largest memory from here on; where the system cannot forget, it is that of the whole life."""
    if _REFERENCES.exists():
        _REFERENCES.write_text("5")


def peak_megabytes() -> float:
    """The largest resident memory since `forget_peak`."""
    if _REFERENCES.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def limit_memory(megabytes: int) -> None:
    """From here on the process gets a MemoryError where it asks for more address space than it has now and so much."""
    if not _STATUS.exists():
        return
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmSize"))
    most = (int(line.split()[1]) * 1024) + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
