"""The gateway with its clock at noon or later: notices go out by day only, and a measurement runs at any time.

`bench.notices` runs it as `python -m bench.by_day serve --config …`. The clock is set forward, never back.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

from sms_gateway.cli import main
from sms_gateway.clock import LOCAL_ZONE
from sms_gateway.wiring import serving
from sms_gateway.wiring.gateway import Gateway


def ahead(now: datetime) -> timedelta:
    """Return how far to the next noon in Viet Nam; nothing in the morning and early afternoon.

    >>> str(ahead(datetime(2026, 11, 29, 19, tzinfo=UTC))), str(ahead(datetime(2026, 11, 29, 3, tzinfo=UTC)))
    ('10:00:00', '0:00:00')
    """
    local = now.astimezone(LOCAL_ZONE)
    noon = datetime.combine(local.date(), time(12), LOCAL_ZONE)
    if time(8) <= local.time() < time(16):
        return timedelta(0)
    return (noon if noon > local else noon + timedelta(days=1)) - local


if __name__ == "__main__":
    shift = ahead(datetime.now(UTC))
    vars(serving)["Gateway"] = partial(Gateway, now=lambda: datetime.now(UTC) + shift)  # as `serve` makes it
    main()
