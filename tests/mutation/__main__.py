"""`python -m tests.mutation`: how many small errors in the operations and the arithmetics the tests notice.

Exit status 0 where at least 90 % are noticed and SURVIVORS.md has a reason for every other one.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from pathlib import Path

from tests.mutation.changes import Change, changes
from tests.mutation.plan import files, known_by
from tests.mutation.run import Verdict, passes, verdicts

ROOT = Path(__file__).resolve().parents[2]
SURVIVORS = Path(__file__).with_name("SURVIVORS.md")
LEAST = 0.9
"""So great a part of the errors must be noticed."""


def main() -> int:
    options = _options()
    chosen = [name for name in files(ROOT) if not options.files or name.startswith(tuple(options.files))]
    found = {name: _sample(changes(name, ROOT), options.sample) for name in chosen}
    if not options.unchecked and not _all_pass(chosen):
        return 1
    pairs = [(change, known_by(name)) for name, listed in found.items() for change in listed]
    counts, survived = Counter[tuple[str, bool]](), list[Change]()
    for verdict in verdicts(pairs, ROOT, options.jobs):
        counts[verdict.change.file, verdict.killed] += 1
        if not verdict.killed:
            survived.append(verdict.change)
        if options.verbose:
            _say(verdict)
    return _report(chosen, counts, survived)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("files", nargs="*", help="files or folders (default: all that are checked)")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="at most N errors of each file, by chance")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at a time")
    parser.add_argument("--unchecked", action="store_true", help="do not run the tests without errors first")
    parser.add_argument("--verbose", action="store_true", help="a line for each error")
    return parser.parse_args()


def _sample(every: list[Change], most: int) -> list[Change]:
    """All, or some by chance: the same ones every time."""
    if not most or len(every) <= most:
        return every
    return sorted(random.Random(0).sample(every, most), key=lambda change: change.number)


def _all_pass(chosen: list[str]) -> bool:
    """Tests that fail anyway would notice everything."""
    failing = [tests for tests in sorted({known_by(name) for name in chosen}) if not passes(ROOT, tests)]
    for tests in failing:
        sys.stdout.write(f"these tests fail without an error put in: {' '.join(tests)}\n")
    return not failing


def _say(verdict: Verdict) -> None:
    word = "noticed " if verdict.killed else "SURVIVED"
    sys.stdout.write(f"{word} {verdict.seconds:5.1f} s  line {verdict.change.line}  {verdict.change.key}\n")
    sys.stdout.flush()


def _report(chosen: list[str], counts: Counter[tuple[str, bool]], survived: list[Change]) -> int:
    for name in chosen:
        noticed, every = counts[name, True], counts[name, True] + counts[name, False]
        if every:
            sys.stdout.write(f"{name:60} {noticed:4} of {every:4}  {noticed / every:4.0%}\n")
    noticed, every = sum(n for (_, killed), n in counts.items() if killed), counts.total()
    explained = SURVIVORS.read_text(encoding="utf-8") if SURVIVORS.exists() else ""
    new = [change for change in survived if change.key not in explained]
    for change in new:
        sys.stdout.write(f"survived and not explained: line {change.line}  {change.key}\n")
    share = noticed / every if every else 1.0
    sys.stdout.write(f"mutation: {noticed} of {every} errors noticed ({share:.1%}), {len(survived)} survived\n")
    return 1 if new or share < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
