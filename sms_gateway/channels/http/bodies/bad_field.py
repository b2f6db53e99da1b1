"""Why a request cannot be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class BadField:
    """Why a request cannot be read; `advice` names the fix and never the value."""

    field: str | None
    advice: str
