"""What -o may be beside a plain file."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import COMMAND, ENVIRONMENT, run, run_here


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    (tmp_path / "target.md").write_text("old", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("target.md")
    assert run("solve", "xor-mlp", "-o", "link.md", folder=tmp_path).returncode == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "target.md").read_text(encoding="utf-8").startswith("# ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are not on this system")
def test_a_pipe_takes_the_page_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "stepwise", "solve", "xor-mlp", "-o", str(pipe)]
    with subprocess.Popen(command) as writing:
        text = pipe.read_text(encoding="utf-8")
        assert writing.wait(60) == 0
    assert text.startswith("# ")
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="this system has no /dev/full")
def test_a_device_that_is_full_says_so(tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    done = run("solve", "xor-mlp", "-o", "full", folder=tmp_path)
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert Path("/dev/full").is_char_device()


def test_a_name_that_is_too_long_is_one_message(tmp_path: Path) -> None:
    for arguments in (
        ["solve", "xor-mlp", "-o", "L" * 300],
        ["sheet", "xor-mlp", "-q", "--each", "-o", "L" * 300 + "/"],
    ):
        done = run(*arguments, "L" * 300, folder=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr


def test_a_problem_is_not_written_over_by_its_solution(tmp_path: Path) -> None:
    assert run("new", "mine", folder=tmp_path).returncode == 0
    before = (tmp_path / "mine.yaml").read_bytes()
    done = run("solve", "mine.yaml", "-o", "mine.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert "would be written over what it is made from" in done.stderr
    assert (tmp_path / "mine.yaml").read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "arguments", [["solve", "xor-mlp"], ["problems"], ["--help"], ["solve", "--help"]], ids=" ".join
)
def test_a_full_disk_is_one_message(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [*COMMAND, *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().strip().splitlines() == [
        "error: cannot write to standard output: No space left on device"
    ]


def test_a_page_needs_somewhere_to_go() -> None:
    command = f"{shlex.join(COMMAND)} solve xor-mlp >&-"
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, env=ENVIRONMENT, check=False)
    assert (done.returncode, b"no standard output" in done.stderr) == (2, True)


def test_the_program_leaves_with_all_that_it_wrote() -> None:
    """It does not wait for Python to tidy up; nothing may be lost by that, however slowly it is read."""
    arguments = [*COMMAND, "derive", "softmax_cross_entropy", "--format", "latex"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=ENVIRONMENT) as running:
        assert running.stdout is not None
        time.sleep(3)
        read = running.stdout.read().decode("utf-8")
    assert running.returncode == 0
    assert read == run_here(*arguments[len(COMMAND) :])[1]
