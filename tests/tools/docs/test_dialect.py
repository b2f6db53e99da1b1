"""Markdown of forges is written as mkdocs reads it."""

from __future__ import annotations

from tools.docs.dialect import translated


def test_lists_code_and_tables_are_written_as_mkdocs_reads_them() -> None:
    cases = (
        ("a heading", "# Try `it`\n", "# Try `it` {: #try-it }\n"),
        ("an item that goes on", "1. One\n   goes on\n2. Two\n", "1. One\n    goes on\n2. Two\n"),
        ("a list in a list", "- One\n  1. In\n  2. it\n- Two\n", "- One\n    1. In\n    2. it\n- Two\n"),
        ("after a part of an item", "1. One\n\n   Part\n2. Two\n", "1. One\n\n    Part\n\n2. Two\n"),
        ("after the list", "- One\n\nAfter\n", "- One\n\nAfter\n"),
        (
            "code in an item",
            "1. Do:\n\n   ```sh\n   ls -l\n     two\n   ```\n\n   Then.\n",
            "1. Do:\n\n        ls -l\n          two\n\n    Then.\n",
        ),
        (
            "code at the edge",
            "```sh\n- no item\n  as it is\n# no heading\n```\n",
            "```sh\n- no item\n  as it is\n# no heading\n```\n",
        ),
        ("a pipe in a cell", "| `a\\|b` | c\\|d |\n", "| `a|b` | c\\|d |\n"),
    )
    assert {label: translated(given) for label, given, _ in cases} == {label: wanted for label, _, wanted in cases}
