"""Guessing of receipt codes is told on Today in words, with what to do, for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from db.messages.events import EventKind, NewEvent, add, last_alarm
from db.schema import OutboundState, outbound
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.pipeline.dispatch.guard import Limits
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from tests.sms_gateway.alarms.house import HeardWay, House
from tests.sms_gateway.conftest import NOON, Clock
from tests.sms_gateway.pages.message_rows import MessageRows
from tests.sms_gateway.pipeline.dispatch.desk import Counterdesk

WORDS = "Somebody is guessing receipt codes; alarm raised at "


def today(client: FlaskClient, language: str = "en") -> str:
    return client.get("/admin", headers={"Accept-Language": language}).text


def test_who_scans_is_told_and_the_text_that_raised_it_is_shown(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    """By the pipeline's own guard: the thirtieth wrong code of one neighbourhood raises it."""
    desk = Counterdesk(database=database, now=clock.now)
    assert WORDS not in today(logged_in)
    for number in range(40):
        desk.pass_(seconds=20)
        desk.text(f"849051{number:05d}", f"DVC 000.00.12.H17-230815-{number:04d}")
    with database.write() as connection:
        connection.execute(update(outbound).values(state=OutboundState.SENT))
    clock.now = desk.now
    assert desk.events("scanning") == 1
    page = today(logged_in)
    assert page.count(WORDS) == 2  # the sentence, and the same for those who hear the page
    assert "block them" in page
    link = page.split('id="alarm-scanning"')[1].split('href="')[1].split('"')[0]
    assert link.startswith("/admin/messages/")
    assert logged_in.get(link).status_code == 200
    assert "Có người dò mã hồ sơ" in today(logged_in, "vi")


@pytest.mark.parametrize(("hours", "told"), [(23, True), (25, False)])
def test_it_is_told_for_a_day(
    logged_in: FlaskClient, database: Database, clock: Clock, hours: int, *, told: bool
) -> None:
    clock.now = then = NOON - timedelta(hours=hours)
    new_id = IdSource(node=2, now=clock).new  # ids never go back, so the operator's source would stay at noon
    with database.write() as connection:
        made = MessageRows(connection=connection, new_id=new_id, now=then).text("DVC 1")
        add(connection, [NewEvent(id=new_id(), at=then, kind=EventKind.SCANNING, inbound_id=made)])
        add(connection, [NewEvent(id=new_id(), at=then, kind=EventKind.UNSURE, inbound_id=made)])
    clock.now = NOON
    assert (WORDS in today(logged_in)) is told


def test_a_flood_of_tk_is_told_at_half_and_when_it_is_closed(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    desk = Counterdesk(database=database, now=clock.now, limits=Limits(guesses=GuessLimits(accounts=6)))
    for number, words in ((3, "at half of the 6 in an hour"), (7, "TK opened no more accounts")):
        assert words not in today(logged_in)
        desk.batch(
            [(f"849051{number}{one:04d}", f"TK, Le Van Binh, 3{number}{one:07d}, 20/12/1990") for one in range(4)]
        )
        clock.now = desk.now
        page = today(logged_in)
        assert page.count(words) == 2
    for key in ("many_accounts", "accounts_closed"):
        link = page.split(f'id="alarm-{key}"')[1].split('href="')[1].split('"', maxsplit=1)[0]
        assert logged_in.get(link).status_code == 200
    assert "limits.accounts_an_hour" in page
    assert "Lệnh TK tạm ngừng" in today(logged_in, "vi")


def test_operators_see_the_alarms_and_the_texts(logged_in: FlaskClient, database: Database, clock: Clock) -> None:
    desk = Counterdesk(database=database, now=clock.now, limits=Limits(answers_an_hour=6))
    desk.batch([(f"849051{number:05d}", "HD") for number in range(4)])
    clock.now = desk.now
    assert "at half of the 6 in an hour" in today(logged_in)
    desk.pass_(seconds=1)
    desk.batch([(f"849051{number:05d}", "HD") for number in range(4, 8)])
    clock.now = desk.now
    page = today(logged_in)
    assert "6 answers were given in an hour" in page
    assert "limits.answers_an_hour" in page
    link = page.split('id="alarm-answers_closed"')[1].split('href="')[1].split('"', maxsplit=1)[0]
    message = logged_in.get(link, headers={"Accept-Language": "en"}).text
    assert "limit of all answers" in message
    silenced = logged_in.get("/admin/messages?state=silenced", headers={"Accept-Language": "en"}).text
    assert silenced.count('href="/admin/messages/') == 2
    assert "Ngừng trả lời tin" in today(logged_in, "vi")


@pytest.mark.parametrize("kind", ["many_accounts", "accounts_closed"])
def test_alarms_of_accounts_have_an_index(sqlite_database: Database, kind: str) -> None:
    with sqlite_database.read() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN SELECT at FROM event WHERE event.kind = '{kind}' AND id >= 5 ORDER BY id DESC LIMIT 1"
        ).all()
    assert "ix_event_accounts" in plan[0].detail


def test_other_events_are_not_looked_through(sqlite_database: Database) -> None:
    with sqlite_database.read() as connection:
        assert last_alarm(connection, EventKind.SCANNING, 0) is None
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT at, inbound_id FROM event WHERE event.kind = 'scanning' AND id >= 5 "
            "ORDER BY id DESC LIMIT 1"
        ).all()
    assert "ix_event_scanning" in plan[0].detail


def test_a_loop_with_the_carrier_is_told_with_what_to_ask_for(
    logged_in: FlaskClient, database: Database, clock: Clock
) -> None:
    desk = Counterdesk(database=database, now=clock.now)
    desk.text("84905123456", "id:77 sub:001 dlvrd:001 stat:DELIVRD err:000")
    clock.now = desk.now
    page = today(logged_in)
    assert "The carrier sends our own messages back as texts" in page
    assert "esm_class 4" in page
    link = page.split('id="alarm-carrier_loop"')[1].split('href="')[1].split('"')[0]
    assert "a receipt that came as a text" in logged_in.get(link, headers={"Accept-Language": "en"}).text
    assert "gửi ngược tin" in today(logged_in, "vi")


def test_a_flood_of_minutes_is_not_told_to_go_on(sqlite_database: Database) -> None:
    mail = HeardWay(name="email")
    house = House(database=sqlite_database, ways=[mail])
    with sqlite_database.write() as connection:
        made = MessageRows(connection=connection, new_id=house.new_id, now=house.clock()).text("x")
        add(connection, [NewEvent(id=house.new_id(), at=house.clock(), kind=EventKind.MANY_ANSWERS, inbound_id=made)])
    house.rounds(seconds=26 * 3600, every=1800)
    assert mail.told == [("begins", "many_answers", ""), ("ends", "many_answers", "")]
