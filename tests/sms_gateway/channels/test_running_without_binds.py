"""A channel that is no SMPP link: it runs, is watched, drained and stopped as a link is, and takes over for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest

from db.processes.channel_states import ENDED, ChannelState, read_states
from db.store.engine import Database
from sms_gateway.channels.ports import Channel
from sms_gateway.channels.running import RunningChannels
from sms_gateway.channels.status import channel_statuses
from sms_gateway.channels.watch import Fallback
from tests.sms_gateway.pipeline.conftest import Stage, make_stage
from tests.sms_gateway.pipeline.edges import Clock, PaperCarrier, arrive, text


class PaperChannel(PaperCarrier):
    """A channel without connections, as one that sends by HTTP requests is."""

    def __init__(self, stage: Stage, name: str, *, up: bool) -> None:
        super().__init__(stage.pipeline, stage.clock, name)
        self._up = up
        self._draining = False
        self._running = False

    def room(self) -> int:
        return super().room() if self._up else 0

    def start(self) -> None:
        self._running = True

    def drain(self) -> None:
        self._draining = True

    def part(self, timeout: float) -> None:
        """Nothing is open."""

    def stop(self, timeout: float) -> bool:
        del timeout  # nothing is waited for
        self._running = False
        return True

    def alive(self) -> bool:
        return self._running

    def state(self) -> ChannelState:
        error = None if self._up else "HTTP 401"
        return ChannelState(
            name=self.name, up=self._up, since=None, window=4, last_error=error, draining=self._draining
        )


@pytest.fixture
def stage(sqlite_database: Database) -> Iterator[Stage]:
    made = make_stage(sqlite_database, Clock())
    made.pipeline.detach("main")
    made.pipeline.start()
    yield made
    made.pipeline.stop(1)


@pytest.fixture
def made() -> dict[str, PaperChannel]:
    return {}


@pytest.fixture
def channels(stage: Stage, made: dict[str, PaperChannel]) -> Iterator[RunningChannels]:
    """`esms` is up and takes over for `main`, which is down."""

    def make(name: str, *, up: bool) -> Channel:
        made[name] = PaperChannel(stage, name, up=up)
        return made[name]

    numbers = count(10**9)
    running = RunningChannels(
        {"esms": lambda: make("esms", up=True), "main": lambda: make("main", up=False)},
        stage.pipeline,
        stage.database,
        fallbacks={"main": Fallback(by="esms", after=timedelta(minutes=5))},
        owner="test",
        now=stage.clock,
        new_id=lambda: next(numbers),
        is_ours={"esms", "main"}.__contains__,
    )
    yield running
    assert running.stop(1)


def test_its_state_is_that_of_every_channel(stage: Stage, channels: RunningChannels) -> None:
    channels.begin("esms")
    channels.look()
    wanted = ChannelState(name="esms", up=True, since=None, window=4)
    assert list(channels.states()) == [wanted]
    assert channels.dead() == []
    with stage.database.read() as connection:
        (written,) = read_states(connection)
        (here,) = channel_statuses(connection, names=["esms"], here=channels.states(), now=stage.clock())
        (elsewhere,) = channel_statuses(connection, names=["esms"], here=(), now=stage.clock())
    assert (written.up, written.binds, written.wanted, written.holder, written.whole) == (True, 0, 0, "test", True)
    assert (here.state, here.here, here.silent) == (wanted, True, False)
    assert (elsewhere.state, elsewhere.here, elsewhere.silent) == (written, False, False)


def test_it_is_drained_stopped_and_started_again(
    stage: Stage, channels: RunningChannels, made: dict[str, PaperChannel]
) -> None:
    channels.begin("esms")
    channels.drain_channel("esms")
    assert channels.states()[0].draining
    channels.look()
    channels.stop_channel("esms")
    assert list(channels.states()) == []
    assert not made["esms"].alive()
    with stage.database.read() as connection:
        assert [state.last_error for state in read_states(connection)] == [ENDED]
    channels.start_channel("esms")
    assert not channels.states()[0].draining
    arrive(stage.pipeline, text("HD", at=stage.clock(), link="esms"))
    assert made["esms"].wait_for(1)[0].recipient == "84905123456"


def test_it_takes_over_the_answers_of_a_channel_that_is_down_too_long(
    stage: Stage, channels: RunningChannels, made: dict[str, PaperChannel]
) -> None:
    channels.begin("esms")
    channels.begin("main")
    channels.look()
    arrive(stage.pipeline, text("HD", at=stage.clock()))
    stage.clock.pass_(minutes=4)
    channels.look()
    assert made["esms"].sent == []
    stage.clock.pass_(minutes=2)
    channels.look()
    assert made["esms"].wait_for(1)[0].recipient == "84905123456"


def test_one_whose_thread_ended_by_itself_is_named(channels: RunningChannels, made: dict[str, PaperChannel]) -> None:
    channels.begin("esms")
    made["esms"].stop(0)
    assert channels.dead() == ["esms"]
