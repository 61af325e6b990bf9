"""The table, and the machine that it was measured on."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import isnan
from pathlib import Path

from benchmarks.measuring import Row

_PACKAGES = ("numpy", "torch", "handcalcs", "jinja2", "click", "PyYAML", "msgspec")
_HOW = """\
Each ratio is that of two runs, one right after the other in the same process (cold starts: two processes), and who goes
first changes from pair to pair; a first pair is not counted. The table has the median of the ratios and, in brackets,
the smallest and the largest. Compiled Python files are in place. `python -m benchmarks` writes this file.
"""


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | target | measured | |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, rows)])


def _line(row: Row) -> str:
    sign = "≥" if row.at_least else "≤"
    target = "–" if isnan(row.target) else f"{sign} {row.target:g} {row.unit}"
    what = f"{row.what} ({row.note})" if row.note and row.measured else row.what
    if not row.measured:
        return f"| {what} | {target} | – | {row.note} |"
    digits = 1 if row.median >= 10 else 2
    spread = f" ({min(row.measured):.{digits}f}–{max(row.measured):.{digits}f})" if len(row.measured) > 1 else ""
    verdict = "" if isnan(row.target) else "met" if row.met() else "**missed**"
    return f"| {what} | {target} | {row.median:.{digits}f}{spread} | {verdict} |"


def document(rows: Sequence[Row], pairs: int) -> str:
    """The whole of RESULTS.md."""
    how = f"{_HOW.strip()} Pairs: {pairs}."
    return "\n".join(["# How quick stepwise is", "", table(rows), "", how, "", "## Machine", "", *_machine(), ""])


def _machine() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    facts = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()} ({platform.machine()})",
        "Python": sys.version.split()[0],
        "packages": ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
        "load (1, 5, 15 minutes)": load,
    }
    return [f"- {name}: {value}" for name, value in facts.items()]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(missing)"
