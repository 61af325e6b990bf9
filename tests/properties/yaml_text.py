"""Documents as YAML text: numbers stand in it as they were typed."""

from __future__ import annotations

import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9.+-][A-Za-z0-9_.+/%-]*")


def yaml_text(document: dict[str, Any]) -> str:
    """A problem file with one line a field."""
    return "".join(f"{name}: {_flow(value)}\n" for name, value in document.items())


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(name)}: {_flow(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if _PLAIN.fullmatch(text) else "'" + text.replace("'", "''") + "'"
