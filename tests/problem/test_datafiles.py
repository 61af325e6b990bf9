"""Numbers from .csv, .npy and .npz files."""

from __future__ import annotations

import io
import json
import pickle
import random
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from stepwise.problem import problem_from_document
from stepwise.problem.datafiles import DataError, read_data
from tests.problem.reading import NETWORK, NEURON, layers, only_fault, read, texts, values

X = np.array([[1.0, 2.0], [3.0, 4.5]])
BATCH = {**NETWORK, "inputs": "{file: x.npy}", "labels": "[0, 1]"}


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("data")
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "ints.npy", np.array([[1, 2], [3, 4]], dtype=np.uint8))
    np.save(tmp_path / "fortran.npy", np.asfortranarray(X))
    np.savez(tmp_path / "data.npz", X=X, y=np.array([0, 1]), w=np.array([[0.5, 0.2], [0.1, 0.1]]))
    np.savez(tmp_path / "one.npz", X)
    (tmp_path / "x.csv").write_text("length,width\n1,2\n3,4.5\n", encoding="utf-8")
    (tmp_path / "plain.csv").write_text("\ufeff1, 2\n\n3, 9/2\n", encoding="utf-8")
    (tmp_path / "y.csv").write_text("kind\n0\n1\n", encoding="utf-8")
    _spoil(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["x.npy", "fortran.npy", "one.npz", "x.csv", "plain.csv", "X"])
def test_inputs_from_a_file(folder: Path, name: str) -> None:
    source = "{file: data.npz, key: X}" if name == "X" else f"{{file: {name}}}"
    problem = read(BATCH, folder=folder, inputs=source)
    assert values(problem.inputs) == X.T.tolist()
    assert (problem.inputs.texts is None) is (name != "x.csv")
    assert not problem.single


@pytest.mark.parametrize(
    "written", ["-0.10,1\n2,3.50\n", "a,b\n-0.10, +1\n2,3.50", '"−0.10";1\n2;3.50\n', "-0.10\t1\r\n2\t3.50"]
)
def test_numbers_of_a_table_stay_as_typed(tmp_path: Path, written: str) -> None:
    (tmp_path / "x.csv").write_bytes(written.encode())
    problem = read(BATCH, folder=tmp_path, inputs="{file: x.csv}")
    assert values(problem.inputs) == [[-0.1, 2.0], [1.0, 3.5]]
    assert texts(problem.inputs) == [["-0.10", "2"], ["1", "3.50"]]
    again = problem_from_document(json.loads(json.dumps(dict(problem.document))))
    assert texts(again.inputs) == texts(problem.inputs)
    assert again.document == problem.document


@pytest.mark.parametrize("number", ["1e0", "9/2", "50%", "0.30000000000000004"])
def test_a_table_with_numbers_that_are_not_plain_has_no_texts(tmp_path: Path, number: str) -> None:
    (tmp_path / "x.csv").write_text(f"0.10,{number}\n1,2\n", encoding="utf-8")
    assert read(BATCH, folder=tmp_path, inputs="{file: x.csv}").inputs.texts is None


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", ["", "length, in cm{0}width\n"])
def test_what_stands_between_numbers(tmp_path: Path, separator: str, header: str) -> None:
    names = header.format(separator).replace("length, in cm", "length" if separator == "," else "length, in cm")
    (tmp_path / "x.csv").write_text(f"{names}1{separator}2\n3{separator}4.5\n", encoding="utf-8")
    assert read_data(tmp_path / "x.csv", None).values.tolist() == X.tolist()


def test_weights_and_biases_of_a_table_come_back(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("0.50,0.2\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("0.10\n", encoding="utf-8")
    problem = read(
        NEURON, folder=tmp_path, weights="{file: w.csv}", biases="[{file: b.csv}]", inputs="[1, 2]", labels="1"
    )
    again = problem_from_document(json.loads(json.dumps(dict(problem.document))))
    for one in (problem, again):
        assert texts(one.weights[0]) == [["0.50", "0.2"]]
        assert one.biases is not None
        assert texts(one.biases[0]) == [["0.10"]]


@pytest.mark.parametrize("source", ["{file: data.npz, key: y}", "{file: y.csv}"])
def test_labels_from_a_file(folder: Path, source: str) -> None:
    assert values(read(BATCH, folder=folder, labels=source).labels) == [[1.0, 0.0], [0.0, 1.0]]


def test_weights_from_a_file(folder: Path) -> None:
    problem = read(BATCH, folder=folder, weights="[{file: data.npz, key: w}, [[1, 2], [3, 4]]]")
    assert values(problem.weights[0]) == [[0.5, 0.2], [0.1, 0.1]]
    assert problem.weights[0].texts is None
    one = read(architecture=layers("relu"), weights="{file: x.npy}", inputs="[1, 2]", folder=folder)
    assert values(one.weights[0]) == X.tolist()


def test_integers_are_read_as_numbers(folder: Path) -> None:
    assert values(read(BATCH, folder=folder, inputs="{file: ints.npy}").inputs) == [[1.0, 3.0], [2.0, 4.0]]


def test_the_document_holds_the_numbers(folder: Path) -> None:
    problem = read(BATCH, folder=folder)
    assert problem.document["inputs"] == {"values": X.tolist()}
    again = problem_from_document(problem.document)
    assert values(again.inputs) == X.T.tolist()
    assert again.inputs.texts is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{file: none.npy}", "no such file"),
        ("{file: folder.npy}", "is a directory"),
        ("{file: x.txt}", "no data file"),
        ("{file: x.npy, key: X}", "no keys"),
        ("{file: data.npz}", "several arrays"),
        ("{file: data.npz, key: Y}", "no array 'Y'"),
        ("{file: object.npy}", "object"),
        ("{file: text.npy}", "<U1"),
        ("{file: object.npz}", "object"),
        ("{file: nan.npy}", r"number \[2, 1\] is NaN"),
        ("{file: deep.npy}", "3 axes"),
        ("{file: empty.npy}", "no numbers"),
        ("{file: short.npy}", "cannot be read"),
        ("{file: huge.npy}", "larger than 200 MB"),
        ("{file: noise.npy}", "cannot be read"),
        ("{file: noise.npz}", "not a .npz file"),
        ("{file: ragged.csv}", "line 3 has 1 value where line 1 has 2"),
        ("{file: text.csv}", "line 2: 'x' is not a number"),
        ("{file: blanks.csv}", "line 1: '1 2' is more than one number"),
        ("{file: mixed.csv}", "line 1: '1;2' is more than one number"),
        ("{file: quote.csv}", "line 2: '1 2,3' is more than one number"),
        ("{file: gap.csv}", "line 2: value 2 is empty"),
        ("{file: names.csv}", "no numbers"),
        ("{file: ragged-semicolons.csv}", "line 3 has 3 values where line 2 has 2"),
        ("{file: comma.csv}", "line 1: '1,5' is not a number"),
        ("{file: latin.csv}", "not UTF-8"),
        ("{file: empty.csv}", "no numbers"),
        ("{file: bomb.npz}", "larger than 200 MB"),
        ("{file: " + "a" * 3000 + ".npy}", "cannot be read"),
    ],
)
def test_a_data_file_that_cannot_be_used(folder: Path, source: str, message: str) -> None:
    fault = only_fault(BATCH, folder=folder, inputs=source)
    assert fault.path in {"inputs", "inputs.file"}
    assert fault.line == 3
    assert re.search(message, fault.message), fault.message


