"""The sheet of gradient descent: the rule, batches, the algorithm, the learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from stepwise.document.phrases import Instruction, Math, Phrase, phrase
from stepwise.document.reference.losses import loss_tree
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import DECIMALS, formula, over, shown
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Const, bind, ref
from stepwise.notation.delimiters import ceiling
from stepwise.operations import linear, update
from stepwise.operations.losses import LOSSES
from stepwise.problem import problem_from_document
from stepwise.trace import Trace, solve

SAMPLES, BATCH = 10, 4
"""The example of a short last batch."""
RATES = ("0.1", "0.5", "1", "1.8", "2.1")
"""The learning rates of the example."""
STEPS = 6
SHOWN = (1, 2, 3, 6)
"""After which of the steps the weight is shown."""
PER_EPOCH = ceiling(formula(ref("N") / ref("B")))


class GradientDescent:
    """What the story tells."""

    parameter, lr, loss = Math(r"\theta"), Math(formula(ref("eta"))), Math("L")
    gradient_symbol = Math(r"\nabla \theta")
    samples, batch, per_epoch = Math("N"), Math("B"), Math(PER_EPOCH)
    weight, start = Math("w"), Math("w = 0")
    goal = Math("w = 1")
    error, factor = Math("w - 1"), Math(formula(1 - ref("eta")))
    converges, limit, diverges = Math(r"0 < \eta < 2"), Math(r"\eta = 2"), Math(r"\eta > 2")
    """Where 1 − η is between −1 and 1, is −1, is beyond."""
    decimals = DECIMALS

    @property
    def rule(self) -> str:
        """θ − η∇θ."""
        step = bind(update.STEP.tree, {"gradient": ref(r"\nabla \theta")})
        tree = bind(update.DESCEND.tree, {"parameter": ref("theta"), "step": step})
        return rf"\theta^{{\mathrm{{new}}}} = {formula(tree)}"

    @property
    def mean(self) -> str:
        """The gradient of a batch is the mean of its samples' gradients."""
        tree = bind(linear.reduction("mean", ref("g"), mean=True).tree, {"N": ref("B")})
        sample = r"\frac{\partial \ell_{i}}{\partial \theta}"
        return rf"\nabla \theta = {formula(over(tree, 'i', 'B', 'samples'), {'g_i': sample})}"

    @cached_property
    def ways(self) -> Table:
        """Batch, mini-batch, stochastic."""
        sizes = {"batch": ("B = N", "1"), "mini": ("1 < B < N", PER_EPOCH), "stochastic": ("B = 1", "N")}
        rows: list[list[Cell]] = [
            [
                phrase(f"gradient_descent.{way}.name"),
                Math(size),
                Math(iterations),
                phrase(f"gradient_descent.{way}.good"),
                phrase(f"gradient_descent.{way}.bad"),
            ]
            for way, (size, iterations) in sizes.items()
        ]
        columns = ("way", "size", "iterations", "good", "bad")
        return Table([_column(name) for name in columns], rows, (14, 14, 14, 29, 29))

    @property
    def example(self) -> Phrase:
        """Iterations in an epoch, counted by the engine."""
        count = epoch().iterations
        rest = SAMPLES - (count - 1) * BATCH
        text = rf"{ceiling(formula(Const(f'{SAMPLES}/{BATCH}')))} = {count}"
        return phrase("gradient_descent.example", samples=SAMPLES, batch=BATCH, iterations=Math(text), rest=rest)

    @property
    def algorithm(self) -> Iterator[Instruction]:
        """Mini-batch gradient descent."""
        yield Instruction(_step("choose", lr=self.lr, batch=self.batch))
        yield Instruction(
            _step("epoch", per_epoch=self.per_epoch),
            (
                _step("forward"),
                _step("loss"),
                _step("backward"),
                _step("update", rule=Math(self.rule)),
            ),
        )
        yield Instruction(_step("stop"))

    @cached_property
    def rates(self) -> Table:
        """One weight with different learning rates, step by step."""
        rows: list[list[Cell]] = []
        for rate in RATES:
            weights = [float(one) for one in descent(rate).history["W1_new"].reshape(-1)]
            texts = [shown(weights[step - 1]).latex for step in SHOWN]
            rows.append([Math(rf"\eta = {formula(Const(rate))}"), *map(Math, texts), _step(f"rate.{verdict(weights)}")])
        header: list[Cell] = [_column("rate"), *(Math(f"w_{{{step}}}") for step in SHOWN), _column("verdict")]
        return Table(header, rows, (16, 10, 10, 11, 12, 41))

    @property
    def bowl(self) -> Math:
        """The loss of the example."""
        return Math(f"L = {formula(bind(loss_tree(LOSSES['mse']), {'a': ref('w'), 'y': Const('1')}))}")


def epoch() -> Trace:
    """One epoch in batches."""
    document = _neuron({"inputs": [["1"]] * SAMPLES, "labels": [["0"]] * SAMPLES, "lr": "0.1"})
    return solve(problem_from_document({**document, "train": {"batch_size": BATCH}}))


def descent(rate: str) -> Trace:
    """Gradient descent on ½(w − 1)², from w = 0."""
    document = _neuron({"inputs": "1", "labels": "1", "lr": rate})
    return solve(problem_from_document({**document, "train": {"epochs": STEPS}}))


def _neuron(data: dict[str, object]) -> dict[str, object]:
    return {"architecture": {"layers": [{"activation": "identity"}], "loss": "mse"}, "weights": "0", **data}


def verdict(weights: list[float]) -> str:
    """What a run towards 1 looks like: there, away, swinging, still far, near."""
    first, last = weights[0] - 1, weights[-1] - 1
    if first == 0:
        return "at_once"
    if abs(last) > abs(first):
        return "diverges"
    if first > 0:
        return "swings"
    return "slow" if abs(last) > 0.1 else "good"


def _column(name: str) -> Phrase:
    return phrase(f"gradient_descent.column.{name}")


def _step(name: str, **slots: Math) -> Phrase:
    return phrase(f"gradient_descent.step.{name}", **slots)


SHEET = Sheet("gradient-descent", GradientDescent)
