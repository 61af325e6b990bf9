"""Hostile pieces: what somebody types who wants to see it break, and whole files made of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

PIECES = tuple(
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *("nan", ".nan", "inf", "-.inf", "Infinity", "1e999999", "-1e999999", "1e-999999", "1e308", "-1e308", "1e300"),
        *("5e-324", "2.2250738585072014e-308", "1e-300", "-0.0", "-0", "+0", "0e999999999", "1e+0000000000000000001"),
        *("1/0", "0/0", "1/3e400", "1e400/3", "1/0.0000000000000000000000001", f"1/{'3' * 390}", "3/4/5", "1//2"),
        *("9" * 400, "0." + "3" * 400, "1_000", "0x10", "0o7", "1,5", "1，5", "٣", "１", "²", "½", "一", "50 %", "%", "1e5%"),
        *("1000000", "999999999", "1000000000", "9223372036854775808", "-1", "0", "12", "13", "1e16", "123456789.123"),
        *("true", "false", "yes", "null", "~", "''", '""', "[]", "{}", "[[]]", "[{}]", "[null]", "{a: }", "- ", "? ", ": "),
        *("&a ", "*a", "*b", "<<: *a", "!!python/object/apply:os.system [ls]", "!!binary aGk=", "!x ", "!!str ", "!!set "),
        *("---\n", "...\n", "%YAML 1.1\n", "%TAG ! tag:x,2000:\n", "|\n  x\n", ">\n  x\n", "|9\n", "# ", "\t", "\r", "\r\n"),
        *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\ud800", "\udfff"),
        *("\u202e", "\u2066", "\u200b", "\u200d", "\u0301" * 20, "\U0001f600", "\U0010ffff", "\u3000", "\xa0", "：", "，"),
        *("\\", "\\eta", '"\\eta"', "$", "$$", "$x$", "`", "``", "|", "<script>", "&amp;", "<%= 1 %>", "{{ 1 }}", "{% x %}"),
        *("\\input{/etc/passwd}", "\\write18{ls}", "\\def\\x{\\x}\\x", "^^41", "_", "^", "{", "}", "#", "~", "%s", "{0}"),
        *("z1", "W1", "dW1[1,2]", "t2.z1", "*_new", "**", "[a-", "[!", "W1[0,0]", "W1[-1,1]", "W1[1e9,1]", "t99999999999.z1"),
        *("inputs", "weights", "biases", "labels", "lr", "train", "epochs", "batch_size", "rounding", "decimals", "figures"),
        *("{file: leaf-measurements.csv}", "{file: ../../etc/passwd}", "{file: /dev/zero}", "{file: .}", "{shape: [2, 2]}"),
        *("{shape: [1000000000, 1000000000]}", "{init: xavier_uniform, seed: 1}", "{init: he_normal}", "{values: [[1, 2]]}"),
        *("softmax", "relu", "step", "gelu", "elu", "swish", "{name: leaky_relu, alpha: 1e300}", "{name: swish, beta: 1e308}"),
        *("{name: elu, alpha: 5e-324}", "{name: softplus, beta: 1e-300}", "{name: mine, expr: 'z^30'}", "{name: mse, factor: 1e300}"),
        *("{name: mine, expr: '1/z'}", "{name: mine, expr: 'exp(exp(exp(z)))'}", "{name: mine, expr: 'log(z-z)'}", "cross_entropy"),
        *("binary_cross_entropy", "hinge", "neg_log_sigmoid", "svm", "perceptron", "separability", "network", "pegasos"),
        *("{schedule: inverse}", "jacobian", "chain", "elementwise", "row", "column", "divided", "en+zh", "zh", "en+en", "xx"),
        *("w11", "x1", "a", "e", "i", "pi", "E", "oo", "zoo", "__import__('os')", "lambda: 1", "{init: zeros, seed: -1}"),
        *("{epochs: 1000000}", "{epochs: 100000, batch_size: 1}", "{decimals: 12}", "{figures: 12}", "{carry: true}"),
    )
)
"""Pieces that stand in place of a word, or between two."""

Made = tuple[str, bytes]


def files() -> Iterator[Made]:
    """Whole files, each with the ending that it is made for."""
    for ending, text in _texts():
        yield ending, text.encode("utf-8", "surrogatepass")
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
    yield f"{neuron}weights: 0.5\ninputs: [{each}]\nlabels: [{', '.join(['1'] * 60_000)}]\nlr: 1\ntrain: {{batch_size: 1}}\n"
    yield f"{neuron}weights: [{samples}]\ninputs: [{samples}]\nlabels: 1\nlr: 1\ntrain: {{epochs: 1000}}\n"
    yield f"{neuron}weights: [[{samples}]]\ninputs: [[{samples}]]\nlabels: [1]\nlr: 1\nnotation: {{style: elementwise}}\n"
    yield f"model: perceptron\nweights: 0\nbiases: 0\ninputs: [{each}]\nlabels: [{', '.join('01' * 30_000)}]\nlr: 1\n"
    yield "model: perceptron\nweights: [0, 0]\ninputs: [[0, 1], [0, 1]]\nlabels: [0, 1]\nlr: 1\ntrain: {epochs: 1000000}\n"
    yield (
        "model: svm\narchitecture: {loss: hinge, l2: 1}\nweights: [0, 0]\ninputs: [[0, 1], [0, 1]]\nlabels: [-1, 1]\n"
        "lr: {schedule: inverse}\ntrain: {epochs: 1000000, method: pegasos}\n"
    )
    for units, activation in ((30_000, "softmax"), (1_000_000, "tanh"), (5_000, "softmax")):
        layer = f"{{units: {units}, activation: {activation}}}"
        yield f"architecture: {{layers: [{layer}]}}\nweights: {{init: he_normal}}\ninputs: [1]\n"
        jacobian = f"labels: [{'0, ' * (units - 1)}1]\nnotation: {{backward: jacobian}}\nlr: 1\n" if units < 90_000 else ""
        yield f"architecture: {{layers: [{layer}], loss: mse}}\nweights: {{init: zeros}}\ninputs: [1]\n{jacobian}"
        yield f"architecture: {{layers: [{layer}]}}\nweights: {{init: zeros}}\ninputs: [{each}]\n"
        yield f"architecture: {{layers: [{layer}]}}\ninputs: {{shape: [1000000000, 1000000000]}}\n"
    deep = ", ".join(["{units: 30, activation: swish}"] * 900)
    yield f"architecture: {{layers: [{deep}], loss: mse}}\nweights: {{init: he_normal}}\ninputs: [1]\nlabels: [{'1, ' * 29}1]\nlr: 1\n"
    wide = ", ".join(f"x{i}" for i in range(90))
    yield f"{neuron}inputs: [{wide}]\nweights: [{wide}]\nlabels: t\nlr: h\n"
    yield f"{neuron}inputs: [[x1, x2], [x3, x4], [x5, x6]]\nweights: [w1, w2]\nlabels: [1, 0, 1]\nlr: h\ntrain: {{epochs: 3}}\n"
    points = ", ".join(f"[{i % 7}.{i}, 1/{i + 1}, {i * i % 31}, {i**3 % 11}]" for i in range(50))
    yield f"model: separability\ninputs: [{points}]\nlabels: [{', '.join(str(i * i % 5 % 2) for i in range(50))}]\n"
    far = ", ".join(f"[1e{i * 12 - 300}, 1e-{i * 12}]" for i in range(50))
    yield f"model: separability\ninputs: [{far}]\nlabels: [{', '.join(str(i % 2) for i in range(50))}]\n"
    tall = ", ".join("[" + ", ".join(str((i * j) % 3) for j in range(1_000)) + "]" for i in range(50))
    yield f"model: separability\ninputs: [{tall}]\nlabels: [{', '.join(str(i % 2) for i in range(50))}]\n"
    for formula in ("1/(1+exp(-z))^30", "exp(" * 30 + "z" + ")" * 30, "z^" * 300 + "z", "(" * 900 + "z" + ")" * 900, "max(z,0)*" * 90 + "z"):
        yield f"architecture: {{layers: [{{activation: {{name: f, expr: '{formula}'}}}}], loss: mse}}\nweights: 0.5\ninputs: 1\nlabels: 1\nlr: 1\n"
