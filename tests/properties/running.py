"""How many problems a property is tried on.

As a rule few, and the same ones every time: what CI says depends on the commit alone, and whoever sees a failure sees
it again. `HYPOTHESIS_PROFILE=long` draws other problems in every run, and many more of them; what that finds is mended
and stays behind as an `@example`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
TIMES = int(os.environ.get("HYPOTHESIS_TIMES", "20")) if LONG else 1
"""How many times as many problems the long profile tries."""

_ALL = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)


def tried(times: int) -> Callable[[Any], Any]:
    """Decorate a property that is tried on so many problems, or on `TIMES` as many."""
    return settings(
        max_examples=times * TIMES,
        derandomize=not LONG,
        deadline=None,
        phases=_ALL,
        print_blob=LONG,
        # a whole problem is much data, and a page takes longer than hypothesis expects
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )
