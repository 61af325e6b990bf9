"""How quick stepwise is, beside the least that a program can do for the same: `python -m benchmarks` from a checkout.

- `measuring`: interleaved pairs, ratios, rows of the table.
- `starting`, `pages`, `training`: what is measured, a family each.
- `rivals`: the same calculation in plain NumPy and in PyTorch; `by_handcalcs`: the same lines in handcalcs.
- `report`: the table, and the machine that it was measured on.
"""
