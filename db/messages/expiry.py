"""Answers whose time is over, or whose claimer is gone: looked for twice a second, and seldom there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, literal, null, or_, select, update

from db.notices.queued_texts import wait_again
from db.processes.webhook_messages import note_lost
from db.schema import OutboundState, outbound
from db.store.prepared_statements import Prepared

LONGEST_LEASE = timedelta(minutes=15)
"""No lease is so long; one that is was given before the clock went back."""

OWN_GRACE = timedelta(minutes=5)
"""What a process has in hand it will settle, however late; but not if its carrier never says a word of it."""

_AFTER_DEATH = (timedelta(0), timedelta(seconds=5), timedelta(seconds=20), timedelta(seconds=60))

_ANY_EXPIRED = Prepared(
    select(outbound.c.id)
    .where(outbound.c.state == OutboundState.QUEUED, outbound.c.expires_at <= bindparam("by"))
    .limit(1)
)
_ANY_LAPSED = Prepared(
    select(outbound.c.id)
    .where(
        outbound.c.state == OutboundState.CLAIMED,
        or_(outbound.c.lease_until <= bindparam("by"), outbound.c.lease_until > bindparam("implausible")),
    )
    .limit(1)
)


def expire(connection: Connection, *, now: datetime) -> list[int]:
    """Mark queued answers that are too old to be true; drop their secrets; return their ids.

    Notices that could not be sent by day wait for the next one.
    """
    if not _ANY_EXPIRED.fetch(connection, {"by": now}):
        return []
    expired = list(
        connection.scalars(
            update(outbound)
            .where(outbound.c.state == OutboundState.QUEUED, outbound.c.expires_at <= now)
            .values(
                state=OutboundState.EXPIRED,
                settled_at=now,
                body=case((outbound.c.masked.is_not(None), null()), else_=outbound.c.body),
            )
            .returning(outbound.c.id)
        )
    )
    note_lost(connection, expired, at=now)
    wait_again(connection, expired, now=now)
    return expired


def take_over(
    connection: Connection,
    *,
    link: str | None,
    lapsed_by: datetime | None,
    except_for: Collection[int] = (),
    most_unanswered: int,
    now: datetime,
) -> Mapping[int, OutboundState]:
    """Queue again the answers whose claimer is gone, marked unsure: they may have been sent; return their new states.

    With `lapsed_by`, those whose lease ended by then; with None every claimed answer, of all links or of one: only
    who owns the database alone, or has just taken over the bind of that link, may say so. Those in `except_for` are
    the caller's own, who will settle them, and have OWN_GRACE more. A lease that ends implausibly late was given
    before the clock was set back, and counts as ended. One that was left without a response `most_unanswered` times
    fails, for a process that dies again and again must not send it for ever. One whose provider sends an answer once,
    however often it comes, is not unsure as long as it goes there (db.messages.outbox.claim).
    """
    if lapsed_by is not None and not _ANY_LAPSED.fetch(
        connection, {"by": lapsed_by, "implausible": lapsed_by + LONGEST_LEASE}
    ):
        return {}
    gone = outbound.c.state == OutboundState.CLAIMED
    if link is not None:
        gone &= outbound.c.link == link
    if lapsed_by is not None:
        gone &= or_(outbound.c.lease_until <= lapsed_by, outbound.c.lease_until > lapsed_by + LONGEST_LEASE)
    if except_for:
        mine = outbound.c.id.in_(except_for)
        gone &= ~mine if lapsed_by is None else or_(~mine, outbound.c.lease_until <= lapsed_by - OWN_GRACE)
    given_up = outbound.c.unanswered + 1 >= most_unanswered
    rows = connection.execute(
        update(outbound)
        .where(gone)
        .values(
            state=case(
                (given_up, literal(OutboundState.FAILED, outbound.c.state.type)),
                else_=literal(OutboundState.QUEUED, outbound.c.state.type),
            ),
            settled_at=case((given_up, literal(now, outbound.c.settled_at.type)), else_=null()),
            body=case((given_up & outbound.c.masked.is_not(None), null()), else_=outbound.c.body),
            unsure=outbound.c.unsure | outbound.c.provider.is_(None),
            perhaps_taken_by=func.coalesce(outbound.c.provider, outbound.c.perhaps_taken_by),
            unanswered=outbound.c.unanswered + 1,
            not_before=_due_after_death(now),
            lease_until=None,
        )
        .returning(outbound.c.id, outbound.c.state)
    )
    states = {row.id: row.state for row in rows}
    note_lost(connection, [one for one, state in states.items() if state is OutboundState.FAILED], at=now)
    return states


def _due_after_death(now: datetime) -> ColumnElement[datetime]:
    """Return when an answer whose process died goes again: at once the first time, then later and later.

    A process that dies at every start would otherwise take the same answers down with it each time, until they fail.
    """
    time = outbound.c.not_before.type
    waits = {taken: literal(now + wait, time) for taken, wait in enumerate(_AFTER_DEATH)}
    return case(waits, value=outbound.c.unanswered, else_=literal(now + _AFTER_DEATH[-1], time))
