"""The sheets of the support vector machine, and of its comparison with a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from stepwise.document.phrases import Instruction, Math, phrase
from stepwise.document.reference.losses import loss_formula
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import formula, over
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Cases, Expr, Neg, Ref, Total, bind, ref
from stepwise.notation.delimiters import under_brace
from stepwise.operations import linear, regularisation, svm, update
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES

VECTORS = ("w", "x", "x_i", "gradient", "step", "data", "reg")
LETTERS: Mapping[str, str] = {
    "margin": "m",
    "margin_i": "m_{i}",
    "norm": r"\lVert w \rVert^{2}",
    "gradient": r"\nabla w",
    "g_i": "g_{i}",
    "L": "L",
    "reg": "R",
}
SAMPLE = {"x": Ref("x_i"), "y": Ref("y_i"), "margin": Ref("margin_i"), "a": Ref("s_i")}
"""The names of one sample's quantities."""

ASPECTS = (
    *("partners", "output", "labels", "loss", "penalty", "gradient", "contribute", "idea", "decision", "boundary"),
    "objective",
)
"""The rows of the comparison with a network."""
SCORE = svm.score("column", bias=True).tree
PENALTY = regularisation.penalty(["norm"]).tree
HINGE_OF_WEIGHTS = bind(svm.HINGE.tree, {"margin": bind(svm.MARGINS.tree, {"a": SCORE})})
"""max(0, 1 − y(wᵀx + b))."""
GRADIENT_CASES = svm.data_gradients("column", many=False).tree
"""What one sample adds to the gradient: −y x or 0."""


def written(tree: Expr) -> str:
    """A formula of one sample i."""
    return formula(bind(tree, SAMPLE), LETTERS, vectors=VECTORS)


def data_term(*, mean: bool) -> str:
    """The sum or the mean of the hinge losses, with everything in terms of w."""
    reduced = linear.reduction("data", linear.LOSSES, mean=mean).tree
    return formula(
        bind(over(reduced, "i", "N", "samples"), {"losses_i": bind(HINGE_OF_WEIGHTS, SAMPLE)}), LETTERS, vectors=VECTORS
    )


