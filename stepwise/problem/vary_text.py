"""What varies, written for a whole class and not in the problem file: YAML text, or a file of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stepwise.errors import SpecError
from stepwise.problem.check import SPEC, check_fields
from stepwise.problem.faults import Faults, View
from stepwise.problem.filekind import VARY_BLOCK
from stepwise.problem.load import read_text
from stepwise.problem.nodes import MapNode
from stepwise.problem.settings import read_vary
from stepwise.problem.yamltree import read_tree

_SUFFIXES = (".yaml", ".yml")


def read_vary_text(text: str, source: str = "--vary") -> Mapping[str, Any]:
    """The `vary` block in a text such as `inputs: {choices: [1, 2]}`, or in the file of that name.

    Raises SpecError with everything that is wrong with it.
    """
    if text.endswith(_SUFFIXES) and "\n" not in text:
        source = text
        text = read_text(Path(text), text, VARY_BLOCK)
    root, found = read_tree(text, source, VARY_BLOCK)
    if found:
        raise SpecError(source, found)
    inner = root.fields.get("vary")
    # the block may have been copied with its name
    path = "vary" if len(root.fields) == 1 and isinstance(inner, MapNode) else ""
    faults = Faults()
    view = View(inner if path and inner is not None else root, path, faults)
    check_fields(view, SPEC, "Vary")
    faults.raise_any(source)
    return read_vary(view)
