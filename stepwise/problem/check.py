"""The structural check: a walk over the typed structures of `spec.py` and the tree of the file, side by side.

It finds every unknown field, missing field, wrong kind of value and unknown name at once. Arrays of numbers are left to
`arrays.py`, which has to read them anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import msgspec.inspect as types

from stepwise.kept import kept
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.problem.faults import View
from stepwise.problem.nodes import ArrayNode, ListNode, MapNode, Scalar, kind
from stepwise.problem.numbers import EXAMPLES, NumberError, parse_number, parse_number_or_letter

SPEC = "stepwise.problem.spec"
PROBLEM = (SPEC, "ProblemFile")
_ROOT = Path(__file__).resolve().parent.parent
_SOURCES = (
    "problem/spec.py",
    "problem/numbers.py",
    "problem/settings.py",
    "operations/activation.py",
    "operations/initialisation.py",
    "sheets/exams.py",
)
"""What the structures are made of."""
_INTEGER = r"[+-]?[0-9]{1,18}"


def check_file(root: View) -> None:
    """Note everything in the file that is not built like a problem."""
    root.faults.root = root.node
    _fields(root, _structure(*PROBLEM))


def check_fields(view: View, module: str, name: str) -> None:
    """Note everything in `view` that is not built like the structure `name` of `module`."""
    _fields(view, _structure(module, name))


@cache
def _structure(module: str, name: str) -> types.StructType:
    """The structure as data. To look into it takes longer than to check a file, so it is kept."""
    found: types.StructType = kept(
        f"structure-{name}",
        [_ROOT / path for path in _SOURCES],
        lambda: _bare(types.type_info(getattr(import_module(module), name))),
        msgspec.__version__,
        *ACTIVATIONS,
        *LOSSES,
    )
    return found


def _bare(found: Any) -> Any:
    """The same without the classes it was read off: to know what a file may hold, nobody has to import them."""
    if isinstance(found, tuple):
        return tuple(map(_bare, found))
    if not isinstance(found, types.Type | types.Field):
        return found
    parts = {name: _bare(getattr(found, name)) for name in found.__struct_fields__}
    return type(found)(**(parts | {"cls": object} if isinstance(found, types.StructType) else parts))


def _fields(view: View, structure: types.StructType) -> None:
    if not isinstance(view.node, MapNode):
        view.add(f"{kind(view.node)} stands where fields belong", f"write {_example(structure)}")
        return
    known = {field.encode_name: field.type for field in structure.fields}
    for name, value in view.fields().items():
        if name not in known:
            _unknown(view, name, value, known)
        elif view.get(name) is not None:
            free = view.has(_extra(known[name]).get("unless", ""))
            _value(value, _without_names(known[name]) if free else known[name])
    for name in (field.encode_name for field in structure.fields if field.required):
        path = view.inside(name)
        if view.get(name) is None and path not in view.faults.hinted:
            view.faults.add("missing field", path=path, line=view.line, hint=_missing_hint(known[name]))


def _missing_hint(type_: types.Type) -> str:
    description = (type_.extra_json_schema or {}).get("description") if isinstance(type_, types.Metadata) else None
    return str(description) if description else f"write {_expected(type_)}"


def _unknown(view: View, name: str, value: View, known: Mapping[str, types.Type]) -> None:
    """An unknown field. Where it is plain what was meant, its value is checked like that field's."""
    faults, line = view.faults, view.node.key_lines.get(name, value.line) if isinstance(view.node, MapNode) else None
    if faults.full:
        faults.add("unknown field", path=value.path[:100], line=line)
        return
    homes = _homes()
    from stepwise.problem.synonyms import meant_field  # only a mistake pays for it

    place, readable = meant_field(name, known, {home: path for home, (path, _) in homes.items()})
    if place is None:
        faults.add("unknown field", path=value.path[:100], line=line, hint=f"write one of: {', '.join(known)}")
        return
    faults.add("unknown field", path=value.path[:100], line=line, hint=f"did you mean `{place}`?", spoils=not readable)
    own = place.rpartition(".")[2] if view.path == place.rpartition(".")[0] else place
    target = view.inside(own) if own in known else place
    type_ = known.get(own) or next((type_ for path, type_ in homes.values() if path == place), None)
    faults.hinted.add(target)
    if readable and type_ is not None and _has_form(value, type_) and not _written(view, target):
        faults.meant[target] = value
        _value(value, type_)


