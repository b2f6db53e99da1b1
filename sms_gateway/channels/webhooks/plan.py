"""What follows a try to deliver an event: when the next one is, and how long the receiver gets nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import random

from db.processes.webhook_deliveries import TryResult
from sms_gateway.channels.http.sending.connection import NoResponse, NotSent
from sms_gateway.channels.http.sending.departure import ProviderResponse

PLAN = (
    *(timedelta(0), timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24)),
)
"""The wait before each try, as Standard Webhooks proposes. After the last one the event is given up."""

JITTER = 0.1
"""A wait is longer by up to this part of it, so that events of one outage do not come back at one moment."""

SLOW_DOWN = timedelta(minutes=1)
"""How long a receiver that answers 429, 502 or 504 gets nothing, where it does not name a time itself."""

LONGEST_SLOW_DOWN = timedelta(hours=1)
"""A receiver that asks for more gets a try after this: what it wants to have stopped, it answers with 410."""

FIRST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=1)
"""How long a receiver gets nothing after a failure: doubled with each failure in a row.

Without it, the events of an outage would use up their tries, one after another.
"""

_GONE = 410
_SLOW = frozenset({429, 502, 504})
_SECONDS = re.compile(r"[0-9]{1,9}")

Draw = Callable[[], float]
"""Gives a random number from 0 to 1."""


def after_try(
    came: ProviderResponse | NotSent | NoResponse, *, tries: int, failures: int, now: datetime, draw: Draw = random
) -> TryResult:
    """Return what a try came to. `tries` is how many there were before, `failures` those of the receiver in a row."""
    if isinstance(came, ProviderResponse) and 200 <= came.status < 300:  # noqa: PLR2004 - RFC 9110 §15: the class 2xx
        return TryResult(delivered=True, at=now, status=came.status)
    status = came.status if isinstance(came, ProviderResponse) else None
    error = None if isinstance(came, ProviderResponse) else came.error[:120]
    if status == _GONE:  # the event waits until an operator starts the receiver again
        return TryResult(delivered=False, at=now, next_try=now, status=status, stops=True)
    wait = _wait_before(tries + 1, draw)
    return TryResult(
        delivered=False,
        at=now,
        next_try=None if wait is None else now + wait,
        status=status,
        error=error,
        not_before=now + _rest(came, failures, now),
    )


def retry_after(came: ProviderResponse, now: datetime) -> timedelta | None:
    """Return how long a receiver asks us to wait: Retry-After in seconds or as a date (RFC 9110 §10.2.3)."""
    written = came.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(written):
        wait = timedelta(seconds=int(written))
    else:
        try:
            moment = parsedate_to_datetime(written)
        except (ValueError, OverflowError):  # a year of twenty digits
            return None
        wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(0)), LONGEST_SLOW_DOWN)


def _wait_before(number: int, draw: Draw) -> timedelta | None:
    return PLAN[number] * (1 + JITTER * draw()) if number < len(PLAN) else None


def _rest(came: ProviderResponse | NotSent | NoResponse, failures: int, now: datetime) -> timedelta:
    rest = min(LONGEST_REST, FIRST_REST * (1 << min(failures, 10)))
    if not isinstance(came, ProviderResponse):
        return rest
    asked = retry_after(came, now)
    if asked is None:
        return max(rest, SLOW_DOWN) if came.status in _SLOW else rest
    return max(rest, asked)
