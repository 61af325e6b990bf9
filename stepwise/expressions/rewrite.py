"""Trees made from trees: operands renamed, axes resolved, parts replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from stepwise.expressions.tree import Case, Cases, Compare, Const, Entry, Expr, Fill, Largest, Line, Ref, Shifted, Sum

Part = Expr | Compare | Case
_NOTHING = Const("0")


REMEMBERED = 4096
"""Trees of which is remembered what was read off them: those of some dozens of problems."""
_INSIDE: dict[type, tuple[str, ...]] = {}
_WHOLE = {"str", "int", "bool", "Axis", "Index"}


def _inside(kind: type) -> tuple[str, ...]:
    """The fields of a node that can hold parts, in order (texts and numbers cannot); none of what is no node."""
    found = _INSIDE.get(kind)
    if found is None:
        fields = kind.__annotations__.items() if issubclass(kind, Part) else ()
        found = tuple(name for name, type_ in fields if type_ not in _WHOLE and "Literal" not in type_)
        _INSIDE[kind] = found
    return found


def rebuild(node: Any, change: Callable[[Expr], Expr | None]) -> Any:
    """The tree with every part replaced for which `change` gives another tree (None: keep and look inside).

    What does not change is not copied.
    """
    if isinstance(node, tuple):
        parts = tuple(rebuild(part, change) for part in node)
        return node if all(new is old for new, old in zip(parts, node, strict=True)) else parts
    if isinstance(node, Expr):
        other = change(node)
        if other is not None:
            return other
    changed = {}
    for name in _inside(type(node)):
        old = getattr(node, name)
        new = rebuild(old, change)
        if new is not old:
            changed[name] = new
    return replace(node, **changed) if changed else node


def walk(node: Any) -> Iterator[Expr]:
    """Every part of a tree, conditions included, from the outside in, left to right."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += part[::-1]
            continue
        if isinstance(part, Expr):
            yield part
        if inside := _inside(type(part)):
            waiting += [getattr(part, name) for name in inside][::-1]


@lru_cache(maxsize=REMEMBERED)
def refs(tree: Expr) -> tuple[str, ...]:
    """The operands of a tree in the order they are written, each once."""
    return tuple(dict.fromkeys(node.name for node in walk(tree) if isinstance(node, Ref | Entry)))


def contains(tree: Expr, *kinds: type[Expr]) -> bool:
    return not _kinds(tree).isdisjoint(kinds)


@lru_cache(maxsize=REMEMBERED)
def _kinds(tree: Expr) -> frozenset[type[Expr]]:
    return frozenset(map(type, walk(tree)))


def bind(tree: Expr, names: Mapping[str, Expr]) -> Expr:
    """The tree with operands replaced by name."""
    result: Expr = rebuild(tree, lambda node: names.get(node.name) if isinstance(node, Ref) else None)
    return result


def orient(tree: Expr, layout: str) -> Expr:
    """The tree with the axes `units` and `samples` resolved: in column layout units run down, in row layout along."""
    axes = {"units": "rows", "samples": "columns"} if layout == "column" else {"units": "columns", "samples": "rows"}

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sum | Largest | Shifted) and node.axis in axes:
            return type(node)(orient(node.arg, layout), axes[node.axis])  # type: ignore[arg-type]
        return None

    result: Expr = rebuild(tree, change)
    return result


def split(tree: Expr, name: Callable[[str], str]) -> tuple[Expr, list[tuple[str, Expr]]]:
    """The tree with each `Line` replaced by a reference to it, and the lines, innermost first.

    `name` gives the quantity id of a line.
    """
    found: list[tuple[str, Expr]] = []

    def change(node: Expr) -> Expr | None:
        if not isinstance(node, Line):
            return None
        inner = rebuild(node.arg, change)
        quantity = name(node.name)
        if all(quantity != known for known, _ in found):
            found.append((quantity, inner))
        return Ref(quantity)

    return rebuild(tree, change), found


@lru_cache(maxsize=REMEMBERED)
def value_refs(tree: Expr) -> tuple[str, ...]:
    """The operands whose numbers enter the value: not those that only decide a case or lend their shape."""

    def hide(node: Expr) -> Expr | None:
        if isinstance(node, Fill):
            return node.value
        if isinstance(node, Cases):
            cases = tuple(Case(Compare(_NOTHING, "<", _NOTHING), rebuild(case.value, hide)) for case in node.cases)
            return Cases(cases, rebuild(node.otherwise, hide), node.note)
        return None

    return refs(rebuild(tree, hide))


@lru_cache(maxsize=REMEMBERED)
def decisions(tree: Expr) -> tuple[Cases, ...]:
    """Every part with cases that is met before a precaution holds: not those inside the form that it gives."""
    found: list[Cases] = []

    def look(node: Expr) -> Expr | None:
        if not isinstance(node, Cases):
            return None
        found.append(node)
        conditions = [side for case in node.cases for side in (case.when.left, case.when.right)]
        rebuild((*conditions, *(() if node.note else (case.value for case in node.cases)), node.otherwise), look)
        return node

    rebuild(tree, look)
    return tuple(found)


@lru_cache(maxsize=REMEMBERED)
def usual(tree: Expr, notes: tuple[str, ...] = ()) -> Expr:
    """The tree without precautions, or without those of some `notes`: what it is for ordinary numbers."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Cases) and (node.note in notes if notes else node.note):
            return usual(node.otherwise, notes)
        return None

    result: Expr = rebuild(tree, change)
    return result
