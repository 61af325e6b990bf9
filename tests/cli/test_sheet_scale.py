"""Many papers: the same bytes however they are shared out, runs that go on where another was ended, flat memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepwise.cli.sheet_folder import Folder, Wanted
from stepwise.errors import UnsupportedError
from tests.cli.running import COMMAND, ENVIRONMENT, complaint_of, run, run_here
from tests.tooling import require_tool

COUNT = 45
"""More than two tasks' worth."""
JOURNAL = ".stepwise-sheet-key.part"


def sheet(folder: Path, *arguments: str) -> str:
    """What a run that ends well says, in a process of its own."""
    done = run("sheet", "xor-mlp", "--key", "--each", *arguments, folder=folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return done.stderr


def here(folder: Path, *arguments: str) -> str:
    """The same in this process."""
    code, out, err = run_here("sheet", "xor-mlp", "--key", "--each", *arguments, folder=folder)
    assert (code, out) == (0, ""), err
    return err


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run in one process writes that nobody disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    here(folder, "--count", str(COUNT), "-o", "out")
    found = contents(folder / "out")
    assert len(found) == COUNT + 1
    return found


# ---- the same bytes


def test_another_process_writes_the_same_bytes(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    sheet(tmp_path, "--count", str(COUNT), "-o", "out")
    assert contents(tmp_path / "out") == undisturbed


def test_two_jobs_write_the_same_bytes(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    sheet(tmp_path, "--count", str(COUNT), "-o", "out", "--jobs", "2")
    assert contents(tmp_path / "out") == undisturbed


def test_another_seed_writes_other_papers(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    here(tmp_path, "--count", str(COUNT), "-o", "out", "--seed", "2")
    assert contents(tmp_path / "out").keys() & undisturbed.keys() == {"variants-key.csv"}


def test_more_papers_begin_with_the_same(undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    here(tmp_path, "--count", "7", "-o", "out")
    for name, content in contents(tmp_path / "out").items():
        if name == "variants-key.csv":
            assert undisturbed[name].startswith(content)
        else:
            assert undisturbed[name] == content


@pytest.fixture
def cluster() -> Iterator[str]:
    """A Dask cluster on this machine, by the address of its scheduler."""
    require_tool("distributed")
    script = (
        "import sys\n"
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster('127.0.0.1', n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "        print(cluster.scheduler_address, flush=True)\n"
        "        sys.stdin.read()\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    try:
        yield address
    finally:
        server.communicate(timeout=60)


def test_a_dask_cluster_writes_the_same_bytes(cluster: str, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    sheet(tmp_path, "--count", str(COUNT), "-o", "out", "--dask", cluster)
    assert contents(tmp_path / "out") == undisturbed


@pytest.mark.parametrize(("address", "said"), [("here", "is no address"), ("tcp://127.0.0.1:9", "no Dask scheduler")])
def test_where_no_scheduler_answers_is_said_soon(address: str, said: str, tmp_path: Path) -> None:
    require_tool("distributed")
    start = time.monotonic()
    message = complaint_of(["sheet", "xor-mlp", "--each", "-o", "out", "-q", "--dask", address], folder=tmp_path)
    assert said in message
    assert "such as tcp://" in message
    assert time.monotonic() - start < 20


def test_what_dask_needs_is_said_where_it_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    message = complaint_of(["sheet", "xor-mlp", "--each", "-o", "out", "-q", "--dask", "a:1"], folder=tmp_path)
    assert "pip install 'stepwise[dask]'" in message


# ---- runs that were ended


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("files", [1, 25])
def test_after_kill_9_a_second_run_writes_what_is_missing(
    jobs: str, files: int, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = ["sheet", "xor-mlp", "--key", "--each", "--count", str(COUNT), "-o", "out"]
    server = subprocess.Popen(
        [*COMMAND, *arguments, "--jobs", jobs], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while len(list(out.glob("XOR-*.md"))) < files and time.monotonic() < deadline:
        time.sleep(0.001)
    server.send_signal(signal.SIGKILL)
    assert server.wait(30) == -signal.SIGKILL
    found = contents(out)
    assert files <= len([name for name in found if name.endswith(".md")]) < COUNT
    assert JOURNAL in found
    # no half file bears a paper's name
    assert all(content == undisturbed[name] for name, content in found.items() if name in undisturbed)
    said = sheet(tmp_path, "--count", str(COUNT), "-o", "out", "--jobs", jobs)
    assert contents(out) == undisturbed
    assert "kept;" in said


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is a signal on Unix")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_run_without_a_traceback(jobs: str, tmp_path: Path) -> None:
    arguments = ["sheet", "xor-mlp", "--key", "--each", "--count", "2000", "-o", "out", "--jobs", jobs, "-q"]
    server = subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").glob("XOR-*.md")) and time.monotonic() < deadline:
        time.sleep(0.01)
    # a terminal sends it to all processes
    os.killpg(server.pid, signal.SIGINT)
    _, err = server.communicate(timeout=60)
    assert (server.returncode, err.strip()) == (1, "Aborted!")
    assert (tmp_path / "out" / JOURNAL).is_file()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked at in /proc")
def test_workers_do_not_outlive_a_run_that_was_killed(tmp_path: Path) -> None:
    mark = f"mark-{os.getpid()}-{time.monotonic_ns()}"
    arguments = ["sheet", "xor-mlp", "--each", "--count", "2000", "-o", "out", "--jobs", "2"]
    server = subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, env={**ENVIRONMENT, "MARK": mark}, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list((tmp_path / "out").glob("XOR-*.md")) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(_marked(mark)) > 2
    server.kill()
    server.wait(30)
    while _marked(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _marked(mark) == []


def _marked(mark: str) -> list[str]:
    """The processes that have a mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_a_finished_folder_is_left_alone(tmp_path: Path) -> None:
    here(tmp_path, "--count", "5", "-o", "out")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.md")}
    assert "0 papers written, 5 papers kept" in here(tmp_path, "--count", "5", "-o", "out")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.md")} == before


@pytest.mark.parametrize("change", ["cut", "altered", "removed"])
def test_what_is_not_as_it_was_is_written_again(change: str, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    here(tmp_path, "--count", str(COUNT), "-o", "out")
    victim = sorted((tmp_path / "out").glob("*.md"))[3]
    content = victim.read_bytes()
    if change == "removed":
        victim.unlink()
    else:
        victim.write_bytes(content[:-1] if change == "cut" else content.replace(b"0", b"1", 1))
    assert f"1 paper written, {COUNT - 1} papers kept" in here(tmp_path, "--count", str(COUNT), "-o", "out")
    assert contents(tmp_path / "out") == undisturbed


@pytest.mark.parametrize(
    "option", [("--lang", "zh"), ("--vary", "{weights: any, inputs: any}"), ("--format", "latex"), ("--ask", "z1")]
)
def test_other_options_write_other_files(option: tuple[str, str], tmp_path: Path) -> None:
    here(tmp_path, "--count", "3", "-o", "out")
    assert "3 papers written;" in here(tmp_path, "--count", "3", "-o", "out", *option)


def test_a_changed_problem_or_template_writes_other_files(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "architecture: {layers: [{activation: sigmoid}], loss: mse}\n"
        "weights: [[0.5, 0.25]]\nbiases: [0.5]\ninputs: [1, 2]\nlabels: 0\nlr: 0.5\n",
        encoding="utf-8",
    )
    folder = tmp_path / "templates" / "words"
    folder.mkdir(parents=True)
    arguments = ("sheet", "own.yaml", "--each", "-o", "out", "--templates", "templates")
    assert "1 paper written;" in run_here(*arguments, folder=tmp_path)[2]
    assert "0 papers written" in run_here(*arguments, folder=tmp_path)[2]
    (folder / "note.txt").write_text("x", encoding="utf-8")
    assert "1 paper written;" in run_here(*arguments, folder=tmp_path)[2]
    text = (tmp_path / "own.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(f"title: Mine\n{text}", encoding="utf-8")
    assert "1 paper written;" in run_here(*arguments, folder=tmp_path)[2]


def test_sheets_keys_and_solutions_share_a_folder(tmp_path: Path) -> None:
    for option in ((), ("--key",), ("--solutions",)):
        assert run_here("sheet", "xor-mlp", "--count", "2", "--each", "-o", "out", *option, folder=tmp_path)[0] == 0
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == 9
    assert {"variants.csv", "variants-key.csv", "variants-solutions.csv"} <= set(names)
    assert "2 papers kept" in here(tmp_path, "--count", "2", "-o", "out")


# ---- the folder itself


def interrupted(path: Path) -> None:
    with Folder(path, "key") as folder:
        folder.write("one", [("a.md", b"a")])
        folder.write("two", [("b.md", b"b")])
        raise KeyboardInterrupt


def test_half_a_line_of_a_journal_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path)
    journal = tmp_path / JOURNAL
    text = journal.read_text(encoding="utf-8")
    assert [json.loads(line)[:2] for line in text.splitlines()] == [["a.md", 1], ["b.md", 1]]
    journal.write_text(text[:-9], encoding="utf-8")
    with Folder(tmp_path, "key") as folder:
        assert folder.has("one")
        assert not folder.has("two")
        folder.write("two", [("b.md", b"b")])
        folder.finish([Wanted("two", "B"), Wanted("one", "A")])
    assert {path.name for path in tmp_path.iterdir()} == {"a.md", "b.md", "variants-key.csv"}
    lines = (tmp_path / "variants-key.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [["B", "", "", "b.md"], ["A", "", "", "a.md"]]


def test_only_our_own_leftovers_are_removed(tmp_path: Path) -> None:
    ours = (".a.md.x1y2z3.part", ".variants-key.csv.abc.part", f".{JOURNAL}.abc.part")
    others = (".b.md.x1y2z3.part", "a.md.part", ".stepwise-sheet-sheet.part", ".notes.part")
    for name in (*ours, *others):
        (tmp_path / name).write_text("", encoding="utf-8")
    with Folder(tmp_path, "key") as folder:
        folder.write("one", [("a.md", b"a")])
        folder.finish([Wanted("one", "A")])
    assert {path.name for path in tmp_path.iterdir()} == {*others, "a.md", "variants-key.csv"}


def test_a_table_does_not_lead_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s", encoding="utf-8")
    (tmp_path / "out").mkdir()
    digest = "043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89"
    row = f"A,,,../secret,1,{digest},one\n"
    (tmp_path / "out" / "variants-key.csv").write_text(
        f"code,student,name,file,bytes,sha256,made_of\n{row}", encoding="utf-8"
    )
    with Folder(tmp_path / "out", "key") as folder:
        assert not folder.has("one")


def test_a_paper_of_two_files_is_there_when_both_are(tmp_path: Path) -> None:
    with Folder(tmp_path, "sheet", 2) as folder:
        folder.write("one", [("a.yaml", b"a"), ("b.yaml", b"b")])
        folder.finish([Wanted("one", "A B")])
    with Folder(tmp_path, "sheet", 2) as folder:
        assert folder.has("one")
        folder.finish([Wanted("one", "A B")])
    (tmp_path / "b.yaml").unlink()
    with Folder(tmp_path, "sheet", 2) as folder:
        assert not folder.has("one")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnsupportedError, match="cannot make the folder"), Folder(tmp_path / "file" / "out", "key"):
        pass


# ---- what it costs

PEAK = """import resource, sys
from stepwise.cli import group
group(sys.argv[1:], standalone_mode=False)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is asked for as on Unix")
def test_memory_does_not_grow_with_the_number_of_papers(tmp_path: Path) -> None:
    peaks = []
    for count in (200, 1000):
        arguments = ["sheet", "xor-mlp", "--key", "--each", "-q", "--count", str(count), "-o", f"out{count}"]
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *arguments],
            cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=300,
        )  # fmt: skip
        peaks.append(int(done.stdout))
    assert peaks[1] < 1.1 * peaks[0], peaks


def test_sheets_wait_for_nothing_they_do_not_need(tmp_path: Path) -> None:
    code = (
        "import sys; from stepwise.cli import group; "
        "group(['sheet', 'xor-mlp', '--key', '--each', '-o', 'out'], standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "stepwise.sheets.series" in loaded
    assert not loaded & {"sympy", "rich", "distributed", "nbformat"}
