"""An SMS that staff send to a citizen unasked: a new password, or a notice about an account."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from db.citizens.account_administration import PHONE_WAITS, last_reply_link
from db.store.address import Msisdn
from sms_gateway.web.dependencies import dependencies

NOTICE_LASTS = PHONE_WAITS
"""A notice stays true, unlike a state: it is tried for as long as a change of phone waits."""


def link_to(connection: Connection, phone: Msisdn) -> str | None:
    """Return the channel that last answered this phone, else the first that sends to phones; None: there is none."""
    senders = dependencies().phone_senders
    last = last_reply_link(connection, phone)
    return last if last in senders else next(iter(senders), None)


def channel_to(phone: Msisdn) -> str | None:
    """Return what `link_to` returns now, for a page that asks before it sends."""
    with dependencies().database.read() as connection:
        return link_to(connection, phone)


def queue_notice(connection: Connection, phone: Msisdn, text: str, *, link: str) -> None:
    """Queue a notice in the caller's transaction."""
    queue_sms(connection, phone, text, link=link, lasts=NOTICE_LASTS)


def queue_sms(
    connection: Connection,
    phone: Msisdn,
    text: str,
    *,
    link: str,
    masked: str | None = None,
    lasts: timedelta | None = None,
) -> None:
    """Queue an SMS in the caller's transaction.

    `masked` is shown in place of a text that holds a secret. `lasts` is how long it may wait; None: as long as an
    answer.
    """
    parts = dependencies()
    now, writer = parts.now(), parts.replies
    new = writer.compose(
        link=link,
        sender=parts.traits_of(link).known_as,
        recipient=phone,
        body=text,
        now=now,
        masked=masked,
        lasts=lasts,
    )
    writer.queue(connection, [new], now=now)
