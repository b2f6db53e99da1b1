"""Notices go out: by day, the newest state only, within the limits of dossier and day, and answers first."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import func, insert, select, update

from db.messages import expiry, outbox_insert
from db.notices.clock_events import add_clock_events, clock_events
from db.notices.listing import NoticeProgress, count_followers, list_notices
from db.notices.subscriptions import end_all
from db.notices.terms import terms_of
from db.schema import OutboundState, block, citizen, dossier, outbound, subscription
from db.store.address import Address
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.wording.catalogues import CATALOGUES
from sms_gateway.back_office.citizen_notices import MOST_QUEUED, NoticeDesk, release_some
from sms_gateway.pipeline.replies import Replies
from sms_gateway.pipeline.traits import ChannelTraits, TraitsByChannel
from tests.db.notices.followers import CODE, PHONE, S, at, follow, new_id, notices, store, terms_for

OTHER = Address("84905777777")


@dataclass
class Office:
    """A service with notices and one link; `now` is in minutes after noon."""

    database: Database
    senders: Sequence[str] = ("main",)
    numbers: count[int] = field(default_factory=count)
    asks_secret: bool = False

    def __post_init__(self) -> None:
        terms_for(self.database)

    def desk(self) -> NoticeDesk:
        keywords = {**ServiceFacts().keywords, "withdrawal": "HUY", "subscription": "DK"}
        traits = TraitsByChannel(others=ChannelTraits(validity=timedelta(minutes=15)))
        return NoticeDesk(
            services={
                name: replace(ServiceFacts(wording=one, asks_secret=self.asks_secret), keywords=keywords)
                for name, one in CATALOGUES.items()
            },
            language="vi",
            senders=self.senders,
            short_codes=("8188",),
            replies=Replies(new_id=new_id, traits=traits),
        )

    def release(self, minute: float) -> list[str]:
        """Release what is due; return the new texts, which the carrier takes at once."""
        before = set(self.ids())
        with self.database.write() as connection:
            release_some(connection, self.desk(), now=at(minute))
            rows = connection.execute(select(outbound).order_by(outbound.c.id)).all()
            connection.execute(update(outbound).values(state=OutboundState.SENT))
        return [row.body for row in rows if row.id not in before]

    def ids(self) -> list[int]:
        with self.database.read() as connection:
            return list(connection.scalars(select(outbound.c.id)))

    def clock(self, minute: float) -> int:
        with self.database.write() as connection:
            terms = terms_of(connection)
            assert terms is not None
            return add_clock_events(connection, clock_events(connection, terms, at(minute)))


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_a_change_is_told_after_its_hold_and_only_the_newest_state(office: Office) -> None:
    store(office.database, S.ACCEPTED)
    follow(office.database)
    store(office.database, S.PAPERS_WANTED, minute=1, wanted="CCCD", fix="nop tai quay 3")
    assert office.release(30) == []
    store(office.database, S.DONE, minute=40, pick_up="Mot cua")
    assert office.release(62) == [
        f"Ho so {CODE} da co ket qua, moi ban nhan tai Mot cua. Nho mang giay hen. Ngung nhan tin: soan HUY gui 8188"
    ]
    assert office.release(63) == []
    with office.database.read() as connection:
        sent = connection.execute(select(outbound)).one()
        (listed, replaced) = list_notices(connection, limit=9)
    assert (sent.link, sent.sender, sent.inbound_id, sent.recipient) == ("main", "8188", None, PHONE)
    assert sent.expires_at == at(9 * 60)  # 21:00
    assert (listed.progress, listed.outbound_id, listed.code) == (NoticeProgress.SENT, sent.id, CODE)
    assert replaced.progress is NoticeProgress.UNSENT


def test_nobody_is_told_at_night(office: Office) -> None:
    store(office.database, S.REGISTERED)
    follow(office.database)
    store(office.database, S.ACCEPTED, minute=7.9 * 60)  # told from 20:54 on
    assert office.release(9 * 60) == []  # 21:00
    assert office.release(19 * 60 - 1) == []  # 6:59
    assert len(office.release(19 * 60)) == 1


def test_what_a_link_could_not_send_by_day_waits_for_the_next(office: Office) -> None:
    for code, minute in ((CODE, 460), ("H17-261129-0002", 465), ("H17-261129-0003", 471)):
        store(office.database, S.REGISTERED, code=code)
        follow(office.database, code=code)
        store(office.database, S.ACCEPTED, code=code, minute=minute)  # the last is due at 20:51: too late to be written
    with office.database.write() as connection:
        assert release_some(connection, office.desk(), now=at(529)) == 2
        assert release_some(connection, office.desk(), now=at(531)) == 0
        assert expiry.expire(connection, now=at(539)) == []
        perhaps_sent = outbound.c.id == select(func.min(outbound.c.id)).scalar_subquery()
        connection.execute(update(outbound).where(perhaps_sent).values(unsure=True))
        assert len(expiry.expire(connection, now=at(540))) == 2
    assert [state for _, state in notices(office.database)] == ["released", "waiting", "waiting"]
    store(office.database, S.STOPPED, code="H17-261129-0003", minute=600)
    assert sorted(text.split(".")[0] for text in office.release(19 * 60)) == [
        "Ho so H17-261129-0002 da duoc tiep nhan",
        "Ho so H17-261129-0003 da dung xu ly",
    ]


def test_what_waits_for_its_link_is_withdrawn_when_its_owner_ends_notices(office: Office) -> None:
    for phone in (PHONE, OTHER):
        store(office.database, S.REGISTERED)
        follow(office.database, phone=phone)
    store(office.database, S.NOT_ACCEPTED, minute=1)
    with office.database.write() as connection:
        assert release_some(connection, office.desk(), now=at(62)) == 2
        end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(63))
        connection.execute(
            update(outbound).where(outbound.c.recipient_mark == OTHER).values(state=OutboundState.CLAIMED)
        )
        end_all(connection, OTHER, inbound_id=10, new_id=new_id, now=at(64))  # its link has it in hand
        connection.execute(  # and could not send it
            update(outbound).where(outbound.c.recipient_mark == OTHER).values(state=OutboundState.QUEUED)
        )
        assert len(expiry.expire(connection, now=at(65))) == 1
        assert connection.scalars(select(outbound.c.state)).all() == [OutboundState.EXPIRED] * 2
    assert sorted(state for _, state in notices(office.database)) == ["dropped", "released"]
    assert office.release(24 * 60) == []


@pytest.mark.database_matters
def test_who_ends_notices_while_a_round_writes_them_gets_none(office: Office) -> None:
    if office.database.writer.dialect.name == "sqlite":
        return  # has one writer
    store(office.database, S.REGISTERED)
    follow(office.database)
    store(office.database, S.NOT_ACCEPTED, minute=1)

    def end() -> None:
        with office.database.write() as other:
            end_all(other, PHONE, inbound_id=9, new_id=new_id, now=at(62))

    with ThreadPoolExecutor(1) as threads:
        with office.database.write() as connection:
            assert release_some(connection, office.desk(), now=at(62)) == 1
            ended = threads.submit(end)
            wait([ended], 0.3)
        ended.result(10)
    with office.database.read() as connection:
        assert connection.scalars(select(outbound.c.state)).all() == [OutboundState.EXPIRED]
    assert notices(office.database) == [("refused", "dropped")]


def test_a_dossier_is_told_once_an_hour_and_a_number_three_times_a_day(office: Office) -> None:
    codes = [f"H17-261129-000{number}" for number in range(1, 6)]
    for code in codes:
        store(office.database, S.ACCEPTED, code=code, minute=-300)
        follow(office.database, code=code)
    store(office.database, S.PAPERS_WANTED, code=codes[0], minute=-200)
    assert len(office.release(-139)) == 1
    store(office.database, S.DONE, code=codes[0], minute=-195, pick_up="Mot cua")
    assert office.release(-134) == []  # within an hour of the first
    assert len(office.release(-78)) == 1
    for code in codes[1:]:
        store(office.database, S.STOPPED, code=code, minute=-70)
    assert len(office.release(-5)) == 1  # the third of the day
    assert office.release(60) == []
    assert len(office.release(24 * 60 - 138)) == 1  # a day after the first
    assert [state for _, state in notices(office.database)].count("waiting") == 2


def test_who_ends_notices_and_asks_again_is_told_of_a_dossier_once_an_hour_too(office: Office) -> None:
    store(office.database, S.REGISTERED)
    follow(office.database)
    store(office.database, S.NOT_ACCEPTED, minute=1)
    assert len(office.release(62)) == 1
    with office.database.write() as connection:
        end_all(connection, PHONE, inbound_id=9, new_id=new_id, now=at(63))
    follow(office.database, minute=64)
    store(office.database, S.ACCEPTED, minute=5)  # due at 65
    assert office.release(70) == []
    assert len(office.release(123)) == 1


def test_papers_that_are_wanted_again_on_another_day_are_told_again(office: Office) -> None:
    store(office.database, S.IN_PROGRESS)
    follow(office.database)
    day = 24 * 60
    store(office.database, S.PAPERS_WANTED, minute=1)
    assert len(office.release(62)) == 1
    store(office.database, S.IN_PROGRESS, minute=100)
    store(office.database, S.PAPERS_WANTED, minute=110)  # a slip of the office
    assert office.release(200) == []
    store(office.database, S.IN_PROGRESS, minute=300)
    store(office.database, S.PAPERS_WANTED, minute=5 * day)
    store(office.database, S.PAPERS_WANTED, minute=6 * day)  # nothing new
    assert len(office.release(6 * day + 61)) == 1
    assert office.release(6 * day + 200) == []


def test_who_gave_no_secret_is_told_no_state_once_a_look_up_needs_one(office: Office) -> None:
    store(office.database, S.IN_PROGRESS, due_on=date(2026, 12, 1))
    follow(office.database)  # while none was needed
    office.asks_secret = True
    store(office.database, S.PAPERS_WANTED, minute=2, wanted="Don ly hon")
    (text,) = office.release(63)
    assert text == (
        f"Ho so {CODE} co thay doi. De biet chi tiet, soan: DK ma, 4 so cuoi CCCD gui 8188. "
        "Ngung nhan tin: soan HUY gui 8188"
    )
    store(office.database, S.IN_PROGRESS, minute=64, due_on=date(2026, 12, 2))
    office.clock(24 * 60 - 200)  # due tomorrow
    assert office.release(24 * 60) == []
    follow(office.database, with_secret=True, minute=24 * 60)
    store(office.database, S.PAPERS_WANTED, minute=24 * 60, wanted="Don ly hon")
    assert ["Don ly hon" in text for text in office.release(25 * 60)] == [True]


def test_what_is_not_true_any_more_is_not_told(office: Office) -> None:
    store(office.database, S.IN_PROGRESS, due_on=date(2026, 12, 1))
    follow(office.database)
    assert office.clock(-290) == 1  # 7:10 on the day before
    assert office.clock(-280) == 0
    assert office.release(-181) == []  # 8:59
    with office.database.write() as connection:  # by a hand that makes no notices
        connection.execute(update(dossier).values(status=S.DONE))
    assert office.release(-179) == []
    assert notices(office.database) == [("due_tomorrow", "replaced")]


def test_the_clock_tells_that_a_dossier_is_due_and_apologises_once_when_it_is_late(office: Office) -> None:
    for number, due_on in enumerate([date(2026, 12, 1), date(2026, 11, 29), date(2026, 11, 20)]):
        store(office.database, S.IN_PROGRESS, code=f"H17-261129-000{number}", due_on=due_on, minute=-3 * 1440)
        follow(office.database, code=f"H17-261129-000{number}", minute=-3 * 1440)
    store(office.database, S.PAPERS_WANTED, code="H17-261129-0009", due_on=date(2026, 12, 1))
    follow(office.database, code="H17-261129-0009")
    assert office.clock(-181) == 2
    texts = office.release(-179)
    assert [text[:60] for text in texts] == [
        "Ho so H17-261129-0000 hen tra ngay mai 01/12/2026. Khi co ke",
        "Xin loi, ho so H17-261129-0001 bi tre hen 29/11/2026. Ngung:",
    ]
    store(office.database, S.IN_PROGRESS, code="H17-261129-0001", due_on=date(2026, 12, 10))
    assert office.clock(60) == 0
    assert office.release(200) == []
    with office.database.read() as connection:
        assert count_followers(connection, connection.execute(select(dossier.c.id)).scalars().first() or 0) == 1


def test_answers_go_first(office: Office) -> None:
    for number in range(20):
        code = f"H17-261129-{number:04}"
        store(office.database, S.ACCEPTED, code=code, minute=-200)
        follow(office.database, code=code, phone=Address(f"849051234{number:02}"))
        store(office.database, S.STOPPED, code=code, minute=-100)
    replies = office.desk().replies
    with office.database.write() as connection:
        released = [release_some(connection, office.desk(), now=at(0)) for _ in range(3)]
        assert released == [MOST_QUEUED, 0, 0]  # the link has not taken the first yet
        connection.execute(update(outbound).values(state=OutboundState.SENT))
        waiting = [
            replies.compose(link="main", sender="8188", recipient=OTHER, body="x", now=at(0))
            for _ in range(MOST_QUEUED)
        ]
        outbox_insert.add(connection, waiting)
        assert release_some(connection, office.desk(), now=at(0)) == 0  # answers wait
        connection.execute(update(outbound).values(state=OutboundState.SENT))
        assert release_some(connection, office.desk(), now=at(0)) == MOST_QUEUED


def test_a_notice_goes_by_the_channel_of_its_text_in_the_language_of_the_citizen(database: Database) -> None:
    office = Office(database, senders=("other", "main"))
    store(database, S.REGISTERED)
    follow(database)
    follow(database, phone=OTHER)
    with database.write() as connection:
        connection.execute(
            insert(citizen).values(id=1, phone=OTHER, phone_mark=OTHER, language="en", created_at=at(0), seen_at=at(0))
        )
        connection.execute(update(subscription).where(subscription.c.phone_mark == OTHER).values(link="gone"))
    store(database, S.ACCEPTED, minute=1)
    texts = office.release(62)
    assert [text.split(".")[0] for text in texts] == [
        f"Ho so {CODE} da duoc tiep nhan",
        f"Dossier {CODE} was received",
    ]
    with database.read() as connection:
        assert list(connection.scalars(select(outbound.c.link).order_by(outbound.c.id))) == ["main", "other"]


def test_a_blocked_number_and_one_that_said_no_get_nothing(office: Office) -> None:
    store(office.database, S.REGISTERED)
    for phone in (PHONE, OTHER):
        follow(office.database, phone=phone)
    store(office.database, S.ACCEPTED, minute=1)
    shut = {"number_mark": PHONE, "number": PHONE, "reason": "x", "made_by": "lan", "since": at(0), "until": at(90)}
    with office.database.write() as connection:
        connection.execute(insert(block).values(shut))
        end_all(connection, OTHER, inbound_id=1, new_id=new_id, now=at(2))
    assert office.release(62) == []
    assert len(office.release(91)) == 1
