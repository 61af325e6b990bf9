"""The derivation of a network: any depth and width, any activations and loss, one sample or a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepwise.derivation.backward import Backward
from stepwise.derivation.builder import Builder
from stepwise.derivation.model import AFTER, FORWARD, LOSS, PREPARATION, UPDATE, Derivation
from stepwise.derivation.symbols import Symbols, renewed
from stepwise.expressions import Const
from stepwise.notation.symbols import Plain
from stepwise.operations import linear, regularisation, update
from stepwise.operations.activation import Activation
from stepwise.operations.losses import LOSSES
from stepwise.operations.mistakes import slip_of_labels
from stepwise.operations.operation import Operation
from stepwise.operations.sure import keeping_digits
from stepwise.problem.choices import record_of
from stepwise.problem.model import Choice, Problem

if TYPE_CHECKING:
    from stepwise.operations.initialisation import Scheme

_FEW_PARAMETERS = 6
"""So few parameters are followed through all iterations, beside the loss."""
_UNITS = 2
"""Stand-in lengths: the inputs are 2 long, layer 1 is 3, …; the samples come after the last layer."""


class NetworkPlanner:
    """Plans one network; `derivation()` is the result."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.symbols = Symbols(problem)
        self.build = Builder(problem.layout)
        self.depth = len(problem.layers)
        self.mean = not problem.single and problem.loss is not None and problem.loss.reduction == "mean"

    def derivation(self) -> Derivation:
        self._givens()
        self._preparation()
        before = self.build.take()
        self._forward("")
        learns = self._has_loss()
        if learns:
            self._loss("")
            Backward(self).plan()
        carried = self._update() if learns and self.problem.lr else {}
        each = self.build.take()
        if carried and self.problem.train.loss_after:
            self._forward("_new")
            self._loss("_new")
        loss = ("J" if self.problem.l2 else "L",) if learns else ()
        parameters = sum(layer.units * (layer.inputs + 1) for layer in self.problem.layers)
        history = (*loss, *carried.values()) if parameters <= _FEW_PARAMETERS else loss
        return Derivation(self.build.givens, before, each, self.build.take(), carried, history)

    # ---- what is given

    def _shape(self, layer: int) -> tuple[int, int]:
        """The stand-in shape of what layer `layer` puts out (0: the inputs)."""
        units = _UNITS + layer
        samples = 1 if self.problem.single else _UNITS + self.depth + 1
        return (units, samples) if self.problem.layout == "column" else (samples, units)

    def _givens(self) -> None:
        build, symbols, column = self.build, self.symbols, self.problem.layout == "column"
        build.given("x_raw" if self.problem.preprocess else "x", self._shape(0), self._input_symbol())
        if self.problem.labels is not None:
            build.given("y", self._shape(self.depth), symbols.plain("y", "y"))
        for layer in range(1, self.depth + 1):
            ins, outs = _UNITS + layer - 1, _UNITS + layer
            build.given(f"W{layer}", (outs, ins) if column else (ins, outs), symbols.parameter(f"W{layer}", layer))
            if self.problem.biases is not None:
                build.given(f"b{layer}", (outs, 1) if column else (1, outs), symbols.parameter(f"b{layer}", layer))
        for name, present in (("lr", self.problem.lr), ("l2", self.problem.l2), ("N", not self.problem.single)):
            if present:
                build.given(name, (1, 1), symbols.number(name))

    def _input_symbol(self) -> Plain:
        symbol = self.symbols.plain("x", "x")
        return Plain(symbol.letter, symbol.small, (r"\mathrm{raw}",)) if self.problem.preprocess else symbol

    def _preparation(self) -> None:
        if self.problem.draw:
            from stepwise.operations.initialisation import SCHEMES

            scheme = SCHEMES[self.problem.draw.scheme]
            for layer in range(1, self.depth + 1 if scheme.distribution != "zeros" else 1):
                self._spread(scheme, layer)
        if self.problem.preprocess:
            self._preprocess()

    def _spread(self, scheme: Scheme, layer: int) -> None:
        for fan, letter in (("fan_in", "in"), ("fan_out", "out")):
            if fan == "fan_in" or scheme.both:
                symbol = Plain(rf"n_{{\mathrm{{{letter}}}}}", rf"n_{{\mathrm{{{letter}}}}}")
                self.build.given(f"{fan}{layer}", (1, 1), symbol)
        uniform = scheme.distribution == "uniform"
        name = f"limit{layer}" if uniform else f"std{layer}"
        symbol = self.symbols.plain(name, "r" if uniform else "s", layer, parameter=True)
        self.build.add(
            name, scheme.spread, {}, phase=PREPARATION, role="spread", variant=scheme.name, layer=layer, symbol=symbol
        )

    def _preprocess(self) -> None:
        from stepwise.operations import preprocessing

        prepared = self.problem.preprocess
        assert prepared is not None
        column = self.problem.layout == "column"
        parts = {"divisor": prepared.divide, "mean": prepared.mean, "std": prepared.std}
        letters = {"divisor": "c", "mean": r"\mu", "std": "s"}
        for name, given in parts.items():
            if given is not None:
                features = _UNITS if max(given.shape) > 1 else 1
                shape = (features, 1) if column else (1, features)
                self.build.given(name, shape, self.symbols.plain(name, letters[name], parameter=True))
        operation = preprocessing.DIVIDE if prepared.divide is not None else preprocessing.STANDARDIZE
        self.build.add(
            "x",
            operation,
            {"x": "x_raw"},
            phase=PREPARATION,
            role="preprocess",
            variant=operation.name,
            symbol=self.symbols.plain("x", "x"),
        )

    # ---- forward

    def activation(self, layer: int) -> tuple[Activation, dict[str, Const]]:
        choice = self.problem.layers[layer - 1].activation
        return record_of(choice), constants(choice)

    def input_of(self, layer: int) -> str:
        return f"a{layer}" if layer else "x"

    def _forward(self, suffix: str) -> None:
        phase = AFTER if suffix else FORWARD
        bias = self.problem.biases is not None
        for layer in range(1, self.depth + 1):
            inputs = f"a{layer - 1}{suffix}" if layer > 1 else "x"
            operands = {"W": self._current(f"W{layer}", suffix), "x": inputs, "b": self._current(f"b{layer}", suffix)}
            operands["z_in"] = f"z{layer - 1}{suffix}"
            symbol = renewed(self.symbols.plain(f"z{layer}", "z", layer), suffix)
            self.build.add(
                f"z{layer}{suffix}",
                linear.affine(self.problem.layout, bias=bias),
                operands,
                phase=phase,
                role="z",
                variant="no_bias" if not bias else "one" if self.problem.single else f"batch_{self.problem.layout}",
                layer=layer,
                symbol=symbol,
                suffix=suffix,
            )
            activation, parameters = self.activation(layer)
            self.build.add(
                f"a{layer}{suffix}",
                activation.forward(parameters),
                {"z": f"z{layer}{suffix}"},
                phase=phase,
                role="activation",
                variant=activation.variant,
                layer=layer,
                symbol=renewed(self.symbols.plain(f"a{layer}", "a", layer), suffix),
                head=activation.head,
                suffix=suffix,
            )

    def _current(self, parameter: str, suffix: str) -> str:
        """The parameter, or what it became where it was changed."""
        return f"{parameter}_new" if suffix and self.build.knows(f"{parameter}_new") else parameter

    # ---- loss

    def _has_loss(self) -> bool:
        loss = self.problem.loss
        return loss is not None and (self.problem.labels is not None or LOSSES[loss.name].labels == "unused")

    def _loss(self, suffix: str) -> None:
        loss = self.problem.loss
        assert loss is not None
        record, phase = LOSSES[loss.name], AFTER if suffix else LOSS
        last = self.problem.layers[-1].activation.name
        each = self.on_outputs(record.of_sample(self.factor(), last))
        operands = self.outputs(suffix) | {"y": "y"}
        symbol = self.symbols.letter("L", "L", new=bool(suffix))
        if self.problem.single:
            self.build.add(
                f"L{suffix}",
                each,
                operands,
                phase=phase,
                role="loss",
                variant=loss.name,
                symbol=symbol,
                suffix=suffix,
            )
        else:
            self.build.add(
                f"losses{suffix}",
                each,
                operands,
                phase=phase,
                role="losses",
                variant=loss.name,
                symbol=self.symbols.letter("losses", r"\ell", new=bool(suffix)),
                suffix=suffix,
            )
            operation = linear.reduction("mean" if self.mean else "total", _LOSSES, mean=self.mean)
            self.build.add(
                f"L{suffix}",
                operation,
                {"losses": f"losses{suffix}"},
                phase=phase,
                role="reduced_loss",
                variant=operation.name,
                symbol=symbol,
            )
        if self.problem.l2:
            self._regulariser(suffix, phase)

    def factor(self) -> Const:
        loss = self.problem.loss
        return Const(loss.factor.text if loss and loss.factor else "1")

    def outputs(self, suffix: str = "") -> dict[str, str]:
        """The operands that are the outputs, and what they come from."""
        return {letter: f"{letter}{self.depth}{suffix}" for letter in ("a", "z")}

    def on_outputs(self, operation: Operation) -> Operation:
        """An operation on the outputs and their labels, with what goes wrong where these are class indices.

        Digits that a person rounds away are not kept.
        """
        rounded = self.problem.rounding.carry
        kept = operation if rounded else keeping_digits(operation, self.problem.layers[-1].activation.name)
        return slip_of_labels(kept, lambda: self.problem.has_class_indices)

    def _regulariser(self, suffix: str, phase: str) -> None:
        norms = [f"norm{layer}{suffix}" for layer in range(1, self.depth + 1)]
        for layer, name in enumerate(norms, 1):
            operands = {"W": self._current(f"W{layer}", suffix)}
            self.build.add(name, regularisation.NORM, operands, phase=phase, role="norm", layer=None, symbol=None)
        operands = {"lambda": "l2"} | {norm: norm for norm in norms}
        penalty = self.symbols.letter("reg", "R", new=bool(suffix))
        self.build.add(f"reg{suffix}", regularisation.penalty(norms), operands, phase=phase, role="reg", symbol=penalty)
        objective = self.symbols.letter("J", "J", new=bool(suffix))
        operands = {"L": f"L{suffix}", "reg": f"reg{suffix}"}
        self.build.add(
            f"J{suffix}", regularisation.OBJECTIVE, operands, phase=phase, role="objective", symbol=objective
        )

    # ---- update

    def _update(self) -> dict[str, str]:
        carried = {}
        for layer in range(self.depth, 0, -1):
            for kind, group in (("W", "weights"), ("b", "biases")):
                name = f"{kind}{layer}"
                if group in self.problem.train.update and self.build.knows(f"d{name}"):
                    descend(self.build, name, f"d{name}", self.symbols.parameter(name, layer), layer)
                    carried[name] = f"{name}_new"
        return carried


_LOSSES = linear.LOSSES


def constants(choice: Choice) -> dict[str, Const]:
    """The parameters of an activation as constants with their symbols."""
    greek = {"alpha": r"\alpha", "beta": r"\beta"}
    return {name: Const(number.text, greek.get(name, "")) for name, number in choice.parameters.items()}


def descend(build: Builder, name: str, gradient: str, symbol: Plain, layer: int | None, lr: str = "lr") -> None:
    """The two lines of a gradient step: η∇W and W − η∇W."""
    new = f"{name}_new"
    kind = "bias" if name.startswith("b") else "weights"
    operands = {"eta": lr, "gradient": gradient}
    build.add(
        f"step_{name}",
        update.STEP,
        operands,
        phase=UPDATE,
        role="step",
        layer=layer,
        symbol=None,
        digits_of=new,
        group=new,
    )
    operands = {"parameter": name, "step": f"step_{name}"}
    build.add(
        new, update.DESCEND, operands, phase=UPDATE, role="new", variant=kind, layer=layer, symbol=symbol.renewed()
    )


def plan_network(problem: Problem) -> Derivation:
    """The derivation of a network problem."""
    return NetworkPlanner(problem).derivation()
