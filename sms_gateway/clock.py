"""The clock, read here and nowhere else; everything below the edge is told the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]
"""Gives aware UTC."""

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone in which people are told times."""


def utc_now() -> datetime:
    """Return the time of day, aware UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds that never go back, for timers."""
    return time.monotonic()
