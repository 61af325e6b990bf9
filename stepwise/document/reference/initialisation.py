"""The sheet of initial weights: the schemes, an example, and why zeros do not work."""

from __future__ import annotations

from functools import cached_property

from stepwise.document.page import Page
from stepwise.document.phrases import Math, phrase
from stepwise.document.reference.losses import loss_tree
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import formula, shown, tall, value
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Const, bind
from stepwise.operations.initialisation import SCHEMES, Scheme
from stepwise.operations.losses import LOSSES
from stepwise.problem import problem_from_document
from stepwise.trace import Trace, solve, symbol_text

FANS = {"fan_in": r"n_{\mathrm{in}}", "fan_out": r"n_{\mathrm{out}}"}
SIZES = {"fan_in": 100, "fan_out": 50}
"""The layer of the example."""
_LETTERS = {"uniform": "r", "normal": "s"}
_DRAWN = {"uniform": r"w \sim U(-r,\, r)", "normal": r"w \sim N(0,\, s^{2})"}
SAME_WEIGHT = "0.5"
INPUTS, LABEL = ("1", "-2"), "1"
"""The only sample of the network that shows it."""
_ROW = r",\, ".join(INPUTS)


class Initialisation:
    """What the story tells."""

    inputs, outputs = map(Math, FANS.values())
    layer = tuple(Math(f"{FANS[fan]} = {size}") for fan, size in SIZES.items())
    limit, deviation = Math("r"), Math("s")
    ratio = Math(r"r = \sqrt{3}\, s")

    @cached_property
    def schemes(self) -> Table:
        """Each scheme: how it draws, its formula, the example, what it is made for."""
        rows: list[list[Cell]] = []
        for name, scheme in SCHEMES.items():
            if scheme.distribution == "zeros":
                continue
            letter = _LETTERS[scheme.distribution]
            rows.append(
                [
                    phrase(f"scheme.{name}"),
                    Math(_DRAWN[scheme.distribution]),
                    tall(f"{letter} = {formula(scheme.spread.tree, FANS)} {example(scheme)}"),
                    phrase(f"initialisation.use.{'both' if scheme.both else 'inputs'}"),
                ]
            )
        columns = ("scheme", "drawn", "spread", "use")
        return Table([phrase(f"initialisation.column.{name}") for name in columns], rows, (17, 16, 45, 22))

    @cached_property
    def zeros(self) -> list[str]:
        """The gradients of a small network whose weights are all zero."""
        return gradients("0")

    @cached_property
    def same(self) -> list[str]:
        """The gradients of the same network with one value for all weights."""
        return gradients(SAME_WEIGHT)

    weight = Math(formula(Const(SAME_WEIGHT)))
    loss = Math(f"L = {formula(loss_tree(LOSSES['mse']))}")
    sample = Math(rf"x = ({_ROW})^{{\top}}"), Math(f"y = {LABEL}")
    he, plain = (Math(rf"\frac{{{number}}}{{{FANS['fan_in']}}}") for number in (2, 1))
    """The variance of He, and the one that a linear layer would need."""
    first, second = Math(r"\nabla W^{(1)}"), Math(r"\nabla W^{(2)}")


def example(scheme: Scheme) -> str:
    """The formula with the sizes of the example, and its value."""
    tree = scheme.spread.tree
    numbers = formula(bind(tree, {fan: Const(str(size)) for fan, size in SIZES.items()}))
    result = shown(float(value(tree, **{fan: float(size) for fan, size in SIZES.items()})))
    return f"= {numbers} {result.equal}"


def network(weight: str) -> Trace:
    """Two inputs, two hidden units, one output, all weights the same."""
    document = {
        "architecture": {"layers": [{"activation": "tanh"}, {"activation": "identity"}], "loss": "mse"},
        "weights": [[[weight, weight], [weight, weight]], [[weight, weight]]],
        "inputs": list(INPUTS),
        "labels": LABEL,
    }
    return solve(problem_from_document(document))


def gradients(weight: str) -> list[str]:
    """The gradients of both layers as equations."""
    trace = network(weight)
    page = Page(trace, "full")
    texts = []
    for name in ("dW1", "dW2"):
        quantity = trace.quantities[name]
        relation = "=" if page.writer.views.of(quantity).printed.exact.all() else r"\approx"
        texts.append(f"{symbol_text(quantity)} {relation} {page.latex_of(quantity)}")
    return [r",\qquad ".join(texts)]


SHEET = Sheet("initialisation", Initialisation)
