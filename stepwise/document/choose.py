"""Which quantities `--only` and `--until` mean."""

from __future__ import annotations

from fnmatch import fnmatchcase

from stepwise.errors import UnsupportedError, nearest
from stepwise.trace import Trace


def matching(trace: Trace, wanted: str) -> list[str]:
    """The ids that are `wanted`, match it as a pattern, or are it in some iteration."""
    found = [
        name
        for name, quantity in trace.quantities.items()
        if wanted in (name, quantity.step.id if quantity.step else name) or fnmatchcase(name, wanted)
    ]
    if found:
        return found
    names = sorted({quantity.name for quantity in trace.quantities.values()})
    close = nearest(wanted, names)
    hint = f"did you mean {close}?" if close else f"there are {', '.join(names)}"
    raise UnsupportedError(f"no quantity {wanted!r} in this problem ({hint})")
