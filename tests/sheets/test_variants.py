"""Keys and solutions of variants: right gradients, true as printed, the same from code, file and sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from stepwise import solve
from stepwise.asking import calculation
from stepwise.asking.key import accepted_ends
from stepwise.document.papers import render_papers
from stepwise.document.variant_file import problem_yaml
from stepwise.problem import load_problem, with_options
from stepwise.problem.read import read_problem
from stepwise.sheets.by_code import coded
from stepwise.sheets.variants import variant_of
from tests.independent import check_operands, check_page
from tests.pages.problems import constants, givens

from .by_hand import Array, Given, Work, given
from .drawn import VARY, series
from .models import Network, Perceptron, VectorMachine, first_objective

COUNT = 50
LONG = {"sgd-linear-regression": 1, "perceptron-and": 10}
"""Of so many variants it is measured what is accepted: it takes seconds."""
NUDGE = 1e-5
SEED = "pages"
each_problem = pytest.mark.parametrize("name", VARY, scope="module")


@lru_cache(maxsize=2)
def papers(name: str) -> tuple:  # type: ignore[type-arg]
    whole = series(name)
    return tuple(whole.papers(list(whole.tickets(SEED, COUNT))))


@lru_cache(maxsize=2)
def numbers(name: str) -> Given:
    """The numbers of the variants, as the tests read them."""
    variants = [paper.variants[0] for paper in papers(name)]
    drawn = [] if variants[0].problem.draw is None else [[one.values for one in v.problem.weights] for v in variants]
    return given([dict(variant.problem.document) for variant in variants], drawn)


# ---- gradients


@pytest.mark.parametrize("name", [name for name in VARY if name != "perceptron-and"], scope="module")
def test_the_gradients_of_the_solutions_are_central_differences(name: str) -> None:
    """A perceptron follows its rule, which is no gradient."""
    whole = numbers(name)
    traces = [solve(with_options(paper.variants[0].problem, carry=False)) for paper in papers(name)]
    mark = "t1." if len(whole.batches()) > 1 else ""
    labels = [f"dW{n}" for n in range(1, len(whole.weights) + 1)] if whole.model == "network" else ["dw"]
    for place, label in enumerate(labels):
        check_slopes(whole, "weights", place, [trace[mark + label] for trace in traces])
        if whole.biases is not None:
            check_slopes(whole, "biases", place, [trace[mark + label.replace("W", "b")] for trace in traces])


def check_slopes(whole: Given, field: str, place: int, gradients: list[Array]) -> None:
    """One array of parameters of all variants: each entry is nudged."""
    parameters = getattr(whole, field)[place]
    slopes = np.zeros_like(parameters)
    for entry in np.ndindex(parameters.shape[1:]):
        ends = []
        for nudge in (NUDGE, -NUDGE):
            nudged = parameters.copy()
            nudged[:, *entry] += nudge
            own = {"weights": list(whole.weights), "biases": None if whole.biases is None else list(whole.biases)}
            own[field][place] = nudged  # type: ignore[index]
            ends.append(first_objective(whole, own["weights"], own["biases"]))  # type: ignore[arg-type]
        slopes[:, *entry] = (ends[0] - ends[1]) / (2 * NUDGE)
    on_paper = whole.on_paper("dw" if whole.model == "svm" else "dW1", slopes)
    for mine, theirs in zip(on_paper, gradients, strict=True):
        assert np.asarray(theirs).ravel() == pytest.approx(mine.ravel(), rel=1e-5, abs=1e-7)


# ---- pages


@each_problem
def test_solutions_are_true_as_printed(name: str, record_property) -> None:  # type: ignore[no-untyped-def]
    redone = 0
    for paper in papers(name):
        problem = paper.variants[0].problem
        page = render_papers([paper], "solutions", language="en")
        report = check_page(page)
        assert report.wrong == [], paper.name
        assert report.redone >= 6
        assert check_operands(page, givens(problem), constants(problem)) == [], paper.name
        redone += report.redone
    record_property("redone", redone)


_TENS = re.compile(r" \\times 10\^\{(-?\d+)\}")
_ROW = re.compile(r"\|[^|]*\| `([^`]+)` \| \$(.+?)\$ \| \$(.+?)\$ \|")


def key_rows(page: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each line of a key: the number of the student's name for it, the result, the ends of what is accepted."""
    for name, result, accepted in _ROW.findall(page):
        ends = [_TENS.sub(r"e\1", text).strip(" {}") for text in accepted.split(r"\ldots")]
        yield name, _TENS.sub(r"e\1", result), ends


@each_problem
def test_keys_have_the_results_of_the_calculation_and_all_that_is_accepted(name: str) -> None:
    for paper in papers(name)[: LONG.get(name, COUNT)]:
        (variant,) = paper.variants
        trace = solve(variant.problem)
        rows = list(key_rows(render_papers([paper], "key", language="en")))
        assert len(rows) >= 3
        for label, result, accepted in rows:
            quantity, _, entry = label.partition("[")
            place = tuple(int(number) - 1 for number in entry.rstrip("]").split(",")) if entry else ()
            low, high = (float(placed(end, place)) for end in variant.accepted[quantity])
            first, last = float(accepted[0]), float(accepted[-1])
            # six figures, rounded outwards but for noise
            size = max(abs(first), abs(last), 1e-6)
            noise, room = 1e-9 * size, 1.5e-5 * size
            assert first - noise <= low <= first + room, label
            assert last - room <= high <= last + noise, label
            assert first - noise <= float(result) <= last + noise, label
            if quantity in trace:
                shown = str(placed(np.asarray(trace.shown(quantity), dtype=object), place))
                value = np.array([float(placed(np.asarray(trace[quantity]), place))])
                is_right = low - 1e-9 <= float(shown) <= high + 1e-9
                expected = shown if is_right else rounded_as(result, value)
                assert result == expected if "e" not in result else float(result) == float(expected), label


