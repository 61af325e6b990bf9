"""Cold starts: whole processes beside the least that a program of this kind loads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Row, ratios

FLOOR = ("-c", "import numpy, jinja2, click, yaml")
CHECKOUT = Path(__file__).resolve().parent.parent


def rows(pairs: int) -> list[Row]:
    """`stepwise solve xor-mlp` and `stepwise --help`, as a user starts them, with compiled files in place."""
    with tempfile.TemporaryDirectory() as folder:
        process = _starter(Path(folder))
        floor = process(*FLOOR)
        solved = ratios(process("-m", "stepwise", "solve", "xor-mlp"), floor, pairs)
        helped = ratios(process("-m", "stepwise", "--help"), floor, pairs)
    beside = '`python -c "import numpy, jinja2, click, yaml"`'
    return [
        Row(f"`stepwise solve xor-mlp`, cold ÷ {beside}", 1.20, solved),
        Row(f"`stepwise --help` ÷ {beside}", 0.40, helped),
    ]


def _starter(folder: Path) -> Callable[..., Callable[[], object]]:
    """What starts Python in a folder without anything in it; compiled files are written, as after an installation."""
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings["PYTHONPATH"] = str(CHECKOUT)

    def process(*arguments: str) -> Callable[[], object]:
        command = [sys.executable, *arguments]

        def run() -> object:
            return subprocess.run(command, cwd=folder, env=surroundings, stdout=subprocess.DEVNULL, check=True)

        run()
        return run

    return process
