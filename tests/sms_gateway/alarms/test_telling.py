"""Notices on their way out: once on each way, over failures, restarts and several processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update

from db.processes.alarms import acknowledge, find_ended, find_open
from db.schema import OutboundState, alarm, alarm_notice, outbound
from db.store.engine import Database
from db.store.ids import IdSource
from sms_gateway.alarms.notice import NotDelivered
from sms_gateway.alarms.plan import GIVEN_UP_AFTER, KEPT
from sms_gateway.alarms.ways import ways_of
from sms_gateway.alarms.ways.sms import SmsParts
from sms_gateway.channels.traits import traits_by_channel
from sms_gateway.pipeline.replies import Replies
from tests.sms_gateway.alarms.house import EVERY_WAY, REPEAT, HeardWay, House
from tests.sms_gateway.conftest import NOON, VIETTEL, Clock

DOWN = ("begins", "link_down", "viettel")
UP = ("ends", "link_down", "viettel")
REFUSED = NotDelivered("the mail server is away")


@pytest.fixture
def mail() -> HeardWay:
    return HeardWay(name="email")


@pytest.fixture
def house(sqlite_database: Database, mail: HeardWay) -> House:
    return House(database=sqlite_database, ways=[mail, HeardWay(name="webhook"), HeardWay(name="sms")])


def told(house: House) -> Sequence[list[tuple[str, str, str]]]:
    return [way.told for way in house.ways if isinstance(way, HeardWay)]


def test_a_way_that_fails_is_tried_again_and_the_others_are_told_at_once(house: House, mail: HeardWay) -> None:
    mail.refusal = REFUSED
    house.go_down()
    house.rounds(seconds=80)
    assert told(house) == [[], [DOWN], [DOWN]]
    house.rounds(seconds=240)
    assert ("begins", "way_failing", "email") in told(house)[1]
    mail.refusal = None
    house.rounds(seconds=600, every=60)
    assert told(house)[0] == [DOWN], "and no notice about itself"
    house.come_up()
    house.rounds(seconds=80)
    assert [each.count(UP) for each in told(house)] == [1, 1, 1]
    assert mail.heard[0].number == house.ways[1].heard[0].number, "one notice has one number"  # type: ignore[attr-defined]
    assert ("ends", "way_failing", "email") in told(house)[1]


def test_sms_is_the_last_resort_of_what_is_not_urgent(house: House, mail: HeardWay) -> None:
    webhook = house.ways[1]
    assert isinstance(webhook, HeardWay)
    house.links.append(replace(VIETTEL, name="dead", up=False))  # urgent: by SMS, too
    house.rounds(seconds=80)
    assert [len(each) for each in told(house)] == [1, 1, 1]
    mail.refusal = webhook.refusal = REFUSED
    house.is_urgent_on = False  # the conversation without a focal unit: not urgent
    house.alarms = house.restarted()
    house.rounds(seconds=80)
    assert told(house)[2][1:] == [("begins", "no_focal_unit", "")]


def test_a_link_that_is_down_is_texted_by_another_one_and_by_e_mail_when_none_is_up(
    sqlite_database: Database, mail: HeardWay
) -> None:
    clock, links = Clock(), [VIETTEL, replace(VIETTEL, name="vina")]
    replies = Replies(new_id=IdSource(node=4, now=clock).new, traits=traits_by_channel(EVERY_WAY))
    parts = SmsParts(database=sqlite_database, replies=replies, senders=["viettel", "vina"], states=lambda: links)
    sms = next(way for way in ways_of(EVERY_WAY, parts, now=clock) if way.name == "sms")
    house = House(database=sqlite_database, ways=[mail, sms], clock=clock, links=links)
    house.go_down()
    house.rounds(seconds=80)
    with sqlite_database.read() as connection:
        texts = connection.execute(select(outbound.c.link, outbound.c.body, outbound.c.recipient)).all()
    assert [(link, recipient) for link, _, recipient in texts] == [("vina", "84905123456")]
    assert texts[0].body.startswith("SMS 8188 BAO DONG: Link viettel has been down")
    with sqlite_database.write() as connection:  # the carrier took it
        connection.execute(update(outbound).values(state=OutboundState.SENT))
    house.go_down("vina")
    house.rounds(seconds=180)
    assert mail.told == [DOWN, ("begins", "link_down", "vina"), ("begins", "way_failing", "sms")]
    with sqlite_database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(outbound)) == 1
    links[:] = [replace(VIETTEL, name=one.name) for one in links]
    house.rounds(seconds=300)
    assert ("ends", "way_failing", "sms") in mail.told
    with sqlite_database.read() as connection:
        bodies = connection.scalars(select(outbound.c.body).order_by(outbound.c.id)).all()
    told_of = Counter((body.split(":")[0], name) for body in bodies for name in ("viettel", "vina") if name in body)
    assert told_of == {(f"SMS 8188 {kind}", name): 1 for kind in ("BAO DONG", "DA HET") for name in ("viettel", "vina")}


def test_begin_and_end_come_in_their_order_when_the_way_works_again(house: House, mail: HeardWay) -> None:
    mail.refusal = REFUSED
    house.go_down()
    house.rounds(seconds=200)
    house.come_up()
    house.rounds(seconds=80)
    assert told(house) == [[], [DOWN, ("begins", "way_failing", "email"), UP], [DOWN, UP]]
    mail.refusal = None
    house.rounds(seconds=1200, every=120)
    assert told(house)[0] == [DOWN, UP]


def test_a_refusal_for_good_is_tried_again_later_and_a_notice_is_given_up_after_a_day(
    house: House, mail: HeardWay
) -> None:
    mail.refusal = NotDelivered("the log-in is refused (535)", is_final=True)  # the server is being restarted
    house.go_down()
    house.rounds(seconds=80)
    mail.refusal = None
    house.rounds(seconds=600, every=60)
    assert mail.told == []
    house.rounds(seconds=300, every=60)
    assert mail.told == [DOWN]
    mail.refusal = REFUSED
    house.links.append(replace(VIETTEL, name="other", up=False))
    house.rounds(seconds=80)
    house.clock.advance(GIVEN_UP_AFTER)
    house.rounds()
    mail.refusal = None
    house.rounds(seconds=240)
    assert ("begins", "link_down", "other") not in mail.told
    assert ("goes_on", "link_down", "other") in mail.told, "its repeat of the next day"


def test_a_restart_tells_nothing_twice_and_forgets_nothing(house: House, mail: HeardWay) -> None:
    house.go_down()
    house.rounds(seconds=40)
    house.alarms = house.restarted()  # it was seen, and not told yet
    house.rounds(seconds=40)
    for _ in range(3):
        house.alarms = house.restarted()
        house.rounds(seconds=40)
    assert mail.told == [DOWN]
    house.come_up()
    house.alarms = house.restarted()
    house.rounds(seconds=80)
    assert mail.told == [DOWN, UP]


def test_a_process_that_died_while_it_sent_leaves_the_notice_to_the_next(house: House, mail: HeardWay) -> None:
    mail.refusal = SystemExit()  # no result is written
    house.go_down()
    house.rounds(seconds=40)
    with pytest.raises(SystemExit):
        house.rounds(seconds=20)
    mail.refusal = None
    house.alarms = house.restarted()
    house.rounds(seconds=40)
    assert mail.told == [], "perhaps the server took it: no try before the gap is over"
    house.rounds(seconds=40)
    assert mail.told == [DOWN]


@pytest.mark.parametrize("engine", ["sqlite_database", "postgres_database"])
def test_processes_that_overlap_tell_it_once(engine: str, request: pytest.FixtureRequest) -> None:
    """A lease that ended while its holder slept: for a while two processes have the duty."""
    mail, clock = HeardWay(name="email"), Clock()
    house = House(database=request.getfixturevalue(engine), ways=[mail], clock=clock)
    processes = [house.restarted() for _ in range(3)]
    house.go_down()
    for step in range(8):
        if step == 4:
            house.come_up()
        together = Barrier(len(processes))

        def go(number: int, together: Barrier = together) -> None:
            together.wait()
            processes[number].round()

        threads = [Thread(target=go, args=(number,)) for number in range(len(processes))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clock.advance(timedelta(seconds=30))
    assert mail.told == [DOWN, UP]
    with house.database.read() as connection:
        assert len(find_ended(connection, limit=9)) == 1


def test_what_is_not_urgent_waits_for_the_morning_and_is_not_told_when_it_is_over_by_then(
    house: House, mail: HeardWay
) -> None:
    house.clock.now = NOON + timedelta(hours=12)  # midnight
    house.is_urgent_on = False  # no focal unit: not urgent
    house.alarms = house.restarted()
    house.go_down()
    house.rounds(seconds=80)
    assert mail.told == [DOWN]
    house.is_urgent_on = None
    house.alarms = house.restarted()
    house.rounds(seconds=80)
    house.is_urgent_on = False
    house.alarms = house.restarted()
    house.rounds(seconds=80)
    for hours in (13, 17):  # after four hours it would be repeated
        house.clock.now = NOON + timedelta(hours=hours)
        house.rounds(seconds=80)
    assert [one for one in mail.told if one[1] == "no_focal_unit"] == []
    house.clock.now = NOON + timedelta(hours=18, minutes=1)  # one past six
    house.rounds(seconds=40)
    begun = [one for one in mail.told if one[1] == "no_focal_unit"]
    assert begun == [("begins", "no_focal_unit", "")], "that which still holds, once"


def test_an_acknowledged_alarm_is_repeated_no_more_and_its_end_is_told(house: House, mail: HeardWay) -> None:
    house.go_down()
    house.rounds(seconds=80)
    house.clock.advance(REPEAT)
    house.rounds()
    assert mail.told == [DOWN, ("goes_on", *DOWN[1:])]
    with house.database.write() as connection:
        [found] = find_open(connection)
        for expected in (True, False):
            done = acknowledge(connection, found.id, operator="lan", note="the carrier knows", now=house.clock.now)
            assert done is expected
    house.clock.advance(3 * REPEAT)
    house.rounds(seconds=80)
    assert len(mail.told) == 2
    house.come_up()
    house.rounds(seconds=80)
    assert mail.told[2:] == [UP]


def test_nothing_is_written_while_nothing_changes_and_what_ended_is_forgotten_after_a_year(house: House) -> None:
    house.go_down()
    house.rounds(seconds=80)
    house.come_up()
    house.rounds(seconds=80)
    with house.database.read() as connection:
        before = connection.execute(alarm.select()).all()
    house.rounds(seconds=80)
    with house.database.read() as connection:
        assert connection.execute(alarm.select()).all() == before
        assert len(before) == 1
    house.clock.advance(KEPT + timedelta(days=1))
    house.rounds()
    with house.database.read() as connection:
        assert connection.execute(alarm.select()).all() == []
        assert connection.execute(alarm_notice.select()).all() == []
