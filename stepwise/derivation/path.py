"""One parameter's path to the loss: the chain rule written out, as lines beside those of the network.

In a network with several units a layer there are several paths; the gradient is the sum of their products.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod

from msgspec import Struct
from msgspec.structs import replace

from stepwise.derivation.backward import Backward
from stepwise.derivation.model import Derivation
from stepwise.derivation.network import NetworkPlanner
from stepwise.derivation.place import Place
from stepwise.errors import UnsupportedError
from stepwise.expressions import Add, Const, Entry, Expr, Mul, ref
from stepwise.notation.symbols import Gradient, Partial, Plain, Symbol
from stepwise.operations.linear import ONE_OVER_N
from stepwise.operations.operation import Operation
from stepwise.problem.model import Problem

MOST_PATHS = 8
"""So many products are written; of more paths the first and the last."""
_FIRST = 3
_LETTERS = ("P", "Q", "T", "U")
"""For the products: the first that no quantity of the file has."""
PATH = "path"
COPIED = ("weight", "input", "bias")
"""Factors that are there already, with nothing to calculate."""


class Factor(Struct, frozen=True):
    """One factor ∂a/∂z of a product: its symbol, the number that it is, and what kind of factor that makes it."""

    kind: str
    layer: int
    symbol: str
    number: Entry | Const


class Product(Struct, frozen=True):
    """One path: the quantities on its way, and the factors from the loss back to the parameter.

    `number` counts the paths of all samples from 1; `id` is the line of the product.
    """

    id: str
    number: int
    sample: int
    route: tuple[str, ...]
    factors: tuple[Factor, ...]


class PathPlan(Struct, frozen=True):
    """The paths of one parameter: those that are written, how many there are, and the lines that add them up.

    `collected` stands for all paths where there are too many: the error term times what the parameter multiplies.
    """

    derivation: Derivation
    place: Place
    parameter: str
    """The symbol of the one number."""
    products: tuple[Product, ...]
    count: int
    collected: Product | None
    sums: tuple[str, ...]
    gradient: str
    """The quantity that holds the same derivative: dW1."""


def plan_path(problem: Problem, place: Place) -> PathPlan:
    """The paths from one parameter to the loss. Raises UnsupportedError where they cannot be written."""
    return _Planner(problem, place).plan()


class _Planner:
    def __init__(self, problem: Problem, place: Place) -> None:
        self.problem, self.place = problem, place
        self.network = NetworkPlanner(problem)
        self.derivation = self.network.derivation()
        self.symbols, self.build, self.depth = self.network.symbols, self.network.build, self.network.depth
        self.column = problem.layout == "column"
        self.fused = f"dL_da{self.depth}" not in self.derivation.steps
        self.units = [problem.layers[0].inputs, *(layer.units for layer in problem.layers)]
        self.digits = f"d{place.name}"
        self.mixing = [layer for layer in range(place.layer, self.depth + 1) if self._mixes(layer)]

    def _mixes(self, layer: int) -> bool:
        """Whether a layer takes every pre-activation to every output, and that is a factor of its own."""
        return not self.network.activation(layer)[0].per_unit and not (layer == self.depth and self.fused)

    def plan(self) -> PathPlan:
        choices = self._choices()
        each = prod(choices)
        samples = self.place.samples
        self._check(each)
        for layer in self.mixing:
            if not self.build.knows(f"jac{layer}"):
                Backward(self.network).jacobian(layer)
        listed = range(each) if each * samples <= MOST_PATHS else (*range(_FIRST), each - 1)
        products = [
            self._product(sample * each + number + 1, sample, _digits(number, choices))
            for sample in range(samples)
            for number in listed
        ]
        elided = len(listed) < each
        alone = len(products) == 1 and not self._divides()
        for product in products:
            self._add_product(product, self._data_symbol() if alone else self._letter(product.number))
        collected = self._collected() if elided else None
        sums = self._sums(products, collected, alone=alone)
        derivation = replace(self.derivation, each=(*self.derivation.each, *self.build.take()))
        count = each * samples
        parameter = self._weight().entry(self.place.row, self.place.column, self.place.shape)
        return PathPlan(derivation, self.place, parameter, tuple(products), count, collected, sums, self.digits)

    def _check(self, each: int) -> None:
        samples = self.place.samples
        if samples > 1 and each * samples > MOST_PATHS:
            raise UnsupportedError(
                f"the {samples} samples have {each * samples} paths to the loss, too many to write (at most "
                f"{MOST_PATHS}): write one sample, as in `inputs: [1, 2]`, or a smaller `batch_size` under train"
            )
        if not self.problem.single and self.mixing:
            raise UnsupportedError(
                "through a softmax that is not fused with its loss, paths are written for one sample: `inputs: [1, 2]`"
            )

    def _choices(self) -> list[int]:
        """How many ways there are at every fork between the parameter's unit and the loss."""
        found = []
        for layer in range(self.place.layer, self.depth + 1):
            if layer in self.mixing:
                found.append(self.units[layer])
            if layer < self.depth:
                found.append(self.units[layer + 1])
        return found

    # ---- one path

    def _product(self, number: int, sample: int, turns: Sequence[int]) -> Product:
        """The factors of the path that takes these turns, built from the parameter on and then turned round."""
        turn = iter(turns)
        unit = output = self.place.unit
        z = self._at("z", self.place.layer, unit, sample)
        route = [self._weight().entry(self.place.row, self.place.column, self.place.shape), z]
        factors = [self._own_factor(sample, z)]
        for layer in range(self.place.layer, self.depth + 1):
            if layer == self.depth and self.fused:
                break
            output = next(turn) if layer in self.mixing else unit
            a = self._at("a", layer, output, sample)
            factors.append(self._activation_factor(layer, output, unit, sample, _partial(a, z)))
            route.append(a)
            if layer < self.depth:
                unit = next(turn)
                z = self._at("z", layer + 1, unit, sample)
                places = (unit, output) if self.column else (output, unit)
                factors.append(Factor("weight", layer + 1, _partial(z, a), Entry(f"W{layer + 1}", *places)))
                route.append(z)
        loss, last = self._loss(sample), route[-1]
        name, kind = (f"delta{self.depth}", "delta") if self.fused else (f"dL_da{self.depth}", "loss")
        places = self._places(unit if self.fused else output, sample)
        factors.append(Factor(kind, self.depth, _partial(loss, last), Entry(name, *places)))
        return Product(f"{PATH}{number}", number, sample, (*route, loss), tuple(reversed(factors)))

    def _own_factor(self, sample: int, z: str) -> Factor:
        """∂z/∂w, the number that the weight multiplies; of a bias it is 1."""
        symbol = _partial(z, self._weight().entry(self.place.row, self.place.column, self.place.shape))
        if self.place.name.startswith("b"):
            return Factor("bias", self.place.layer, symbol, Const("1"))
        name = self.network.input_of(self.place.layer - 1)
        return Factor("input", self.place.layer, symbol, Entry(name, *self._places(self.place.input, sample)))

    def _activation_factor(self, layer: int, output: int, unit: int, sample: int, symbol: str) -> Factor:
        if layer in self.mixing:
            return Factor("mixed", layer, symbol, Entry(f"jac{layer}", output, unit))
        return Factor("slope", layer, symbol, Entry(f"da_dz{layer}", *self._places(unit, sample)))

    def _collected(self) -> Product:
        """All paths at once: the error term of the parameter's unit, which back-propagation has added up."""
        layer, unit = self.place.layer, self.place.unit
        z = self._at("z", layer, unit, 0)
        delta = Factor("delta", layer, _partial(self._loss(0), z), Entry(f"delta{layer}", *self._places(unit, 0)))
        return Product(f"{PATH}_all", 0, 0, (), (delta, self._own_factor(0, z)))

    # ---- the lines

    def _add(self, name: str, tree: Expr, symbol: Symbol) -> None:
        operation = Operation(PATH, tree)
        self.build.add(name, operation, {}, phase=PATH, role=PATH, symbol=symbol, digits_of=self.digits)

    def _add_product(self, product: Product, symbol: Symbol) -> None:
        numbers: list[Expr] = [factor.number for factor in product.factors]
        self._add(product.id, reduce(Mul, numbers), symbol)

    def _sums(self, products: Sequence[Product], collected: Product | None, *, alone: bool) -> tuple[str, ...]:
        """The lines that make the derivative of all paths: their sum, its mean, and the penalty's part."""
        sums = []
        if collected is not None:
            self._add_product(collected, self._data_symbol())
            sums.append(collected.id)
        elif not alone:
            each: list[Expr] = [ref(product.id) for product in products]
            total = reduce(Add, each)
            self._add(f"{PATH}_sum", ONE_OVER_N * total if self._divides() else total, self._data_symbol())
            sums.append(f"{PATH}_sum")
        penalty = f"reg_{self.digits}"
        if self.build.knows(penalty):
            data = ref(sums[-1] if sums else products[0].id)
            symbol = Gradient(self.symbols.loss, self._weight())
            text = symbol.entry(self.place.row, self.place.column, self.place.shape)
            self._add(f"{PATH}_total", data + Entry(penalty, self.place.row, self.place.column), Plain(text, text))
            sums.append(f"{PATH}_total")
        return tuple(sums)

    def _divides(self) -> bool:
        """Whether 1/N is still to come: not where it is part of the error term."""
        divided = self.problem.notation.delta == "divided" and self.fused
        return self.network.mean and not divided

    # ---- symbols and places

    def _weight(self) -> Plain:
        return self.symbols.parameter(self.place.name, self.place.layer)

    def _data_symbol(self) -> Plain:
        text = self.symbols.loss_by(self._weight()).entry(self.place.row, self.place.column, self.place.shape)
        return Plain(text, text)

    def _letter(self, number: int) -> Plain:
        """P₁, P₂: a product that is one of several, with a letter that the file has for nothing else."""
        taken = {symbol[:1] for symbol in self.problem.notation.symbols.values()}
        letter = next((one for one in _LETTERS if one not in taken), r"\Pi")
        return Plain(f"{letter}_{{{number}}}", f"{letter}_{{{number}}}")

    def _places(self, unit: int, sample: int) -> tuple[int, int]:
        return (unit, sample) if self.column else (sample, unit)

    def _shape(self, units: int) -> tuple[int, int]:
        return (units, self.place.samples) if self.column else (self.place.samples, units)

    def _at(self, letter: str, layer: int, unit: int, sample: int) -> str:
        symbol = self.symbols.plain(f"{letter}{layer}", letter, layer)
        return symbol.entry(*self._places(unit, sample), self._shape(self.units[layer]))

    def _loss(self, sample: int) -> str:
        """L; in a batch the loss of one sample, unless its error term already has the 1/N."""
        if self.problem.single or (self.network.mean and not self._divides()):
            return self.symbols.letter("L", "L").entry(0, 0, (1, 1))
        return self.symbols.letter("losses", r"\ell").entry(*self._places(0, sample), self._shape(1))


def _partial(above: str, below: str) -> str:
    return Partial(above, Plain(below, below)).entry(0, 0, (1, 1))


def _digits(number: int, bases: Sequence[int]) -> list[int]:
    """A path's turns from its number: the last fork turns fastest."""
    found = []
    for base in reversed(bases):
        number, turn = divmod(number, base)
        found.append(turn)
    return found[::-1]
