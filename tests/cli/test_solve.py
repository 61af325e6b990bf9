"""`stepwise solve`: its options, what goes where, and what it costs to start."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stepwise import load_problem, render, render_path
from stepwise import solve as solved
from stepwise.problem import with_options
from tests.cli.running import COMMAND, ENVIRONMENT, complaint_of, invoke, output_of, run, run_here
from tests.tooling import ROOT

XOR = (ROOT / "problems" / "xor-mlp.yaml").read_text(encoding="utf-8")


def page(name: str, format: str = "md", language: str | None = None, **options: Any) -> str:
    return render(solved(with_options(load_problem(name), **options)), format, language)


def worked(text: str) -> list[str]:
    return re.findall(r"^\| \$.*\$ \| `(\w+)` \|", text, re.MULTILINE)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ---- options


def test_the_page_is_that_of_the_library() -> None:
    assert output_of("solve", "xor-mlp") == page("xor-mlp")
    assert output_of("solve", "xor-mlp", "--format", "latex", "--lang", "zh") == page("xor-mlp", "latex", "zh")
    trace = solved(load_problem("xor-mlp"))
    assert output_of("solve", "xor-mlp", "--detail", "brief") == render(trace, detail="brief")
    assert output_of("solve", "xor-mlp", "--lang", "zh+en") == render(trace, language="zh+en")


def test_the_path_of_one_weight() -> None:
    asked = load_problem("xor-mlp")
    assert output_of("solve", "xor-mlp", "--path", "W1[1,1]") == render_path(asked, "W1[1,1]")
    wanted = render_path(with_options(asked, carry=False, decimals=5), "b1[2]", "latex", "zh", "brief")
    options = ("--exact", "--decimals", "5", "--format", "latex", "--lang", "zh", "--detail", "brief")
    assert output_of("solve", "xor-mlp", "--path", "b1[2]", *options) == wanted
    assert "did you mean W1[1,1]?" in complaint_of(["solve", "xor-mlp", "--path", "w1[1,1]"])
    for other in (("--only", "a1"), ("--until", "a1"), ("--letters",), ("--exact-forms",)):
        assert "--path" in complaint_of(["solve", "xor-mlp", "--path", "W1[1,1]", *other])


def test_a_name_a_file_and_standard_input_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(XOR, encoding="utf-8")
    wanted = page("xor-mlp")
    assert output_of("solve", str(tmp_path / "mine.yaml")) == wanted
    done = run("solve", "-", stdin=XOR)
    assert (done.returncode, done.stdout, done.stderr) == (0, wanted, "")


def test_exact_and_hand() -> None:
    assert output_of("solve", "xor-mlp", "--exact") == page("xor-mlp", carry=False) != page("xor-mlp")
    assert output_of("solve", "wide-mlp", "--hand") == page("wide-mlp", carry=True) != page("wide-mlp")
    assert "Hand arithmetic" in output_of("solve", "wide-mlp", "--hand")
    assert "Computed without rounding" in output_of("solve", "xor-mlp", "--exact")


def test_decimals_and_figures() -> None:
    assert output_of("solve", "xor-mlp", "--decimals", "5") == page("xor-mlp", decimals=5)
    assert "5 decimals" in output_of("solve", "xor-mlp", "--decimals", "5")
    assert output_of("solve", "xor-mlp", "--figures", "3") == page("xor-mlp", figures=3)
    assert "3 significant figures" in output_of("solve", "xor-mlp", "--figures", "3")
    assert "exclude each other" in complaint_of(["solve", "xor-mlp", "--decimals", "3", "--figures", "3"])


@pytest.mark.parametrize("option", [["--decimals", "-1"], ["--decimals", "13"], ["--figures", "0"], ["--figures", "x"]])
def test_digits_out_of_range(option: list[str]) -> None:
    assert invoke("solve", "xor-mlp", *option).exit_code == 2


@pytest.mark.parametrize(
    "only",
    [
        ["--only", "dW1", "W1_new"],
        ["--only", "dW1", "--only", "W1_new"],
        ["--only", "dW1,W1_new"],
        ["--only=dW1", "W1_new"],
    ],
)
def test_only_takes_several_ids(only: list[str]) -> None:
    assert worked(output_of("solve", "xor-mlp", *only)) == ["dW1", "W1_new"]


def test_options_may_stand_behind_only() -> None:
    text = output_of("solve", "xor-mlp", "--only", "dW1", "W1_new", "--lang", "zh", "--until", "W1_new")
    assert worked(text) == ["dW1", "W1_new"]
    assert "参数更新" in text


def test_until() -> None:
    assert worked(output_of("solve", "xor-mlp", "--until", "a1")) == ["z1", "a1"]


def test_a_notebook_is_that_of_the_library(tmp_path: Path) -> None:
    assert output_of("solve", "xor-mlp", "--format", "ipynb", "--lang", "zh") == page("xor-mlp", "ipynb", "zh")
    output_of("solve", "xor-mlp", "--format", "ipynb", "-o", str(tmp_path / "xor.ipynb"))
    assert json.loads((tmp_path / "xor.ipynb").read_text(encoding="utf-8"))["nbformat"] == 4


def test_json_has_the_agreed_shape() -> None:
    data = json.loads(output_of("solve", "xor-mlp", "--format", "json"))
    assert list(data)[:4] == ["format", "problem", "arithmetic", "quantities"]
    assert (data["format"], data["arithmetic"]) == (1, "hand")
    first = next(name for name, quantity in data["quantities"].items() if quantity["phase"] == "forward")
    assert (first, data["quantities"][first]) == (
        "z1",
        {
            "value": [0.8, -0.3],
            "shown": ["0.8", "-0.3"],
            "symbol": "z^{(1)}",
            "shape": [2],
            "phase": "forward",
            "operation": "affine",
            "operands": ["W1", "x", "b1"],
        },
    )
    keys = {"value", "shown", "symbol", "shape", "phase", "operation", "operands"}
    assert all(set(quantity) == keys for quantity in data["quantities"].values())
    assert data["problem"]["lr"] == 0.5


# ---- files, whole or not at all


def test_output_goes_to_the_file_alone(tmp_path: Path) -> None:
    done = run("solve", "xor-mlp", "-o", "page.md", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page("xor-mlp")
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE((tmp_path / "page.md").stat().st_mode) == 0o666 & ~umask
    assert files_in(tmp_path) == ["page.md"]


def test_output_to_a_dash_is_standard_output() -> None:
    assert output_of("solve", "xor-mlp", "-o", "-") == page("xor-mlp")


FAILING = '<%= to.section(voice.heading(phrase("section.loss"))) %><%= page.no_such_thing %>'


@pytest.mark.parametrize("old", [None, "the old page"])
def test_a_failing_page_leaves_files_as_they_were(old: str | None, tmp_path: Path) -> None:
    story = tmp_path / "own" / "stories" / "network.jinja"
    story.parent.mkdir(parents=True)
    story.write_text(FAILING, encoding="utf-8")
    if old is not None:
        (tmp_path / "page.md").write_text(old, encoding="utf-8")
    before = files_in(tmp_path)
    complaint_of(["solve", "xor-mlp", "--templates", "own", "-o", "page.md"], folder=tmp_path)
    assert files_in(tmp_path) == before
    if old is not None:
        assert (tmp_path / "page.md").read_text(encoding="utf-8") == old


@pytest.mark.parametrize("target", ["nowhere/page.md", "folder", "folder/../none/page.md"])
def test_a_file_that_cannot_be_written_is_said(target: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    complaint_of(["solve", "xor-mlp", "-o", target], folder=tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stepwise import UnsupportedError
    from stepwise.cli.output import write_whole

    def full(self: Path, target: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "page.md").write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UnsupportedError, match="No space left"):
        write_whole(tmp_path / "page.md", "new")
    assert files_in(tmp_path) == ["page.md"]
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == "old"


# ---- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-problem"], "no-such-problem"),
        (["xor-mpl"], "xor-mlp"),
        (["missing.yaml"], "missing.yaml"),
        (["."], "."),
        (["broken.yaml"], "broken.yaml:2"),
        (["xor-mlp", "--format", "docx"], "md, latex, json"),
        (["xor-mlp", "--detail", "long"], "brief, full"),
        (["xor-mlp", "--lang", "fr"], "en, zh"),
        (["xor-mlp", "--lang", "en+"], "en, zh"),
        (["xor-mlp", "--lang", "../words/en"], "en, zh"),
        (["xor-mlp", "--format", "json", "--lang", "fr"], "en, zh"),
        (["xor-mlp", "--only", "dW9"], "did you mean dW"),
        (["xor-mlp", "--until", "dW9"], "did you mean dW"),
        (["xor-mlp", "svm-pegasos"], "svm-pegasos"),
        (["xor-mlp", "--templates", "nowhere"], "nowhere"),
    ],
)
def test_an_error_is_one_message(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("title: x\nwieghts: 1\n", encoding="utf-8")
    text = complaint_of(["solve", *arguments], folder=tmp_path)
    assert message in text
    assert "\x1b" not in text


@pytest.mark.parametrize("arguments", [["solve", "xor-mpl"], ["solve", "xor-mlp", "--format", "docx"], ["slove"]])
def test_an_error_of_a_process_is_one_message(arguments: list[str]) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "\x1b" not in done.stderr
    assert "Traceback" not in done.stderr
    code, out, err = run_here(*arguments)
    assert (code, out, err) == (2, "", done.stderr)


def test_all_that_is_wrong_with_standard_input_is_said() -> None:
    text = complaint_of(["solve", "-"], stdin="title: x\nwieghts: 1\nlr: -1\n")
    assert "did you mean" in text
    assert len(text.strip().splitlines()) >= 2


def test_empty_and_binary_standard_input() -> None:
    complaint_of(["solve", "-"], stdin="")
    done = subprocess.run(
        [*COMMAND, "solve", "-"], env=ENVIRONMENT, input=b"\xff\xfe\x00", capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


# ---- pipes


def test_a_closed_pipe_is_no_error() -> None:
    command = f"{' '.join(map(str, COMMAND))} solve wide-mlp --format json | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.stdout == "{\n0\n"
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["solve", "xor-mlp"], ["problems"], ["--help"]])
def test_a_reader_who_has_gone_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*COMMAND, *arguments], env=ENVIRONMENT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""


def test_no_colours_in_a_pipe() -> None:
    for done in (run("solve", "xor-mlp"), run("--help")):
        assert done.stdout
        assert "\x1b" not in done.stdout + done.stderr


def test_an_error_is_red_on_a_terminal() -> None:
    """The opposite of the above: there are colours that a pipe is spared."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    subprocess.run([*COMMAND, "solve", "xor-mpl"], env=ENVIRONMENT, stderr=theirs, stdout=theirs, check=False)
    os.close(theirs)
    assert b"\x1b[31m" in os.read(ours, 4096)
    os.close(ours)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_poor_terminal_gets_the_page_anyway(encoding: str) -> None:
    """Whatever the locale, the page is UTF-8."""
    environment = {**ENVIRONMENT, "LC_ALL": "C", "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    command = [*COMMAND, "solve", "xor-mlp", "--lang", "zh"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert done.stdout.decode("utf-8") == page("xor-mlp", language="zh")


# ---- what is imported


def imported_by(*arguments: str) -> set[str]:
    """The modules that a run has imported."""
    script = (
        "import sys, io, contextlib\n"
        "from stepwise.cli import group\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        f"    group({list(arguments)!r}, prog_name='stepwise', standalone_mode=False)\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("problem", ["gelu-network", "leaf-measurements"])
def test_solving_needs_no_sympy(problem: str) -> None:
    modules = imported_by("solve", problem)
    assert {"numpy", "stepwise.document.page"} <= modules
    heavy = {"sympy", "mpmath", "pytest", "_pytest", "scipy", "torch", "jsonschema", "hypothesis", "tests"}
    assert not {module.split(".")[0] for module in modules} & heavy


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["solve", "--help"]])
def test_help_needs_no_numpy(arguments: list[str]) -> None:
    modules = imported_by(*arguments)
    assert not {module.split(".")[0] for module in modules} & {"numpy", "jinja2", "sympy", "yaml", "msgspec"}
