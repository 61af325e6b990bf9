"""Is what was written true? A problem's answers are checked by other ways than those they came by.

- `verify_trace(trace, page)` makes all checks and returns a Verification (`model.py`): data, no words.
- `printed/` re-does every printed equality of a page. It reads Markdown or LaTeX and imports nothing of stepwise but
  its own modules: `printed.check_page(text)` and `printed.operand_misses(text, givens, constants)`.
- `gradients.py` compares every gradient with central differences (`differences.py`) of a loss in plain NumPy
  (`plain.py`), and with symbolic derivatives (`exact.py`) where the problem is small. Both are written from definitions
  and use nothing of `expressions` and `operations`; `given.py` reads the problem, `formula.py` functions of its own.
- `outputs.py` compares outputs and losses and re-runs the rule of a perceptron, `proof.py` re-does what a proof of
  separability claims, `sizes.py` compares sizes and looks for what is not finite, `lines.py` reads the page.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stepwise.verifying.model import Compared, Counted, GradientCheck, Missed, Verification
    from stepwise.verifying.run import verify_trace

__all__ = ["Compared", "Counted", "GradientCheck", "Missed", "Verification", "verify_trace"]

# Fetched when first asked for: who only reads pages does not wait for the models.
_HOMES = dict.fromkeys(__all__, "stepwise.verifying.model") | {"verify_trace": "stepwise.verifying.run"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'stepwise.verifying' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
