"""The manual of the pages tells of roles what the table of access says."""

from __future__ import annotations

from pathlib import Path

from db.schema import OperatorRole
from sms_gateway.pages.access import LEAST_ROLE, opens

MANUAL = Path(__file__).parents[3] / "docs" / "pages.md"


def test_the_manual_tells_every_address_and_who_opens_it() -> None:
    expected = [
        f"| `{name.removeprefix('admin.')}` | "
        + " | ".join("yes" if opens(role, name) else "–" for role in OperatorRole)
        + " |"
        for name in LEAST_ROLE
    ]
    written = MANUAL.read_text("utf-8").splitlines()
    start = written.index("| address | viewer | operator | administrator |") + 2
    assert written[start : start + len(expected) + 1] == [*expected, ""]
