"""Notices as they are listed: by how far they are, by dossier, and how many failed."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from db.notices.listing import (
    NoticeProgress,
    consents_of,
    count_failed,
    count_followers,
    list_notices,
    subscriptions_of,
)
from db.schema import NoticeState, OutboundState, dossier, notice, outbound
from db.store.engine import Database
from tests.db.notices.followers import CODE, PHONE, S, at, follow, store, terms_for

STATES = {
    OutboundState.QUEUED: NoticeProgress.WAITING,
    OutboundState.CLAIMED: NoticeProgress.WAITING,
    OutboundState.SENT: NoticeProgress.SENT,
    OutboundState.DELIVERED: NoticeProgress.DELIVERED,
    OutboundState.FAILED: NoticeProgress.FAILED,
    OutboundState.EXPIRED: NoticeProgress.EXPIRED,
}


def test_a_notice_is_as_far_as_its_text(sqlite_database: Database) -> None:
    terms_for(sqlite_database)
    store(sqlite_database, S.REGISTERED)
    follow(sqlite_database)
    store(sqlite_database, S.ACCEPTED, minute=1)
    with sqlite_database.write() as connection:
        (waiting,) = list_notices(connection, limit=9)
        assert (waiting.progress, waiting.code, waiting.phone) == (NoticeProgress.WAITING, CODE, PHONE)
        times = {name: at(2) for name in ("created_at", "expires_at", "not_before")}
        who = {"link": "main", "sender": "8188", "recipient": PHONE, "recipient_mark": PHONE, "reference": 1}
        connection.execute(insert(outbound).values(id=1, state=OutboundState.QUEUED, **who, **times))
        connection.execute(update(notice).values(state=NoticeState.RELEASED, outbound_id=1, released_at=at(2)))
        for state, progress in STATES.items():
            connection.execute(update(outbound).values(state=state))
            (found,) = list_notices(connection, limit=9)
            assert found.progress is progress, state
            listed = [one for one in NoticeProgress if list_notices(connection, progress=one, limit=9)]
            assert listed == [progress], state
            lost = progress in {NoticeProgress.FAILED, NoticeProgress.EXPIRED}
            assert count_failed(connection, since=at(0)) == int(lost), state
        assert count_failed(connection, since=at(3)) == 0
        dossier_id = connection.scalars(select(dossier.c.id)).one()
        assert count_followers(connection, dossier_id) == len(list_notices(connection, dossier_id=dossier_id, limit=9))
        assert list_notices(connection, dossier_id=dossier_id + 1, limit=9) == []
        assert list_notices(connection, before=waiting.id, limit=9) == []
        assert [one.code for one in subscriptions_of(connection, PHONE)] == [CODE]
        assert [one.by_text for one in consents_of(connection, PHONE)] == [True]
