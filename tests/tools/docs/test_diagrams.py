"""Diagrams become tables."""

from __future__ import annotations

import pytest

from tools.docs.diagrams import as_tables


def test_states_and_sequences_become_rows() -> None:
    page = (
        "Before.\n\n```mermaid\nstateDiagram-v2\n    [*] --> new: it comes\n    new --> [*]\n```\n\n"
        "```mermaid\nsequenceDiagram\n    participant A as carrier (SMSC)\n    participant B as link\n    A->>B: text\n"
        "    Note over B: stores it\n    B-->>A: done\n```\n\n```sh\nls\n```\n"
    )
    assert as_tables(page) == (
        "Before.\n\n| state | then | when |\n|---|---|---|\n| (start) | `new` | it comes |\n| `new` | (end) |  |\n\n"
        "| who | to whom | what |\n|---|---|---|\n| carrier (SMSC) | link | text |\n| link | | stores it |\n"
        "| link | carrier (SMSC) | done |\n\n```sh\nls\n```\n"
    )


@pytest.mark.parametrize(
    "body", ["pie\n    A : 1\n", "stateDiagram-v2\n    A ==> B\n", "sequenceDiagram\n    loop x\n"]
)
def test_another_diagram_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"fix: .*tools/docs/diagrams\.py"):
        as_tables(f"```mermaid\n{body}```\n")
