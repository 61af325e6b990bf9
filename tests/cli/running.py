"""stepwise as a process of its own, and inside this one."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from click.testing import CliRunner, Result

from stepwise.cli import group, main
from tests.tooling import ROOT

COMMAND = (sys.executable, "-m", "stepwise")
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "NO_COLOR")},
    "PYTHONPATH": str(ROOT),
    "PYTHONIOENCODING": "utf-8",
}


def run(*arguments: str, folder: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """`stepwise arguments…` as somebody runs it."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def invoke(*arguments: str) -> Result:
    """The same in this process, for what ends well; errors of ours come out as exceptions."""
    return CliRunner().invoke(group, list(arguments), prog_name="stepwise", catch_exceptions=False)


def output_of(*arguments: str) -> str:
    done = invoke(*arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def run_here(*arguments: str, folder: Path | None = None, stdin: str = "") -> tuple[int, str, str]:
    """The same as `run` without a process of its own: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    reader = io.TextIOWrapper(io.BytesIO(stdin.encode("utf-8")), encoding="utf-8")
    code: object = 0
    with (
        contextlib.chdir(folder or Path.cwd()),
        mock.patch.object(sys, "argv", ["stepwise", *arguments]),
        mock.patch.object(sys, "stdin", reader),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return int(code) if isinstance(code, int) else 1, out.getvalue(), err.getvalue()


def complaint_of(arguments: Sequence[str], folder: Path | None = None, stdin: str = "") -> str:
    """The message of a run that must fail: on standard error alone, exit code 2, no traceback."""
    code, out, err = run_here(*arguments, folder=folder, stdin=stdin)
    assert code == 2, (code, out[:200], err)
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err
    return err
