"""Notices as pages, exports and counts show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from db.schema import NoticeKind, NoticeState, OutboundState, consent, dossier, notice, outbound, subscription
from db.store.address import Address


class NoticeProgress(StrEnum):
    """How far a notice is."""

    WAITING = "waiting"  # not sent yet
    SENT = "sent"  # the carrier took it
    DELIVERED = "delivered"  # the phone has it, says the carrier
    FAILED = "failed"
    EXPIRED = "expired"  # it could not be sent by day, and is not wanted any more or may have arrived
    UNSENT = "unsent"  # a later change replaced it, or nobody wants it any more


class Unsent(StrEnum):
    """Why a notice was not sent."""

    REPLACED = "replaced"  # a later change is told in its place, or there is nothing to tell any more
    UNWANTED = "unwanted"  # its citizen wants no more notices
    TOO_LATE = "too_late"  # it waited too long


_UNSENT = (NoticeState.REPLACED, NoticeState.DROPPED)
_OF_SMS = {
    OutboundState.QUEUED: NoticeProgress.WAITING,
    OutboundState.CLAIMED: NoticeProgress.WAITING,
    OutboundState.SENT: NoticeProgress.SENT,
    OutboundState.DELIVERED: NoticeProgress.DELIVERED,
    OutboundState.FAILED: NoticeProgress.FAILED,
    OutboundState.EXPIRED: NoticeProgress.EXPIRED,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedNotice:
    """One notice of a list."""

    id: int
    kind: NoticeKind
    progress: NoticeProgress
    made_at: datetime
    not_before: datetime
    released_at: datetime | None
    outbound_id: int | None
    phone: str
    dossier_id: int
    code: str
    unsent: Unsent | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredSubscription:
    """A subscription as it is stored, for an export."""

    code: str
    phone: str
    since: datetime
    until: datetime | None
    notices: Sequence[ListedNotice] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredConsent:
    """A consent as it is stored, for an export."""

    purpose: str
    text_version: int
    given: bool
    at: datetime
    by_text: bool
    stated_by: str | None


_LISTED = (
    select(
        notice.c.id,
        notice.c.kind,
        notice.c.state,
        notice.c.made_at,
        notice.c.not_before,
        notice.c.released_at,
        notice.c.outbound_id,
        subscription.c.phone,
        subscription.c.until,
        dossier.c.id.label("dossier_id"),
        dossier.c.code,
        outbound.c.state.label("sms_state"),
    )
    .join(subscription, subscription.c.id == notice.c.subscription_id)
    .join(dossier, dossier.c.id == subscription.c.dossier_id)
    .outerjoin(outbound, outbound.c.id == notice.c.outbound_id)
)


def list_notices(
    connection: Connection,
    *,
    progress: NoticeProgress | None = None,
    dossier_id: int | None = None,
    before: int | None = None,
    limit: int,
) -> Sequence[ListedNotice]:
    """Return notices, the newest first: of one state or of all, and of one dossier or of all."""
    asked = _LISTED.order_by(notice.c.id.desc()).limit(limit)
    if progress is not None:
        asked = asked.where(_has(progress))
    if dossier_id is not None:
        asked = asked.where(dossier.c.id == dossier_id)
    if before is not None:
        asked = asked.where(notice.c.id < before)
    return [_listed(row) for row in connection.execute(asked)]


def count_failed(connection: Connection, *, since: datetime) -> int:
    """Return how many notices written since then failed or expired."""
    lost = outbound.c.state.in_((OutboundState.FAILED, OutboundState.EXPIRED))
    joined = notice.join(outbound, outbound.c.id == notice.c.outbound_id)
    asked = select(func.count()).select_from(joined).where(notice.c.released_at >= since, lost)
    return connection.scalar(asked) or 0


def count_followers(connection: Connection, dossier_id: int) -> int:
    """Return how many phones are told of a dossier."""
    follows = and_(subscription.c.dossier_id == dossier_id, subscription.c.until.is_(None))
    return connection.scalar(select(func.count()).select_from(subscription).where(follows)) or 0


def subscriptions_of(connection: Connection, phone: Address) -> Sequence[StoredSubscription]:
    """Return the subscriptions of a number with their notices, oldest first."""
    asked = select(subscription, dossier.c.code).join(dossier, dossier.c.id == subscription.c.dossier_id)
    found = []
    for row in connection.execute(asked.where(subscription.c.phone_mark == phone).order_by(subscription.c.id)):
        notices = connection.execute(_LISTED.where(notice.c.subscription_id == row.id).order_by(notice.c.id))
        found.append(
            StoredSubscription(
                code=row.code,
                phone=row.phone,
                since=row.since,
                until=row.until,
                notices=[_listed(one) for one in notices],
            )
        )
    return found


def consents_of(connection: Connection, phone: Address) -> Sequence[StoredConsent]:
    """Return the consents of a number, oldest first."""
    rows = connection.execute(select(consent).where(consent.c.phone_mark == phone).order_by(consent.c.id))
    return [
        StoredConsent(
            purpose=row.purpose,
            text_version=row.text_version,
            given=row.given,
            at=row.at,
            by_text=row.inbound_id is not None,
            stated_by=row.stated_by,
        )
        for row in rows
    ]


def _has(progress: NoticeProgress) -> ColumnElement[bool]:
    if progress is NoticeProgress.UNSENT:
        return notice.c.state.in_(_UNSENT)
    of_sms = outbound.c.state.in_([state for state, one in _OF_SMS.items() if one is progress])
    if progress is NoticeProgress.WAITING:
        return or_(notice.c.state == NoticeState.WAITING, of_sms)
    return of_sms


def _listed(row: Row[*tuple[object, ...]]) -> ListedNotice:
    return ListedNotice(
        id=row.id,
        kind=row.kind,
        progress=_progress(row.state, row.sms_state),
        made_at=row.made_at,
        not_before=row.not_before,
        released_at=row.released_at,
        outbound_id=row.outbound_id,
        phone=row.phone,
        dossier_id=row.dossier_id,
        code=row.code,
        unsent=_unsent(row.state, is_ended=row.until is not None),
    )


def _unsent(state: NoticeState, *, is_ended: bool) -> Unsent | None:
    if state is NoticeState.DROPPED:
        return Unsent.UNWANTED if is_ended else Unsent.TOO_LATE
    return Unsent.REPLACED if state is NoticeState.REPLACED else None


def _progress(state: NoticeState, sms: OutboundState | None) -> NoticeProgress:
    if state in _UNSENT:
        return NoticeProgress.UNSENT
    if sms is not None:
        return _OF_SMS[sms]
    return NoticeProgress.WAITING if state is NoticeState.WAITING else NoticeProgress.SENT
