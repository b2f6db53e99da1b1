"""Every page has its place in the site."""

from __future__ import annotations

import pytest

from tools.docs.navigation import GROUPS, HOME, navigation

NAMED = [pattern for patterns in GROUPS.values() for pattern in patterns if "*" not in pattern]


def test_pages_are_in_the_order_of_the_table_and_new_ones_after_those_that_it_names() -> None:
    pages = [HOME, "how-to/a-new-one.md", "decisions/0002-b.md", *NAMED]
    start, *groups = navigation(pages)
    assert start == {"Start": HOME}
    found = {title: pages for group in groups for title, pages in group.items() if isinstance(pages, list)}
    guides = found["How-to guides"]
    assert guides.index("how-to/backup.md") < guides.index("how-to/a-new-one.md") < guides.index("webhooks.md")
    assert found["Decisions"] == ["decisions/index.md", "decisions/0002-b.md"]
    assert sorted(page for title in GROUPS for page in found[title]) == sorted(set(pages) - {HOME})
    assert list(GROUPS)[:4] == ["Tutorials", "How-to guides", "Reference", "Explanation"]


def test_a_page_without_a_group_is_named() -> None:
    with pytest.raises(ValueError, match=r"lost\.md: no group .*fix: "):
        navigation([*NAMED, "lost.md"])


def test_a_page_that_is_named_and_not_there_is_named() -> None:
    with pytest.raises(ValueError, match=r"^how-to/backup\.md: not there; fix: "):
        navigation([page for page in NAMED if page != "how-to/backup.md"])
