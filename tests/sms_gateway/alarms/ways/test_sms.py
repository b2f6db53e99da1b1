"""Notices by SMS: one text to each duty number, by a channel that is up; without one, another way must tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from db.messages.outbox import states_of
from db.processes.channel_states import ChannelState, write_states
from db.reports.day_figures import Figure, FigureKind, count_span
from db.reports.rollups import find_waiting
from db.schema import OutboundState, outbound
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.alarms.finding import last_hour
from sms_gateway.alarms.notice import NotDelivered, NoticeKind
from sms_gateway.alarms.ways import ways_of
from sms_gateway.alarms.ways.sms import SmsParts, SmsWay
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.clock import Now
from sms_gateway.pipeline.replies import Replies
from sms_gateway.settings.model import Settings
from tests.sms_gateway.alarms.notices import NOTICE, SINCE
from tests.sms_gateway.conftest import Clock

NOW = SINCE + timedelta(minutes=1)
LINK = {"host": "smsc.example", "system_id": "city", "password": SecretStr("passwd")}
SETTINGS = Settings.model_validate(
    {
        "links": {"viettel": LINK, "mobifone": {**LINK, "short_code": "8388"}},
        "alarms": {"sms": {"numbers": ["0905 123 456", "+84905654321"]}},
    }
)


def way_by(database: Database, *here: ChannelState, now: Now = lambda: NOW) -> SmsWay:
    replies = Replies(new_id=IdSource(node=1, now=now).new, traits=traits_by_channel(SETTINGS))
    parts = SmsParts(database=database, replies=replies, senders=SETTINGS.senders, states=lambda: here)
    (way,) = ways_of(SETTINGS, parts, now=now)
    assert isinstance(way, SmsWay)
    return way


def state(name: str, *, up: bool) -> ChannelState:
    return ChannelState(name=name, up=up, since=SINCE, binds=int(up), wanted=1)


def test_each_number_gets_one_text_by_the_first_channel_that_is_up(sqlite_database: Database) -> None:
    way = way_by(sqlite_database, state("viettel", up=False), state("mobifone", up=True))
    assert way.probe() == "mobifone"
    ids = way.queue(NOTICE)
    with sqlite_database.read() as connection:
        rows = connection.execute(select(outbound).order_by(outbound.c.id)).all()
        assert states_of(connection, ids) == [OutboundState.QUEUED] * 2
    assert [(row.link, row.sender, row.recipient) for row in rows] == [
        ("mobifone", "8388", "84905123456"),
        ("mobifone", "8388", "84905654321"),
    ]
    (body,) = {row.body for row in rows}
    assert body.startswith("SMS 8188 BAO DONG: Duong noi viettel mat tu 29/11/2026 21:05 (no answer).")
    assert rows[0].expires_at == NOW + timedelta(hours=1)


def test_a_telephone_gets_a_few_texts_an_hour_and_the_last_ones_lead_to_the_page(sqlite_database: Database) -> None:
    clock = Clock()
    clock.now = NOW
    way = way_by(sqlite_database, state("viettel", up=True), now=clock)
    calm = replace(NOTICE, is_urgent=False)
    for _ in range(40):
        way.deliver(calm)
    assert texts_to(sqlite_database, "84905123456") == [0] * 4 + [1]
    for _ in range(40):
        way.deliver(NOTICE)
    assert texts_to(sqlite_database, "84905654321") == [0] * 4 + [1] * 6
    assert len(way.queue(replace(NOTICE, kind=NoticeKind.TEST))) == 2
    clock.advance(timedelta(minutes=61))
    assert len(way.queue(calm)) == 2


def texts_to(database: Database, number: str) -> list[int]:
    """Return of each text to a number whether it says that the page has more."""
    with database.read() as connection:
        rows = connection.execute(select(outbound.c.recipient, outbound.c.body).order_by(outbound.c.id)).all()
    return [int(row.body.endswith("Xem trang Bao dong: dang co 0")) for row in rows if row.recipient == number]


def test_texts_of_alarms_are_in_no_count_of_answers(sqlite_database: Database) -> None:
    way = way_by(sqlite_database, state("viettel", up=True))
    ids = way.queue(NOTICE)
    replies = Replies(new_id=IdSource(node=2, now=lambda: NOW).new, traits=traits_by_channel(SETTINGS))
    with sqlite_database.write() as connection:
        to_citizen = replies.compose(
            link="viettel", sender="8188", recipient=Address("84905000001"), body="x", now=NOW, lasts=None
        )
        replies.queue(connection, [to_citizen], now=NOW)
    with sqlite_database.read() as connection:
        assert find_waiting(connection).answers == 1
        assert last_hour(connection, NOW).answers == 1
    with sqlite_database.write() as connection:
        connection.execute(outbound.update().where(outbound.c.id.in_(ids)).values(state=OutboundState.FAILED))
    with sqlite_database.read() as connection:
        hour = last_hour(connection, NOW)
        assert (hour.answers, hour.failed) == (1, 0)
        figures = count_span(connection, NOW - timedelta(hours=1), NOW + timedelta(hours=1))
        assert {one: count for one, count in figures.items() if one.kind is FigureKind.SMS} == {
            Figure(FigureKind.SMS, "queued", ""): 1
        }


def test_a_channel_of_another_process_counts_while_it_was_heard_of(sqlite_database: Database) -> None:
    with sqlite_database.write() as connection:
        write_states(connection, [state("viettel", up=True)], holder="other:1", now=NOW)
    way_by(sqlite_database).deliver(NOTICE)
    with sqlite_database.write() as connection:
        write_states(connection, [state("viettel", up=True)], holder="other:1", now=NOW - timedelta(minutes=1))
    with pytest.raises(NotDelivered, match="no channel that sends to telephones is up"):
        way_by(sqlite_database).deliver(NOTICE)


def test_without_a_channel_or_a_database_it_is_not_delivered_and_nothing_is_stored(sqlite_database: Database) -> None:
    down = way_by(sqlite_database, state("viettel", up=False))
    for tried in (down.deliver, lambda _: down.probe()):
        with pytest.raises(NotDelivered, match="no channel that sends to telephones is up") as found:
            tried(NOTICE)
        assert not found.value.is_final
    with sqlite_database.read() as connection:
        assert connection.execute(select(outbound.c.id)).all() == []
    up = way_by(sqlite_database, state("viettel", up=True))
    with sqlite_database.write() as connection:
        connection.exec_driver_sql("DROP TABLE segment")
        connection.exec_driver_sql("DROP TABLE outbound")
    with pytest.raises(NotDelivered, match="could not be stored"):
        up.deliver(NOTICE)


def test_without_a_database_there_is_no_way_by_sms() -> None:
    assert ways_of(SETTINGS) == []
