"""The derivation of a linear support vector machine: subgradient descent over all samples, or Pegasos one by one."""

from __future__ import annotations

from stepwise.derivation.builder import Builder
from stepwise.derivation.model import AFTER, BACKWARD, FORWARD, LOSS, UPDATE, Derivation
from stepwise.derivation.network import descend
from stepwise.derivation.symbols import Symbols
from stepwise.notation.symbols import Plain
from stepwise.operations import linear, regularisation, svm, update
from stepwise.operations.operation import Operation
from stepwise.problem.model import Problem

_FEATURES, _SAMPLES = 2, 3
"""Stand-in lengths, see `Builder`."""


class SvmPlanner:
    """Plans one support vector machine."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.symbols = Symbols(problem)
        self.build = Builder(problem.layout)
        self.pegasos = problem.train.method == "pegasos"
        self.many = not (problem.single or self.pegasos)
        self.mean = self.many and problem.loss is not None and problem.loss.reduction == "mean"
        self.bias = problem.biases is not None

    def derivation(self) -> Derivation:
        self._givens()
        labelled = self.problem.labels is not None
        self._scores("")
        carried: dict[str, str] = {}
        if labelled:
            if not self.pegasos:
                self._objective("")
            self._gradients()
            if self.problem.lr:
                carried = self._update()
        each = self.build.take()
        if carried and self.problem.train.loss_after:
            self._after()
        measured = ("margin", "hinge") if self.pegasos else ("J" if self.problem.l2 else "L",)
        history = (*measured, *carried.values()) if labelled else ()
        return Derivation(self.build.givens, (), each, self.build.take(), carried, history)

    def _givens(self) -> None:
        build, symbols, problem = self.build, self.symbols, self.problem
        self._samples(_SAMPLES if self.many else 1)
        build.given("w", (_FEATURES, 1), symbols.plain("w", "w"))
        if self.bias:
            build.given("b", (1, 1), symbols.plain("b", "b"))
        inverse = problem.schedule == "inverse"
        numbers = {"lr": problem.lr and not inverse, "l2": problem.l2, "t": inverse, "N": not problem.single}
        for name, present in numbers.items():
            if present:
                build.given(name, (1, 1), symbols.number(name))

    def _samples(self, count: int) -> None:
        """The shapes of x and y for `count` samples."""
        column = self.problem.layout == "column"
        x, y = self.symbols.plain("x", "x"), self.symbols.plain("y", "y")
        whole = Plain("X", x.small) if x.letter == "x" and self.many else x
        self.build.given("x", (_FEATURES, count) if column else (count, _FEATURES), whole)
        if self.problem.labels is not None:
            self.build.given("y", (1, count) if column else (count, 1), y)

    def _line(
        self,
        name: str,
        operation: Operation,
        operands: dict[str, str],
        phase: str,
        role: str,
        letter: str | Plain | None,
        suffix: str = "",
        variant: str = "",
    ) -> None:
        symbol = self.symbols.letter(name, letter, new=bool(suffix)) if isinstance(letter, str) else letter
        self.build.add(
            f"{name}{suffix}",
            operation,
            operands,
            phase=phase,
            role=role,
            symbol=symbol,
            suffix=suffix,
            variant=variant,
        )

    def _scores(self, suffix: str) -> None:
        phase = AFTER if suffix else FORWARD
        w, b = (f"{name}{suffix}" if self.build.knows(f"{name}{suffix}") else name for name in ("w", "b"))
        score = svm.score(self.problem.layout, bias=self.bias)
        kind = "bias" if self.bias else "no_bias"
        self._line("score", score, {"w": w, "x": "x", "b": b}, phase, "score", "s", suffix, kind)
        if self.problem.labels is not None:
            operands = {"y": "y", "a": f"score{suffix}"}
            self._line("margin", svm.MARGINS, operands, phase, "margin", "m", suffix)
            self._line("hinge", svm.HINGE, {"margin": f"margin{suffix}"}, phase, "hinge", "h", suffix)

    def _objective(self, suffix: str) -> None:
        """L from the hinge losses, and J = L + λ/2‖w‖²."""
        phase = AFTER if suffix else LOSS
        w = f"w{suffix}" if suffix else "w"
        loss = linear.reduction("mean" if self.mean else "total", linear.LOSSES, mean=self.mean)
        kind = loss.name if self.many else "one"
        self._line("L", loss, {"losses": f"hinge{suffix}"}, phase, "reduced_loss", "L", suffix, kind)
        if self.problem.l2:
            norm = f"norm{suffix}"
            self.build.add(norm, regularisation.NORM, {"W": w}, phase=phase, role="norm", symbol=None)
            penalty = regularisation.penalty([norm])
            self._line("reg", penalty, {"lambda": "l2", norm: norm}, phase, "reg", "R", suffix)
            operands = {"L": f"L{suffix}", "reg": f"reg{suffix}"}
            self._line("J", regularisation.OBJECTIVE, operands, phase, "objective", "J", suffix)

    def _gradients(self) -> None:
        operands = {"margin": "margin", "y": "y", "x": "x"}
        parts = "data_grads" if self.many else "data_grad"
        data = self.symbols.named(parts, Plain(r"G" if self.many else "g", "g"))
        self.build.add(
            parts,
            svm.data_gradients(self.problem.layout, many=self.many),
            operands,
            phase=BACKWARD,
            role=parts,
            symbol=data,
        )
        if self.many:
            total = svm.data_gradient(self.problem.layout, mean=self.mean)
            symbol = self.symbols.named("data_grad", Plain("g", "g"))
            self.build.add(
                "data_grad",
                total,
                {"data": "data_grads", "margin": "margin"},
                phase=BACKWARD,
                role="data_grad",
                symbol=symbol,
                variant=total.name,
            )
        gradient = self.symbols.gradient(self.symbols.plain("w", "w"))
        if self.problem.l2:
            slots = {"lambda": "l2", "W": "w"}
            self.build.add("reg_grad", regularisation.REG_GRADIENT, slots, phase=BACKWARD, role="reg_dW", symbol=None)
            slots = {"data": "data_grad", "reg": "reg_grad"}
            total = regularisation.TOTAL_GRADIENT
        else:
            slots, total = {"delta": "data_grad"}, linear.bias_gradient(batch=False, mean=False)
        role = "total_dW" if self.problem.l2 else "only_dW"
        self.build.add("dw", total, slots, phase=BACKWARD, role=role, symbol=gradient)
        if self.bias:
            self._bias_gradient(operands)

    def _bias_gradient(self, operands: dict[str, str]) -> None:
        gradient = self.symbols.gradient(self.symbols.plain("b", "b"))
        if not self.many:
            self.build.add("db", svm.BIAS_GRADIENTS, operands, phase=BACKWARD, role="db_svm", symbol=gradient)
            return
        each = self.symbols.named("bias_grads", Plain("g^{b}", "g^{b}"))
        self.build.add("bias_grads", svm.BIAS_GRADIENTS, operands, phase=BACKWARD, role="bias_grads", symbol=each)
        operation = linear.bias_gradient(batch=True, mean=self.mean)
        self.build.add("db", operation, {"delta": "bias_grads"}, phase=BACKWARD, role="db_svm", symbol=gradient)

    def _update(self) -> dict[str, str]:
        lr = "lr"
        if self.problem.schedule == "inverse":
            lr = "eta"
            symbol = self.symbols.number("lr")
            slots = {"lambda": "l2", "t": "t"}
            self.build.add("eta", update.INVERSE_SCHEDULE, slots, phase=UPDATE, role="eta", symbol=symbol)
        carried = {}
        for name, group in (("w", "weights"), ("b", "biases")):
            if group in self.problem.train.update and self.build.knows(f"d{name}"):
                descend(self.build, name, f"d{name}", self.symbols.plain(name, name), None, lr)
                carried[name] = f"{name}_new"
        return carried

    def _after(self) -> None:
        """The objective with the new parameters, over all samples."""
        self.many = not self.problem.single
        loss = self.problem.loss
        self.mean = self.many and loss is not None and loss.reduction == "mean"
        # the lines of one sample have used x with one column; what is given stays as it was called
        column, count = self.problem.layout == "column", _SAMPLES if self.many else 1
        self.build.shapes["x"] = (_FEATURES, count) if column else (count, _FEATURES)
        self.build.shapes["y"] = (1, count) if column else (count, 1)
        self._scores("_new")
        self._objective("_new")


def plan_svm(problem: Problem) -> Derivation:
    """The derivation of a support vector machine."""
    return SvmPlanner(problem).derivation()
