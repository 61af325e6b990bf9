"""Every number printed in the worked examples A, B, C, E and H, as printed there.

`NUMBERS` holds what a trace of the shipped problem must show, `REMARKS` what a page says in words, and `LATER` what
belongs to features that are not the trace of a shipped problem. Entries count from 1; samples of C are columns
(features × samples). A quantity with a leading minus is printed in the document with the opposite sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Printed(NamedTuple):
    """One printed number: the document, our problem, the quantity (and entry), the text, where it stands."""

    document: str
    problem: str
    quantity: str
    text: str
    where: str


class Remark(NamedTuple):
    """One number that a page states in a sentence."""

    document: str
    problem: str
    text: str
    where: str


class Later(NamedTuple):
    """Numbers that no shipped problem's trace holds, and why."""

    document: str
    texts: str
    where: str
    reason: str


def _rows(document: str, problem: str, table: list[tuple[str, str, str]]) -> Iterator[Printed]:
    """Spread `(where, quantity, numbers)`: a blank parts the entries of a vector, a slash the rows of a matrix."""
    for where, quantity, numbers in table:
        rows = [row.split() for row in numbers.split("/")]
        for i, row in enumerate(rows, start=1):
            for j, text in enumerate(row, start=1):
                entry = f"[{i},{j}]" if len(rows) > 1 else f"[{j}]" if len(row) > 1 else ""
                yield Printed(document, problem, quantity + entry, text, where)


_A = [
    ("set-up, input", "x", "1 2"),
    ("set-up, label", "y", "1 0"),
    ("set-up, first weights", "W1", "0.5 0.2 / 0.1 0.1"),
    ("set-up, second weights", "W2", "0.6 0.3 / 0.4 0.5"),
    ("forward 1, linear", "z1", "0.9 0.3"),
    ("forward 1, ReLU", "a1", "0.9 0.3"),
    ("forward 2, linear", "z2", "0.63 0.51"),
    ("forward 2, exponentials", "exp2", "1.878 1.665"),
    ("forward 2, sum", "sum2", "3.543"),
    ("forward 2, probabilities", "a2", "0.53 0.47"),
    ("forward 3, loss", "L", "0.635"),
    ("backward 1, output error", "delta2", "-0.47 0.47"),
    ("backward 2, second gradient", "dW2", "-0.423 -0.141 / 0.423 0.141"),
    ("backward 3, handed back", "back1", "-0.094 0.094"),
    ("backward 3, ReLU derivative", "da_dz1", "1 1"),
    ("backward 3, hidden error", "delta1", "-0.094 0.094"),
    ("backward 4, first gradient", "dW1", "-0.094 -0.188 / 0.094 0.188"),
    ("update, learning rate", "lr", "0.1"),
    ("update, second weights", "W2_new", "0.64 0.31 / 0.36 0.49"),
    ("update, first weights", "W1_new", "0.51 0.22 / 0.09 0.08"),
]

_B = [
    ("set-up, input", "x", "2"),
    ("set-up, label", "y", "1"),
    ("set-up, weight", "W1", "0.5"),
    ("set-up, bias", "b1", "0"),
    ("forward 1, linear", "z1", "1.0"),
    ("forward 2, sigmoid", "a1", "0.731"),
    ("forward 3, difference squared", "diff", "-0.269"),
    ("forward 3, loss", "L", "0.036"),
    ("backward 1, loss by a", "dL_da1", "-0.269"),
    ("backward 2, one minus a", "one_minus1", "0.269"),
    ("backward 2, a by z", "da_dz1", "0.197"),
    ("backward 3, error term", "delta1", "-0.053"),
    ("backward 4, gradient", "dW1", "-0.106"),
]

