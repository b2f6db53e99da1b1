"""What ends when: notices after 90 days, subscriptions 30 days after their dossier, consents two years later."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, exists, or_, select, update

from db.notices.queued_texts import withdraw
from db.schema import DossierStatus, consent, dossier, notice, subscription
from db.store.address import Address
from db.store.ids import first_id_at

NOTICES_KEPT = timedelta(days=90)
SUBSCRIPTION_KEPT = timedelta(days=30)
"""After the citizen ended it, or the dossier ended."""
CONSENT_KEPT = timedelta(days=730)
"""After the last subscription under it."""

_ENDED = (DossierStatus.WITHDRAWN, DossierStatus.STOPPED, DossierStatus.DONE, DossierStatus.RETURNED)


def forget_notices(connection: Connection, now: datetime, limit: int) -> int:
    """Delete old notices; return how many. Safe to repeat."""
    old = select(notice.c.id).where(notice.c.id < first_id_at(now - NOTICES_KEPT))
    ids = list(connection.scalars(old.order_by(notice.c.id).limit(limit)))
    return connection.execute(delete(notice).where(notice.c.id.in_(ids))).rowcount if ids else 0


def forget_subscriptions(connection: Connection, now: datetime, limit: int) -> int:
    """Delete subscriptions whose dossier ended, or that their owner ended; return how many. Safe to repeat."""
    before = now - SUBSCRIPTION_KEPT
    over = and_(dossier.c.status.in_(_ENDED), dossier.c.updated_at < before, subscription.c.since < before)
    asked = (
        select(subscription.c.id, subscription.c.consent_id)
        .join(dossier, dossier.c.id == subscription.c.dossier_id)
        .where(or_(subscription.c.until < before, over))
    )
    rows = connection.execute(asked.order_by(subscription.c.id).limit(limit)).all()
    if not rows:
        return 0
    connection.execute(delete(subscription).where(subscription.c.id.in_([row.id for row in rows])))
    consents = consent.c.id.in_({row.consent_id for row in rows})
    connection.execute(update(consent).where(consents).values(until=now))
    return len(rows)


def forget_consents(connection: Connection, now: datetime) -> int:
    """Delete the consents of two years ago under which nothing goes on; return how many. Safe to repeat."""
    before = now - CONSENT_KEPT
    goes_on = exists().where(subscription.c.consent_id == consent.c.id)
    over = or_(consent.c.until < before, and_(consent.c.until.is_(None), consent.c.at < before))
    return connection.execute(delete(consent).where(consent.c.at < before, over, ~goes_on)).rowcount


def erase_notices(connection: Connection, phone: Address, *, now: datetime) -> int:
    """Delete the subscriptions, notices and consents of a number; return how many subscriptions. Safe to repeat.

    Texts of notices that wait for their link are withdrawn.
    """
    theirs = select(subscription.c.id).where(subscription.c.phone_mark == phone)
    withdraw(connection, connection.scalars(theirs).all(), now=now)
    gone = connection.execute(delete(subscription).where(subscription.c.phone_mark == phone)).rowcount
    connection.execute(delete(consent).where(consent.c.phone_mark == phone))
    return gone
