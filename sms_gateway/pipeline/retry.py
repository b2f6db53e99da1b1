"""When to try again, as values."""

from __future__ import annotations

from datetime import timedelta

from sms_gateway.pipeline.ports import Refusal

_FIRST = {
    Refusal.THROTTLED: timedelta(seconds=1),
    Refusal.TEMPORARY: timedelta(seconds=5),
    Refusal.UNANSWERED: timedelta(seconds=5),
    Refusal.NOT_SENT: timedelta(0),  # nothing is wrong with the answer: it is sent as soon as the link is back
}
_LONGEST = timedelta(minutes=2)
_MOST_DOUBLINGS = 16  # far past the longest; keeps the number small
_FIRST_HANDLING = timedelta(seconds=2)


def before_sending_again(refusal: Refusal, attempts: int) -> timedelta:
    """Return how long an answer waits after its n-th try (1 …): doubling, at most two minutes."""
    return _doubled(_FIRST[refusal], attempts)


def before_handling_again(attempts: int) -> timedelta:
    """Return how long a text waits after handling it failed for the n-th time (1 …)."""
    return _doubled(_FIRST_HANDLING, attempts)


def _doubled(first: timedelta, attempts: int) -> timedelta:
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    return min(first * (1 << doublings), _LONGEST)
