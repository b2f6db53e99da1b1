"""The rules of "once" hold wherever the clock stands, also where the indexes that they ask begin a new span."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from db.schema import InboundState
from db.store.engine import Database
from db.store.ids import IdSource, first_id_at
from sms_gateway.pipeline.intake.storage import look_at, write_texts
from sms_gateway.pipeline.intake.unacknowledged import MOST, Unacknowledged
from sms_gateway.pipeline.ports import InboundText, SessionsEnded
from tests.sms_gateway.pipeline.edges import START, text

_SPAN = timedelta(milliseconds=1 << 28)
_EDGE = START + (-(-first_id_at(START) >> 50) * _SPAN - timedelta(milliseconds=first_id_at(START) >> 22))
"""The first moment of a span after the start."""


def test_the_edge_is_one() -> None:
    assert first_id_at(_EDGE) >> 50 == (first_id_at(_EDGE - timedelta(milliseconds=1)) >> 50) + 1
    assert START < _EDGE < START + _SPAN


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.mark.parametrize(
    ("first", "then", "session", "state"),
    [
        pytest.param(_EDGE - seconds(2), _EDGE + seconds(2), 1, InboundState.DOUBLE_TAP, id="two taps"),
        pytest.param(_EDGE - seconds(6), _EDGE + seconds(6), 1, InboundState.RECEIVED, id="too slow for two taps"),
        pytest.param(_EDGE - seconds(300), _EDGE + seconds(299), 2, InboundState.REDELIVERY, id="sent again"),
        pytest.param(_EDGE - seconds(300), _EDGE + seconds(301), 2, InboundState.RECEIVED, id="too late for that"),
        pytest.param(_EDGE + seconds(2), _EDGE - seconds(2), 1, InboundState.DOUBLE_TAP, id="the clock set back"),
        pytest.param(_EDGE + seconds(300), _EDGE - seconds(299), 2, InboundState.REDELIVERY, id="sent again then"),
        pytest.param(_EDGE + seconds(300), _EDGE - seconds(301), 2, InboundState.REDELIVERY, id="set back for longer"),
    ],
)
def test_a_text_is_known_again_over_the_edge(
    database: Database, first: datetime, then: datetime, session: int, state: InboundState
) -> None:
    clock = [first]
    ids = IdSource(node=1, now=lambda: clock[0])
    assert arrives(database, ids, clock, first, session=1) is InboundState.RECEIVED
    assert arrives(database, ids, clock, then, session=session) is state


def test_set_back_for_longer_it_is_the_carriers_only_soon_after_the_start(database: Database) -> None:
    """Of the session before the start nothing is known, and the time says nothing."""
    seconds_passed = [0.0]
    unacknowledged = Unacknowledged(lambda: seconds_passed[0])
    clock = [START]
    ids = IdSource(node=1, now=lambda: clock[0])
    arrives(database, ids, clock, START, session=1)
    back = START - timedelta(hours=1)
    for number, (after, state) in enumerate(
        [(20.0, InboundState.REDELIVERY), (599.0, InboundState.REDELIVERY), (601.0, InboundState.RECEIVED)], start=2
    ):
        seconds_passed[0] = after
        assert (
            arrives(database, ids, clock, back + seconds(after), session=number, unacknowledged=unacknowledged) is state
        )


@pytest.mark.parametrize("minutes", [-60, -5, 0, 5, 60, 24 * 60])
@pytest.mark.parametrize("heard", [True, False])
def test_what_a_fallen_session_heard_counts_whatever_the_clock_says(
    database: Database, minutes: int, *, heard: bool
) -> None:
    unacknowledged = Unacknowledged(lambda: 0.0)
    clock = [START]
    ids = IdSource(node=1, now=lambda: clock[0])
    arrives(database, ids, clock, START, session=1, unacknowledged=unacknowledged)
    unacknowledged.fell(
        SessionsEnded(link="main", sessions=(1,), unacknowledged=frozenset(() if heard else {(1, START)}))
    )
    then = START + timedelta(minutes=minutes, seconds=20)
    state = arrives(database, ids, clock, then, session=2, unacknowledged=unacknowledged)
    assert state is (InboundState.RECEIVED if heard else InboundState.REDELIVERY)


def test_what_is_known_of_fallen_sessions_ends_after_ten_minutes_and_is_bounded(database: Database) -> None:
    passed = [0.0]
    unacknowledged = Unacknowledged(lambda: passed[0])
    unacknowledged.fell(SessionsEnded(link="main", sessions=(1,), unacknowledged=frozenset({(1, START)})))
    assert unacknowledged.of_session("main", 1, START) is True
    assert unacknowledged.of_session("main", 1, START + seconds(1)) is False
    assert unacknowledged.of_session("main", 2, START) is None
    assert unacknowledged.of_session("other", 1, START) is None
    passed[0] = 601.0
    assert unacknowledged.of_session("main", 1, START) is None
    many = frozenset((2, START + seconds(number)) for number in range(MOST + 1))
    unacknowledged.fell(SessionsEnded(link="main", sessions=(2,), unacknowledged=many))
    assert unacknowledged.of_session("main", 2, START) is None  # no session counts as heard because the memory is full
    assert unacknowledged.earliest is None


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(days=30), timedelta(days=3 * 365)], ids=str)
def test_a_text_is_known_again_long_before_the_newest_one(database: Database, back: timedelta) -> None:
    """The clock was set back, and ids do not go back with it."""
    clock = [START]
    ids = IdSource(node=1, now=lambda: clock[0])
    arrives(database, ids, clock, START, session=1, body="another")
    assert arrives(database, ids, clock, START - back, session=1) is InboundState.RECEIVED
    assert arrives(database, ids, clock, START - back + seconds(5), session=1) is InboundState.DOUBLE_TAP
    # Set right, and back once more: what was stored meanwhile has ids between.
    arrives(database, ids, clock, START + timedelta(days=9), session=1, body="a third")
    assert arrives(database, ids, clock, START - back + seconds(6), session=1) is InboundState.DOUBLE_TAP


def test_ids_are_told_apart_within_a_batch(database: Database) -> None:
    def sent(number: str, after: float) -> InboundText:
        return text(sender=number, link="portal", session=None, provider_id="same", at=START + seconds(after))

    batch = [sent("84905000001", 0), sent("84905000001", 30), sent("84905000002", 31)]
    ids = IdSource(node=1, now=lambda: START)
    with database.write() as connection:
        looked = look_at(connection, batch, new_id=ids.new, lease_until=None)
        write_texts(connection, looked.rows, looked.happened)
    wanted = [InboundState.RECEIVED, InboundState.REDELIVERY, InboundState.RECEIVED]
    assert [row.state for row in looked.rows] == wanted
    # Now it is known that this id says nothing.
    assert store(database, ids, sent("84905000001", 60)) is InboundState.RECEIVED


def arrives(
    database: Database,
    ids: IdSource,
    clock: list[datetime],
    at: datetime,
    *,
    session: int,
    body: str = "HD",
    unacknowledged: Unacknowledged | None = None,
) -> InboundState:
    """Let a text come at that time and be stored; return as what."""
    clock[0] = at
    return store(database, ids, text(body, at=at, session=session), unacknowledged)


def store(
    database: Database, ids: IdSource, content: InboundText, unacknowledged: Unacknowledged | None = None
) -> InboundState:
    with database.write() as connection:
        looked = look_at(connection, [content], new_id=ids.new, lease_until=None, unacknowledged=unacknowledged)
        write_texts(connection, looked.rows, looked.happened)
    if unacknowledged is not None:
        unacknowledged.told(content.received_at)
    return looked.rows[0].state
