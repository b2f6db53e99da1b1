"""Texts of notices in the outbox: which are withdrawn, and which notices wait for the next day."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from db.citizens.erasure import erase_number
from db.notices.queued_texts import wait_again, withdraw
from db.schema import NoticeState, OutboundState, notice, outbound, subscription
from db.store.engine import Database
from db.store.phone_numbers import read_sender
from tests.db.notices.followers import PHONE, S, at, follow, store, terms_for


def released(database: Database) -> int:
    """Release a notice with the text 1; return its subscription."""
    terms_for(database)
    store(database, S.REGISTERED)
    follow(database)
    store(database, S.ACCEPTED, minute=1)
    times = {"created_at": at(2), "expires_at": at(90), "not_before": at(2)}
    who = {"link": "main", "sender": "8188", "recipient": PHONE, "recipient_mark": PHONE, "reference": 1}
    with database.write() as connection:
        connection.execute(insert(outbound).values(id=1, state=OutboundState.QUEUED, **who, **times))
        found: int = connection.scalars(select(subscription.c.id)).one()
    return found


def give(connection: Connection, state: OutboundState, *, unsure: bool = False) -> None:
    """Let the text have this state, and its notice be released."""
    connection.execute(update(outbound).values(state=state, unsure=unsure, expires_at=at(90), settled_at=None))
    connection.execute(update(notice).values(state=NoticeState.RELEASED, outbound_id=1, released_at=at(2)))


def test_only_what_is_not_sent_is_withdrawn(database: Database) -> None:
    subscription_id = released(database)
    cases = [
        (OutboundState.QUEUED, OutboundState.EXPIRED, at(5), NoticeState.DROPPED),
        (OutboundState.CLAIMED, OutboundState.CLAIMED, at(5), NoticeState.RELEASED),  # not tried again
        (OutboundState.SENT, OutboundState.SENT, at(90), NoticeState.RELEASED),
        (OutboundState.DELIVERED, OutboundState.DELIVERED, at(90), NoticeState.RELEASED),
    ]
    for state, then, expires_at, of_notice in cases:
        with database.write() as connection:
            give(connection, state)
            for one in ([subscription_id + 1], [subscription_id], [subscription_id]):
                withdraw(connection, one, now=at(5))
            text = connection.execute(select(outbound)).one()
            assert (text.state, text.expires_at) == (then, expires_at), state
            assert connection.scalars(select(notice.c.state)).one() is of_notice, state


def test_an_erasure_withdraws_what_waits_for_its_link(sqlite_database: Database) -> None:
    released(sqlite_database)
    with sqlite_database.write() as connection:
        give(connection, OutboundState.QUEUED)
        assert erase_number(connection, PHONE, read_sender, now=at(5)).subscriptions == 1
        text = connection.execute(select(outbound)).one()
    assert (text.state, text.recipient) == (OutboundState.EXPIRED, "")


def test_a_notice_waits_again_unless_it_may_have_arrived_or_is_unwanted(database: Database) -> None:
    released(database)
    for label, unsure, waits in (("never sent", False, True), ("perhaps sent", True, False)):
        with database.write() as connection:
            give(connection, OutboundState.EXPIRED, unsure=unsure)
            wait_again(connection, [2], now=at(5))
            assert connection.scalars(select(notice.c.state)).one() is NoticeState.RELEASED, label
            wait_again(connection, [1], now=at(5))
            found = connection.execute(select(notice)).one()
            assert (found.state is NoticeState.WAITING) is waits, label
            assert (found.released_at is None, found.outbound_id is None) == (waits, waits), label
    with database.write() as connection:
        give(connection, OutboundState.EXPIRED)
        connection.execute(update(subscription).values(until=at(4)))
        wait_again(connection, [1], now=at(5))
        assert connection.scalars(select(notice.c.state)).one() is NoticeState.RELEASED