def _has_form(value: View, type_: types.Type) -> bool:
    """Whether a value is at least a single one, a list or fields, as it must be."""
    plain = _plain(type_)
    if isinstance(plain, types.StructType | types.DictType):
        return isinstance(value.node, MapNode)
    if isinstance(plain, types.ListType):
        return isinstance(value.node, ListNode)
    return not (isinstance(value.node, Scalar) and value.node.is_null)


def _written(view: View, target: str) -> bool:
    """Whether the field that was meant is written as well, here or anywhere else."""
    if view.path and target.startswith(f"{view.path}."):
        return view.has(target.removeprefix(f"{view.path}."))
    place = None if view.faults.root is None else View(view.faults.root, "", view.faults)
    for name in target.split("."):
        place = place.get(name) if place is not None else None
    return place is not None


@cache
def _homes() -> dict[str, tuple[str, types.Type]]:
    """Every field by name → where it belongs and what it holds, for one that was written in the wrong place."""
    fields = _structure(*PROBLEM).fields
    homes = {field.encode_name: (field.encode_name, field.type) for field in fields}
    for field in fields:
        inner = _plain(field.type)
        if isinstance(inner, types.StructType):
            for child in inner.fields:
                homes.setdefault(child.encode_name, (f"{field.encode_name}.{child.encode_name}", child.type))
    return homes


def _plain(type_: types.Type) -> types.Type:
    while isinstance(type_, types.Metadata):
        type_ = type_.type
    return type_


def _without_names(type_: types.Type) -> types.Type:
    """The same type where any word will do."""
    return types.Metadata(_plain(type_), extra={})


