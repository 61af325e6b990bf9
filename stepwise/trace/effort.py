"""How often a derivation's lines are worked, and whether that is more than anybody wants to wait for.

The cost is estimated before anything is calculated, from shapes alone: a slip in a file (`epochs: 1000000`) is an error
at once and not a machine that does not answer. Large data may take longer: who brings them, waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from stepwise.derivation import Derivation
from stepwise.errors import UnsupportedError
from stepwise.expressions import Expr, MatMul, shape_of, walk
from stepwise.expressions.rewrite import REMEMBERED
from stepwise.problem.model import Problem
from stepwise.trace.givens import starts

MOST_LINES = 150_000
"""Lines of all iterations together, in exact arithmetic: a second or two."""
HAND = 3
"""A line that is rounded and looked at takes so much longer."""
MOST_NUMBERS = 8_000_000
"""Numbers that a trace keeps …"""
NUMBERS_EACH = 50
"""… and so many more for each number of the data."""
MOST_WORK = 2e9
"""Multiplications and other operations on one number, in all iterations together …"""
WORK_EACH = 4e3
"""… and so many more for each number of the data."""
_KEPT = 3
"""Iterations that a trace keeps whole."""
_NUMBER = 10
"""A number of a line costs as much as so many multiplications inside a matrix product."""
_ROUNDED = 30
"""And so many where it is rounded."""
_FREE = 1_000_000
"""What costs less by the roughest of estimates is not looked at."""
Shape = tuple[int, int]


def batches(problem: Problem, derivation: Derivation) -> list[slice]:
    """The samples of each iteration, in order: all of them, batches (the last may be short), or one by one."""
    samples, size = problem.samples, _size(problem)
    if not derivation.carried:
        return [slice(i, i + 1) for i in range(samples)] if _one_by_one(problem) else [slice(None)]
    epoch = [slice(start, min(start + size, samples)) for start in range(0, samples, size)]
    return epoch * problem.train.epochs


def check_effort(problem: Problem, derivation: Derivation) -> int:
    """The number of iterations. Raises UnsupportedError where they, or their numbers, are too many."""
    count, lines = _iterations(problem, derivation), max(len(derivation.each), 1)
    each = HAND if problem.rounding.carry else 1
    most = max(MOST_LINES // (lines * each), 1)
    if count > most:
        raise UnsupportedError(
            f"{problem.source}: {count:,} iterations of {lines} lines are too many "
            f"(at most {most:,} of this problem: {_hint(problem, derivation, most)})"
        )
    if problem.has_numbers:
        _check_sizes(problem, derivation, count)
    return count


def _hint(problem: Problem, derivation: Derivation, most: int) -> str:
    an_epoch = _iterations(problem, derivation) // (problem.train.epochs if derivation.carried else 1)
    if an_epoch <= most:
        epochs = most // an_epoch
        return f"write `epochs: {epochs}` or fewer"
    return "take fewer samples" if _one_by_one(problem) else "write a larger `batch_size`"


def _one_by_one(problem: Problem) -> bool:
    return problem.model == "perceptron" or (problem.model == "svm" and problem.train.method == "pegasos")


def _size(problem: Problem) -> int:
    """The samples of one iteration."""
    return 1 if _one_by_one(problem) else min(problem.train.batch_size or problem.samples, problem.samples)


def _iterations(problem: Problem, derivation: Derivation) -> int:
    """How many iterations there are."""
    if not derivation.carried:
        return problem.samples if _one_by_one(problem) else 1
    return -(-problem.samples // _size(problem)) * problem.train.epochs


def _check_sizes(problem: Problem, derivation: Derivation, count: int) -> None:
    sizes = [size for layer in problem.layers for size in (layer.inputs, layer.units)]
    widest, samples = max(sizes, default=1), _size(problem)
    if max(widest, samples) * widest * len(derivation.steps) * count <= _FREE:
        return
    numbers, work = _estimated(problem, derivation)
    data = problem.inputs.shape[0] * problem.inputs.shape[1]
    kept, room = numbers * min(count, _KEPT), MOST_NUMBERS + NUMBERS_EACH * data
    if kept > room:
        hint = ", or `backward: chain`" if problem.notation.backward == "jacobian" else ""
        raise UnsupportedError(
            f"{problem.source}: the lines have {kept:,} numbers, more than there is room for "
            f"(at most {room:,}: take fewer samples or units{hint})"
        )
    most = int((MOST_WORK + WORK_EACH * data) // work)
    if count > most:
        hint = f"at most {most:,} iterations of this problem" if most else "take fewer samples or units"
        raise UnsupportedError(f"{problem.source}: {count:,} × {work:,} operations are too many ({hint})")


def _estimated(problem: Problem, derivation: Derivation) -> tuple[int, int]:
    """The numbers of one iteration's lines, and the operations that they cost."""
    shapes: dict[str, Shape] = {"t": (1, 1), **{name: start.shape for name, start in starts(problem).items()}}
    rounded = problem.rounding.carry
    numbers = work = 0
    first = next(iter(derivation.each), None)
    for step in (*derivation.before, *derivation.each):
        if step is first:
            shapes |= {name: _part(shapes[name], problem) for name in ("x", "y") if name in shapes}
        shapes[step.id] = rows, columns = shape_of(step.tree, shapes)
        numbers += rows * columns
        work += rows * columns * (_ROUNDED if rounded else _NUMBER)
        work += sum(_products(product, shapes) for product in _matrix_products(step.tree))
    return numbers, work


def _part(shape: Shape, problem: Problem) -> Shape:
    """The shape of one iteration's samples."""
    samples = _size(problem)
    return (shape[0], samples) if problem.layout == "column" else (samples, shape[1])


@lru_cache(maxsize=REMEMBERED)
def _matrix_products(tree: Expr) -> tuple[MatMul, ...]:
    return tuple(node for node in walk(tree) if isinstance(node, MatMul))


def _products(product: MatMul, shapes: Mapping[str, Shape]) -> int:
    """The multiplications of a matrix product."""
    (rows, inner), (_, columns) = shape_of(product.left, shapes), shape_of(product.right, shapes)
    return rows * inner * columns
