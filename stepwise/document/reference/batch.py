"""The sheet of batches: every quantity with its shape, in both layouts, and the NumPy lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from stepwise.derivation import Step
from stepwise.document.phrases import Math, phrase
from stepwise.document.reference.sheet import Sheet
from stepwise.document.tables import Cell, Table
from stepwise.document.working import Writer
from stepwise.expressions import Expr, Ref, bind
from stepwise.notation.numpy_code import numpy_lines
from stepwise.problem import problem_from_document
from stepwise.trace import Quantity, Trace, solve

LENGTHS: Mapping[str, int] = {"N": 701, "d": 503, "K": 307}
"""Stand-ins for the lengths of the axes: numbers that nothing else on the sheet is."""
CODE_NAMES: Mapping[str, str] = {
    "x": "X", "y": "Y", "W1": "W", "b1": "b", "z1": "Z", "exp1": "E", "sum1": "S", "a1": "A", "losses": "l",
    "delta1": "Delta", "dW1": "dW", "db1": "db", "W1_new": "W", "b1_new": "b",
}  # fmt: skip
"""What the quantities are called in program text."""
QUANTITIES = ("x", "y", "W1", "b1", "z1", "a1", "losses", "L", "delta1", "dW1", "db1", "W1_new", "b1_new")
LAYOUTS = ("row", "column")


def by_letters(text: str) -> str:
    """The text with letters for the stand-in lengths."""
    letters = {str(length): letter for letter, length in LENGTHS.items()}
    return re.sub(r"\b\d+\b", lambda found: letters.get(found.group(), found.group()), text)


def shapes_only(layout: str) -> Trace:
    """Softmax regression on a batch, without numbers."""
    n, d, k = (LENGTHS[letter] for letter in "NdK")
    symbols = {"x": "X", "y": "Y", "z1": "Z", "a1": "A", "W1": "W", "b1": "b", "delta1": r"\Delta"}
    document = {
        "architecture": {
            "layout": layout,
            "layers": [{"units": k, "activation": "softmax"}],
            "loss": "cross_entropy",
        },
        "biases": 0,
        "inputs": {"shape": [n, d]},
        "labels": {"shape": [n, k]},
        "lr": "0.1",
        "notation": {"symbols": symbols},
    }
    return solve(problem_from_document(document))


class Batch:
    """What the story tells."""

    samples, features, classes = map(Math, LENGTHS)

    @cached_property
    def traces(self) -> Mapping[str, Trace]:
        return {layout: shapes_only(layout) for layout in LAYOUTS}

    @cached_property
    def shapes(self) -> Table:
        """Every quantity: what it is, its line and its shape in both layouts."""
        rows: list[list[Cell]] = []
        for name in QUANTITIES:
            cells = [Math(self.line(self.traces[layout], name)) for layout in LAYOUTS]
            rows.append([phrase(f"batch.quantity.{name}"), *cells])
        header = [phrase("batch.column.what"), *(phrase(f"batch.column.{layout}") for layout in LAYOUTS)]
        return Table(header, rows, (20, 40, 40))

    @staticmethod
    def line(trace: Trace, name: str) -> str:
        """The formula of a quantity with shapes, or its shape alone where it is given."""
        quantity = trace.quantities[name]
        if quantity.step is None:
            assert quantity.symbol is not None
            rows, columns = quantity.shape
            return by_letters(rf"{quantity.symbol.whole()} \in \mathbb{{R}}^{{{rows} \times {columns}}}")
        if quantity.step.head:
            return by_letters(_by_name(trace, quantity, quantity.step))
        writer = Writer(trace, "full")
        (chain,) = writer.working(quantity).formula
        return by_letters(chain.latex.replace(r" ,\qquad", r",\;"))

    @cached_property
    def row_code(self) -> list[str]:
        return code(self.traces["row"])

    @cached_property
    def column_code(self) -> list[str]:
        """The lines that differ from those in row layout."""
        lines = code(self.traces["column"])
        return [line for line, row in zip(lines, self.row_code, strict=True) if _bare(line) != _bare(row)]


def _by_name(trace: Trace, quantity: Quantity, step: Step) -> str:
    """A = softmax(Z): the activation by its name; its sum runs over the units of each sample."""
    operand = trace.quantities[f"z{step.layer}"].symbol
    assert step.symbol is not None
    assert operand is not None
    rows, columns = quantity.shape
    return rf"\underset{{{rows} \times {columns}}}{{{step.symbol.whole()}}} = {step.head}({operand.whole()})"


def _bare(line: str) -> str:
    """A line without its shape."""
    return line.split("#", maxsplit=1)[0]


def code(trace: Trace) -> list[str]:
    """The whole iteration as NumPy lines with shapes; the step of each parameter is put into its line."""
    steps = trace.derivation.steps
    lines: list[tuple[str, Expr, tuple[int, int] | None]] = []
    for step in trace.derivation.each:
        if step.role == "step":
            continue
        put_in = {name: steps[name].tree for name in step.operands if name in steps and steps[name].role == "step"}
        tree = bind(bind(step.tree, put_in), {name: Ref(text) for name, text in CODE_NAMES.items()})
        shape = trace.quantities[step.id].shape
        lines.append((CODE_NAMES.get(step.id, step.id), tree, None if shape == (1, 1) else shape))
    return [by_letters(line) for line in numpy_lines(lines)]


SHEET = Sheet("batch", Batch)
