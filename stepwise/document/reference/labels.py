"""The sheets of one-hot labels and of clipped probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from stepwise.document.page import Page
from stepwise.document.phrases import Math, phrase
from stepwise.document.reference.losses import loss_formula
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import formula, in_one, shown, value
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Cases, Const, Func, Neg, Ref, bind, clipped, exp, ln, orient, ref, usual
from stepwise.expressions.tree import SMALLEST_PROBABILITY
from stepwise.notation.matrices import bmatrix
from stepwise.notation.numpy_code import numpy_lines
from stepwise.operations.activation import logistic
from stepwise.operations.losses import LOSSES
from stepwise.problem import problem_from_document
from stepwise.trace import Trace, solve

CLASSES = ("2", "0", "1", "2")
"""The labels of the example, counted from 0."""
ENTROPY, BINARY = LOSSES["cross_entropy"], LOSSES["binary_cross_entropy"]
PROBABILITIES = ("0.5", "0.001", "1e-6", "1e-12", "1e-15", "0")
FAR = "-800"
"""A pre-activation so low that the exponential is 0 in floating point."""


def labelled(layout: str) -> Trace:
    """A problem with the labels of the example as class indices."""
    document = {
        "architecture": {"layout": layout, "layers": [{"units": 3, "activation": "softmax"}], "loss": "cross_entropy"},
        "weights": [["1", "1", "1"]] if layout == "row" else [["1"], ["1"], ["1"]],
        "inputs": [["1"]] * len(CLASSES),
        "labels": list(CLASSES),
    }
    return solve(problem_from_document(document))


class OneHot:
    """What the story tells of one-hot labels."""

    index, row, hot = Math("c"), Math("y"), Math("y_{c} = 1")
    first, last, one = Math("0"), Math("K - 1"), Math("1")
    classes, output, true_output = Math("K"), Math("a"), Math("a_{c}")
    labels = Math("y_{k}")

    @cached_property
    def example(self) -> str:
        """Class indices, and the matrix the engine makes of them."""
        trace = labelled("row")
        matrix = Page(trace, "full").latex_of(trace.quantities["y"])
        return rf"c = {bmatrix([[text] for text in CLASSES])} \quad \longrightarrow \quad Y = {matrix}"

    @property
    def code(self) -> Iterator[str]:
        """The ways to do it in NumPy, and back."""
        yield f"c = np.array([{', '.join(CLASSES)}])"
        yield "Y = np.eye(K)[c]                # (N, K)"
        yield ""
        yield "Y = np.zeros((len(c), K))"
        yield "Y[np.arange(len(c)), c] = 1     # (N, K)"
        yield ""
        yield "Y.T                             # (K, N)"
        yield "np.argmax(Y, axis=1)            # c"

    @property
    def loss(self) -> str:
        """What is left of the cross-entropy."""
        return rf"\ell = {loss_formula(ENTROPY)} = {formula(in_one(-ln(ref('a_c'))))}"

    @property
    def error(self) -> str:
        """The error term of the true class and of the others."""
        delta = ENTROPY.fused["softmax"]
        true = formula(bind(delta, {"a": Ref("a_c"), "y": Const("1")}))
        return (
            rf"\delta = {formula(delta)}: \qquad \delta_{{c}} = {true}, \qquad \delta_{{k}} = a_{{k}} \quad (k \ne c)"
        )


class Clipping:
    """What the story tells of clipped probabilities."""

    logarithm = Math(r"\ln 0 = -\infty")
    quotient = Math(formula(usual(ENTROPY.derivative(Const("1")))))
    tiny = Math(formula(SMALLEST_PROBABILITY))
    probability, rest = Math("a"), Math("1 - a")
    pre_activation = Math(f"z = {FAR}")
    small, large = (Math(formula(exp(Const(text)))) for text in (FAR, FAR.removeprefix("-")))
    error = Math(rf"\delta = {formula(ENTROPY.fused['softmax'])}")

    @property
    def vanished(self) -> Math:
        """σ(z) far from zero, as the engine computes it."""
        return Math(rf"\sigma(z) {shown(float(value(logistic(ref('z')), z=float(FAR)))).equal}")

    @property
    def rule(self) -> str:
        """The clipped probability in two cases."""
        tree = clipped(ref("a"))
        return (
            rf"a_{{\mathrm{{clip}}}} = {formula(Cases(tree.cases, tree.otherwise))}" if isinstance(tree, Cases) else ""
        )

    @property
    def largest(self) -> Math:
        """The largest loss there can be for one label."""
        return Math(rf"-\ln {formula(SMALLEST_PROBABILITY)} {shown(self._clipped('0')).equal}")

    @staticmethod
    def _clipped(text: str) -> float:
        return float(value(-ln(ref("a")), a=float(text)))

    @staticmethod
    def _unclipped(text: str) -> float:
        with np.errstate(divide="ignore"):
            return float(value(Neg(Func("ln", ref("a"))), a=float(text)))

    @cached_property
    def numbers(self) -> Table:
        """−ln a without and with the clip."""
        rows: list[list[Cell]] = [
            [
                Math(formula(Const(text))),
                Math(shown(self._unclipped(text)).latex),
                Math(shown(self._clipped(text)).latex),
            ]
            for text in PROBABILITIES
        ]
        head = formula(in_one(-ln(ref("a"))))
        return Table([Math("a"), phrase("clipping.without", formula=Math(head)), phrase("clipping.with")], rows)

    @cached_property
    def code(self) -> list[str]:
        """The clip, and cross-entropies behind it, for a batch in row layout."""
        clip = clipped(ref("A"))
        assert isinstance(clip, Cases)
        names = {"a": Ref("A"), "y": Ref("Y")}
        entropy = bind(orient(ENTROPY.each(Const("1")), "row"), {**names, "a": Ref("P")})
        return numpy_lines([("P", Cases(clip.cases, clip.otherwise), None), ("l", entropy, None)])


SHEET = Sheet("one-hot", OneHot)
CLIPPING = Sheet("clipping", Clipping)
