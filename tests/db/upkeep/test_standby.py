"""Commits that wait for a standby of PostgreSQL: how it shows, what a cancelled wait does, and how it is ended."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from db.schema import InboundState, inbound, outbound
from db.store.engine import Database
from db.store.ids import IdSource
from db.upkeep import standby
from db.upkeep.presence import presence_of
from sms_gateway.channels.http.answer_waiter import DirectIntake
from sms_gateway.clock import utc_now
from sms_gateway.pipeline import rounds
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.process import storage_watch
from tests.postgres import Postgres
from tests.sms_gateway.cli.surroundings import run
from tests.sms_gateway.pipeline.conftest import running_stage
from tests.sms_gateway.pipeline.edges import Clock, arrive
from tests.sms_gateway.pipeline.edges import text as inbound_text
from tests.sms_gateway.process.running_service import prepare, running, settings_for

DEADLINE = 20.0


@pytest.fixture
def server(postgres: Postgres, postgres_database: Database) -> Iterator[Postgres]:
    """The server of all tests; a standby that it waits for is never there."""
    del postgres_database  # is emptied after this ends, when nothing waits any more
    yield postgres
    wait_for(postgres, "")


@pytest.fixture
def database(postgres_database: Database, server: Postgres) -> Database:
    del server
    return postgres_database


@pytest.fixture
def words(database: Database, tmp_path: Path) -> list[str]:
    """The command line up to its options."""
    config = tmp_path / "gateway.toml"
    url = database.writer.url.render_as_string()
    config.write_text(f'[database]\nurl = "{url}"\nkey_file = "{tmp_path / "keys"}"\n', encoding="utf-8")
    return ["db", "standby", "--config", str(config)]


def wait_for(server: Postgres, names: str) -> None:
    server.administer(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
    server.administer("SELECT pg_reload_conf()")
    eventually(lambda: server.administer(f"SELECT WHERE current_setting('synchronous_standby_names') = '{names}'"))
    time.sleep(0.2)  # the backends read it a moment later


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def end_waits(server: Postgres, function: str) -> None:
    eventually(lambda: server.administer("SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
    server.administer(f"SELECT {function}(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")


def count_new(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(select(func.count()).where(inbound.c.state == InboundState.RECEIVED)) or 0


def test_a_text_whose_wait_for_the_standby_was_ended_is_refused_and_stored_once(
    server: Postgres, database: Database
) -> None:
    texts = DirectIntake(database=database, new_id=IdSource(node=1, now=utc_now).new)
    for turn, function in enumerate(("pg_cancel_backend", "pg_terminate_backend"), start=1):
        content = inbound_text(f"HD {turn}")
        wait_for(server, "away")
        with ThreadPoolExecutor(1) as pool:
            verdict = pool.submit(texts.take, content)
            end_waits(server, function)
            assert verdict.result(DEADLINE) is Verdict.TRY_LATER, function
        wait_for(server, "")
        assert texts.take(content) is not Verdict.TRY_LATER, function  # as the carrier sends it again
        assert count_new(database) == turn, function


@pytest.mark.long
def test_the_pipeline_answers_a_text_once_whose_wait_was_cancelled(server: Postgres, database: Database) -> None:
    with running_stage(database, Clock()) as stage:
        content = inbound_text("HD", sender="84905000077")
        wait_for(server, "away")
        with ThreadPoolExecutor(1) as pool:
            verdicts = pool.submit(arrive, stage.pipeline, content)
            end_waits(server, "pg_cancel_backend")
            assert verdicts.result(DEADLINE) == [Verdict.TRY_LATER]
        wait_for(server, "")
        again = replace(content, received_at=content.received_at + timedelta(seconds=30))
        eventually(lambda: arrive(stage.pipeline, again) != [Verdict.TRY_LATER])
        states = [row["state"] for row in stage.rows(inbound) if row["sender"] == content.sender]
        assert sorted(map(str, states)) == ["handled", "redelivery"]
        stage.clock.pass_(minutes=2)  # the first commit claimed its answer, and nobody sent it
        eventually(lambda: content.sender in [answer.recipient for answer in stage.carrier.sent])
        assert [row["recipient"] for row in stage.rows(outbound)].count(content.sender) == 1
        assert [str(answer.recipient) for answer in stage.carrier.sent].count(str(content.sender)) == 1


@pytest.mark.long
def test_a_carrier_is_let_go_while_a_commit_waits_and_its_answer_goes_out_by_the_next_one(
    server: Postgres, database: Database
) -> None:
    with running_stage(database, Clock()) as stage:
        content = inbound_text("HD", sender="84905000078")
        wait_for(server, "away")
        with ThreadPoolExecutor(1) as pool:
            verdicts = pool.submit(arrive, stage.pipeline, content)
            eventually(lambda: server.administer("SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
            began = time.monotonic()
            stage.pipeline.detach(stage.carrier.name)
            assert time.monotonic() - began < 2 * rounds.ROUND_SECONDS
            wait_for(server, "")
            assert verdicts.result(DEADLINE) == [Verdict.STORED]
        assert stage.carrier.sent == []
        stage.pipeline.attach(stage.carrier, take_over=True)
        eventually(lambda: len(stage.carrier.sent) == 1)


def test_a_cancelled_wait_is_an_error_once_and_the_connection_goes_on(server: Postgres, database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as connection:
            connection.exec_driver_sql(f"CREATE TABLE written_{number} ()")

    wait_for(server, "away")
    with ThreadPoolExecutor(1) as pool:
        written: Future[None] = pool.submit(write, 1)
        end_waits(server, "pg_cancel_backend")
        with pytest.raises(OperationalError, match="primary only"):
            written.result(DEADLINE)
    wait_for(server, "")
    write(2)
    with database.read() as connection:  # the first is there all the same
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE tablename ~ 'written_'").scalar() == 2


def test_the_command_shows_who_waits_and_goes_on_alone_when_that_is_confirmed(
    server: Postgres, database: Database, words: list[str]
) -> None:
    presence = presence_of(database)
    wait_for(server, "away")
    assert "does not see them" in run(*words).stdout
    for more in (["--alone", "--yes"], ["--wait-for", "b"]):
        refused = run(*words, *more)
        assert (refused.exit_code, "superuser" in refused.stderr) == (1, True), refused.output
    words += ["--as", "postgres"]

    def write() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("CREATE TABLE waits ()")

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        eventually(presence.waits_for_standby)
        shown = run(*words).stdout
        for expected in ("commits wait for: away", "standbys: none is connected", "waiting now: 1 commits"):
            assert expected in shown, shown
        assert run(*words, "--alone", given="n\n").exit_code == 1
        assert not written.done()
        gone_on = run(*words, "--alone", given="y\n")
        assert gone_on.exit_code == 0, gone_on.output
        assert "1 commits wait" in gone_on.stdout
        written.result(DEADLINE)
    assert not presence.waits_for_standby()
    assert "already" in run(*words, "--alone").stdout
    assert "no such standby streams" in run(*words, "--wait-for", "away").stderr


def test_the_command_refuses_what_is_no_choice(words: list[str], tmp_path: Path) -> None:
    for faulty in (["--alone", "--wait-for", "b"], ["--wait-for", "b'; DROP"], ["--wait-for", " "]):
        assert run(*words, *faulty).exit_code == 2, faulty
    sqlite = tmp_path / "sqlite.toml"
    sqlite.write_text(f'[database]\nurl = "sqlite:///{tmp_path / "x.db"}"\nkey_file = "{tmp_path / "k"}"\n', "utf-8")
    assert "no standby" in run("db", "standby", "--config", str(sqlite)).stderr


@pytest.mark.long
def test_a_service_refuses_texts_and_says_that_commits_wait(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage_watch, "INSIDE_SECONDS", 0.3)
    settings = settings_for(server.create_database("standby_awaited"), tmp_path / "keys")
    prepare(settings)
    with running(settings) as service:
        wait_for(server, "away")
        service.eventually(lambda: service.health() == (503, ["standby_awaited"]))
        assert service.send("0905000001") == 503
        wait_for(server, "")
        service.eventually(lambda: service.send("0905000002") == 200)
        service.eventually(lambda: service.health() == (200, []))
    server.drop_database("standby_awaited")


def test_a_commit_need_not_wait_when_enough_of_the_named_standbys_stream() -> None:
    def follower(name: str, state: str = "streaming") -> standby.Follower:
        return standby.Follower(name=name, state=state, is_awaited=False, octets_behind=0)

    followers = [follower("a"), follower("b", "catchup"), follower("c")]
    table = {
        "a": True,
        "b": False,
        "b, c": True,
        "*": True,
        "ANY 2 (a, c)": True,
        "2 (a, b)": False,
        "first 1(c)": True,
    }
    assert {names: standby.are_there(names, followers) for names in table} == table
    assert not standby.are_there("*", [])
