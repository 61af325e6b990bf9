"""Which files are checked, and by which tests: the quick ones that know the file come first."""

from __future__ import annotations

from pathlib import Path

VALUES = ("tests/documents", "tests/trace/test_hand_rounding.py")
OPERATIONS = (
    "tests/operations/test_values.py",
    "tests/operations/test_mistakes.py",
    *VALUES,
    "tests/trace/test_large_numbers.py",
    "tests/trace/test_svm_softmax_numpy.py",
    "tests/trace/test_trace.py",
    "tests/document/test_limits.py",
    "tests/document/test_sure.py",
)
OWN_FUNCTIONS = (
    "tests/own/test_solve.py",
    "tests/own/test_room.py",
    "tests/own/test_faults.py",
    "tests/own/test_pages.py",
)
SEPARABILITY = ("tests/problem/test_separability.py", "tests/derivation/test_separating.py")
INTERVALS = (
    "tests/expressions/test_intervals.py",
    "tests/trace/test_careful.py",
)

TESTS: dict[str, tuple[str, ...]] = {
    "stepwise/operations/own.py": OWN_FUNCTIONS,
    "stepwise/operations/sure.py": ("tests/document/test_sure.py",),
    "stepwise/operations/initialisation.py": ("tests/operations/test_values.py", "tests/operations/test_mistakes.py"),
    "stepwise/operations/separability.py": ("tests/operations/test_mistakes.py", *SEPARABILITY),
    "stepwise/operations": OPERATIONS,
    "stepwise/expressions/floats.py": ("tests/expressions/test_floats.py", *OPERATIONS),
    "stepwise/expressions/evaluate.py": ("tests/expressions/test_floats.py", *OPERATIONS),
    "stepwise/expressions/intervals.py": INTERVALS,
    "stepwise/expressions/rationals.py": ("tests/expressions/test_rationals.py", *SEPARABILITY),
    "stepwise/expressions/fold.py": ("tests/expressions/test_fold.py",),
    "stepwise/expressions/symbolic.py": (
        "tests/expressions/test_symbolic.py",
        "tests/expressions/test_fold.py",
        "tests/trace/test_forms.py",
    ),
    "stepwise/notation/numbers.py": ("tests/notation", *VALUES, "tests/trace/test_printed.py"),
    "stepwise/trace/arithmetic.py": (
        "tests/trace/test_not_finite.py",
        *VALUES,
        "tests/trace/test_printed.py",
        "tests/own/test_faults.py",
    ),
    "stepwise/trace/careful.py": INTERVALS,
    "stepwise/trace/noise.py": ("tests/trace/test_noise.py", *VALUES, "tests/trace/test_printed.py"),
    "stepwise/trace/rational.py": ("tests/trace/test_rational.py", *SEPARABILITY),
}
"""File or folder → the tests that must notice an error in it."""


def files(root: Path) -> list[str]:
    """Every file that is checked."""
    found = []
    for name in TESTS:
        path = root / name
        paths = [path] if path.is_file() else sorted(path.rglob("*.py"))
        found += [str(one.relative_to(root)) for one in paths]
    return sorted(set(found))


def known_by(file: str) -> tuple[str, ...]:
    """The tests of a file: its own, or those of its folder."""
    own = TESTS.get(file)
    return own or next(tests for name, tests in TESTS.items() if file.startswith(f"{name}/"))
