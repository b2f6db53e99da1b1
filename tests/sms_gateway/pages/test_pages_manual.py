"""The manual of the pages tells of roles what the table of access says."""

from __future__ import annotations

from pathlib import Path

from db.schema import OperatorRole
from sms_gateway.pages.routes import GROUPS
from sms_gateway.pages.site.access import opens

PAGES = [page for group in GROUPS for page in group.pages]
MANUAL = Path(__file__).parents[3] / "docs" / "pages.md"


def test_the_manual_tells_every_address_and_who_opens_it() -> None:
    expected = [
        f"| `{page.endpoint.removeprefix('admin.')}` | "
        + " | ".join("yes" if opens(role, page) else "–" for role in OperatorRole)
        + " |"
        for page in sorted(PAGES, key=lambda page: list(OperatorRole).index(page.least or OperatorRole.VIEWER))
        if page.least is not None
    ]
    written = MANUAL.read_text("utf-8").splitlines()
    start = written.index("| address | viewer | operator | administrator | agent |") + 2
    assert written[start : start + len(expected) + 1] == [*expected, ""]
