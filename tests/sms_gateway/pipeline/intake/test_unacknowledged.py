"""What the carrier may send again on the same session, and what is sent back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from db.messages import inbox
from db.schema import InboundState, inbound
from db.store.engine import Database, open_database, unmarked
from db.store.ids import IdSource
from db.store.sealing import Keyring
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.dispatch.handling import ReadText, read_text
from sms_gateway.pipeline.dispatch.preparation import Preparation
from sms_gateway.pipeline.intake.back_pressure import BackPressure
from sms_gateway.pipeline.intake.batch import Reception
from sms_gateway.pipeline.intake.unacknowledged import MOST, Unacknowledged
from sms_gateway.pipeline.ports import Arrival, InboundText, Verdict
from tests.sms_gateway.pipeline.conftest import make_stage
from tests.sms_gateway.pipeline.edges import START, Clock, PaperSource, arrive, text


class Forgetful(Database):
    """A database whose commit succeeds and whose word of it is lost, once: as when the connection falls there."""

    @contextmanager
    def write(self, mark: Callable[[str], None] = unmarked) -> Iterator[Connection]:
        del mark
        with self.writer.begin() as connection:
            yield connection
        raise OperationalError("COMMIT", None, Exception("connection lost"))


def reception(database: Database, clock: Clock, unacknowledged: Unacknowledged | None = None) -> Reception:
    return Reception(
        database=database,
        new_id=IdSource(node=0, now=clock).new,
        lease=timedelta(seconds=15),
        now=clock,
        read_parts=LongTexts({}),
        metrics=Metrics(),
        unacknowledged=unacknowledged or Unacknowledged(),
    )


def bring(room: Reception, *texts: InboundText) -> list[Verdict]:
    source = PaperSource()
    room.take_in([(Arrival(source=source, ticket=number, content=one), one) for number, one in enumerate(texts)])
    return [source.wait_for(number) for number in range(len(texts))]


def states(database: Database) -> list[InboundState]:
    with database.read() as connection:
        return list(connection.scalars(select(inbound.c.state).order_by(inbound.c.id)))


def test_a_text_that_was_stored_although_it_was_refused_is_known_when_it_comes_again(
    database: Database, clock: Clock
) -> None:
    forgetful = Forgetful(writer=database.writer, reader=database.reader, keyring=database.keyring)
    first = reception(forgetful, clock)
    assert bring(first, text("HD")) == [Verdict.TRY_LATER]
    clock.pass_(seconds=60)
    again = reception(database, clock, first.unacknowledged)
    assert bring(again, text("HD", at=clock())) == [Verdict.DUPLICATE]
    assert states(database) == [InboundState.RECEIVED, InboundState.REDELIVERY]
    clock.pass_(minutes=11)
    assert bring(again, text("HD", at=clock())) == [Verdict.STORED]


def test_a_repetition_that_came_before_our_late_word_is_the_carriers(database: Database, clock: Clock) -> None:
    room = reception(database, clock)
    clock.pass_(seconds=40)  # the database held us up so long
    assert bring(room, text("HD", at=START)) == [Verdict.STORED]
    assert bring(room, text("HD", at=START + timedelta(seconds=30))) == [Verdict.DUPLICATE]
    clock.pass_(seconds=20)
    assert bring(room, text("HD", at=clock())) == [Verdict.STORED]  # the citizen asks again


def test_both_in_one_late_batch_are_one(database: Database, clock: Clock) -> None:
    room = reception(database, clock)
    late = text("HD", at=START + timedelta(seconds=30))
    assert bring(room, text("HD"), late) == [Verdict.STORED, Verdict.DUPLICATE]


def test_another_link_does_not_repeat_for_this_one(database: Database, clock: Clock) -> None:
    room = reception(database, clock)
    clock.pass_(seconds=40)
    later = text("HD", at=START + timedelta(seconds=30), link="other")
    assert bring(room, text("HD"), later) == [Verdict.STORED, Verdict.STORED]


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_redelivery_is_known_although_the_clock_was_set(database: Database, clock: Clock, minutes: int) -> None:
    bring(reception(database, clock), text("HD", session=900))
    clock.pass_(minutes=minutes)
    again = text("HD", session=100, at=clock())
    assert bring(reception(database, clock), again) == [Verdict.DUPLICATE]


def test_what_is_remembered_is_bounded() -> None:
    unacknowledged = Unacknowledged()
    for number in range(MOST + 50):
        unacknowledged.write(number, START)
        unacknowledged.refused(START, timedelta(minutes=1))
    assert sum(unacknowledged.expects(number, START) for number in range(MOST + 50)) == MOST
    assert not unacknowledged.expects(0, START)
    assert unacknowledged.expects(MOST, START)


def test_more_than_may_wait_is_sent_back_at_once() -> None:
    gate = BackPressure(most_waiting=10)
    assert gate.admit(10)
    assert not gate.admit(1)
    gate.begin_round(10)
    assert gate.admit(10)
    assert gate.turned_away() == 1
    assert gate.turned_away() == 0


def test_a_road_that_stands_still_sends_back_what_comes(sqlite_database: Database, clock: Clock) -> None:
    stage = make_stage(sqlite_database, clock)  # not started: nothing takes anything out
    source = PaperSource()
    for ticket in range(5100):
        stage.pipeline.offer([Arrival(source=source, ticket=ticket, content=text("HD"))])
    assert len(source.verdicts) == 100
    assert set(map(tuple, source.verdicts.values())) == {(Verdict.TRY_LATER,)}


def test_a_locked_database_sends_back_within_two_seconds_and_recovers(sqlite_url: str, clock: Clock) -> None:
    keyring = Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)
    ours, theirs = open_database(sqlite_url, keyring, wait_seconds=1.0), open_database(sqlite_url, keyring)
    stage = make_stage(ours, clock)
    stage.pipeline.start()
    try:
        with theirs.write() as connection:
            connection.execute(select(func.count()).select_from(inbound))
            began = monotonic()
            assert arrive(stage.pipeline, text("HD")) == [Verdict.TRY_LATER]
            assert arrive(stage.pipeline, text("HD")) == [Verdict.TRY_LATER]
            assert monotonic() - began < 3.5
        stage.eventually(lambda: arrive(stage.pipeline, text("HD")) == [Verdict.STORED])
        stage.carrier.wait_for(1)
    finally:
        stage.pipeline.stop(1)
        ours.close()
        theirs.close()


def test_texts_beyond_what_may_be_prepared_are_left_as_rows(database: Database, clock: Clock) -> None:
    tks = [
        text(f"TK, Nguyen Van A, 2014999{number:02d}, 20/12/1990", sender=f"849051234{number:02d}")
        for number in range(5)
    ]
    bring(reception(database, clock), *tks)
    clock.pass_(seconds=16)
    with database.write() as connection:
        waiting = inbox.claim_waiting(connection, now=clock(), lease_until=clock() + timedelta(seconds=15), limit=10)
    ready: list[ReadText] = []
    preparation = Preparation(1, ready.append, wanted=lambda _: True, most=2)
    assert preparation.send([read_text(one, ["8188"]) for one in waiting]) == []
    assert len(preparation) == 2
    preparation.stop()
    clock.pass_(seconds=16)
    with database.write() as connection:
        inbox.let_go(connection, preparation.turned_away())
        again = inbox.claim_waiting(connection, now=clock(), lease_until=clock() + timedelta(seconds=15), limit=10)
    assert len(again) == 1  # one of the two that were held, alone, since a process may have died of it
    with database.write() as connection:
        again = inbox.claim_waiting(connection, now=clock(), lease_until=clock() + timedelta(seconds=15), limit=10)
    assert len(again) == 1
    with database.write() as connection:
        again = inbox.claim_waiting(connection, now=clock(), lease_until=clock() + timedelta(seconds=15), limit=10)
    assert len(again) == 3  # those that found no place are as if they had never been claimed
    assert preparation.turned_away() == []