def _extra(type_: types.Type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while isinstance(type_, types.Metadata):
        found = {**(type_.extra or {}), **found}
        type_ = type_.type
    return found


def _value(view: View, type_: types.Type) -> None:
    extra = _extra(type_)
    plain = _plain(type_)
    options = plain.types if isinstance(plain, types.UnionType) else (type_,)
    if extra.get("kind") == "numbers":
        _numbers(view, options)
    elif extra.get("kind") == "number":
        check_number(view)
    elif extra.get("kind") == "rate" and isinstance(view.node, Scalar):
        check_number(view, parse_number_or_letter)
    elif isinstance(view.node, MapNode):
        _mapping(view, options, type_)
    elif isinstance(view.node, ListNode):
        _list(view, options, type_)
    else:
        _single(view, options, type_)


def _numbers(view: View, options: Sequence[types.Type]) -> None:
    if isinstance(view.node, MapNode):
        structure = next((plain for option in options if isinstance(plain := _plain(option), types.StructType)), None)
        if structure is None:
            view.add("fields stand where numbers belong", "write numbers")
        else:
            _fields(view, structure)


def check_number(view: View, read: Callable[[str], object] = parse_number) -> None:
    """Note why this value is not one number, if it is not."""
    if not isinstance(view.node, Scalar) or view.node.is_null or view.node.boolean is not None:
        view.add(f"{kind(view.node)} stands where a number belongs", EXAMPLES)
        return
    try:
        read(view.node.text)
    except NumberError as error:
        view.add(str(error), error.hint)


def _mapping(view: View, options: Sequence[types.Type], type_: types.Type) -> None:
    for option in map(_plain, options):
        if isinstance(option, types.AnyType):
            return
        if isinstance(option, types.StructType):
            _fields(view, option)
            return
        if isinstance(option, types.DictType):
            if option.max_length and len(view.fields()) > option.max_length:
                view.add(f"there are {len(view.fields())} names", f"write at most {option.max_length}")
                view.keep_first(option.max_length)
            for name, value in view.fields().items():
                if view.get(name) is None:
                    value.add("nothing is written here", f"write {_expected(option.value_type)}")
                else:
                    _value(value, option.value_type)
            return
    view.add(f"{kind(view.node)} stands where {_expected(type_)} belongs")


def _list(view: View, options: Sequence[types.Type], type_: types.Type) -> None:
    for option in map(_plain, options):
        if isinstance(option, types.AnyType):
            return
        if isinstance(option, types.ListType):
            if option.min_length and not view.items():
                view.add("the list is empty", f"write at least one: {_expected(option.item_type)}")
            if option.max_length and len(view.items()) > option.max_length:
                view.add(f"the list has {len(view.items())} entries", f"write at most {option.max_length}")
                view.keep_first(option.max_length)
            for item in view.items():
                _value(item, option.item_type)
            return
    view.add(f"{kind(view.node)} stands where {_expected(type_)} belongs")


def _single(view: View, options: Sequence[types.Type], type_: types.Type) -> None:
    node = view.node
    if isinstance(node, ArrayNode):
        view.add(f"numbers stand where {_expected(type_)} belongs")
        return
    assert isinstance(node, Scalar)
    if not any(_fits(node, option) for option in options):
        if view.faults.full:
            view.add("is not known here")  # counted, and nobody reads what would be meant
            return
        words = [word for option in options for word in _words(option)]
        if words and not (node.is_null or node.boolean is not None):
            from stepwise.problem.synonyms import meant_word

            hint = meant_word(node.text, words)
            also = [text for option in options if (text := _extra(option).get("also"))]
            view.add(f"{kind(node)} is not known here", f"{hint}, {also[0]}" if also and "mean" not in hint else hint)
        elif any(isinstance(_plain(option), types.IntType) for option in options) and not node.is_null:
            view.add(f"{kind(node)} is not {_expected(type_)}")
        else:
            view.add(f"{kind(node)} stands where {_expected(type_)} belongs")


def _fits(node: Scalar, option: types.Type) -> bool:
    plain = _plain(option)
    if words := _words(option):
        return node.text in words and (not isinstance(plain, types.BoolType) or not node.quoted)
    if isinstance(plain, types.IntType):
        if not re.fullmatch(_INTEGER, node.text):
            return False
        number = int(node.text)
        return (plain.ge is None or number >= plain.ge) and (plain.le is None or number <= plain.le)
    return isinstance(plain, types.AnyType) or (isinstance(plain, types.StrType) and not node.is_null)


def _words(option: types.Type) -> list[str]:
    """The words that may be written, where only some may."""
    plain = _plain(option)
    if isinstance(plain, types.LiteralType):
        return [str(value) for value in plain.values]
    if isinstance(plain, types.BoolType):
        return ["true", "false"]
    return list(_extra(option).get("names", ()))


def _expected(type_: types.Type) -> str:
    """What belongs in a place, in words."""
    extra, plain = _extra(type_), _plain(type_)
    if extra.get("kind") in {"number", "rate"}:
        return "a number"
    if extra.get("kind") == "numbers":
        return "numbers"
    if isinstance(plain, types.UnionType):
        return " or ".join(dict.fromkeys(_expected(option) for option in plain.types))
    if words := _words(type_):
        return " or ".join(f"`{word}`" for word in words) if len(words) < 4 else f"a name such as `{words[0]}`"
    if isinstance(plain, types.IntType):
        return _whole_number(plain)
    if isinstance(plain, types.ListType):
        return f"a list [{_expected(plain.item_type)}, …]"
    if isinstance(plain, types.StructType):
        return _example(plain)
    if isinstance(plain, types.DictType):
        return f"fields {{name: {_expected(plain.value_type)}}}"
    return "text"


def _whole_number(type_: types.IntType) -> str:
    low, high = type_.ge, type_.le
    if low is not None and high is not None and high < 10**9:
        return f"a whole number from {low} to {high}"
    return f"a whole number of {low} or more" if low is not None else "a whole number"


def _example(structure: types.StructType) -> str:
    shown = [field.encode_name for field in structure.fields][:3]
    return "{" + ", ".join(f"{name}: …" for name in shown) + "}"