_C = [
    ("set-up, samples", "x", "1 2 / 2 1"),
    ("set-up, labels (the first written +1)", "y", "1 -1"),
    ("set-up, weights", "w", "0.4 0.4"),
    ("set-up, regularisation", "l2", "1"),
    ("forward 1 and 2, score", "score", "1.2 1.2"),
    ("forward 1 and 2, margin", "margin", "1.2 -1.2"),
    ("forward 1 and 2, hinge loss", "hinge", "0 2.2"),
    ("forward 3, regulariser", "reg", "0.16"),
    ("forward 3, objective", "J", "2.36"),
    ("backward 1, regulariser's part", "reg_grad", "0.4 0.4"),
    ("backward 2, each sample's part", "data_grads", "0 2 / 0 1"),
    ("backward 3, data part of the sum", "data_grad", "2 1"),
    ("backward 3, sub-gradient", "dw", "2.4 1.4"),
    ("update, learning rate", "lr", "0.1"),
    ("update, step", "step_w", "0.24 0.14"),
    ("update, weights", "w_new", "0.16 0.26"),
]

_E = [
    ("set-up, learning rate", "lr", "0.1"),
    ("1.1, input", "x", "0.5 0.6 0.7"),
    ("1.2, weights", "W1", "0.1 0.2 0.3 / 0.4 0.5 0.6 / 0.7 0.8 0.9"),
    ("1.2, bias", "b1", "0.1 0.2 0.3"),
    ("1.3, label", "y", "0 1 0"),
    ("2.1, linear", "z1", "0.48 1.12 1.76"),
    ("2.2, exponentials", "exp1", "1.616 3.065 5.812"),
    ("2.2, sum", "sum1", "10.493"),
    ("2.2, probabilities", "a1", "0.154 0.292 0.554"),
    ("3.1, error term", "delta1", "0.154 -0.708 0.554"),
    ("3.2, bias gradient", "db1", "0.154 -0.708 0.554"),
    ("3.2, weight gradient", "dW1", "0.077 0.092 0.108 / -0.354 -0.425 -0.496 / 0.277 0.332 0.388"),
    ("4.1, bias step, sign turned", "-step_b1[2]", "0.0708"),
    ("4.1, bias of the true class", "b1_new[2]", "0.2708"),
    ("4.2, weights of the true class", "W1_new[2,1]", "0.4354"),
    ("4.2, weights of the true class", "W1_new[2,2]", "0.5425"),
    ("4.2, weights of the true class", "W1_new[2,3]", "0.6496"),
]

_H = [
    ("3.2 set-up, first weights", "W1", "0.5 0.5 / -0.5 -0.5"),
    ("3.2 set-up, first bias", "b1", "-0.2 0.7"),
    ("3.2 set-up, second weights", "W2[1,1]", "1.0"),
    ("3.2 set-up, second weights", "W2[1,2]", "1.0"),
    ("3.2 set-up, second bias", "b2", "-0.5"),
    ("3.2 set-up, sample", "x", "1 1"),
    ("3.2 set-up, target", "y", "0"),
    ("3.2 step 1, hidden linear", "z1", "0.8 -0.3"),
    ("3.2 step 1, hidden exponentials", "exp1", "0.449 1.350"),
    ("3.2 step 1, hidden outputs", "a1", "0.690 0.426"),
    ("3.2 step 1, output linear", "z2", "0.616"),
    ("3.2 step 1, output exponential", "exp2", "0.540"),
    ("3.2 step 1, output", "a2", "0.649"),
    ("3.2 step 1, loss, output less target", "diff", "0.649"),
    ("3.2 step 1, loss, square", "square", "0.421"),
    ("3.2 step 1, loss", "L", "0.211"),
    ("3.2 step 2, loss by output", "dL_da2", "0.649"),
    ("3.2 step 2, one minus output", "one_minus2", "0.351"),
    ("3.2 step 2, output by z", "da_dz2", "0.228"),
    ("3.2 step 2, output error", "delta2", "0.148"),
    ("3.2 step 2, weight on the way back", "W2[1,1]", "1.0"),
    ("3.2 step 2, one minus hidden output", "one_minus1", "0.310 0.574"),
    ("3.2 step 2, hidden output by z", "da_dz1[1]", "0.214"),
    ("3.2 step 2, hidden errors", "delta1", "0.032 0.036"),
    ("3.2 step 3, learning rate", "lr", "0.5"),
    ("3.2 step 3, second gradient", "dW2[1,1]", "0.102"),
    ("3.2 step 3, second gradient", "dW2[1,2]", "0.063"),
    ("3.2 step 3, second step", "step_W2[1,1]", "0.051"),
    ("3.2 step 3, second step", "step_W2[1,2]", "0.032"),
    ("3.2 step 3, second weights", "W2_new[1,1]", "0.949"),
    ("3.2 step 3, second weights", "W2_new[1,2]", "0.968"),
    ("3.2 step 3, second bias gradient", "db2", "0.148"),
    ("3.2 step 3, second bias step", "step_b2", "0.074"),
    ("3.2 step 3, second bias", "b2_new", "-0.574"),
    ("3.2 step 3, first gradient", "dW1[1,1]", "0.032"),
    ("3.2 step 3, first gradient", "dW1[1,2]", "0.032"),
    ("3.2 step 3, first gradient, in the update", "dW1[2,1]", "0.036"),
    ("3.2 step 3, first gradient, in the update", "dW1[2,2]", "0.036"),
    ("3.2 step 3, first step", "step_W1[1,1]", "0.016"),
    ("3.2 step 3, first step", "step_W1[1,2]", "0.016"),
    ("3.2 step 3, first weights", "W1_new", "0.484 0.484 / -0.518 -0.518"),
    ("3.2 step 3, first bias gradient, in the update", "db1", "0.032 0.036"),
    ("3.2 step 3, first bias", "b1_new", "-0.216 0.682"),
    ("3.4 path of one weight, input", "x[1]", "1"),
    ("3.4 path of one weight, hidden output by z", "da_dz1[1]", "0.214"),
    ("3.4 path of one weight, second weight", "W2[1,1]", "1.0"),
    ("3.4 path of one weight, output by z", "da_dz2", "0.228"),
    ("3.4 path of one weight, loss by output", "dL_da2", "0.649"),
    ("3.4 path of one weight, product", "dW1[1,1]", "0.032"),
]

