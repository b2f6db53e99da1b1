"""When a notice is tried: not in the quiet hours, not when it is old news, and no way waits for another one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from db.processes.alarm_notices import accepted_ways, way_states
from db.processes.alarms import find_open
from db.schema import alarm_notice
from db.store.engine import Database
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered
from tests.sms_gateway.alarms.house import HeardWay, House
from tests.sms_gateway.conftest import NOON, VIETTEL

DOWN = ("begins", "link_down", "viettel")
REFUSED = NotDelivered("the mail server is away")


@pytest.fixture
def mail() -> HeardWay:
    return HeardWay(name="email")


@pytest.fixture
def house(sqlite_database: Database, mail: HeardWay) -> House:
    return House(database=sqlite_database, ways=[mail])


def of_units(way: HeardWay) -> list[str]:
    return [one.kind.value for one in way.heard if one.alarm == "no_focal_unit"]


def test_a_notice_that_waited_while_the_service_was_stopped_is_not_sent_when_it_is_over(
    house: House, mail: HeardWay
) -> None:
    def restart(*, hours: float, is_wrong: bool) -> None:
        house.clock.now = NOON + timedelta(hours=hours)
        house.is_urgent_on = False if is_wrong else None  # no focal unit: not urgent
        house.alarms = house.restarted()
        house.rounds(seconds=80, every=80)

    restart(hours=11, is_wrong=True)  # 23:00
    restart(hours=21, is_wrong=False)  # 09:00, and repaired meanwhile
    assert of_units(mail) == []
    restart(hours=35, is_wrong=True)
    restart(hours=35 + 240, is_wrong=True)  # ten days later, 23:00 again
    assert of_units(mail) == []
    house.clock.now += timedelta(hours=7, minutes=2)
    house.rounds(seconds=80)
    assert of_units(mail) == ["goes_on"], "that which still holds, in the morning, once"


def test_no_try_is_made_in_the_quiet_hours(house: House, mail: HeardWay) -> None:
    house.clock.now = NOON + timedelta(hours=9, minutes=58)  # 21:58
    house.is_urgent_on, mail.refusal = False, REFUSED
    house.alarms = house.restarted()
    house.rounds(seconds=80, every=80)  # tried at 21:59
    mail.refusal = None
    for hours, expected in ((10.1, []), (17.9, []), (18.1, ["begins"]), (18.2, ["begins"]), (21.9, ["begins"])):
        house.clock.now = NOON + timedelta(hours=hours)
        house.rounds()
        assert of_units(mail) == expected, hours
    assert mail.heard[0].at == NOON + timedelta(hours=18.1), "sent in the morning, and it says so"
    with house.database.read() as connection:
        [found] = [one for one in find_open(connection) if one.name == "no_focal_unit"]
        accepted = accepted_ways(connection, [found.id])[found.id]
    assert (accepted.ways, accepted.last_at) == (("email",), NOON + timedelta(hours=18.1)), "the page shows this time"


def test_a_way_fails_since_its_first_failure(house: House, mail: HeardWay) -> None:
    mail.refusal = REFUSED
    house.go_down()
    house.rounds(seconds=80)
    since = set()
    for _ in range(3):
        house.clock.advance(timedelta(minutes=9))
        house.rounds()
        with house.database.read() as connection:
            states = way_states(connection, since=NOON, now=house.clock())
        since.add(states["email"].failing_since)
    assert since == {NOON + timedelta(seconds=60)}, "each retry comes later, and changes nothing"


def test_a_repeat_counts_from_the_end_of_the_quiet_hours(house: House, mail: HeardWay) -> None:
    house.terms = replace(house.terms, repeat=timedelta(hours=1))
    house.clock.now = NOON + timedelta(hours=11)  # 23:00
    house.is_urgent_on = False
    house.alarms = house.restarted()
    house.rounds(seconds=80, every=80)
    for hours, expected in ((13, []), (18.1, ["begins"]), (18.9, ["begins"]), (19.1, ["begins", "goes_on"])):
        house.clock.now = NOON + timedelta(hours=hours)
        house.rounds()
        assert of_units(mail) == expected, hours


def test_a_notice_whose_acceptance_cannot_be_written_is_sent_once(house: House, mail: HeardWay) -> None:
    house.go_down()
    house.rounds()
    with house.database.write() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE UPDATE ON alarm_notice WHEN NEW.state = 'accepted' "
            "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    for _ in range(3):
        house.clock.advance(timedelta(seconds=90))
        with suppress(DatabaseError):
            house.rounds()
    with house.database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    house.rounds(seconds=600, every=200)
    assert mail.told == [DOWN]
    with house.database.read() as connection:
        assert set(connection.scalars(select(alarm_notice.c.state))) == {"accepted"}


def test_a_way_that_does_not_answer_keeps_no_other_waiting(sqlite_database: Database) -> None:
    @dataclass(kw_only=True)
    class Hanging(HeardWay):
        go: Event = field(default_factory=Event)

        def deliver(self, notice: AlarmNotice) -> None:
            assert self.go.wait(10)
            HeardWay.deliver(self, notice)

    @dataclass(kw_only=True)
    class Freeing(HeardWay):
        go: Event

        def deliver(self, notice: AlarmNotice) -> None:
            HeardWay.deliver(self, notice)
            self.go.set()

    mail = Hanging(name="email")
    hook = Freeing(name="webhook", go=mail.go)  # the mail server answers when the webhook was told
    house = House(database=sqlite_database, ways=[mail, hook])
    house.go_down()
    house.rounds(seconds=60, every=60)
    assert (mail.told, hook.told) == ([DOWN], [DOWN])


def test_a_clock_that_was_ahead_keeps_no_notice_back(house: House, mail: HeardWay) -> None:
    ahead = timedelta(days=3650)
    house.clock.advance(ahead)
    house.go_down()
    mail.refusal = REFUSED
    house.rounds(seconds=80)
    house.clock.advance(-ahead)
    mail.refusal = None
    house.rounds(seconds=80)
    assert mail.told[:1] == [DOWN]
    house.clock.advance(ahead)
    house.links.append(replace(VIETTEL, name="other", up=False))
    house.rounds(seconds=80)
    house.clock.advance(-ahead)
    mail.refusal = REFUSED
    house.links.append(replace(VIETTEL, name="third", up=False))
    house.rounds(seconds=80)
    with house.database.read() as connection:
        state = way_states(connection, since=house.clock() - timedelta(days=1), now=house.clock())["email"]
    assert state.failing_since is not None, "what was accepted ten years later does not hide it"
