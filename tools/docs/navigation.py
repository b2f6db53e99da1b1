"""Where each page is in the site: tutorials, how-to guides, reference, explanation, decisions, the project."""

from __future__ import annotations

from collections.abc import Collection
from fnmatch import fnmatch

HOME = "index.md"
DECISIONS = "decisions/index.md"

FROM_ROOT = {
    "README.md": HOME,
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "report-a-fault.md",
}
"""Pages outside docs/, and their place in the site."""

GROUPS: dict[str, tuple[str, ...]] = {
    "Tutorials": (
        "tutorials/first-answer.md",
        "tutorials/first-command.md",
        "tutorials/first-aggregator.md",
        "tutorials/*",
    ),
    "How-to guides": (
        "how-to/install.md",
        "operating.md",
        "how-to/upgrade.md",
        "how-to/backup.md",
        "how-to/two-machines.md",
        "how-to/carrier-acceptance.md",
        "how-to/answer-questions.md",
        "how-to/set-up-units.md",
        "how-to/own-tables.md",
        "how-to/*",
        "back-office.md",
        "webhooks.md",
        "for-citizens.vi.md",
    ),
    "Reference": (
        "settings.md",
        "reference/commands.md",
        "reference/states.md",
        "reference/metrics.md",
        "reference/api.md",
        "reference/*",
        "pages.md",
        "parsing.md",
        "wording.md",
        "sentences.md",
        "smpp.md",
        "networks.md",
        "networks-reference.md",
        "networks/*",
    ),
    "Explanation": (
        "architecture.md",
        "once.md",
        "privacy.md",
        "security.md",
        "conversation.md",
        "units.md",
        "scaling.md",
        "performance.md",
    ),
    "Decisions": (DECISIONS, "decisions/*"),
    "Project": ("contributing.md", "changelog.md", "report-a-fault.md"),
}
"""The pages of each group in their order; `*` takes what no earlier pattern took."""


def navigation(pages: Collection[str]) -> list[dict[str, object]]:
    """Return mkdocs' navigation over all pages.

    Raise ValueError for a page that no group takes, and for a page that a group names and that is not there.
    """
    left = sorted(set(pages) - {HOME})
    named = [pattern for patterns in GROUPS.values() for pattern in patterns if "*" not in pattern]
    if missing := [page for page in named if page not in left]:
        raise ValueError(f"{', '.join(missing)}: not there; fix: write it, or take it out of tools/docs/navigation.py")
    groups: list[dict[str, object]] = [{"Start": HOME}]
    for title, patterns in GROUPS.items():
        taken: list[str] = []
        for pattern in patterns:
            found = [page for page in left if fnmatch(page, pattern)]
            taken += found
            left = [page for page in left if page not in found]
        if taken:
            groups.append({title: taken})
    if left:
        raise ValueError(f"{', '.join(left)}: no group of the site has it; fix: add it to tools/docs/navigation.py")
    return groups
