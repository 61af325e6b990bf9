"""Problems by file and by name."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from stepwise import resources
from stepwise.errors import SpecError
from stepwise.problem import load_problem, read_stream, shipped_problems
from stepwise.problem.load import LARGEST
from tests.problem.reading import NEURON, text


def message(given: str | Path) -> str:
    with pytest.raises(SpecError) as caught:
        load_problem(given)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_a_shipped_problem() -> None:
    problem = load_problem("xor-mlp")
    assert (problem.name, problem.source) == ("xor-mlp", "xor-mlp")
    assert [layer.units for layer in problem.layers] == [2, 1]
    assert "xor-mlp" in shipped_problems()


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("\ufeff" + text(NEURON), encoding="utf-8")
    problem = load_problem(path)
    assert (problem.name, problem.source) == ("mine", str(path))


def test_a_file_wins_over_a_shipped_name_and_a_folder_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "xor-mlp").mkdir()
    assert len(load_problem("xor-mlp").layers) == 2
    (tmp_path / "xor-mlp").rmdir()
    (tmp_path / "xor-mlp").write_text(text(NEURON), encoding="utf-8")
    assert len(load_problem("xor-mlp").layers) == 1


def test_data_files_lie_beside_the_problem(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("2\n3\n", encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text(NEURON, inputs="{file: x.csv}", labels="[1, 0]"), encoding="utf-8")
    assert load_problem(path).samples == 2


def test_an_unknown_name() -> None:
    found = message("xor-mpl")
    assert "did you mean `xor-mlp`?" in found
    assert "`stepwise problems`" in found


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("nothing/here.yaml", "no such file"),
        ("", "no such file"),
        ("a" * 5000, "no such file"),
        ("nul\0", "no such file"),
    ],
)
def test_no_such_file(given: str, part: str) -> None:
    assert part in message(given)


def test_a_directory(tmp_path: Path) -> None:
    assert "directory" in message(tmp_path)


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert "larger than 5 MB" in message(path)


def test_broken_utf_8_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("lr: 1\ntitle: é".encode("latin-1"))
    assert message(path).startswith(f"{path}:2: ")


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.yaml"
    path.touch()
    assert "empty" in message(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.yaml"
    os.mkfifo(path)
    assert "not a plain file" in message(path)


def test_a_stream() -> None:
    problem = read_stream(io.BytesIO(text(NEURON).encode()))
    assert problem.source == "standard input"
    with pytest.raises(SpecError, match="larger than"):
        read_stream(io.BytesIO(bytes(LARGEST + 10)))
    with pytest.raises(SpecError, match="standard input:5: lr"):
        read_stream(io.BytesIO(text(NEURON, lr="0").encode()))


def test_the_finder_finds_what_is_there() -> None:
    assert resources.resource("problems").is_dir()
    assert resources.names("problems", ".yaml") == shipped_problems()
    assert resources.names("nowhere", ".yaml") == ()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        resources.resource("nowhere")
