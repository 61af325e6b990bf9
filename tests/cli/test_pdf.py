"""`--format pdf`: a file, never a terminal, and whole or not at all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from stepwise import load_problem, render, solve
from stepwise.cli import output
from stepwise.errors import UnsupportedError
from tests.cli.running import COMMAND, ENVIRONMENT, complaint_of, run

RequireTool = Callable[[str], None]


@pytest.mark.slow
def test_a_page_as_a_pdf(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    target = tmp_path / "xor.pdf"
    done = run("solve", "xor-mlp", "--lang", "zh", "--format", "pdf", "-o", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    piped = [*COMMAND, "solve", "xor-mlp", "--lang", "zh", "--format", "pdf"]
    data = subprocess.run(piped, env=ENVIRONMENT, capture_output=True, check=True).stdout
    assert data == target.read_bytes()
    assert data.startswith(b"%PDF-")
    path = run("solve", "xor-mlp", "--path", "W1[1,1]", "--format", "pdf", "-o", str(target))
    assert path.returncode == 0
    assert target.read_bytes().startswith(b"%PDF-")
    assert target.read_bytes() != data


def test_without_an_engine_nothing_is_written(tmp_path: Path) -> None:
    target = tmp_path / "xor.pdf"
    command = [*COMMAND, "solve", "xor-mlp", "--format", "pdf", "-o", str(target)]
    environment = {**ENVIRONMENT, "PATH": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "needs a TeX engine" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_spared() -> None:
    with mock.patch.object(output.sys, "stdout") as stdout:
        stdout.isatty.return_value = True
        with pytest.raises(UnsupportedError, match="-o FILE"):
            output.emit(b"%PDF", None)
        # before the work is done
        with pytest.raises(UnsupportedError, match="-o FILE"):
            output.emit_page(lambda form: pytest.fail(form), "pdf", "-")


def test_missing_characters_are_warned_of_once(capsys: pytest.CaptureFixture[str]) -> None:
    with mock.patch.object(output, "_warned_of", set()):
        output.warn_of_missing("䶮㛃")
        output.warn_of_missing("㛃")
        output.warn_of_missing("㛃𰀀")
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "warning: no font here has the characters 䶮 㛃 (install Noto Serif CJK SC)",
        "warning: no font here has the character 𰀀 (install Noto Serif CJK SC)",
    ]


@pytest.mark.slow
def test_a_page_with_characters_that_no_font_has_is_written_and_said(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\n1,𗀀\n", encoding="utf-8")
    target = tmp_path / "sheets.pdf"
    done = run("sheet", "svm-pegasos", "--roster", str(roster), "-q", "--format", "pdf", "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "warning: no font here has the character 𗀀 (install Noto Serif CJK SC)\n"
    assert target.read_bytes().startswith(b"%PDF-")


def test_other_formats_go_on_as_they_were(tmp_path: Path) -> None:
    target = tmp_path / "page.md"
    assert run("solve", "xor-mlp", "-o", str(target)).returncode == 0
    assert target.read_text(encoding="utf-8") == render(solve(load_problem("xor-mlp")))
    assert "no format" in complaint_of(["solve", "xor-mlp", "--format", "odt"])
