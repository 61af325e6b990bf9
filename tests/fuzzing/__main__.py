"""python -m tests.fuzzing: feed the readers for some minutes and say what came of it; exit 1 where an input failed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from .campaign import Campaign, Tally, quiet_threads, until
from .readers import READERS


def main() -> int:
    """Run as many campaigns beside one another as there are jobs."""
    asked = _arguments()
    quiet_threads()
    start = time.monotonic()
    folder = asked.failures or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    stop = until(asked.minutes)
    readers = tuple(asked.reader or READERS)
    campaigns = [Campaign(asked.seed + job, folder, readers, stop=stop, tell=_say) for job in range(asked.jobs)]
    with ThreadPoolExecutor(asked.jobs) as pool:
        list(pool.map(lambda one: one.run(_inputs(one, first=one is campaigns[0], asked=asked)), campaigns))
    whole = Campaign(asked.seed, folder)
    for one in campaigns:
        for name, tally in one.tallies.items():
            _merge(whole.tallies.setdefault(name, Tally()), tally)
        whole.failures += one.failures
    _say(whole.table())
    _say(f"{(time.monotonic() - start) / 60:.1f} minutes, {asked.jobs} at a time, seed {asked.seed}")
    return 1 if whole.failures else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _inputs(campaign: Campaign, *, first: bool, asked: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    whole = campaign.whole_files() if first and not asked.mutations_only else iter(())
    return chain(whole, campaign.changed_files(asked.most))


def _merge(into: Tally, other: Tally) -> None:
    into.accepted += other.accepted
    into.refused += other.refused
    into.failed += other.failed
    into.seconds, into.megabytes = max(into.seconds, other.seconds), max(into.megabytes, other.megabytes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, help="so many changed files, however long that takes")
    parser.add_argument("--reader", action="append", choices=tuple(READERS), help="only this one; may be repeated")
    parser.add_argument("--mutations-only", action="store_true", help="without the whole hostile files")
    parser.add_argument("--failures", type=Path, help="the folder for inputs that fail; else a new temporary one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
