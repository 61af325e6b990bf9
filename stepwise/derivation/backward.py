"""The backward pass of a network: error terms from the last layer to the first, and the gradients they give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from stepwise.derivation.model import BACKWARD
from stepwise.notation.symbols import Applied, Jacobian, Plain, Symbol
from stepwise.operations import linear, regularisation
from stepwise.operations.losses import LOSSES
from stepwise.operations.mistakes import early_n, over_n
from stepwise.operations.operation import Operation
from stepwise.operations.sure import keeping_digits_mixed

if TYPE_CHECKING:
    from stepwise.derivation.network import NetworkPlanner


class Backward:
    """Adds the backward pass to a network's lines."""

    def __init__(self, network: NetworkPlanner) -> None:
        self._network = network
        self.problem = network.problem
        self.symbols = network.symbols
        self.build = network.build
        self.depth = network.depth
        self.mean = network.mean
        self.by_jacobians = network.problem.notation.backward == "jacobian"
        self.divided = network.mean and network.problem.notation.delta == "divided"

    def plan(self) -> None:
        for layer in range(self.depth, 0, -1):
            if layer == self.depth:
                self._output_error(layer)
            else:
                self._hidden_error(layer)
            self._gradients(layer)

    def _delta_symbol(self, layer: int) -> Plain:
        return self.symbols.plain(f"delta{layer}", r"\delta", layer)

    def _output_error(self, layer: int) -> None:
        loss = self.problem.loss
        assert loss is not None
        record, activation = LOSSES[loss.name], self.problem.layers[-1].activation.name
        fused = record.short_delta(activation) if self.problem.notation.backward == "fused" else None
        if fused is not None:
            short = self._over_n(self._network.on_outputs(fused))
            self._delta(layer, "fused", short, self._network.outputs() | {"y": "y"}, f"{activation}+{loss.name}")
            return
        a = self.symbols.plain(f"a{layer}", "a", layer)
        self.build.add(
            f"dL_da{layer}",
            self._network.on_outputs(record.slope(self._network.factor(), activation)),
            self._network.outputs() | {"y": "y"},
            phase=BACKWARD,
            role="loss_derivative",
            variant="one" if self.problem.single else "batch",
            layer=layer,
            symbol=self.symbols.loss_by(a, each=not self.problem.single),
        )
        self._through_activation(layer, f"dL_da{layer}")

    def _over_n(self, operation: Operation) -> Operation:
        if self.divided:
            return over_n(operation)
        return early_n(operation) if self.mean else operation

    def _hidden_error(self, layer: int) -> None:
        self.build.add(
            f"back{layer}",
            linear.back(self.problem.layout),
            {"W": f"W{layer + 1}", "delta": f"delta{layer + 1}", "W_new": f"W{layer + 1}_new"},
            phase=BACKWARD,
            role="back_by_jacobian" if self.by_jacobians else "back",
            variant=self.problem.layout if self.by_jacobians else "",
            layer=layer,
            symbol=None,
        )
        self._through_activation(layer, f"back{layer}")

    def _through_activation(self, layer: int, incoming: str) -> None:
        """δ = incoming ⊙ f′(z), or by the Jacobian where the units are mixed (softmax) or the file asks for it."""
        activation, _ = self._network.activation(layer)
        output = layer == self.depth
        z, a = self.symbols.plain(f"z{layer}", "z", layer), self.symbols.plain(f"a{layer}", "a", layer)
        operands = {"z": f"z{layer}", "a": f"a{layer}", "g": incoming, "f": f"da_dz{layer}"}
        if self.by_jacobians:
            if activation.per_unit:
                self._slope(layer, operands, Applied(f"{activation.head}'", z))
            self.jacobian(layer)
            operands["jac"] = f"jac{layer}"
            kind = "output" if output else "hidden"
            self._delta(layer, "by_jacobian", linear.through_jacobian(self.problem.layout), operands, kind)
            return
        if activation.backward is not None:
            mixed = activation.mixed()
            if not self.problem.rounding.carry:
                mixed = keeping_digits_mixed(mixed)
            self._delta(layer, "mixed", self._over_n(mixed) if output else mixed, operands, activation.name)
            return
        self._slope(layer, operands, self.symbols.partial(a, z))
        product = self._over_n(linear.THROUGH_SLOPE) if output else linear.THROUGH_SLOPE
        self._delta(layer, "output" if output else "hidden", product, operands, "")

    def _slope(self, layer: int, operands: dict[str, str], symbol: Symbol) -> None:
        """The line of f′(z), of an activation that works on every unit by itself."""
        activation, parameters = self._network.activation(layer)
        self.build.add(
            f"da_dz{layer}",
            activation.slope(parameters),
            operands,
            phase=BACKWARD,
            role="derivative",
            variant=activation.variant,
            layer=layer,
            symbol=symbol,
            head="" if self.by_jacobians else rf"{activation.head}'",
        )

    def jacobian(self, layer: int) -> None:
        """The line of the matrix of all ∂aᵢ/∂zⱼ of one sample."""
        activation, _ = self._network.activation(layer)
        z, a = self.symbols.plain(f"z{layer}", "z", layer), self.symbols.plain(f"a{layer}", "a", layer)
        mixing = activation.jacobian
        kind = "one" if self.problem.layers[layer - 1].units == 1 else "diagonal"
        self.build.add(
            f"jac{layer}",
            linear.DIAGONAL if mixing is None else activation.mixing(self.problem.layout),
            {"f": f"da_dz{layer}", "a": f"a{layer}"},
            phase=BACKWARD,
            role="jacobian",
            variant=kind if mixing is None else activation.name,
            layer=layer,
            symbol=Jacobian(a, z),
        )

    def _delta(self, layer: int, kind: str, operation: Operation, operands: dict[str, str], variant: str) -> None:
        self.build.add(
            f"delta{layer}",
            replace(operation, name=f"error_term_{kind}"),
            operands,
            phase=BACKWARD,
            role=f"delta_{kind}",
            variant=variant,
            layer=layer,
            symbol=self._delta_symbol(layer),
        )

    def _gradients(self, layer: int) -> None:
        mean, batch = self.mean and not self.divided, not self.problem.single
        operands = {"delta": f"delta{layer}", "x": self._network.input_of(layer - 1), "z_in": f"z{layer - 1}"}
        operation = linear.weight_gradient(self.problem.layout, mean=mean, divided=self.divided)
        weight = self.symbols.parameter(f"W{layer}", layer)
        gradient = self.symbols.gradient(weight)
        common = {"phase": BACKWARD, "layer": layer}
        kind = "one" if not batch else "mean" if mean else "sum"
        if not self.problem.l2:
            self.build.add(f"dW{layer}", operation, operands, role="dW", variant=kind, symbol=gradient, **common)  # type: ignore[arg-type]
        else:
            data, reg = f"data_dW{layer}", f"reg_dW{layer}"
            parts = {"data": data, "reg": reg}
            data_symbol = self.symbols.loss_by(weight)
            self.build.add(data, operation, operands, role="dW", variant=kind, symbol=data_symbol, **common)  # type: ignore[arg-type]
            slots = {"lambda": "l2", "W": f"W{layer}"}
            self.build.add(reg, regularisation.REG_GRADIENT, slots, role="reg_dW", symbol=None, **common)  # type: ignore[arg-type]
            total = regularisation.TOTAL_GRADIENT
            self.build.add(f"dW{layer}", total, parts, role="total_dW", symbol=gradient, **common)  # type: ignore[arg-type]
        if self.problem.biases is not None:
            bias = self.symbols.gradient(self.symbols.parameter(f"b{layer}", layer))
            operation = linear.bias_gradient(batch=batch, mean=mean, divided=self.divided)
            self.build.add(f"db{layer}", operation, operands, role="db", variant=kind, symbol=bias, **common)  # type: ignore[arg-type]
