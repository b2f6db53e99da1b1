"""Every page has its place in the site."""

from __future__ import annotations

import pytest

from tools.docs.navigation import GROUPS, HOME, navigation


def test_pages_are_in_the_order_of_the_table_and_new_ones_after_those_that_it_names() -> None:
    pages = [HOME, "how-to/a-new-one.md", "how-to/backup.md", "once.md", "decisions/0002-b.md", "decisions/index.md"]
    assert navigation(pages) == [
        {"Start": HOME},
        {"How-to guides": ["how-to/backup.md", "how-to/a-new-one.md"]},
        {"Explanation": ["once.md"]},
        {"Decisions": ["decisions/index.md", "decisions/0002-b.md"]},
    ]
    assert list(GROUPS)[:4] == ["Tutorials", "How-to guides", "Reference", "Explanation"]


def test_a_page_without_a_group_is_named() -> None:
    with pytest.raises(ValueError, match=r"lost\.md: no group .*fix: "):
        navigation(["lost.md"])
