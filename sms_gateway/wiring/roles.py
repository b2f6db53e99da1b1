"""The roles that processes of the service share among them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a process does. On PostgreSQL several processes share the roles."""

    LINKS = "links"  # hold binds: receive texts, send answers
    DISPATCH = "dispatch"  # read texts and carry them out
    WEB = "web"  # HTTP endpoints and pages
    SCHEDULE = "schedule"  # scheduled jobs


ALL_ROLES = frozenset(Role)
