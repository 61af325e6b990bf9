"""YAML text into a tree of nodes with lines: a small YAML 1.2 builder over PyYAML's events.

Working from events instead of a composed tree bounds nesting and aliases while reading, before they cost anything.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from msgspec import Struct

from stepwise.errors import Fault, SpecError
from stepwise.problem.filekind import PROBLEM_FILE, FileKind
from stepwise.problem.nodes import DEEPEST, ListNode, MapNode, Node, Scalar

MOST_VALUES = 100_000
"""Values in one file, aliases written out; more numbers belong in a data file."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = "[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]"
_UNQUOTE = r"write it unquoted or in 'single quotes', as in '\eta': in double quotes a backslash starts an escape"

_COLON = "after a name write the colon of an English keyboard and a blank: `: `, not `：`"
_WIDE_COLON = "\\s*(?:- )?[^\\s#'\":：\\[{][^:：#]{0,60}："
_WIDE_COMMA = "[\\]0-9'\"]\\s*([，、；])"
_WIDE_BLANK = "[ \t]*[\u3000\xa0]"


class _StopError(Exception):
    """Reading cannot go on."""

    def __init__(self, message: str, line: int | None, hint: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(message, line=line, hint=hint)


class _Open(Struct):
    """A list or mapping that is not finished: its values so far, and for a mapping the key that waits."""

    node: ListNode | MapNode
    anchor: str | None
    size: int = 1
    height: int = 0
    key: str | None = None
    key_line: int = 0


def read_yaml(text: str, source: str) -> MapNode:
    """The one document in `text`; whatever is wrong with it as YAML is a SpecError."""
    root, faults = read_tree(text, source)
    if faults:
        raise SpecError(source, faults)
    return root


def read_tree(text: str, source: str, kind: FileKind = PROBLEM_FILE) -> tuple[MapNode, list[Fault]]:
    """The one document in `text`, and the faults that leave it readable; others are a SpecError."""
    builder = _Builder(kind)
    try:
        root = builder.build(text.removeprefix("\ufeff"))
    except _StopError as stop:
        raise SpecError(source, [*builder.faults, stop.fault]) from None
    except yaml.YAMLError as error:
        raise SpecError(source, [*builder.faults, _explained(error, text)]) from None
    return root, builder.faults


class _Builder:
    def __init__(self, kind: FileKind) -> None:
        self.faults: list[Fault] = []
        self._kind = kind
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int, int]] = {}
        self._waiting: set[str] = set()
        self._values = 0
        self._root: Node | None = None

    def build(self, text: str) -> MapNode:
        if found := _UNPRINTABLE.search(text):
            line = text.count("\n", 0, found.start()) + 1
            raise _StopError(f"character U+{ord(found[0]):04X} cannot be printed", line, "remove it")
        documents = 0
        scalar = yaml.ScalarEvent
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if type(event) is scalar and not event.style and self._plain_item(event):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    hint = f"{self._kind.one}: remove the `---`"
                    raise _StopError("more than one document", _line(event), hint)
            else:
                self._take(event)
        if self._root is None or (isinstance(self._root, Scalar) and self._root.is_null):
            raise _StopError("the file is empty", None, self._kind.start)
        if not isinstance(self._root, MapNode):
            raise _StopError(f"{self._kind.name} is made of fields", self._root.line, self._hint(self._root))
        return self._root

    def _hint(self, root: Node) -> str:
        """What to write instead of a root that has no fields."""
        if isinstance(root, ListNode):
            return self._kind.listed
        return _COLON if isinstance(root, Scalar) and "：" in root.text else self._kind.example

    def _take(self, event: Any) -> None:
        if getattr(event, "tag", None):
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _StopError(f"the tag {tag[:40]!r} is not allowed", _line(event), "write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._start(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            done = self._open.pop()
            self._remember(done.anchor, done.node, done.size, done.height)
            self._add(done.node, done.size, done.height, _line(event))

    def _plain_item(self, event: Any) -> bool:
        """Take a plain value in a list, of which there may be very many; False where it is none."""
        if not self._open or event.anchor is not None or event.tag is not None:
            return False
        frame = self._open[-1]
        if not isinstance(frame.node, ListNode):
            return False
        line = event.start_mark.line + 1
        self._count(1, line)
        frame.node.items.append(Scalar(event.value, line))
        frame.size += 1
        frame.height = frame.height or 1
        return True

    def _scalar(self, event: Any) -> None:
        quoted = event.style in {"'", '"', "|", ">"}
        if event.style == '"' and (found := re.search(_ESCAPED, event.value)):
            # "\eta" is the escape character followed by "ta", and "\theta" a tab and "heta".
            self.faults.append(
                Fault(f"a backslash in double quotes became character U+{ord(found[0]):04X}",
                      path=self._place(), line=_line(event), hint=_UNQUOTE)
            )  # fmt: skip
        node = Scalar(event.value, _line(event), quoted)
        self._remember(event.anchor, node, 1, 0)
        if self._wants_key():
            self._key(event.value, _line(event))
        else:
            self._count(1, _line(event))
            self._add(node, 1, 0, _line(event))

    def _place(self) -> str:
        return ".".join(frame.key for frame in self._open if frame.key is not None)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].node, MapNode) and self._open[-1].key is None

    def _key(self, text: str, line: int) -> None:
        frame = self._open[-1]
        assert isinstance(frame.node, MapNode)
        if text in frame.node.fields:
            first = frame.node.key_lines[text]
            where = ".".join(part for part in (self._place(), text) if part)
            self.faults.append(
                Fault(f"this field is given twice, first in line {first}", where, line, "keep one of them")
            )
        else:
            frame.node.key_lines[text] = line
        frame.key, frame.key_line = text, line

    def _alias(self, event: Any) -> None:
        line = _line(event)
        if self._wants_key():
            raise _StopError("a field's name cannot be an alias", line, "write the name")
        if event.anchor in self._waiting:
            raise _StopError(f"the alias *{event.anchor} contains itself", line, "write the value out")
        if event.anchor not in self._anchors:
            raise _StopError(f"there is no &{event.anchor} for the alias *{event.anchor}", line, "write the value out")
        node, size, height = self._anchors[event.anchor]
        self._count(size, line)
        self._deep(len(self._open) + height, line)
        self._add(node, size, height, line)

    def _start(self, event: Any) -> None:
        if self._wants_key():
            raise _StopError("a field's name must be one word", _line(event), self._kind.example)
        self._count(1, _line(event))
        is_list = isinstance(event, yaml.SequenceStartEvent)
        node = ListNode([], _line(event)) if is_list else MapNode({}, _line(event))
        self._open.append(_Open(node, event.anchor))
        self._deep(len(self._open), _line(event))
        if event.anchor:
            self._waiting.add(event.anchor)

    def _remember(self, anchor: str | None, node: Node, size: int, height: int) -> None:
        if anchor:
            self._anchors[anchor] = (node, size, height)
            self._waiting.discard(anchor)

    def _add(self, node: Node, size: int, height: int, line: int) -> None:
        if not self._open:
            self._root = node
            return
        frame = self._open[-1]
        frame.size += size
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.node, ListNode):
            frame.node.items.append(node)
        elif frame.key is not None:
            frame.node.fields.setdefault(frame.key, node)
            frame.key = None

    def _count(self, size: int, line: int) -> None:
        self._values += size
        if self._values > MOST_VALUES:
            raise _StopError(f"more than {MOST_VALUES:,} values", line, self._kind.large)

    def _deep(self, depth: int, line: int) -> None:
        if depth > DEEPEST:
            raise _StopError(f"more than {DEEPEST} lists or fields inside one another", line, "remove brackets")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _explained(error: yaml.YAMLError, text: str) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = None if mark is None else min(mark.line + 1, text.count("\n") + 1)
    problem = getattr(error, "problem", None) or "it cannot be read"
    context = getattr(error, "context", None)
    if "escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem:
        return Fault("a backslash in double quotes is not an escape YAML knows", line=line, hint=_UNQUOTE)
    hint = "check indentation, brackets and quotes; a text with `: ` or `#` belongs in quotes"
    if "cannot start any token" in problem:
        hint = "put a text that starts with such a character in quotes; indent with blanks, not tabs"
    if line is not None and not text.isascii():
        line, hint = _by_foreign_signs(text.split("\n"), line) or (line, hint)
    return Fault(f"not valid YAML: {f'{context}, ' if context else ''}{problem}", line=line, hint=hint)


def _by_foreign_signs(lines: list[str], line: int) -> tuple[int, str] | None:
    """The line near a fault that a Chinese keyboard explains, and what to write in it.

    YAML takes `name：` for the start of a text, and notices only in a later line that it is none.
    """
    start = line
    while start > 0 and (start == line or re.match(_WIDE_COLON, lines[start - 1]) or _is_empty(lines[start - 1])):
        start -= 1
    for number in range(start + 1, line + 1):
        if re.match(_WIDE_COLON, lines[number - 1]):
            return number, _COLON
    for number in (line, line - 1):
        if number > 0 and (found := re.search(_WIDE_COMMA, lines[number - 1])):
            return number, f"write the comma of an English keyboard: `,`, not `{found[1]}`"
        if number > 0 and re.match(_WIDE_BLANK, lines[number - 1]):
            return number, "indent with ordinary blanks"
    return None


def _is_empty(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")
