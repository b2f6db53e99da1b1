"""The clock, read here and nowhere else; everything below the edge is told the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]
"""Gives aware UTC."""

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone in which people are told times."""


utc_now: Now = partial(datetime.now, UTC)
"""Returns the time of day, aware UTC. Like the next one no function of ours, since each text asks a dozen times."""

monotonic = time.monotonic
"""Returns seconds that never go back, for timers."""


def local_time(moment: datetime | None) -> str:
    """Write a time as people here read it: `22/11/2026 19:30`, Asia/Ho_Chi_Minh."""
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL_ZONE)  # strftime takes ten times as long, and a page has a hundred times
    return f"{local.day:02}/{local.month:02}/{local.year:04} {local.hour:02}:{local.minute:02}"


processor_seconds = time.process_time
"""Returns the seconds of processor time that this process has used."""