NUMBERS: tuple[Printed, ...] = (
    *_rows("A", "softmax-cross-entropy-mlp", _A),
    *_rows("B", "sigmoid-mse-neuron", _B),
    *_rows("C", "svm-hinge-subgradient", _C),
    *_rows("E", "softmax-regression", _E),
    *_rows("H", "xor-mlp", _H),
)

REMARKS: tuple[Remark, ...] = (
    Remark("E", "softmax-regression", "15.4%", "2.2, first probability in per cent"),
    Remark("E", "softmax-regression", "29.2%", "2.2, second probability in per cent"),
    Remark("E", "softmax-regression", "55.4%", "2.2, third probability in per cent, again in the verdict"),
)

LATER: tuple[Later, ...] = (
    Later("B", "0 1", "remark on vanishing gradients", "limits of a, not values of the example"),
    Later("C", "1 0", "what the hinge loss does", "the threshold 1 and the floor 0 of the formula"),
    Later("E", "2.0 1.0 0.1 0.7 0.2 0.1 70% 10%", "plain-words introduction", "an illustration without a calculation"),
    Later("E", "255 1000 -0.012 0.045 0.1 0.9 0.5 0.7", "5, on starting values and scaling", "figures of a remark"),
    Later("H", "0 1", "1.1, truth table and proof", "the page of `model: separability`"),
    Later("H", "0 1 0.5 0.25 4", "step 2, the sigmoid's derivative checked at 0", "a symbolic derivation's check"),
    Later("H", "0 1 0 0.2 0.7 0.1 -0.357 0.357", "5.1, cross-entropy of outputs", "outputs given without a model"),
    Later("H", "-1.429 0.7 0.3 -0.300", "5.1, y − t, first method", "the derivation of softmax with cross-entropy"),
    Later("H", "-1 0.3 -0.3", "5.1, y − t, second method", "the derivation of softmax with cross-entropy"),
    Later("H", "0.7 1 -0.3", "5.1, y − t, third method", "the derivation of softmax with cross-entropy"),
    Later("H", "6", "4.2, limit of Xavier's rule", "a formula without numbers; `xavier-tanh-network` has them"),
    Later("H", "0 2 1", "5.1.1, one-hot rows of three labels", "an example of a label format"),
    Later("H", "1e-9 1e-12", "5.2, clipping", "the bound of a numerical guard"),
)
