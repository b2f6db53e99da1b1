"""Texts of notices that are in the outbox: withdrawn when nobody wants them, written again when their day is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, case, literal, select, update

from db.schema import NoticeState, OutboundState, notice, outbound, subscription

_IDS_A_QUERY = 500


def withdraw(connection: Connection, subscriptions: Sequence[int], *, now: datetime) -> None:
    """Let no text of these subscriptions go out that waits for its link. Safe to repeat.

    One that a link is sending right now may still arrive. If the carrier refuses it for now, it is not sent again.
    """
    unsettled = outbound.c.state.in_((OutboundState.QUEUED, OutboundState.CLAIMED))
    for start in range(0, len(subscriptions), _IDS_A_QUERY):
        released = select(notice.c.outbound_id).where(
            notice.c.subscription_id.in_(subscriptions[start : start + _IDS_A_QUERY]),
            notice.c.state == NoticeState.RELEASED,
        )
        waits = outbound.c.state == OutboundState.QUEUED
        withdrawn = connection.execute(
            update(outbound)
            .where(outbound.c.id.in_(released), unsettled)
            .values(
                state=case((waits, literal(OutboundState.EXPIRED, outbound.c.state.type)), else_=outbound.c.state),
                settled_at=case((waits, literal(now, outbound.c.settled_at.type)), else_=outbound.c.settled_at),
                expires_at=now,
            )
            .returning(outbound.c.id, outbound.c.state)
        ).all()
        gone = [row.id for row in withdrawn if row.state is OutboundState.EXPIRED]
        if gone:
            these = notice.c.outbound_id.in_(gone)
            connection.execute(update(notice).where(these).values(state=NoticeState.DROPPED))


def wait_again(connection: Connection, expired: Sequence[int], *, now: datetime) -> None:
    """Let the notices of these expired texts wait for the next day; texts that are no notices are passed over.

    A text that may have reached its phone is not written again, nor one that its subscription does not want any more.
    """
    for start in range(0, len(expired), _IDS_A_QUERY):
        never_sent = select(outbound.c.id).where(
            outbound.c.id.in_(expired[start : start + _IDS_A_QUERY]),
            outbound.c.inbound_id.is_(None),
            outbound.c.unsure.is_(False),
        )
        goes_on = select(subscription.c.id).where(subscription.c.until.is_(None))
        connection.execute(
            update(notice)
            .where(
                notice.c.outbound_id.in_(never_sent),
                notice.c.state == NoticeState.RELEASED,
                notice.c.subscription_id.in_(goes_on),
            )
            .values(state=NoticeState.WAITING, not_before=now, released_at=None, outbound_id=None)
        )
