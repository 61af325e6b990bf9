"""Pages look as they did. Only the layout is guarded here; the package says how to renew them."""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.golden import FOLDER, PAGES, Golden

HINT = "the page has changed; where that was meant, look at the difference and renew it: python -m tests.golden"


def difference(kept: str, page: str) -> str:
    return "\n".join(unified_diff(kept.split("\n"), page.split("\n"), "kept", "now", lineterm="", n=1))


@pytest.mark.parametrize("golden", PAGES, ids=lambda golden: golden.path.name)
def test_the_page_is_as_it_was_kept(golden: Golden) -> None:
    changes = difference(golden.path.read_text(encoding="utf-8"), golden.page())
    if changes:
        pytest.fail(f"{golden.path.name}: {HINT}\n{changes}", pytrace=False)


def test_no_page_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {golden.path.name for golden in PAGES}


def test_a_changed_line_is_found() -> None:
    kept = PAGES[0].path.read_text(encoding="utf-8")
    assert difference(kept, kept) == ""
    assert "-## Loss" in difference(kept, kept.replace("## Loss", "## Cost"))
