"""What can be derived: every module of this folder declares `TOPICS`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from stepwise.symbolic.model import Topic


def _modules() -> Iterator[Sequence[Topic]]:
    """The topics of one module after another; each is imported only when its turn comes."""
    for file in sorted(Path(__path__[0]).glob("[!_]*.py")):
        yield importlib.import_module(f"{__name__}.{file.stem}").TOPICS


@cache
def topics() -> Mapping[str, Topic]:
    """Every topic by name, found by looking into this folder."""
    return {topic.name: topic for found in _modules() for topic in found}


def topic_named(name: str) -> Topic | None:
    """One topic, without waiting for the modules behind its own."""
    return next((topic for found in _modules() for topic in found if topic.name == name), None)


GROUPS = ("activations", "losses", "network")


def groups() -> Mapping[str, list[Topic]]:
    """The topics under the headings they are listed with."""
    return {group: [topic for topic in topics().values() if topic.group == group] for group in GROUPS}