def _spoil(folder: Path) -> None:
    (folder / "folder.npy").mkdir()
    np.save(folder / "object.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.savez(folder / "object.npz", np.array([{}], dtype=object))
    np.save(folder / "text.npy", np.array(["a"]))
    np.save(folder / "nan.npy", np.array([[1.0, 2.0], [np.nan, 1.0]]))
    np.save(folder / "deep.npy", np.zeros((1, 2, 2)))
    np.save(folder / "empty.npy", np.zeros((0, 2)))
    whole = (folder / "x.npy").read_bytes()
    (folder / "short.npy").write_bytes(whole[:-5])
    (folder / "noise.npy").write_bytes(b"not an array")
    (folder / "noise.npz").write_bytes(b"PK\x03\x04 not an archive")
    (folder / "ragged.csv").write_text("1,2\n3,4\n5\n", encoding="utf-8")
    (folder / "text.csv").write_text("1,2\n3,x\n", encoding="utf-8")
    (folder / "blanks.csv").write_text("1 2\n3 4\n", encoding="utf-8")
    (folder / "mixed.csv").write_text("1;2\n3,4\n", encoding="utf-8")
    (folder / "quote.csv").write_text('"1\n2,3', encoding="utf-8")
    (folder / "gap.csv").write_text("1,2\n3,\n", encoding="utf-8")
    (folder / "names.csv").write_text("a,b\n", encoding="utf-8")
    (folder / "ragged-semicolons.csv").write_text("a;b\n1;2\n3;4;5\n", encoding="utf-8")
    (folder / "comma.csv").write_text("1,5;2\n3,5;4\n", encoding="utf-8")
    (folder / "latin.csv").write_bytes("1,2\n3,4é".encode("latin-1"))
    (folder / "empty.csv").write_text("\n\n", encoding="utf-8")
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**9)})
    (folder / "huge.npy").write_bytes(header.getvalue())
    with zipfile.ZipFile(folder / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("X.npy", "w") as file:
        for _ in range(210):
            file.write(bytes(1_000_000))


def test_a_pickle_in_an_array_is_never_loaded(folder: Path) -> None:
    class Loaded:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return pytest.fail, ("a pickle was loaded",)

    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": (1,)})
    (folder / "p.npy").write_bytes(header.getvalue() + pickle.dumps([Loaded()]))
    with pytest.raises(DataError):
        read_data(folder / "p.npy", None)


def test_a_file_without_a_folder() -> None:
    assert "folder" in only_fault(BATCH).message


def test_a_spoilt_file_never_crashes(folder: Path) -> None:
    rng = random.Random(1)
    for name in ("x.npy", "data.npz", "x.csv"):
        whole = (folder / name).read_bytes()
        target = folder / f"spoilt{Path(name).suffix}"
        for _ in range(300):
            data = bytearray(whole[: rng.randrange(1, len(whole) + 1)])
            for _ in range(rng.randrange(4)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            target.write_bytes(bytes(data))
            try:
                found = read_data(target, "X" if name == "data.npz" else None).values
            except DataError as error:
                found = np.zeros(1) if str(error) and "\n" not in str(error) else np.array([np.nan])
            assert np.isfinite(found).all()


def test_a_large_network_on_a_batch_from_a_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    np.savez_compressed(tmp_path / "d.npz", X=rng.random((100, 784)), y=rng.integers(0, 10, 100))
    problem = read(
        architecture="{layers: [{units: 128, activation: relu}, {units: 10, activation: softmax}],"
        " loss: cross_entropy}",
        weights="{init: he_normal, seed: 1}",
        inputs="{file: d.npz, key: X}",
        labels="{file: d.npz, key: y}",
        folder=tmp_path,
    )
    assert [given.shape for given in problem.weights] == [(128, 784), (10, 128)]
    assert problem.inputs.shape == (784, 100)
    assert problem.labels is not None
    assert problem.labels.values is not None
    assert problem.labels.values.sum() == 100
