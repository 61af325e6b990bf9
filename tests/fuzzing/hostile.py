"""Hostile pieces: what somebody types who wants to see it break, and whole files made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from .limits import LARGEST_INPUT

PIECES = tuple(
    json.loads(line).encode("utf-8", "surrogatepass")
    for line in Path(__file__).with_name("pieces.jsonl").read_text(encoding="utf-8").splitlines()
)
"""Pieces that stand in place of a word, or between two."""

Made = tuple[str, bytes]


def files() -> Iterator[Made]:
    """Whole files, each with the ending that it is made for."""
    for ending, text in _texts():
        yield ending, text.encode("utf-8", "surrogatepass")[:LARGEST_INPUT]
    for text in ("inputs: 1\n", "student,L\na,1\n", '{"answers": {"L": 1}}'):
        for ending in (".yaml", ".csv", ".json", ".md"):
            yield ending, text.encode("utf-16")
            yield ending, text.encode("utf-16-be")
            yield ending, b"\xef\xbb\xbf" * 2 + text.encode()
            yield ending, text.encode().replace(b"1", b"\xff\xfe\x80")


def _texts() -> Iterator[tuple[str, str]]:
    for ending in (".yaml", ".json", ".csv", ".md"):
        yield ending, ""
        yield ending, "\n" * 900_000
        yield ending, "," * 900_000
        yield ending, "x" * 900_000
        yield ending, '"' + "x\n" * 400_000
        yield ending, "1,2\n" * 200_000
        yield ending, "|a|b|\n" * 150_000
        yield ending, "[" * 900_000
        yield ending, '{"a":' * 180_000
        yield ending, "{a: " * 200_000
    yield from ((".yaml", text) for text in (*_bombs(), *_long(), *_costly()))
    yield ".json", '{"inputs": ' + "9" * 900_000 + "}"
    yield ".json", '{"answers": {"L": ' + "9" * 900_000 + "}}"
    yield ".json", '{"answers": {' + ", ".join(f'"z{i}": 1' for i in range(60_000)) + "}}"
    yield ".csv", "student," + ",".join(f"c{i}" for i in range(150_000)) + "\n1\n"
    yield ".csv", "student,L\n" + "".join(f"s{i},0.{i}\n" for i in range(60_000))
    yield ".csv", "\n".join("0.1," * 999 + "0.1" for _ in range(200))
    yield ".csv", "id,name\n" + "=1+1,'=2\n" * 90_000
    yield ".md", "| quantity | answer |\n|---|---|\n" + "| L | 0.2 |\n" * 70_000
    yield ".md", "| L | " + "[" * 800_000 + " |\n"


def _bombs() -> Iterator[str]:
    """A few lines that stand for billions of values, or for nesting without end."""
    letters = "abcdefghij"
    laughs = ["a: &a [" + ", ".join("1" * 10) + "]"]
    laughs += [f"{y}: &{y} [" + ", ".join([f"*{x}"] * 10) + "]" for x, y in pairwise(letters)]
    yield "\n".join(laughs)
    yield "\n".join(laughs[:5]) + "\ninputs: *e\n"
    fields = ["a: &a {x: 1, y: 2}"] + [f"{y}: &{y} {{x: *{x}, y: *{x}}}" for x, y in pairwise(letters * 3)]
    yield "\n".join(fields)
    yield "a: &a [*a]\n"
    yield "a: &a {b: *a}\n"
    yield "\n".join(["a0: &a0 [1]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 30_000)])
    yield "".join(f"a{i}: &x {i}\n" for i in range(60_000))
    yield "inputs: " + "&a " * 100_000
    yield "? " * 400_000
    yield "- " * 400_000
    yield "a: " + "!" * 900_000
    yield "a: " + "&" * 900_000
    yield "%" + "YAML" * 200_000
    yield "---\n" * 200_000


def _long() -> Iterator[str]:
    """Long names, long values, many of each."""
    for name in ("title", "inputs", "language", "model", "lr", "weights", "file", "ask", "marks", "notation", "vary"):
        yield f"{name}: " + "9" * 900_000
        yield f"{name}: [" + "a, " * 190_000 + "a]"
        yield f"{name}: {{" + ", ".join(f"k{i}: {i}" for i in range(50_000)) + "}"
        yield f"{name}: {{? [a, b] : c, {name}: {name}, {name}: {name}}}"
    yield "k" * 900_000 + ": 1"
    yield "k" * 1_000 + ": 1\n" + ("k" * 1_000 + ": 1\n") * 800
    yield "title: '" + "\u202e" * 400 + "'\ninputs: 1\n"
    yield "inputs: 1." + "0" * 500_000 + "1\n"
    yield "inputs: [" + ", ".join(["0." + "3" * 8_000] * 100) + "]\n"
    yield "inputs: [" + "1e999999999, " * 60_000 + "1]\n"
    yield "inputs: [" + f"1/{'7' * 300}, " * 2_900 + "1]\n"


def _costly() -> Iterator[str]:
    """Little to read and much to do."""
    xor = "weights: [[[0.5, 0.5], [-0.5, -0.5]], [[1.0, 1.0]]]\ninputs: [[1, 1], [0, 1]]\nlabels: [0, 1]\nlr: 0.5\n"
    two = "architecture: {layers: [{activation: sigmoid}, {activation: sigmoid}], loss: mse}\n"
    neuron = "architecture: {layers: [{activation: sigmoid}], loss: mse}\n"
    for train in ("{epochs: 1000000}", "{epochs: 1000000, batch_size: 1}", "{epochs: 100000, loss_after: true}"):
        yield f"{two}{xor}train: {train}\n"
        yield f"{two}{xor}train: {train}\nrounding: {{carry: true, decimals: 12}}\n"
    yield f"{two}{xor}rounding: {{decimals: 12, quantities: {{{', '.join(f'a{i}*: 3' for i in range(40_000))}}}}}\n"
    yield f"{two}{xor}ask: [{', '.join(['z1'] * 150_000)}]\n"
    yield f"{two}{xor}marks: {{{', '.join(f'z{i}: 1' for i in range(60_000))}}}\n"
    yield f"{two}{xor}notation: {{symbols: {{{', '.join(f'z{i}: s{i}' for i in range(60_000))}}}}}\n"
    samples = ", ".join(["0.25"] * 90_000)
    each = ", ".join(["[0.25]"] * 60_000)
    ones = ", ".join(["1"] * 60_000)
    yield f"{neuron}weights: 0.5\ninputs: [{each}]\nlabels: [{ones}]\nlr: 1\ntrain: {{batch_size: 1}}\n"
    yield f"{neuron}weights: [{samples}]\ninputs: [{samples}]\nlabels: 1\nlr: 1\ntrain: {{epochs: 1000}}\n"
    entries = "labels: [1]\nlr: 1\nnotation: {style: elementwise}\n"
    yield f"{neuron}weights: [[{samples}]]\ninputs: [[{samples}]]\n{entries}"
    yield f"model: perceptron\nweights: 0\nbiases: 0\ninputs: [{each}]\nlabels: [{', '.join('01' * 30_000)}]\nlr: 1\n"
    never = "weights: [0, 0]\ninputs: [[0, 1], [0, 1]]\nlabels: [0, 1]\nlr: 1\ntrain: {epochs: 1000000}\n"
    yield f"model: perceptron\n{never}"
    yield (
        "model: svm\narchitecture: {loss: hinge, l2: 1}\nweights: [0, 0]\ninputs: [[0, 1], [0, 1]]\nlabels: [-1, 1]\n"
        "lr: {schedule: inverse}\ntrain: {epochs: 1000000, method: pegasos}\n"
    )
    for units, activation in ((30_000, "softmax"), (1_000_000, "tanh"), (5_000, "softmax")):
        layer = f"{{units: {units}, activation: {activation}}}"
        yield f"architecture: {{layers: [{layer}]}}\nweights: {{init: he_normal}}\ninputs: [1]\n"
        zeros = "0, " * (units - 1) if units < 90_000 else ""
        jacobian = f"labels: [{zeros}1]\nnotation: {{backward: jacobian}}\nlr: 1\n"
        yield f"architecture: {{layers: [{layer}], loss: mse}}\nweights: {{init: zeros}}\ninputs: [1]\n{jacobian}"
        yield f"architecture: {{layers: [{layer}]}}\nweights: {{init: zeros}}\ninputs: [{each}]\n"
        yield f"architecture: {{layers: [{layer}]}}\ninputs: {{shape: [1000000000, 1000000000]}}\n"
    deep = ", ".join(["{units: 30, activation: swish}"] * 25)
    drawn = f"weights: {{init: he_normal}}\ninputs: [1]\nlabels: [{'1, ' * 29}1]\nlr: 1\n"
    yield f"architecture: {{layers: [{deep}], loss: mse}}\n{drawn}"
    wide = ", ".join(f"x{i}" for i in range(90))
    yield f"{neuron}inputs: [{wide}]\nweights: [{wide}]\nlabels: t\nlr: h\n"
    letters = "inputs: [[x1, x2], [x3, x4], [x5, x6]]\nweights: [w1, w2]\nlabels: [1, 0, 1]\nlr: h\n"
    yield f"{neuron}{letters}train: {{epochs: 3}}\n"
    points = ", ".join(f"[{i % 7}.{i}, 1/{i + 1}, {i * i % 31}, {i**3 % 11}]" for i in range(50))
    yield f"model: separability\ninputs: [{points}]\nlabels: [{', '.join(str(i * i % 5 % 2) for i in range(50))}]\n"
    far = ", ".join(f"[1e{i * 12 - 300}, 1e-{i * 12}]" for i in range(50))
    yield f"model: separability\ninputs: [{far}]\nlabels: [{', '.join(str(i % 2) for i in range(50))}]\n"
    tall = ", ".join("[" + ", ".join(str((i * j) % 3) for j in range(1_000)) + "]" for i in range(50))
    yield f"model: separability\ninputs: [{tall}]\nlabels: [{', '.join(str(i % 2) for i in range(50))}]\n"
    for formula in (
        "1/(1+exp(-z))^30",
        "exp(" * 30 + "z" + ")" * 30,
        "z^" * 300 + "z",
        "(" * 900 + "z" + ")" * 900,
        "max(z,0)*" * 90 + "z",
    ):
        own = f"architecture: {{layers: [{{activation: {{name: f, expr: '{formula}'}}}}], loss: mse}}\n"
        yield f"{own}weights: 0.5\ninputs: 1\nlabels: 1\nlr: 1\n"
