"""Many inputs through the workers: counted, timed, and written down where one fails."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from .hostile import files
from .mutations import mutated, noise
from .readers import READERS, reader_of
from .worker import Outcome, serve

_INPUTS_A_WORKER = 400
"""Then a new process, so that what one input leaves behind is not taken for the cost of another."""
_WALL = 60.0
"""Seconds until a worker that says nothing is ended: it hangs in code that hears no signal."""
_NOISE = 0.05


@dataclass
class Tally:
    """What became of the inputs of one reader."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0

    def add(self, outcome: Outcome) -> None:
        setattr(self, outcome.kind, getattr(self, outcome.kind) + 1)
        self.seconds = max(self.seconds, outcome.seconds)
        self.megabytes = max(self.megabytes, outcome.megabytes)


@dataclass
class Worker:
    """One process that uses inputs, replaced when it has used many, hangs or dies."""

    done: int = 0
    process: BaseProcess | None = None
    pipe: Connection | None = None

    def use(self, reader: str, data: bytes) -> Outcome:
        if self.process is None or self.done >= _INPUTS_A_WORKER:
            self.start()
        assert self.process is not None
        assert self.pipe is not None
        self.done += 1
        self.pipe.send((reader, data))
        try:
            if self.pipe.poll(_WALL):
                outcome: Outcome = self.pipe.recv()
                return outcome
            reason = "hangs"
        except EOFError:
            self.process.join()
            reason = f"the process died ({self.process.exitcode})"
        self.stop()
        return Outcome("failed", _WALL, 0.0, reason)

    def start(self) -> None:
        self.stop()
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.done = 0

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
        self.process = None

    def surely(self, reader: str, data: bytes) -> Outcome:
        """The outcome; a failure only where a new process, with nothing left behind in it, sees it too."""
        outcome = self.use(reader, data)
        if outcome.kind == "failed":
            self.start()
            self.use(reader, b"")
            outcome = self.use(reader, data)
            self.start()
        return outcome


@dataclass
class Campaign:
    """One run: which readers, from which seed, where failing inputs go, and what came of it."""

    seed: int
    folder: Path
    readers: tuple[str, ...] = tuple(READERS)
    tallies: dict[str, Tally] = field(default_factory=dict)
    failures: list[tuple[Path, str]] = field(default_factory=list)
    stop: Callable[[], bool] = lambda: False
    tell: Callable[[str], None] = lambda line: None
    """Told of each failure at once."""

    def run(self, inputs: Iterator[tuple[str, bytes]]) -> None:
        worker = Worker()
        try:
            for reader, data in inputs:
                outcome = worker.surely(reader, data)
                self.tallies.setdefault(reader, Tally()).add(outcome)
                if outcome.kind == "failed":
                    self._keep(reader, data, outcome)
        finally:
            worker.stop()

    def _keep(self, reader: str, data: bytes, outcome: Outcome) -> None:
        name = f"{reader}-{hashlib.sha256(data).hexdigest()[:10]}{reader_of(reader).ending}"
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        path.write_bytes(data)
        path.with_name(f"{name}.reason").write_text(f"{outcome}\n{outcome.reason}\n", encoding="utf-8")
        self.failures.append((path, outcome.reason.strip().rsplit("\n", 1)[-1]))
        self.tell(f"{path}: {self.failures[-1][1]}")

    def whole_files(self) -> Iterator[tuple[str, bytes]]:
        """Every hostile file for every reader of its ending, and the files that others start from."""
        for name in self.readers:
            reader = READERS[name]
            for data in reader.starts():
                yield name, data
            for ending, data in files():
                if ending == reader.ending:
                    yield name, data

    def changed_files(self, most: int | None = None) -> Iterator[tuple[str, bytes]]:
        """Changed files, reader after reader, until `stop` or `most` of them."""
        rng = Random(self.seed)
        starts = {name: READERS[name].starts() for name in self.readers}
        alike = {name: [*starts[name], *_of_kin(name, starts)] for name in self.readers}
        made = 0
        while not self.stop() and (most is None or made < most):
            name = self.readers[made % len(self.readers)]
            data = noise(rng) if rng.random() < _NOISE else mutated(rng, rng.choice(starts[name]), alike[name])
            made += 1
            yield name, data

    def table(self) -> str:
        """The counts, a line for each reader."""
        head = f"{'reader':14}{'inputs':>9}{'accepted':>10}{'refused':>9}{'failed':>8}{'worst s':>9}{'worst MB':>10}"
        lines = [head]
        for name, one in self.tallies.items():
            count = one.accepted + one.refused + one.failed
            numbers = f"{count:>9,}{one.accepted:>10,}{one.refused:>9,}{one.failed:>8,}"
            lines.append(f"{name:14}{numbers}{one.seconds:>9.2f}{one.megabytes:>10.0f}")
        whole = [sum(getattr(one, part) for one in self.tallies.values()) for part in ("accepted", "refused", "failed")]
        worst = [
            max((getattr(one, part) for one in self.tallies.values()), default=0) for part in ("seconds", "megabytes")
        ]
        counts = f"{sum(whole):>9,}{whole[0]:>10,}{whole[1]:>9,}{whole[2]:>8,}"
        lines.append(f"{'all':14}{counts}{worst[0]:>9.2f}{worst[1]:>10.0f}")
        return "\n".join(lines)


def _of_kin(name: str, starts: dict[str, list[bytes]]) -> list[bytes]:
    """Files of other readers with the same ending: a problem in place of answers, answers in place of an exam."""
    ending = READERS[name].ending
    return [
        data for other, found in starts.items() if other != name and READERS[other].ending == ending for data in found
    ]


def until(minutes: float) -> Callable[[], bool]:
    """Whether so many minutes have gone by."""
    end = time.monotonic() + minutes * 60
    return lambda: time.monotonic() > end


def quiet_threads() -> None:
    """One thread a process: the threads of a library for matrices only reserve memory here."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
