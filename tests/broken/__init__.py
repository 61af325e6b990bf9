"""Pages and traces with one error each, and the checks that must find it.

`manifest.yaml` lists the fixtures of `pages/` and `traces/`: which problem, what is wrong in one sentence, which check
finds it and where. `traces.check_trace` and `pages.check_page_of` are the checks; they work everything out again
from the problem file by plain NumPy (`recalculated.py`).
"""
