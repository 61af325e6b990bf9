"""`python -m benchmarks`: every row, written into benchmarks/RESULTS.md; `--quick`: the ratios alone, with slack."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

# of several threads of one calculation, each waits for those that a busy machine holds up; read when NumPy is loaded
if "--quick" in sys.argv:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks import pages, report, starting, training
from benchmarks.measuring import PAIRS, Row

RESULTS = Path(__file__).parent / "RESULTS.md"
SLACK = 1.5
"""So many times the target is still good enough for a machine that does other things too."""
TRIES = 2
"""A machine may be busy once."""
QUICK = 5
"""Pairs of a quick run."""


def every_row(pairs: int) -> list[Row]:
    """The whole table."""
    families: list[Callable[[], list[Row]]] = [
        lambda: starting.rows(pairs),
        lambda: [pages.warm(pairs), pages.against_handcalcs(pairs)],
        lambda: [*training.steps(pairs), training.one_step(pairs)],
        lambda: [training.epoch(pairs)],
        lambda: pages.growing(pairs),
        lambda: [training.memory(3)],
    ]
    return [row for family in families for row in family()]


def quick_rows() -> list[Row]:
    """What a few seconds can tell: the same rows with less data, without handcalcs and without milliseconds."""
    return [
        *starting.rows(QUICK),
        *training.steps(QUICK, steps_each=30, most_threads=1),
        training.epoch(QUICK, 30_000),
        *pages.growing(QUICK),
        training.memory(1, 30_000),
    ]


def _all_is_well() -> bool:
    rows = quick_rows()
    sys.stdout.write(report.table(rows) + "\n")
    return all(row.met(SLACK) for row in rows if row.measured)


def main() -> int:
    """Measure, print the table, and say by the exit code of a quick run whether all is well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"a few seconds; fails beyond {SLACK} × a target")
    parser.add_argument("--pairs", type=int, default=2 * PAIRS + 1, help="pairs of runs (default: %(default)s)")
    chosen = parser.parse_args()
    if chosen.quick:
        return 0 if any(_all_is_well() for _ in range(TRIES)) else 1
    rows = every_row(max(chosen.pairs, PAIRS))
    RESULTS.write_text(report.document(rows, max(chosen.pairs, PAIRS)), encoding="utf-8")
    sys.stdout.write(report.table(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