class Svm:
    """What the story tells of a support vector machine."""

    label = Math(r"y_{i} \in \{-1,\, +1\}")
    score = Math(f"s_{{i}} = {written(SCORE)}")
    margin = Math(f"m_{{i}} = {written(svm.MARGINS.tree)}")
    hinge = Math(f"h_{{i}} = {written(svm.HINGE.tree)}")
    violated = Math("m_{i} < 1")
    negative = Math("m_{i} < 0")
    first, second = Math(r"(\mathrm{A})"), Math(r"(\mathrm{B})")
    width = Math(r"2 / \lVert w \rVert")
    bias = Math("b")
    penalty, divided = Math(formula(ref("lambda"))), Math(formula(ref("lambda") / ref("N")))
    mean = Math(formula(linear.ONE_OVER_N))
    lr = Math(formula(ref("eta")))
    inverse = Math(f"{formula(ref('eta'))} = {formula(update.INVERSE_SCHEDULE.tree)}")

    @staticmethod
    def objective(*, mean: bool) -> str:
        """J with a brace under each part."""
        parts = {"L": under_brace(data_term(mean=mean), "A"), "reg": under_brace(formula(PENALTY, LETTERS), "B")}
        return f"J(w, b) = {formula(regularisation.OBJECTIVE.tree, parts)}"

    @property
    def summed(self) -> str:
        return self.objective(mean=False)

    @property
    def averaged(self) -> str:
        return self.objective(mean=True)

    norm = Math(
        f"{LETTERS['norm']} = {formula(over(bind(regularisation.NORM.tree, {'W': ref('w')}), 'k', 'd', 'all'))}"
    )

    @cached_property
    def subgradient(self) -> str:
        """g_i in two cases."""
        return f"g_{{i}} = {written(GRADIENT_CASES)}"

    @property
    def gradient(self) -> str:
        """∇w and ∇b of the summed form."""
        data = Total("i", "N", Ref("g_i"))
        total = bind(regularisation.TOTAL_GRADIENT.tree, {"data": data, "reg": self._shrinking})
        bias = where_violated(svm.BIAS_GRADIENTS.tree)
        violating = r"\sum_{i:\, m_{i} < 1}"
        return rf"\nabla w = {formula(total, LETTERS, vectors=VECTORS)},\qquad \nabla b = {violating} ({written(bias)})"

    _shrinking = bind(regularisation.REG_GRADIENT.tree, {"W": ref("w")})

    @property
    def pegasos(self) -> Iterator[Instruction]:
        """The algorithm, sample by sample."""
        parts = {"data": where_violated(GRADIENT_CASES), "reg": self._shrinking}
        violating = bind(regularisation.TOTAL_GRADIENT.tree, parts)
        step = bind(update.STEP.tree, {"gradient": Ref("gradient")})
        descend = bind(update.DESCEND.tree, {"parameter": ref("w"), "step": step})
        # minus η times −y is plus η times y
        downhill = where_violated(svm.BIAS_GRADIENTS.tree)
        assert isinstance(downhill, Neg)
        uphill = bind(update.STEP.tree, {"gradient": downhill.arg})
        bias = bind(update.ASCEND.tree, {"parameter": ref("b"), "step": uphill})
        margin = bind(svm.MARGINS.tree, {"a": SCORE})
        yield Instruction(phrase("svm.pegasos.start", w=Math("w"), b=self.bias, lr=self.lr))
        yield Instruction(
            phrase("svm.pegasos.samples", sample=Math("(x_{i},\\, y_{i})")),
            (
                phrase("svm.pegasos.margin", margin=Math(f"m_{{i}} = {written(margin)}")),
                phrase("svm.pegasos.violated", condition=self.violated, gradient=_gradient(violating)),
                phrase("svm.pegasos.safe", gradient=_gradient(self._shrinking)),
                phrase("svm.pegasos.update", step=Math(rf"w \leftarrow {written(descend)}")),
                phrase("svm.pegasos.bias", condition=self.violated, step=Math(rf"b \leftarrow {written(bias)}")),
            ),
        )
        yield Instruction(phrase("svm.pegasos.epochs"))


def _gradient(tree: Expr) -> Math:
    return Math(rf"\nabla w = {written(tree)}")


def where_violated(tree: Expr) -> Expr:
    """The value where the margin is violated."""
    assert isinstance(tree, Cases)
    return tree.cases[0].value


class MlpOrSvm:
    """What the story tells of networks beside support vector machines."""

    @cached_property
    def table(self) -> Table:
        """Aspect by aspect."""
        softmax = ACTIVATIONS["softmax"]
        entropy = LOSSES["cross_entropy"]
        fused = formula(entropy.fused["softmax"])
        maths: Mapping[str, tuple[str, str]] = {
            "output": (f"a = {softmax.head}(z)", f"s = {formula(SCORE, vectors=VECTORS)}"),
            "loss": (
                loss_formula(entropy),
                formula(bind(svm.HINGE.tree, {"margin": bind(svm.MARGINS.tree, {"a": ref("s")})})),
            ),
            "penalty": (formula(bind(PENALTY, {"norm": Ref(r"\lVert W \rVert^{2}")})), formula(PENALTY, LETTERS)),
            "gradient": (rf"\delta = {fused}", formula(GRADIENT_CASES, LETTERS, vectors=VECTORS)),
        }
        margin = Math(f"m = {formula(bind(svm.MARGINS.tree, {'a': ref('s')}))}")
        rows: list[list[Cell]] = []
        for aspect in ASPECTS:
            row: list[Cell] = [phrase(f"mlp_vs_svm.{aspect}.what")]
            for at, side in enumerate(("mlp", "svm")):
                slots = (
                    {"formula": Math(maths[aspect][at]), "w": Math("w"), "margin": margin} if aspect in maths else {}
                )
                row.append(phrase(f"mlp_vs_svm.{aspect}.{side}", **slots))
            rows.append(row)
        return Table([phrase(f"mlp_vs_svm.{name}") for name in ("what", "mlp", "svm")], rows, (20, 40, 40))


SHEET = Sheet("svm", Svm)
COMPARISON = Sheet("mlp-vs-svm", MlpOrSvm)
