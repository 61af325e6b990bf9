"""Derivation → Trace: every line with its value, one file an arithmetic; JSON out and in."""

from stepwise.trace.as_json import symbol_text, trace_from_json, trace_to_json
from stepwise.trace.noise import without_noise
from stepwise.trace.run import solve, solve_planned
from stepwise.trace.trace import Quantity, Trace

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
