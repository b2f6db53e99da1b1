"""The pages about networks are those that their values make."""

from __future__ import annotations

from tools.networks import BEGIN, DOCS, END, reference_page, with_table

FIX = "fix: python -m tools.networks"


def test_the_reference_is_that_of_the_values() -> None:
    assert (DOCS / "networks-reference.md").read_text("utf-8") == reference_page(), FIX


def test_the_table_of_networks_is_that_of_the_values() -> None:
    page = (DOCS / "networks.md").read_text("utf-8")
    assert page == with_table(page), FIX
    assert (page.count(BEGIN), page.count(END)) == (1, 1)
