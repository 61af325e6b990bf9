"""Derivation → Trace: every line with its value, one file an arithmetic; JSON out and in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepwise.trace.noise import without_noise
from stepwise.trace.run import solve, solve_planned
from stepwise.trace.trace import Quantity, Trace, symbol_text

if TYPE_CHECKING:
    from stepwise.trace.as_json import trace_from_json, trace_to_json

_AS_JSON = ("trace_from_json", "trace_to_json")

__all__ = [
    "Quantity",
    "Trace",
    "solve",
    "solve_planned",
    "symbol_text",
    "trace_from_json",
    "trace_to_json",
    "without_noise",
]


def __getattr__(name: str) -> Any:
    """What reads and writes JSON, fetched when first asked for."""
    if name not in _AS_JSON:
        raise AttributeError(f"module 'stepwise.trace' has no attribute {name!r}")
    from stepwise.trace import as_json

    return getattr(as_json, name)
