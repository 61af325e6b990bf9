"""The small errors that are put into a module, one at a time, as changes of its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
RELATIONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TEXTS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "rows": "columns",
    "columns": "rows",
    "units": "samples",
    "samples": "units",
    "all": "rows",
    "column": "row",
}
NAMES = {
    "min": "max",
    "max": "min",
    "minimum": "maximum",
    "maximum": "minimum",
    "fmin": "fmax",
    "fmax": "fmin",
    "floor": "ceil",
    "ceil": "floor",
    "any": "all",
    "all": "any",
    "some": "every",
    "every": "some",
}
NOT_COMMUTATIVE = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Change:
    """One small error: where it is, what stood there, and what stands there now."""

    file: str
    line: int
    number: int
    """The how manieth change of its file it is."""
    key: str
    """What it is called in the list of survivors: its definition and texts, without its line, which moves."""


@dataclass(frozen=True)
class _Spot:
    """A field of a node (or one entry of it), and what stands there instead; None: nothing."""

    parent: ast.AST
    field: str
    index: int | None
    now: ast.AST
    new: ast.AST | None
    place: str


def changes(file: str, root: Path) -> list[Change]:
    """Every change of a file."""
    found, seen = [], dict[str, int]()
    for number, spot in enumerate(_spots(file, root)):
        after = "nothing" if spot.new is None or isinstance(spot.new, ast.Pass) else f"`{_text(spot.new)}`"
        key = f"{file}::{spot.place}: `{_text(spot.now)}` → {after}"
        if isinstance(spot.parent, ast.expr | ast.keyword) and not isinstance(spot.parent, ast.Lambda):
            key += f" in `{_text(spot.parent)}`"
        seen[key] = seen.get(key, 0) + 1
        line = getattr(spot.now, "lineno", 0)
        found.append(Change(file, line, number, key if seen[key] == 1 else f"{key} #{seen[key]}"))
    return found


def changed(change: Change, root: Path) -> ast.Module:
    """The syntax tree of the file with the change in it."""
    tree = ast.parse((root / change.file).read_text(encoding="utf-8"))
    spot = list(_walk(tree, ""))[change.number]
    if spot.index is None:
        setattr(spot.parent, spot.field, spot.new)
    else:
        # an empty list takes the place out
        getattr(spot.parent, spot.field)[spot.index : spot.index + 1] = [] if spot.new is None else [spot.new]
    return ast.fix_missing_locations(tree)


def _spots(file: str, root: Path) -> list[_Spot]:
    return list(_walk(ast.parse((root / file).read_text(encoding="utf-8")), ""))


def _text(node: ast.AST) -> str:
    """The first line of a node as code, in a table."""
    text = ast.unparse(node.test if isinstance(node, ast.If) else node).split("\n")[0]
    return (text if len(text) <= 80 else f"{text[:77]}…").replace("|", "¦")


def _walk(node: ast.AST, place: str) -> Iterator[_Spot]:
    """Depth first, in the order of the text; types and documentation are left alone."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "bases", "type_params"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _is_left_alone(child):
                continue
            inner = _place(child, place)
            for new in _instead(child):
                yield _Spot(node, field, index, child, new, inner)
            if _is_left_out(child, node):
                new = None if isinstance(child, ast.keyword) else ast.Pass()
                yield _Spot(node, field, index, child, new, inner)
            yield from _walk(child, inner)


def _is_left_out(node: ast.AST, parent: ast.AST) -> bool:
    """Statements whose only use is what they do, and named arguments."""
    if isinstance(node, ast.keyword):
        return node.arg is not None and isinstance(parent, ast.Call)
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], ast.Attribute | ast.Subscript)
    return isinstance(node, ast.AugAssign | ast.Expr)


def _place(node: ast.AST, place: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"{place}.{node.name}" if place else node.name
    if not place and isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return ast.unparse(target)
    return place


def _is_left_alone(node: ast.AST) -> bool:
    """Documentation, imports, protocols, and what stands there for a type checker."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Assert | ast.Raise)


def _instead(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of a node."""
    if isinstance(node, ast.BinOp):
        for other in OPERATORS.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)
        if isinstance(node.op, NOT_COMMUTATIVE):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in RELATIONS[type(node.ops[0])]:
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    else:
        yield from _other_names_and_numbers(node)


def _other_names_and_numbers(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], node.ctx)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1 if node.value in (0, 1) or isinstance(node.value, int) else node.value * 2)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value in TEXTS:
            yield ast.Constant(TEXTS[node.value])
        elif _NUMBER.fullmatch(node.value):
            yield ast.Constant(node.value + "5" if "." in node.value else str(int(node.value) + 1))
