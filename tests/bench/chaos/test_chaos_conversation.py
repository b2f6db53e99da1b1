"""The short form of `make chaos CHAOS=--conversation`: a process killed while citizens open tickets and reply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.chaos.agent import Agent
from bench.chaos.launcher import KILLED, POINTS
from bench.chaos.rig import Home, PostgresHome, Rig, SqliteHome
from bench.chaos.run import settle
from bench.chaos.stories import STORIES, Act
from bench.chaos.talkers import Talkers
from bench.chaos.ticket_tally import follows, take_ticket_tally
from bench.city import CONVERSATION, add_city
from db.schema import TicketState
from sms_gateway.demo.simulator import Faults

FAULTS = Faults(response_delay=0.02, receipt_delay=0.05, retry_delay=0.2, window=50)
RATE = 40.0
TEXTS = 2 * len(STORIES)
LONG = pytest.mark.long
SHORT = ("t1-committed", "t2-written")
NEW, OPEN, CLOSED = TicketState.NEW, TicketState.OPEN, TicketState.CLOSED


@contextmanager
def talking(directory: Path, home: Home) -> Iterator[tuple[Rig, Talkers]]:
    rig = Rig(directory, home, faults=FAULTS, more=CONVERSATION)
    try:
        add_city(rig.database)
        yield rig, Talkers(rig.carrier, Agent(rig), rate=RATE)
    finally:
        rig.close()


def home_of(database: str, directory: Path) -> Home:
    return SqliteHome(directory, size_mib=64) if database == "sqlite" else PostgresHome()


@pytest.mark.parametrize(
    ("database", "points"),
    [
        pytest.param("sqlite", SHORT, id="sqlite, some", marks=LONG),
        pytest.param("sqlite", tuple(POINTS), id="sqlite, all", marks=LONG),
        pytest.param("postgresql", tuple(POINTS), id="postgresql, all", marks=LONG),
    ],
)
def test_no_ticket_and_no_entry_is_lost_or_doubled_and_no_state_goes_back(
    database: str, points: tuple[str, ...], tmp_path: Path
) -> None:
    with talking(tmp_path, home_of(database, tmp_path)) as (rig, talkers):
        (process,) = rig.processes
        talkers.start()
        for point in points:
            process.start(die=f"{point}:3")
            assert process.await_death(20) == KILLED, f"did not come to {point}"
        process.start()
        rig.await_bind()
        talkers.end_after(TEXTS)
        settle(rig, talkers)
        assert process.stop() == 0
        tally = take_ticket_tally(talkers, rig.database)
    assert tally.good, "\n".join(tally.lines())
    assert tally.stories >= len(STORIES)
    assert tally.tickets == tally.stories


def test_the_stories_lead_to_every_kind_of_reply() -> None:
    assert {story.ends for story in STORIES} == {NEW, OPEN, CLOSED}
    assert {turn.does for story in STORIES for turn in story.turns} >= set(Act)
    assert {len(story.turns) for story in STORIES} == {2, 3}


@pytest.mark.parametrize(
    ("steps", "last", "holds"),
    [
        ([], NEW, True),
        ([], OPEN, False),
        ([(CLOSED, OPEN), (NEW, CLOSED)], OPEN, True),
        ([(NEW, CLOSED), (CLOSED, OPEN)], OPEN, True),
        ([(NEW, CLOSED), (CLOSED, OPEN)], CLOSED, False),
        ([(NEW, CLOSED), (NEW, OPEN)], OPEN, False),
    ],
)
def test_each_change_begins_where_the_one_before_ended(
    steps: list[tuple[TicketState, TicketState]], last: TicketState, *, holds: bool
) -> None:
    assert follows(steps, last) is holds
