"""What the fuzzer found once is found no more, and a short run finds nothing new.

The long run is `python -m tests.fuzzing --minutes 30`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from .campaign import Campaign, Worker, quiet_threads
from .hostile import files
from .limits import LARGEST_INPUT, MEGABYTES, SECONDS
from .mutations import mutated, noise
from .readers import READERS

FOUND = sorted((Path(__file__).parent / "found").iterdir())
SHORT = 350
"""Inputs of the short run."""


def _reader(path: Path) -> str:
    """The reader that a file is for: the longest name that its own starts with."""
    return max((name for name in READERS if path.name.startswith(f"{name}-")), key=len)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    quiet_threads()
    made = Worker()
    yield made
    made.stop()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_once(path: Path, worker: Worker) -> None:
    outcome = worker.surely(_reader(path), path.read_bytes())
    assert outcome.kind in ("accepted", "refused"), outcome.reason
    assert outcome.seconds < SECONDS
    assert outcome.megabytes < MEGABYTES


def test_a_short_run(tmp_path: Path) -> None:
    quiet_threads()
    campaign = Campaign(seed=6, folder=tmp_path)
    campaign.run(campaign.changed_files(SHORT))
    assert not campaign.failures
    assert sum(one.accepted for one in campaign.tallies.values()) > SHORT / 10
    assert sum(one.refused for one in campaign.tallies.values()) > SHORT / 3


# ---- the fuzzer itself


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"raise", "ZeroDivisionError"),
        (b"warn", "RuntimeWarning"),
        (b"loop", "does not end"),
        (b"memory", "MB"),
        (b"more memory", "MemoryError"),
        (b"die", "the process died"),
    ],
)
def test_what_the_fuzzer_notices(data: bytes, reason: str, worker: Worker) -> None:
    outcome = worker.use("misbehaving", data)
    assert outcome.kind == "failed"
    assert reason in outcome.reason


def test_an_input_that_fails_is_kept_with_its_reason(tmp_path: Path) -> None:
    said: list[str] = []
    campaign = Campaign(seed=1, folder=tmp_path, tell=said.append)
    campaign.run(iter([("misbehaving", b"raise")]))
    ((path, reason),) = campaign.failures
    assert path.read_bytes() == b"raise"
    assert "ZeroDivisionError" in reason
    assert "Traceback" in path.with_name(f"{path.name}.reason").read_text(encoding="utf-8")
    assert said == [f"{path}: {reason}"]
    assert campaign.tallies["misbehaving"].failed == 1


def test_inputs_come_from_a_seed() -> None:
    first, second = (list(Campaign(seed=3, folder=Path()).changed_files(60)) for _ in range(2))
    assert first == second
    assert first != list(Campaign(seed=4, folder=Path()).changed_files(60))
    assert {name for name, _ in first} == set(READERS)


def test_inputs_are_changed_and_below_a_megabyte() -> None:
    rng = Random(1)
    start = b"inputs: [1, 2]\nlabels: 1\n"
    made = [mutated(rng, start, [b"student,L\na,1\n"]) for _ in range(400)]
    assert sum(data != start for data in made) > 350
    assert len(set(made)) > 300
    sizes = [len(data) for data in (*made, *(data for _, data in files()), *(noise(rng) for _ in range(50)))]
    assert max(sizes) <= LARGEST_INPUT
    assert max(sizes) > 800_000
