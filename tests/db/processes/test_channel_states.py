"""How channels are told across processes and restarts, and answers moved to a fallback."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from db.processes.channel_states import ENDED, FRESH, ChannelState, Use, read_states, reroute, write_ended, write_states
from db.schema import OutboundState, outbound, segment
from db.store.engine import Database

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
STATE = ChannelState(
    name="main",
    up=True,
    since=NOW,
    binds=2,
    wanted=2,
    in_flight=3,
    window=20,
    round_trip_ms=12,
)
WRITTEN = replace(STATE, holder="host:1", seen_at=NOW)


def test_tells_what_was_written_last(database: Database) -> None:
    later = NOW + timedelta(seconds=3)
    with database.write() as connection:
        write_states(connection, [STATE, replace(STATE, name="other", last_error="x" * 300)], holder="host:1", now=NOW)
        write_states(connection, [replace(STATE, binds=1, round_trip_ms=12.4)], holder="host:1", now=later)
        main, other = read_states(connection)
        assert main == replace(WRITTEN, binds=1, seen_at=later)
        assert other.last_error == "x" * 200


def test_tells_of_a_channel_without_binds(database: Database) -> None:
    with database.write() as connection:
        write_states(connection, [ChannelState(name="esms", up=True, since=None, window=4)], holder="host:1", now=NOW)
        (told,) = read_states(connection)
    assert told == ChannelState(name="esms", up=True, since=NOW, window=4, holder="host:1", seen_at=NOW)
    assert told.whole


def test_successes_and_failures_outlive_a_restart(database: Database) -> None:
    later = NOW + timedelta(minutes=1)
    new = ChannelState(name="esms", up=True, since=NOW)
    used = replace(new, worked_at=NOW, failed_at=later, failed_for="x" * 300)
    with database.write() as connection:
        write_states(connection, [used], holder="host:1", now=NOW)
        write_states(connection, [new], holder="host:2", now=later)
        (told,) = read_states(connection)
    assert (told.worked_at, told.failed_at, told.failed_for, told.use) == (NOW, later, "x" * 200, Use.FAILED)
    assert new.with_past(told).worked_at == NOW
    assert replace(new, failed_at=NOW, failed_for="new").with_past(told).failed_for == "new"
    assert [replace(used, failed_at=None).use, new.use] == [Use.WORKED, Use.UNTRIED]


def test_since_outlives_a_restart_and_changes_with_the_state(database: Database) -> None:
    later = NOW + timedelta(minutes=4)
    down = replace(STATE, up=False, binds=0)
    with database.write() as connection:
        write_states(connection, [down], holder="host:1", now=NOW)
        write_states(connection, [replace(down, since=later)], holder="host:2", now=later)
        assert read_states(connection)[0].since == NOW
        write_states(connection, [replace(STATE, since=later)], holder="host:1", now=later)
        assert read_states(connection)[0].since == later


def test_a_holder_writes_that_it_ended_a_link_unless_another_has_it(database: Database) -> None:
    later = NOW + timedelta(minutes=1)
    with database.write() as connection:
        write_states(connection, [STATE], holder="host:1", now=NOW)
        write_ended(connection, "main", holder="host:2", now=later)
        assert read_states(connection) == [WRITTEN]
        write_ended(connection, "main", holder="host:1", now=later)
        (ended,) = read_states(connection)
    assert (ended.up, ended.since, ended.binds, ended.last_error, ended.seen_at) == (False, later, 0, ENDED, later)


def test_a_channel_whose_holder_is_gone_is_down() -> None:
    late = NOW + timedelta(minutes=3)
    assert WRITTEN.stands(NOW + FRESH)
    assert not WRITTEN.stands(late)
    assert WRITTEN.down_for(late) == timedelta(minutes=3)
    assert WRITTEN.down_for(NOW) == timedelta(0)
    assert replace(WRITTEN, up=False, since=NOW - timedelta(hours=1)).down_for(NOW) == timedelta(hours=1)
    assert WRITTEN.as_of(NOW + FRESH) == WRITTEN
    gone = WRITTEN.as_of(late)
    assert (gone.up, gone.since, gone.binds, gone.in_flight, gone.round_trip_ms) == (False, NOW, 0, 0, None)
    assert gone.window == WRITTEN.window


def test_a_channel_of_this_process_is_as_it_is() -> None:
    assert STATE.stands(NOW + timedelta(days=1))
    assert STATE.as_of(NOW + timedelta(days=1)) == STATE
    assert STATE.down_for(NOW) == timedelta(0)
    assert replace(STATE, up=False).down_for(NOW + timedelta(minutes=2)) == timedelta(minutes=2)


def test_moves_what_waits_and_nothing_that_has_begun(database: Database) -> None:
    with database.write() as connection:
        states = [OutboundState.QUEUED, OutboundState.QUEUED, OutboundState.CLAIMED, OutboundState.SENT]
        for number, state in enumerate(states, 1):
            connection.execute(
                insert(outbound).values(
                    id=number,
                    link="main",
                    sender="8188",
                    recipient="84905123456",
                    recipient_mark="84905123456",
                    body="HD",
                    reference=1,
                    state=state,
                    created_at=NOW,
                    expires_at=NOW + timedelta(minutes=15),
                    not_before=NOW + timedelta(minutes=5),
                )
            )
        connection.execute(
            insert(segment).values(outbound_id=2, number=1, link="main", message_id="1", message_key="1", sent_at=NOW)
        )
        assert reroute(connection, link="main", by="other", now=NOW) == [1]
        assert reroute(connection, link="main", by="other", now=NOW) == []
        rows = connection.execute(select(outbound.c.link, outbound.c.not_before).order_by(outbound.c.id)).all()
        assert [row.link for row in rows] == ["other", "main", "main", "main"]
        assert rows[0].not_before == NOW
