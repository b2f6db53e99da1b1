"""An alarm on Today."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something that a person should see to: what it is, what to do, and where to look."""

    key: str
    title: str
    fix: str
    address: str
