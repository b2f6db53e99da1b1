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

processor_seconds = time.process_time
"""Returns the seconds of processor time that this process has used."""
