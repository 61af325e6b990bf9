"""What is said of one quantity of one student: where the error starts, which it is, what follows. Phrases, no words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepwise.asking import Questions
from stepwise.asking.ranges import number_text, printed_range
from stepwise.checking.model import MadeMistake, Marked
from stepwise.checking.slips import LAST_DIGIT_OFF
from stepwise.document.phrases import Code, Foreign, Phrase, Slot, phrase
from stepwise.document.quantity_words import described

Place = tuple[int, ...]
"""An entry as a person counts it: (2,) of a vector, (1, 2) of a matrix, () of a number."""

_MOST_PLACES = 6
"""Entries that are named one by one."""
_FIRST, _LAST = 3, 1
"""Of a longer list, so many entries are shown at its two ends."""


def entries(nested: Any, rank: int) -> Iterator[tuple[Place, Any]]:
    """Every entry with its place."""
    if rank == 0:
        yield (), nested
    else:
        for index, part in enumerate(nested, 1):
            yield from (((index, *place), value) for place, value in entries(part, rank - 1))


def verdicts(one: Marked) -> Mapping[Place, str]:
    """The verdict on each entry."""
    return dict(entries(one.entries, one.asked.rank))


def listed(places: Sequence[Place]) -> Phrase:
    """Entries by their places, such as [1,2]."""
    shown: tuple[Slot, ...] = tuple(Foreign(place_text(place)) for place in places[:_MOST_PLACES])
    if len(places) > _MOST_PLACES:
        return phrase("check.entries.many", places=shown, count=len(places) - _MOST_PLACES)
    return phrase("check.entries.one" if len(places) == 1 else "check.entries.several", places=shown)


def place_text(place: Place) -> str:
    return f"[{','.join(map(str, place))}]"


def answer_text(given: Any) -> str:
    """What was typed, as a list; of long ones only the ends, and `?` where nothing was typed."""
    if isinstance(given, list):
        parts = [answer_text(part) for part in given]
        if len(parts) > _MOST_PLACES:
            parts = [*parts[:_FIRST], "…", *parts[-_LAST:]]
        return f"[{', '.join(parts)}]"
    return given or "?"


def notes(one: Marked, questions: Questions, teacher: bool) -> list[Phrase]:
    """Everything there is to say of one quantity, in order; nothing where it is simply right."""
    found = [*_verdict_notes(one), *_cause_notes(one, questions)]
    if one.trivial:
        found.append(phrase("check.trivial"))
        if one.of and not one.marks and not one.by_hand:
            found.append(phrase("check.earns_nothing"))
    if one.by_hand:
        found.append(phrase("check.by_hand"))
    if teacher and found and one.verdict != "right":
        found += _range_notes(one)
    return found


def _verdict_notes(one: Marked) -> Iterator[Phrase]:
    by_entry = verdicts(one)
    for verdict in ("wrong", "missing", "too_few_digits", "follows"):
        places = [place for place, is_so in by_entry.items() if is_so == verdict]
        if not places or (verdict == "follows" and one.trivial):
            continue
        if verdict == "follows" and one.verdict == "follows" and one.of and one.marks >= one.of and not one.by_hand:
            yield phrase("check.follows.full")
        elif verdict == "too_few_digits" and any(made.name == LAST_DIGIT_OFF for made in one.mistakes):
            hint = phrase(f"mistake.{LAST_DIGIT_OFF}.hint")
            yield _about("check.last_digit", places, by_entry, hint=hint)
        elif verdict != "missing" or len(places) < len(by_entry):
            # that nothing at all was written is in the table
            yield _about(f"check.{verdict}", places, by_entry)
        if verdict == one.verdict == "too_few_digits" and one.of and one.marks == one.of / 2 and not one.by_hand:
            yield phrase("check.half")


def _about(key: str, places: Sequence[Place], all_places: Mapping[Place, Any], **slots: Phrase) -> Phrase:
    """The phrase on the whole of a quantity, or on some of its entries."""
    if len(places) == len(all_places):
        return phrase(f"{key}.whole", **slots)
    return phrase(f"{key}.some", where=listed(places), **slots)


# ---- mistakes


def _cause_notes(one: Marked, questions: Questions) -> Iterator[Phrase]:
    by_entry = verdicts(one)
    wrong = [place for place, verdict in by_entry.items() if verdict == "wrong"]
    if not wrong:
        return
    explained: set[Place] = set()
    for causes, places in _causes(one, wrong).items():
        where = [] if len(places) == len(wrong) else places
        explained.update(places)
        named = [(cause, _named(cause, one.asked.id, questions)) for cause in causes]
        yield from _likely(named, where)
    rest = [place for place in wrong if place not in explained]
    if rest and explained:
        yield phrase("check.cause.unknown_some", where=listed(rest))
    elif rest:
        yield phrase("check.cause.unknown")


def _causes(one: Marked, wrong: Sequence[Place]) -> dict[tuple[MadeMistake, ...], list[Place]]:
    """The mistakes that explain the same entries together: those that do, and these entries."""
    found: dict[tuple[MadeMistake, ...], list[Place]] = {}
    for place in wrong:
        made = (MadeMistake(m.name, m.line) for m in one.mistakes if m.place in ((), place))
        causes = tuple(dict.fromkeys(made))
        if causes:
            found.setdefault(causes, []).append(place)
    return found


def _likely(causes: Sequence[tuple[MadeMistake, Phrase]], where: Sequence[Place]) -> Iterator[Phrase]:
    said = [{"mistake": named, "hint": phrase(f"mistake.{cause.name}.hint")} for cause, named in causes]
    if len(said) == 1 and where:
        yield phrase("check.cause.one_some", where=listed(where), **said[0])
    elif len(said) == 1:
        yield phrase("check.cause.one", **said[0])
    else:
        yield phrase("check.cause.several_some", where=listed(where)) if where else phrase("check.cause.several")
        yield from (phrase("check.cause.possible", **slots) for slots in said)


def _named(cause: MadeMistake, own_line: str, questions: Questions) -> Phrase:
    """The mistake, and in which line it was made if in another; what that line is stands on no form of this student."""
    name = phrase(f"mistake.{cause.name}.name")
    line = questions.quantities.get(cause.line)
    if line is None or cause.line == own_line:
        return phrase("check.cause.named", mistake=name)
    key = "in_open_line" if line.asked else "in_line"
    return phrase(f"check.cause.{key}", mistake=name, line=Code(cause.line), what=described(line, questions))


# ---- accepted numbers


def _range_notes(one: Marked) -> Iterator[Phrase]:
    """Of what merely follows the answers of the key are no news: they stand in a table of their own."""
    off = [place for place, verdict in verdicts(one).items() if verdict != "right"]
    if one.verdict != "follows":
        yield _accepted("accepted", one.accepted, one.asked.rank, off)
    if one.expected is not None:
        accepted = _ends(one.accepted, one.asked.rank)
        expected = _ends(one.expected, one.asked.rank)
        other = [place for place in off if place in expected and expected[place] != accepted[place]]
        if other:
            yield _accepted("expected", one.expected, one.asked.rank, other)


def _accepted(key: str, nested: Any, rank: int, places: Sequence[Place]) -> Phrase:
    """Between which numbers these entries are accepted, or which single numbers are."""
    by_entry = _ends(nested, rank)
    single = all(len(set(printed_range(*by_entry[place]))) == 1 for place in places if place in by_entry)
    kind = "numbers" if single else "ranges"
    return phrase(f"check.range.{key}.{kind}", ranges=ranges(nested, rank, places))


def _ends(nested: Any, rank: int) -> dict[Place, Any]:
    """[low, high] of each entry that has such numbers."""
    return {place: ends for place, ends in entries(nested, rank) if ends is not None and None not in ends}


def accepted_rows(name: str, one: Marked) -> list[tuple[str, str, str]]:
    """Each entry by its full name, such as dW1[1,2], with the lowest and the highest number that is accepted."""
    by_entry = _ends(one.accepted, one.asked.rank)
    single = len(by_entry) == 1
    rows = []
    for place, ends in by_entry.items():
        low, high = printed_range(*ends)
        rows.append((name if single else f"{name}{place_text(place)}", number_text(low), number_text(high)))
    return rows


def ranges(nested: Any, rank: int, places: Sequence[Place]) -> Phrase | tuple[Slot, ...]:
    """The accepted numbers of some entries, each with its place where the quantity has several."""
    by_entry = _ends(nested, rank)
    shown = [place for place in places if place in by_entry]
    if len(by_entry) == 1 and shown:
        return _range(by_entry[shown[0]])
    found: tuple[Slot, ...] = tuple(
        phrase("check.range.entry", place=Foreign(place_text(place)), range=_range(by_entry[place]))
        for place in shown[:_MOST_PLACES]
    )
    if len(shown) > _MOST_PLACES:
        return phrase("check.names.many", names=found, count=len(shown) - _MOST_PLACES)
    return found


def _range(ends: Sequence[float]) -> Phrase:
    low, high = (number_text(end) for end in printed_range(*ends))
    return phrase("check.range.number", number=low) if low == high else phrase("check.range.whole", low=low, high=high)
