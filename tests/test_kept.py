"""What is made once of shipped files and kept on disk: in the user's own folder, and never staler than its sources."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepwise import kept as keeping
from stepwise.kept import MOST, folder, kept, kept_text
from tests.tooling import ROOT


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test's own."""
    monkeypatch.setenv("STEPWISE_CACHE", str(tmp_path / "cache"))
    folder.cache_clear()
    found = folder()
    assert found is not None
    yield found
    folder.cache_clear()


class Counting:
    """Makes something, and knows how often."""

    def __init__(self, found: object = "made") -> None:
        self.found, self.times = found, 0

    def __call__(self) -> object:
        self.times += 1
        return self.found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "words.yaml"
    path.write_text("one: two")
    return path


def test_what_was_made_is_kept(place: Path, source: Path) -> None:
    make = Counting({"one": (1, 2)})
    assert kept("thing", [source], make) == {"one": (1, 2)}
    assert kept("thing", [source], make) == {"one": (1, 2)}
    assert make.times == 1


def test_a_changed_source_is_read_again(place: Path, source: Path) -> None:
    kept("thing", [source], Counting("old"))
    source.write_text("one: three")
    assert kept("thing", [source], Counting("new")) == "new"


def test_other_texts_are_another_thing(place: Path, source: Path) -> None:
    kept("thing", [source], Counting("old"), "relu")
    assert kept("thing", [source], Counting("new"), "relu", "elu") == "new"


def test_another_version_makes_its_own(place: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept("thing", [source], Counting("old"))
    monkeypatch.setattr(keeping, "__version__", "99")
    assert kept("thing", [source], Counting("new")) == "new"


@pytest.mark.parametrize("broken", [b"", b"nonsense", pickle.dumps("no pair"), pickle.dumps((["other"], "wrong"))])
def test_a_broken_file_is_made_anew(place: Path, source: Path, broken: bytes) -> None:
    kept("thing", [source], Counting("old"))
    (place / "thing.pickle").write_bytes(broken)
    assert kept("thing", [source], Counting("new")) == "new"
    assert kept("thing", [source], Counting("newer")) == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_what_others_can_write_is_not_read(place: Path, source: Path) -> None:
    kept("thing", [source], Counting("old"))
    (place / "thing.pickle").chmod(0o666)
    assert kept("thing", [source], Counting("new")) == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
@pytest.mark.parametrize("inner", [False, True])
def test_a_folder_that_others_can_write_to_is_not_used(place: Path, source: Path, inner: bool) -> None:
    kept("thing", [source], Counting("old"))
    (place if inner else place.parent).chmod(0o777)
    folder.cache_clear()
    assert folder() is None
    make = Counting("new")
    assert [kept("thing", [source], make) for _ in range(2)] == ["new", "new"]
    assert make.times == 2


def test_nothing_is_kept_where_nothing_can_be_written(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    for chosen in (str(blocked / "cache"), "off"):
        monkeypatch.setenv("STEPWISE_CACHE", chosen)
        folder.cache_clear()
        assert folder() is None
        assert kept("thing", [source], Counting("new")) == "new"
    folder.cache_clear()


def test_of_texts_the_last_are_kept(place: Path, source: Path) -> None:
    for number in range(MOST + 5):
        assert (
            kept_text("told", f"about {number}", [source], lambda number=number: f"text {number}") == f"text {number}"
        )
    assert len(list(place.glob("told-*"))) == MOST
    make = Counting("again")
    assert kept_text("told", f"about {MOST + 4}", [source], make) == f"text {MOST + 4}"
    assert kept_text("told", "about 0", [source], make) == "again"


_SOLVE = """
import sys
from stepwise.cli import group
group(["solve", *sys.argv[1:]], standalone_mode=False)
print("jinja2" in sys.modules, file=sys.stderr)
"""


def _solved(cache: Path | str, *options: str) -> tuple[str, str]:
    environment = {**os.environ, "STEPWISE_CACHE": str(cache), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", _SOLVE, *options], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.strip()


@pytest.mark.parametrize("options", [("xor-mlp",), ("practice-relu", "--lang", "en+zh", "--format", "latex")])
def test_a_page_that_was_told_before_needs_no_templates(tmp_path: Path, options: tuple[str, ...]) -> None:
    first, loaded = _solved(tmp_path / "cache", *options)
    assert loaded == "True"
    again, loaded = _solved(tmp_path / "cache", *options)
    assert loaded == "False"
    never, _ = _solved("off", *options)
    assert first == again == never


def test_no_number_of_a_problem_is_kept(tmp_path: Path) -> None:
    problem = tmp_path / "secret.yaml"
    problem.write_text(
        "title: Grades of Ms Unlikely\narchitecture: {layers: [{units: 1, activation: sigmoid}], loss: mse}\n"
        "weights: [[[0.7654321, -0.1234567]]]\nbiases: 0\ninputs: [[0.9182736, 2]]\nlabels: [0]\nlr: 0.5\n"
    )
    page, _ = _solved(tmp_path / "cache", str(problem))
    assert "0.7654321" in page
    assert "Unlikely" in page
    data = b"".join(path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert b"told" in b"".join(path.name.encode() for path in (tmp_path / "cache").rglob("*"))
    for found in ("7654321", "1234567", "9182736", "Unlikely", "secret"):
        assert found.encode() not in data


@pytest.mark.parametrize("length", [0, 10, 30, 60, 200])
def test_a_truncated_template_is_made_anew(tmp_path: Path, length: int) -> None:
    first, _ = _solved(tmp_path / "cache", "xor-mlp")
    for path in (tmp_path / "cache").rglob("*"):
        if path.suffix == ".jinja-code":
            path.write_bytes(path.read_bytes()[:length])
        elif path.name.startswith("told-"):
            path.unlink()
    assert _solved(tmp_path / "cache", "xor-mlp") == (first, "True")
