"""What the clock tells: a dossier is due tomorrow, or its due date has passed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, exists, select

from db.notices.changes import RUNNING, add_notices
from db.notices.terms import NoticeTerms
from db.schema import NoticeKind, NoticeState, dossier, notice, subscription

AT = time(9)
"""When these notices go out."""

MISSED_DAYS = 3
"""Days after a due date on which its apology is still made: the service may have been down."""


def clock_events(connection: Connection, terms: NoticeTerms, now: datetime) -> Sequence[Mapping[str, object]]:
    """Return the notices that are due today by the clock and were not made yet; write them by `add_notices`."""
    today = terms.day_of(now)
    at_nine = datetime.combine(today, AT, terms.zone)
    return [
        {
            "id": terms.new_id(),
            "subscription_id": subscription_id,
            "kind": kind,
            "value": day.isoformat(),
            "state": NoticeState.WAITING,
            "made_at": now,
            "not_before": max(now, at_nine),
        }
        for kind, day in _days(today)
        for subscription_id in _due_on(connection, terms, kind, day)
    ]


def add_clock_events(connection: Connection, events: Sequence[Mapping[str, object]]) -> int:
    """Write them; one that came into being meanwhile is left. Return how many there are."""
    add_notices(connection, events)
    return len(events)


def _days(today: date) -> Iterator[tuple[NoticeKind, date]]:
    yield NoticeKind.DUE_TOMORROW, today + timedelta(days=1)
    for days in range(1, MISSED_DAYS + 1):
        yield NoticeKind.OVERDUE, today - timedelta(days=days)


def _due_on(connection: Connection, terms: NoticeTerms, kind: NoticeKind, day: date) -> Sequence[int]:
    """Return the subscriptions to dossiers that are due on this day and were not told of it.

    A due date that passed before the citizen subscribed is no news.
    """
    told = exists().where(
        notice.c.subscription_id == subscription.c.id, notice.c.kind == kind, notice.c.value == day.isoformat()
    )
    asked = (
        select(subscription.c.id, subscription.c.since)
        .join(dossier, dossier.c.id == subscription.c.dossier_id)
        .where(subscription.c.until.is_(None), dossier.c.due_on == day, dossier.c.status.in_(list(RUNNING)), ~told)
        .order_by(subscription.c.id)
    )
    return [row.id for row in connection.execute(asked) if terms.day_of(row.since) <= day]
