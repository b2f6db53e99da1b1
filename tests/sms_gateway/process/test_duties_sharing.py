"""Several processes on one PostgreSQL: roles shared out, wake-ups between them, duties taken over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from db.processes import duties
from db.store.engine import Database, open_database
from sms_gateway.demo.simulator import Conversation, Direction, Simulator
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WAIT_SECONDS
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import ALL_ROLES, Gateway, Role

pytestmark = pytest.mark.no_cover  # it runs the same lines many times

DEADLINE = 20.0
CITIZEN = "84905123456"


def eventually(condition: Callable[[], bool], seconds: float = DEADLINE) -> float:
    """Wait until it holds; return for how long."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture
def smsc() -> Iterator[Simulator]:
    smsc = Simulator()
    smsc.start()
    yield smsc
    smsc.stop()


class Town:
    """A database, a carrier, and processes; each has connections of its own, as on machines of their own."""

    def __init__(self, database: Database, smsc: Simulator, key_file: Path) -> None:
        self.database = database
        self.smsc = smsc
        self._url = database.writer.url.render_as_string(hide_password=False)
        keyfile.load_or_make(key_file)
        self._settings = Settings(
            database=DatabaseSettings(url=self._url, key_file=key_file),
            web=WebSettings(port=0),
            links={"main": LinkSettings(host="127.0.0.1", port=smsc.port, system_id="gw")},
        )

    @contextmanager
    def process(self, *roles: Role) -> Iterator[Gateway]:
        keyring = keyfile.load(self._settings.database.key_file)
        database = open_database(self._url, keyring, wait_seconds=WAIT_SECONDS)
        gateway = Gateway(self._settings, database, roles=roles or ALL_ROLES)
        gateway.start()
        try:
            yield gateway
        finally:
            if gateway.pipeline.alive():
                gateway.stop()
            database.close()

    def answer_time(self) -> float:
        """Let a citizen ask; return the seconds until the answer is there."""
        self.smsc.send_text(CITIZEN, "8188", "HD")
        before = len(answers(self.smsc.conversation(CITIZEN)))
        began = time.monotonic()
        self.smsc.wait_for(CITIZEN, lambda conversation: len(answers(conversation)) > before, DEADLINE)
        return time.monotonic() - began

    def owner(self, duty: str) -> str | None:
        with self.database.read() as connection:
            return next((found.owner for found in duties.list_duties(connection) if found.name == duty), None)


def answers(conversation: Conversation) -> list[object]:
    return [bubble for bubble in conversation if bubble.direction is Direction.MT]


@pytest.fixture
def town(postgres_database: Database, smsc: Simulator, tmp_path: Path) -> Town:
    return Town(postgres_database, smsc, tmp_path / "keys")


def test_links_in_one_process_and_dispatch_in_another_wake_each_other_at_once(town: Town) -> None:
    with town.process(Role.LINKS), town.process(Role.DISPATCH):
        town.smsc.wait_bound(1)
        town.answer_time()  # the first one opens connections
        times = []
        for _ in range(5):
            time.sleep(0.2)
            with town.database.write() as connection:
                connection.execute(sql("UPDATE inbound SET received_at = received_at - interval '1 hour'"))
            times.append(town.answer_time())
        assert sorted(times)[2] < 0.25, times  # without wake-ups each of the two hops waits for a poll of half a second


def test_a_clean_stop_hands_the_link_and_the_schedule_over(town: Town) -> None:
    with ExitStack() as first, town.process() as second:
        gateway = first.enter_context(town.process())
        town.smsc.wait_bound(1)
        eventually(lambda: len(gateway.duties.held | second.duties.held) == 2)
        holder, other = (gateway, second) if gateway.duties.held else (second, gateway)
        held = holder.duties.held
        began = time.monotonic()
        assert holder.stop()
        eventually(lambda: held <= other.duties.held)
        town.smsc.wait_bound(1)
        assert time.monotonic() - began < 5
        assert town.answer_time() < DEADLINE


def test_a_clean_stop_hands_the_link_over_in_time_although_the_carrier_owes_responses(town: Town) -> None:
    town.smsc.faults = replace(town.smsc.faults, response_delay=30.0)
    with ExitStack() as first, town.process() as second:
        gateway = first.enter_context(town.process())
        town.smsc.wait_bound(1)
        eventually(lambda: len(gateway.duties.held | second.duties.held) == 2)
        holder, other = (gateway, second) if "link:main" in gateway.duties.held else (second, gateway)
        town.answer_time()  # it is there, and the carrier does not say that it took it
        began = time.monotonic()
        assert not holder.stop()
        stopped = time.monotonic() - began
        eventually(lambda: "link:main" in other.duties.held)
        town.smsc.wait_bound(1)
        taken = time.monotonic() - began
        assert (stopped < 2, taken < 2) == (True, True), (stopped, taken)


def test_of_two_processes_each_duty_has_one(town: Town) -> None:
    with town.process() as first, town.process() as second:
        eventually(lambda: len(first.duties.held | second.duties.held) == 2)
        time.sleep(1)
        assert not first.duties.held & second.duties.held
        town.smsc.wait_bound(1)
        assert town.answer_time() < DEADLINE


def test_a_lost_lease_ends_the_link_and_the_schedule_and_they_begin_anew(town: Town) -> None:
    with town.process() as gateway:
        town.smsc.wait_bound(1)
        eventually(lambda: len(gateway.duties.held) == 2)
        with town.database.write() as connection:
            connection.execute(
                sql("UPDATE duty SET owner = 'thief', lease_until = now() + interval '2 seconds' WHERE name !~ 'node'")
            )
        town.smsc.wait_bound(0)
        eventually(lambda: not gateway.duties.held)
        town.smsc.wait_bound(1)
        eventually(lambda: len(gateway.duties.held) == 2)
        assert gateway.dead_parts() == []
        assert town.answer_time() < DEADLINE


def test_a_process_whose_node_number_another_has_must_end(town: Town) -> None:
    with town.process() as gateway:
        town.smsc.wait_bound(1)
        with town.database.write() as connection:
            connection.execute(sql("UPDATE duty SET owner = 'thief' WHERE name ~ 'node'"))
        gateway.duties.keep_again = 0.0
        eventually(lambda: gateway.dead_parts() == ["duties"])


def test_connections_that_the_server_cuts_are_made_anew(town: Town) -> None:
    """As after a restart of the server: every connection is gone at once, the listener's too."""
    with town.process() as gateway:
        town.smsc.wait_bound(1)
        town.answer_time()
        with town.database.write() as connection:
            connection.execute(
                sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
            connection.execute(sql("UPDATE inbound SET received_at = received_at - interval '1 hour'"))
        assert town.answer_time() < DEADLINE
        assert gateway.dead_parts() == []


def test_a_process_without_links_stops_although_it_has_no_schedule(town: Town) -> None:
    with town.process(Role.DISPATCH) as gateway:
        assert gateway.stop()
