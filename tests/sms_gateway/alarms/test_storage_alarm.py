"""The most important alarm: told although nothing can be written, and although the process soon ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, current_thread
from time import monotonic, sleep

import pytest

from db.processes.alarms import find_ended, find_open
from db.store.engine import Database
from sms_gateway.alarms import running
from sms_gateway.alarms.notice import AlarmNotice, NotDelivered
from sms_gateway.metrics import Trouble
from tests.sms_gateway.alarms.house import REPEAT, HeardWay, House

BEGINS, GOES_ON, ENDS = (
    ("begins", "nothing_taken", ""),
    ("goes_on", "nothing_taken", ""),
    ("ends", "nothing_taken", ""),
)


@dataclass(kw_only=True)
class Storage:
    """What the watch of the database reports."""

    troubles: list[Trouble] = field(default_factory=list)

    def __call__(self) -> Sequence[Trouble]:
        return self.troubles


def look(house: House, *, seconds: int) -> None:
    """Let the storage be looked at every ten seconds."""
    for _ in range(seconds // 10):
        house.alarms.storage.look()
        house.clock.advance(timedelta(seconds=10))


def holding(house: House) -> House:
    house.alarms.begin()  # the duty is ours, whatever comes of it
    house.alarms.end()
    return house


def test_a_database_that_takes_nothing_is_told_from_memory_and_its_end_by_the_tables(
    sqlite_database: Database,
) -> None:
    storage, mail, sms = Storage(), HeardWay(name="email"), HeardWay(name="sms")
    house = holding(House(database=sqlite_database, ways=[mail, sms], troubles=storage))
    storage.troubles = [Trouble.NOTHING_TAKEN]
    look(house, seconds=50)
    assert mail.told == [], "it has not lasted"
    mail.refusal = NotDelivered("away")
    look(house, seconds=20)
    mail.refusal = None
    look(house, seconds=40)
    assert mail.told == [BEGINS], "told again after a failure, once"
    house.clock.advance(REPEAT)
    look(house, seconds=30)
    assert mail.told == [BEGINS, GOES_ON]
    storage.troubles = []
    look(house, seconds=20)
    with sqlite_database.read() as connection:
        assert [one.name for one in find_open(connection)] == ["nothing_taken"]
    house.alarms = house.restarted()  # another process may tell the end
    house.rounds(seconds=80)
    assert mail.told == [BEGINS, GOES_ON, ENDS]
    assert sms.told == [], "an SMS is a row, and none could be written"
    with sqlite_database.read() as connection:
        assert [one.name for one in find_ended(connection, limit=9)] == ["nothing_taken"]


def test_rounds_that_fail_or_get_no_further_are_told_once(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(running, "STUCK_SECONDS", 0.05)
    for is_stuck in (True, False):
        mail, reads, answers = HeardWay(name="email"), Event(), Event()

        def of_a_dead_disk(
            *, is_stuck: bool = is_stuck, reads: Event = reads, answers: Event = answers
        ) -> Sequence[Trouble]:
            if current_thread().name == "alarms" and not answers.is_set():
                reads.set()
                if not is_stuck:
                    raise OSError
                answers.wait(10)
            return ()

        house = House(database=sqlite_database, ways=[mail], troubles=of_a_dead_disk)
        alarms = house.alarms
        alarms.begin()
        assert reads.wait(10)
        sleep(0.1)
        look(house, seconds=200)
        assert mail.told == [("begins", "rounds_fail", "")], is_stuck
        answers.set()
        alarms.end()
        look(house, seconds=20)
        house.rounds(seconds=80)
        assert [(kind, name) for kind, name, _ in mail.told] == [("begins", "rounds_fail"), ("ends", "rounds_fail")]
        house.clock.advance(REPEAT)


def test_a_way_that_refuses_is_tried_again_and_holds_no_repeat_of_the_others_back(sqlite_database: Database) -> None:
    storage, mail, hook = Storage(troubles=[Trouble.NOTHING_TAKEN]), HeardWay(name="email"), HeardWay(name="webhook")
    house = holding(House(database=sqlite_database, ways=[mail, hook], troubles=storage))
    mail.refusal = NotDelivered("the log-in is refused (535)", is_final=True)
    look(house, seconds=100)
    assert (mail.told, hook.told) == ([], [BEGINS])
    house.clock.advance(REPEAT)
    mail.refusal, hook.refusal = None, NotDelivered("away")
    look(house, seconds=20)
    hook.refusal = None
    look(house, seconds=60)
    assert (mail.told, hook.told) == ([GOES_ON], [BEGINS, GOES_ON])
    mail.refusal = NotDelivered("the log-in is refused (535)", is_final=True)
    house.clock.advance(REPEAT)
    look(house, seconds=20)
    mail.refusal = None
    house.clock.advance(timedelta(minutes=15))
    look(house, seconds=10)
    assert mail.told == [GOES_ON, GOES_ON], "the same notice, a quarter of an hour later"


def test_only_the_process_that_had_the_duty_tells_it(sqlite_database: Database) -> None:
    storage, mail = Storage(troubles=[Trouble.NOTHING_TAKEN]), HeardWay(name="email")
    house = House(database=sqlite_database, ways=[mail], troubles=storage)
    look(house, seconds=100)
    assert mail.told == []


def test_a_trouble_that_was_not_told_has_no_end(sqlite_database: Database) -> None:
    storage, mail = Storage(troubles=[Trouble.NOTHING_TAKEN]), HeardWay(name="email")
    house = holding(House(database=sqlite_database, ways=[mail], troubles=storage))
    look(house, seconds=30)
    storage.troubles = []
    look(house, seconds=30)
    house.rounds(seconds=80)
    assert mail.told == []


@dataclass(kw_only=True)
class SlowWay:
    """A way that takes until it is let go."""

    name: str = "webhook"
    go: Event = field(default_factory=Event)

    def deliver(self, notice: AlarmNotice) -> None:
        del notice
        self.go.wait(5)


def test_a_lost_database_is_told_at_once_by_every_way_and_the_process_waits_for_them(
    sqlite_database: Database,
) -> None:
    storage, mail, slow = Storage(), HeardWay(name="email"), SlowWay()
    house = holding(House(database=sqlite_database, ways=[slow, mail], troubles=storage))
    watch = house.alarms.storage
    assert watch.may_end()
    watch.start()
    storage.troubles = [Trouble.DATABASE_REPLACED]
    watch.database_lost()
    deadline = monotonic() + 5
    while not mail.heard and monotonic() < deadline:
        Event().wait(0.01)
    assert [(one.kind.value, one.alarm, one.is_urgent) for one in mail.heard] == [("begins", "database_replaced", True)]
    assert not watch.may_end(), "the other way has not answered yet"
    slow.go.set()
    while not watch.may_end() and monotonic() < deadline:
        Event().wait(0.01)
    assert watch.may_end()
    watch.stop(1)
    house.alarms.round()
    with sqlite_database.read() as connection:
        assert find_open(connection) == [], "nothing is written into a database that is lost"
