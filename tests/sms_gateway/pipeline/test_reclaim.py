"""Texts that nobody handles: claimed, counted before they are tried, and parked when the tries end in nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from db.messages import inbox
from db.messages.inbox import WaitingText
from db.schema import InboundState, event, inbound
from db.store.address import Address
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from sms_gateway.pipeline.intake.storage import store_texts
from sms_gateway.pipeline.loop import REST_OF_THE_TRIED
from sms_gateway.pipeline.ports import Arrival, Verdict
from sms_gateway.pipeline.reclaim import DEATHS
from sms_gateway.pipeline.rounds import Round
from sms_gateway.pipeline.single_commit import SingleCommit
from sms_gateway.pipeline.work import Work
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock, PaperSource, arrive, text

LEASE = timedelta(seconds=15)


def store(database: Database, clock: Clock, *senders: str, held: bool = True) -> list[int]:
    texts = [text("HD", sender=sender) for sender in senders]
    until = clock() + LEASE if held else None
    with database.write() as connection:
        stored = store_texts(connection, texts, new_id=IdSource(node=3, now=clock).new, lease_until=until)
    return [one.inbound_id for one in stored]


def claim(database: Database, clock: Clock, *, tried_too: bool = True) -> list[WaitingText]:
    with database.write() as connection:
        return inbox.claim_waiting(connection, now=clock(), lease_until=clock() + LEASE, limit=10, tried_too=tried_too)


def attempts(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.scalars(select(inbound.c.attempts).order_by(inbound.c.id)))


def test_what_was_tried_before_is_claimed_alone(database: Database, clock: Clock) -> None:
    first, second, third = store(database, clock, "84905000001", "84905000002", "84905000003", held=False)
    with database.write() as connection:
        inbox.put_back(connection, [second], retry_at=clock())
    assert [one.id for one in claim(database, clock)] == [first]
    assert [(one.id, one.attempts) for one in claim(database, clock)] == [(second, 2)]
    assert [one.id for one in claim(database, clock)] == [third]
    clock.pass_(minutes=1)
    assert claim(database, clock, tried_too=False) == []
    assert [one.id for one in claim(database, clock)] == [first]


def test_a_claim_counts_and_one_that_is_let_go_does_not(database: Database, clock: Clock) -> None:
    store(database, clock, "84905000001", held=False)
    for _ in range(3):
        held = claim(database, clock)
        assert attempts(database) == [1]
        with database.write() as connection:
            inbox.let_go(connection, held)
    assert attempts(database) == [0]
    with database.write() as connection:
        inbox.let_go(connection, claim_in(connection, clock), until=clock() + LEASE)
    assert claim(database, clock) == []
    clock.pass_(seconds=16)
    assert [one.attempts for one in claim(database, clock)] == [1]


def claim_in(connection: Connection, clock: Clock) -> list[WaitingText]:
    return inbox.claim_waiting(connection, now=clock(), lease_until=clock() + LEASE, limit=10)


def test_what_is_held_is_held_longer_and_only_by_its_holder(database: Database, clock: Clock) -> None:
    store(database, clock, "84905000001", held=False)
    (held,) = claim(database, clock)
    clock.pass_(seconds=10)
    with database.write() as connection:
        (renewed,) = inbox.renew(connection, [held], lease_until=clock() + LEASE)
        assert inbox.renew(connection, [held], lease_until=clock() + 2 * LEASE) == []
    assert (renewed.id, renewed.lease_until) == (held.id, clock() + LEASE)
    clock.pass_(seconds=10)
    assert claim(database, clock) == []


def test_a_text_whose_tries_end_in_nothing_is_parked_and_its_neighbour_is_answered(
    database: Database, clock: Clock
) -> None:
    """Each claim below is a process that dies with the text in hand."""
    store(database, clock, "84905000001", "84905000002")
    stage = make_stage(database, clock, max_attempts=3)
    clock.pass_(seconds=16)
    assert len(claim(database, clock)) == 2  # the first death takes the batch with it
    for _ in range(2):
        clock.pass_(seconds=16)
        assert [one.sender for one in claim(database, clock)] == ["84905000001"]
    clock.pass_(seconds=16)
    stage.pipeline.start()
    try:
        stage.carrier.wait_for(1)
        clock.pass_(seconds=6)  # what was in hand alone rests after a start, on the database of one process
        stage.carrier.wait_for(2)
        told = {one.recipient: one.body for one in stage.carrier.sent}
        assert "Xin loi" in told[Address("84905000001")]
        assert "Xin loi" not in told[Address("84905000002")]
        stage.eventually(
            lambda: [row["state"] for row in stage.rows(inbound)] == [InboundState.PARKED, InboundState.HANDLED]
        )
        assert [(row["kind"], row["detail"]) for row in stage.rows(event)] == [("parked", DEATHS)]
    finally:
        stage.pipeline.stop(0.5)


def test_what_was_in_hand_alone_at_a_death_rests_after_the_next_start(sqlite_database: Database, clock: Clock) -> None:
    """A process that is killed soon after each of its starts meets another text each time."""
    store(sqlite_database, clock, "84905000001", "84905000002")
    with sqlite_database.write() as connection:
        inbox.release_all(connection, tried_again_at=clock() + REST_OF_THE_TRIED)
    assert len(claim(sqlite_database, clock)) == 2  # one death takes the batch with it: nobody was alone
    with sqlite_database.write() as connection:
        assert inbox.release_all(connection, tried_again_at=clock() + REST_OF_THE_TRIED) == 2
    assert [one.sender for one in claim(sqlite_database, clock)] == ["84905000001"]
    with sqlite_database.write() as connection:
        assert inbox.release_all(connection, tried_again_at=clock() + REST_OF_THE_TRIED) == 1
    assert [one.sender for one in claim(sqlite_database, clock)] == ["84905000002"]
    assert claim(sqlite_database, clock) == []
    clock.pass_(seconds=5)
    assert [(one.sender, one.attempts) for one in claim(sqlite_database, clock)] == [("84905000001", 3)]


def test_what_was_tried_before_is_carried_out_by_itself_and_first(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What else its round does may end the process too, and must not count against it."""
    (tried,) = store(database, clock, "84905000001", held=False)
    with database.write() as connection:
        inbox.put_back(connection, [tried], retry_at=clock())
    stage = make_stage(database, clock)
    rounds: list[tuple[list[int], bool]] = []
    carry = Round.carry

    def note(of: Round, work: Work, *, fresh: SingleCommit | None = None, **named: bool) -> None:
        rounds.append(([read.text.id for read in work.ready], fresh is not None))
        carry(of, work, fresh=fresh, **named)

    monkeypatch.setattr(Round, "carry", note)
    source = PaperSource()
    stage.pipeline.offer([Arrival(source=source, ticket=1, content=text("HD", sender="84905000002"))])
    stage.pipeline.start()
    try:
        stage.carrier.wait_for(2)
        assert rounds[:2] == [([tried], False), ([], True)]
        assert source.wait_for(1) is Verdict.STORED
    finally:
        stage.pipeline.stop(0.5)