def placed(array: Any, place: tuple[int, ...]) -> Any:
    """An entry of a matrix, of a vector whatever way it lies, or the only one."""
    return array[place] if len(place) == 2 else array.ravel()[place[0] if place else 0]


def rounded_as(text: str, value: Array) -> str:
    """The number with as many decimals as a printed one."""
    unit = Decimal(1).scaleb(Decimal(text).as_tuple().exponent)  # type: ignore[arg-type]
    return str(Decimal(f"{value[0]:.11e}").quantize(unit, rounding=ROUND_HALF_UP))


@each_problem
def test_the_document_of_a_variant_comes_back_from_its_file_and_its_code(name: str) -> None:
    for paper in papers(name):
        (variant,) = paper.variants
        document = dict(variant.problem.document)
        file = read_problem(problem_yaml(variant.problem), name=name, source="variant", folder=None)
        assert dict(file.document) == document
    assert dict(coded(load_problem(name), variant.code).document) == document


# ---- what is accepted


@each_problem
def test_what_is_accepted_is_the_same_for_one_alone(name: str) -> None:
    for paper in papers(name)[: LONG.get(name, 5)]:
        (variant,) = paper.variants
        alone = accepted_ends(calculation(variant.problem), [one.id for one in variant.asked])
        other = variant_of(variant.problem, variant.code)
        for label, ends in variant.accepted.items():
            for mine, theirs, third in zip(ends, alone[label], other.accepted[label], strict=True):
                assert mine == pytest.approx(theirs, rel=1e-14, abs=1e-15), label
                assert (theirs == third).all()


class Careful(Work):
    """Everybody rounds each line to 3, 4, 5 or 6 decimals, never to fewer than three figures, or not at all."""

    def __init__(self, seed: int, count: int) -> None:
        super().__init__()
        self._draws = np.random.default_rng(seed)
        self._count = count

    def put(self, name: str, value: Array) -> Array:
        places = self._draws.integers(3, 8, self._count)
        value = np.broadcast_to(value, (self._count, *value.shape[1:]))
        pairs = zip(places.tolist(), value, strict=True)
        result = np.stack([each if place == 7 else rounded(each, place) for place, each in pairs])
        self.values[self.mark + name] = result
        return result


def rounded(values: Array, decimals: int) -> Array:
    """Rounded half-up in decimal, never to fewer than three figures."""
    found = []
    for value in values.ravel().tolist():
        exact = Decimal(f"{value:.11e}")
        unit = Decimal(1).scaleb(-max(decimals, 2 - exact.adjusted() if exact else 0))
        found.append(float(exact.quantize(unit, rounding=ROUND_HALF_UP)))
    return np.array(found).reshape(values.shape)


@pytest.mark.parametrize("name", [name for name in VARY if name not in LONG], scope="module")
def test_whoever_rounds_with_care_is_accepted(name: str) -> None:
    whole, variants = numbers(name), [paper.variants[0] for paper in papers(name)]
    kind = {"network": Network, "svm": VectorMachine, "perceptron": Perceptron}[whole.model]
    for person in range(4):
        work = Careful(person, COUNT)
        kind(replace(whole), work).work()
        for asked in variants[0].asked:
            here = whole.on_paper(asked.id, work.values[asked.id])
            for variant, value in zip(variants, here, strict=True):
                low, high = variant.accepted[asked.id]
                assert ((value >= low - 1e-9) & (value <= high + 1e-9)).all(), (variant.code, asked.id)


@pytest.mark.parametrize("name", ["xor-mlp", "wide-mlp", "leaf-measurements", "softmax-cross-entropy-mlp"])
def test_the_first_line_is_accepted_no_further_than_rounding_leads(name: str) -> None:
    """Its operands are given, so that the ends are what rounding that one line gives."""
    whole = numbers(name)
    z = whole.x @ whole.weights[0] + (0 if whole.biases is None else whole.biases[0])
    z = whole.on_paper("z1", z)
    own = whole.document.get("rounding", {}).get("decimals", 4)
    for place, paper in enumerate(papers(name)):
        ways = [z[place], *(rounded(z[place], each) for each in (3, 4, 5, 6)), plain(z[place], own)]
        low, high = paper.variants[0].accepted["z1"]
        assert low == pytest.approx(np.min(ways, axis=0), abs=1e-12)
        assert high == pytest.approx(np.max(ways, axis=0), abs=1e-12)


def plain(values: Array, decimals: int) -> Array:
    unit = Decimal(1).scaleb(-decimals)
    texts = (Decimal(f"{value:.11e}").quantize(unit, rounding=ROUND_HALF_UP) for value in values.ravel().tolist())
    return np.array([float(text) for text in texts]).reshape(values.shape)
