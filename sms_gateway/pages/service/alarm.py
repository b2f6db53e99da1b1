"""An alarm on Today."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """Something that a person must look into: what it is, what to do, and where to look."""

    key: str
    title: str
    fix: str
    address: str
