"""Proofs that one perceptron can, or cannot, do it: re-done in fractions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from stepwise.problem import Problem
from tests.document.proof_lines import CONDITION, END, ROW, TOTAL, displayed_lines, linear

from .complaints import Complaint

Row = list[Fraction]


def check_proof(data: Mapping[str, Any]) -> Iterator[Complaint]:
    """What is wrong with a trace of a proof: its weights, or its multiples of the conditions."""
    quantities = data["quantities"]

    def flat(name: str) -> Row:
        return [Fraction(text) for text in _leaves(quantities[name]["shown"])]

    for name, quantity in quantities.items():
        floats = [float(value) for value in _leaves(quantity["value"])]
        if floats != [float(Fraction(text)) for text in _leaves(quantity["shown"])]:
            yield Complaint("shown", name, "the printed fraction is not the value")
    points, labels = [[*map(Fraction, map(str, row))] for row in quantities["x"]["shown"]], flat("y")
    typed = [[*map(Fraction, map(str, row))] for row in data["problem"]["inputs"]]
    if points != typed or labels != [Fraction(str(label)) for label in data["problem"]["labels"]]:
        yield Complaint("given", "x", "these are not the points of the problem")
    if "w" in quantities:
        (b,) = flat("b")
        scores = [sum((a * w for a, w in zip(row, flat("w"), strict=True)), b) for row in points]
        if scores != flat("score"):
            yield Complaint("value", "score", f"the sums are {[str(score) for score in scores]}")
        if [score > 0 for score in scores] != [guess == 1 for guess in flat("yhat")]:
            yield Complaint("value", "yhat", "the step function makes something else of the sums")
        if flat("yhat") != labels:
            yield Complaint("proof", "yhat", "a point does not get its label")
        return
    yield from _impossible(points, labels, flat("u"), flat)


def _impossible(points: list[Row], labels: Row, u: Row, flat: Callable[[str], Row]) -> Iterator[Complaint]:
    """Multiples, none negative, that add the conditions up to 0 < S ≤ 0."""
    if min(u) < 0 or not any(u):
        yield Complaint("proof", "u", "a condition may be taken no negative number of times, and not all of them never")
    sums = {}
    for name, label in (("ones", 1), ("zeros", 0)):
        share = [times if one == label else Fraction(0) for times, one in zip(u, labels, strict=True)]
        total = sum(share)
        added = [sum(times * row[k] for times, row in zip(share, points, strict=True)) for k in range(len(points[0]))]
        wanted = {"u": share, "sum": added, "total": [total], "mean": [one / total for one in added] if total else []}
        for kind, value in wanted.items():
            if flat(f"{kind}_{name}") != value:
                yield Complaint("value", f"{kind}_{name}", f"it should be {[str(one) for one in value]}")
        sums[name] = [*added, total]
    if sums["ones"] != sums["zeros"]:
        yield Complaint("proof", "u", "the two sums of conditions are not the same")


def check_proof_page(problem: Problem, text: str) -> Iterator[Complaint]:
    """The printed inequalities: each is that of its point, each sum is that of its rows, and the two sums are one."""
    document = problem.document
    rows = [[*(_fraction(one) for one in row), Fraction(1)] for row in document["inputs"]]
    signs = [">" if _fraction(label) else r"\le" for label in document["labels"]]
    size = len(rows[0]) - 1
    added = {sign: [Fraction(0)] * (size + 1) for sign in (">", r"\le")}
    used: set[int] = set()
    for line in displayed_lines(re.sub(r"(?<!\\)\\[\[\]]", "$$", text)):
        if found := CONDITION.match(line) or ROW.match(line):
            point, times = int(found["point"]) - 1, int(found.groupdict().get("times") or 1)
            if found["sign"] != signs[point] or linear(found["left"], size) != [times * one for one in rows[point]]:
                yield Complaint("proof", line, "this is not the condition of its point")
            if "put_in" in found.groupdict():
                used.add(point)
            else:
                added[found["sign"]] = [a + times * b for a, b in zip(added[found["sign"]], rows[point], strict=True)]
        elif found := END.match(line) or TOTAL.match(line):
            sign = found.groupdict().get("sign", ">")
            if linear(found["left"], size) != added[sign]:
                yield Complaint("proof", line, "this is not the sum of the conditions above")
    if used != {*range(len(rows))}:
        yield Complaint("missing", str(sorted(used)), "a point is without its condition")
    if added[">"] != added[r"\le"]:
        yield Complaint("proof", "", "the two sums of conditions are not the same")


def _fraction(typed: Any) -> Fraction:
    return Fraction(str(typed))


def _leaves(value: Any) -> list[Any]:
    return [leaf for part in value for leaf in _leaves(part)] if isinstance(value, list) else [value]
