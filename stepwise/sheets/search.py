"""Drawing by rejection: candidates are tried in the order of a seed, many at once, and those that pass are kept.

Each candidate is judged by itself, so that the result does not depend on how many are tried together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct, field

from stepwise.asking import Calculation, Questions, calculation, questions_for
from stepwise.errors import UnsupportedError
from stepwise.problem.model import Problem
from stepwise.sheets.conditions import CONDITIONS, Rules, rules_of
from stepwise.sheets.drawing import Candidates, Floats, candidates
from stepwise.sheets.generator import counters
from stepwise.sheets.mistaken import sights
from stepwise.sheets.varying import Variation, variation_of
from stepwise.sheets.working import Flags, Worked, worked

_FIRST, _LARGEST = 64, 1024
"""So many candidates are tried together, at first and at most …"""
_NUMBERS = 400_000
"""… and so many numbers in all their lines."""
_PATIENCE, _FEWEST = 20_000, 50
"""Candidates in a row of which none is kept, at most and at least, before the search is given up, …"""
_FRUITLESS = 12_000_000
"""… so many numbers in all their lines, which take some seconds, …"""
_PER_VARIANT = 400
"""… and so many candidates in all for each variant that is wanted, where they are more."""
_COMPARED = 50
"""Of so many samples at most no two are the same; among more it may happen."""
REPEATED = "repeated"
ALL_EQUAL = "all_equal"


class Source(Struct, frozen=True, eq=False):
    """A problem that can vary, and what its variants must be like."""

    problem: Problem
    variation: Variation
    rules: Rules
    whole: Calculation
    questions: Questions


class Tally(Struct):
    """How the search went: candidates tried and kept, and how many each condition rejected (one may fail several)."""

    tried: int = 0
    kept: int = 0
    rejected: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        """The share of candidates that is kept."""
        return self.kept / self.tried if self.tried else 0.0


def source_of(problem: Problem, vary: Mapping[str, Any] | None = None, ask: Sequence[str] = ()) -> Source:
    """The problem as a source of variants; `vary` takes the place of its own block.

    Raises UnsupportedError where nothing can vary, SpecError where `vary` cannot be read.
    """
    variation = variation_of(problem, vary)
    whole = calculation(problem)
    rules = rules_of(problem.vary if vary is None else vary)
    return Source(problem, variation, rules, whole, questions_for(whole, ask))


def judged(source: Source, drawn: Candidates) -> tuple[Flags, dict[str, Flags]]:
    """Which candidates pass, and which each condition rejects."""
    made = work(source, drawn)
    rejects: dict[str, Flags] = {ALL_EQUAL: ~_varied(drawn, source.whole)}
    with np.errstate(all="ignore"):
        for name, condition in CONDITIONS.items():
            passed = condition(made, source.rules)
            if passed is not None:
                rejects[name] = ~np.asarray(passed)
            elif getattr(source.rules, name, "any") in ("one", "none", "some", "right", "wrong"):
                raise _no_object(source, name)
    return ~np.logical_or.reduce(list(rejects.values())), rejects


def work(source: Source, drawn: Candidates) -> Worked:
    """The candidates, worked out."""
    return worked(source.whole, source.questions, drawn.givens(), len(drawn.counters))


def search(source: Source, seed: str, count: int, tally: Tally | None = None) -> Iterator[int]:
    """The counters of `count` different variants, in the order in which the seed finds them.

    Raises UnsupportedError, naming the condition that rejects most, where there are too few.
    """
    tally = tally if tally is not None else Tally()
    seen: set[bytes] = set()
    kept_at = place = 0
    for drawn, passed, rejects in _batches(source, seed, count):
        for row, counter in enumerate(drawn.counters):
            place += 1
            tally.tried += 1
            tally.rejected.update(name for name, rejected in rejects.items() if rejected[row])
            if not passed[row]:
                continue
            numbers = drawn.choices[row].tobytes()
            if numbers in seen:
                tally.rejected[REPEATED] += 1
                continue
            seen.add(numbers)
            tally.kept += 1
            kept_at = place
            yield counter
            if len(seen) == count:
                return
        if place - kept_at >= _patience(source):
            break
    raise _too_few(source, tally, len(seen), count)


def _numbers(source: Source) -> int:
    """How many numbers one candidate has in all its lines."""
    return source.variation.places + sum(line.shape[0] * line.shape[1] for line in source.whole.lines)


def _patience(source: Source) -> int:
    """How many candidates in a row may fail."""
    return max(_FEWEST, min(_PATIENCE, _FRUITLESS // _numbers(source)))


def _batches(source: Source, seed: str, count: int) -> Iterator[tuple[Candidates, Flags, dict[str, Flags]]]:
    """Candidates by the dozen, judged, until there were enough for `count` variants."""
    largest = max(1, min(_LARGEST, _NUMBERS // _numbers(source)))
    start, together, end = 0, min(_FIRST, 4 * count, largest), max(_PATIENCE, _PER_VARIANT * count)
    while start < end:
        together = min(together, end - start)
        # the problem's name keeps two problems on one sheet from getting the same numbers
        drawn = candidates(source.problem, source.variation, counters(f"{seed}/{source.problem.name}", start, together))
        yield (drawn, *judged(source, drawn))
        start += together
        together = min(2 * together, largest)


def _varied(drawn: Candidates, whole: Calculation) -> Flags:
    """Which candidates have no array of one number alone, where it has three entries or more and was drawn.

    Several labels are never all the same, and no two samples are.
    """
    passed = np.ones(len(drawn.counters), dtype=bool)
    for name, values in drawn.givens().items():
        flat, own = values.reshape(len(values), -1), whole.givens[name].reshape(-1)
        if flat.shape[1] > 2 or (name == "y" and flat.shape[1] > 1):
            passed &= (flat != flat[:, :1]).any(axis=1) | (flat == own).all(axis=1)
        if name in ("x", "x_raw") and 1 < whole.problem.samples <= _COMPARED:
            samples = values.swapaxes(1, 2) if whole.problem.layout == "column" else values
            passed &= ~_repeated(samples) | (flat == own).all(axis=1)
    return passed


def _repeated(samples: Floats) -> Flags:
    """Which candidates have the same sample twice."""
    same = (samples[:, :, None, :] == samples[:, None, :, :]).all(axis=-1)
    return np.asarray(same.sum(axis=(1, 2)) > samples.shape[1])


def _no_object(source: Source, name: str) -> UnsupportedError:
    why = "no hidden layer is ReLU" if name == "units_off" else "it predicts no class"
    return UnsupportedError(f"{source.problem.name}: the condition `{name}` says nothing here: {why} (leave it out)")


def _too_few(source: Source, tally: Tally, kept: int, count: int) -> UnsupportedError:
    name = source.problem.name
    most, rejected = max(tally.rejected.items(), key=lambda pair: pair[1], default=("", 0))
    share = f"{100 * rejected / max(tally.tried, 1):.0f} %"
    found = f"only {kept} of {count} variants" if kept else "no variant"
    if most == REPEATED:
        why = f"the others repeat them: the numbers that may be drawn allow {source.variation.size:,} candidates"
        hint = "let more vary, or ask for fewer"
    else:
        why = f"`{most}` rejects {share}"
        hint = f"other numbers to draw from (`vary`), or another condition: `vary: {{conditions: {{{most}: …}}}}`"
        if most in ("finite", ALL_EQUAL):
            hint = "other numbers to draw from (`vary`)"
    return UnsupportedError(f"{name}: {found} in {tally.tried:,} draws; {why} ({hint})")


def in_sight(source: Source, drawn: Candidates) -> tuple[int, int]:
    """How many of the mistakes that can be made in these candidates show, and how many can be made."""
    with np.errstate(all="ignore"):
        found = list(sights(work(source, drawn)))
    return sum(int((one.shows & one.changes).sum()) for one in found), sum(int(one.changes.sum()) for one in found)