def test_a_process_that_is_careful_stores_a_text_before_it_carries_it_out(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage(database, clock)
    stage.pipeline.be_careful()
    seen = []
    carry = Round.carry

    def look_first(*arguments: object, **named: object) -> None:
        seen.append([row["state"] for row in stage.rows(inbound)])
        carry(*arguments, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(Round, "carry", look_first)
    stage.pipeline.start()
    try:
        arrive(stage.pipeline, text("HD"))
        stage.carrier.wait_for(1)
        assert [InboundState.RECEIVED] in seen
    finally:
        stage.pipeline.stop(0.5)


def test_what_is_in_hand_while_answers_cannot_be_written_is_not_counted(
    postgres_database: Database, clock: Clock
) -> None:
    """Texts can be claimed while the answers' table is locked: minutes of that are no deaths."""
    store(postgres_database, clock, "84905000001", held=False)
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    ours = open_database(url, postgres_database.keyring, wait_seconds=0.2)
    stage = make_stage(ours, clock, max_attempts=1)
    try:
        with postgres_database.write() as connection:
            connection.execute(sql("LOCK TABLE outbound IN EXCLUSIVE MODE"))
            stage.pipeline.start()
            leases = set()
            for _ in range(3):
                clock.pass_(seconds=16)
                leases.add(wait_for_lease(stage, clock))
            assert len(leases) == 3
        assert "Xin loi" not in stage.carrier.wait_for(1)[0].body
        stage.eventually(lambda: [row["state"] for row in stage.rows(inbound)] == [InboundState.HANDLED])
        assert attempts(ours) == [1]
    finally:
        stage.pipeline.stop(0.5)
        ours.close()


def wait_for_lease(stage: Stage, clock: Clock) -> object:
    """Wait until the text is held from now on; return until when."""
    until = clock() + LEASE
    stage.eventually(lambda: stage.rows(inbound)[0]["lease_until"] == until)
    return until
