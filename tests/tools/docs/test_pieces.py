"""What is code in a page stays as it is."""

from __future__ import annotations

from tools.docs.pieces import anchors, outside_code


def test_code_is_not_changed() -> None:
    page = "a `a` a\n\n```sh\na\n```\na\n"
    assert outside_code(page, str.upper) == "A `a` A\n\n```sh\na\n```\nA\n"
    assert outside_code(page, str.upper, also_words=False) == "A `A` A\n\n```sh\na\n```\nA\n"


def test_headings_in_code_have_no_anchor_and_links_in_headings_count_as_their_words() -> None:
    assert anchors("# One [of two](a.md)\n\n```sh\n# no heading\n```\n\n## What's new?\n") == [
        "one-of-two",
        "whats-new",
    ]
