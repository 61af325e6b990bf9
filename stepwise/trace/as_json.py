"""A trace as JSON-able data, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from stepwise.errors import SpecError, UnsupportedError
from stepwise.expressions.rewrite import refs, usual
from stepwise.problem import problem_from_document
from stepwise.trace.run import solve
from stepwise.trace.trace import Quantity, Trace, symbol_text

FORMAT = 1


def trace_to_json(trace: Trace) -> dict[str, Any]:
    """Problem, arithmetic and every quantity in calculation order, as lists, numbers and texts."""
    data: dict[str, Any] = {
        "format": FORMAT,
        "problem": dict(trace.problem.document),
        "arithmetic": trace.arithmetic,
        "quantities": {name: _quantity(trace, quantity) for name, quantity in trace.quantities.items()},
        # a page without a title is headed by it
        "name": trace.problem.name,
    }
    if trace.iterations > 1:
        data["iterations"] = trace.iterations
        data["history"] = {name: _edge_history(trace, name) for name in trace.history}
    return data


def _edge_history(trace: Trace, name: str) -> Any:
    """One value an iteration, each as the user sees it; short last batches make no difference to these."""
    rank = trace.derivation.steps[name].rank
    values = trace.history[name]
    return values.reshape(len(values), *([] if rank == 0 else [-1] if rank == 1 else values.shape[1:])).tolist()


def _quantity(trace: Trace, quantity: Quantity) -> dict[str, Any]:
    step = quantity.step
    numbers = quantity.value is not None
    value = quantity.value
    if value is not None and trace.arithmetic == "rational":
        from stepwise.trace.rational import plain_numbers

        value = plain_numbers(value)
    if value is not None and trace.in_forms:
        value = trace.printed(quantity).texts
    shape = quantity.shape
    return {
        "value": quantity.edge(value).tolist() if value is not None else None,
        "shown": quantity.edge(trace.printed(quantity).texts).tolist() if numbers else None,
        "symbol": symbol_text(quantity),
        "shape": [[], [max(shape)], list(shape)][quantity.rank],
        "phase": quantity.phase,
        "operation": step.operation if step else None,
        "operands": list(refs(usual(step.tree, ("sure",)))) if step else [],
    }


def trace_from_json(data: Mapping[str, Any]) -> Trace:
    """The trace that `trace_to_json` wrote: its problem planned again, its values as they stand in `data`.

    Raises SpecError where the problem cannot be read, UnsupportedError where the quantities are not the problem's.
    """
    if data.get("format") != FORMAT or not isinstance(data.get("problem"), Mapping):
        raise UnsupportedError(f"not a trace written by stepwise (format {FORMAT})")
    forms = data.get("arithmetic")
    name = data.get("name", "problem")
    if not isinstance(name, str):
        raise UnsupportedError("the name of this trace is no text")
    trace = solve(problem_from_document(data["problem"], name=name), forms if forms in ("letters", "forms") else None)
    stored = data.get("quantities", {})
    if not isinstance(stored, Mapping) or list(stored) != list(trace.quantities):
        raise UnsupportedError("the quantities of this trace are not those of its problem")
    if trace.in_forms:
        # sympy objects are not read from text: the problem gives them again
        return trace
    # a fraction is exact only as text
    key = "shown" if trace.arithmetic == "rational" else "value"
    quantities = {name: _with_value(quantity, stored[name], key) for name, quantity in trace.quantities.items()}
    return replace(trace, quantities=quantities)


def _with_value(quantity: Quantity, stored: Any, key: str) -> Quantity:
    if not isinstance(stored, Mapping) or key not in stored:
        raise UnsupportedError(f"{quantity.id} is not written as a trace writes it")
    value = stored[key]
    if value is None or quantity.value is None:
        return quantity
    try:
        array = _array(value, exact=quantity.value.dtype == object)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        raise UnsupportedError(f"{quantity.id} has something else where numbers belong") from None
    if array.size != quantity.value.size:
        raise UnsupportedError(f"{quantity.id} has {array.size} numbers where its shape is {quantity.shape}")
    return replace(quantity, value=array.reshape(quantity.shape))


def _array(value: Any, *, exact: bool) -> npt.NDArray[Any]:
    if exact:
        from stepwise.trace.rational import from_texts

        return from_texts(value)
    array = np.asarray(value, dtype=float)
    if not np.isfinite(array).all():
        raise ValueError("not finite")
    return array


__all__ = ["SpecError", "trace_from_json", "trace_to_json"]
