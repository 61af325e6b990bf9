"""Tools that a fuller test uses and a plain machine may not have.

A missing tool is a skip with its reason; where CI is "true" it is a failure, because there nothing may be left out.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tests" / "tools"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def _node_finds(package: str) -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    probe = [node, "--eval", f"require.resolve({json.dumps(package)})"]
    return subprocess.run(probe, cwd=TOOLS, capture_output=True, check=False).returncode == 0


NPM_HINT = "node with {} (cd tests/tools && npm install --no-save --no-package-lock)"
PROBES: dict[str, tuple[Callable[[], bool], str]] = {
    "xelatex": (lambda: shutil.which("xelatex") is not None, "xelatex with ctex (the list of packages is in .ci/run)"),
    "katex": (lambda: _node_finds("katex"), NPM_HINT.format("katex")),
    "markdown-it": (lambda: _node_finds("markdown-it"), NPM_HINT.format("markdown-it")),
    "chromium": (lambda: any(shutil.which(name) for name in CHROMIUM_NAMES), "chromium"),
    "torch": (lambda: importlib.util.find_spec("torch") is not None, "torch (pip install torch)"),
    "distributed": (
        lambda: importlib.util.find_spec("distributed") is not None,
        "distributed (pip install 'stepwise[dask]')",
    ),
}


@cache
def has_tool(name: str) -> bool:
    """Whether the tool called `name` (a key of PROBES) can be used here."""
    return PROBES[name][0]()


def require_tool(name: str) -> None:
    """Skip the running test where `name` is missing; fail it in CI."""
    if not has_tool(name):
        give_up(f"needs {PROBES[name][1]}")


def give_up(reason: str) -> None:
    """Skip the running test for a reason that lies outside the project; fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}: not here, and CI leaves nothing out", pytrace=False)
    pytest.skip(reason)


def run_node(script: str, data: object) -> Any:
    """What the script of tests/tools prints as JSON for `data` on its standard input."""
    done = subprocess.run(
        ["node", script],
        cwd=TOOLS,
        input=json.dumps(data),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{script}: {done.stderr}")
    return json.loads(done.stdout)
