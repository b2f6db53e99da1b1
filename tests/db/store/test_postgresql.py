"""Connections to PostgreSQL when servers change their parts, and addresses with several hosts."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from db.processes.wake_up import listen, wake_others
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.store.postgresql import connection_words
from db.store.sealing import Keyring
from sms_gateway.channels.http.answer_waiter import DirectIntake
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.ports import Verdict
from tests.db.switch import Switch
from tests.postgres import Postgres
from tests.sms_gateway.pipeline.edges import text as inbound_text

DEADLINE = 20.0


@pytest.fixture
def two_servers() -> Iterator[tuple[Postgres, Postgres]]:
    """Two servers that run, of which neither is that of the other tests."""
    servers = [Postgres("fsync=off"), Postgres("fsync=off")]
    try:
        first, second = (server.start() for server in servers)
        yield first, second
    finally:
        for server in servers:
            server.remove()


@pytest.fixture
def primaries(two_servers: tuple[Postgres, Postgres]) -> tuple[Postgres, Postgres]:
    """The primary, with a table, and a server that has the same data and may be promoted."""
    first, second = two_servers
    name = make_url(first.create_database("gateway"))
    database = open_database(name.render_as_string(), Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32))
    with database.write() as connection:
        connection.execute(text("CREATE TABLE written (at TIMESTAMPTZ DEFAULT now())"))
    database.close()
    first.stop(signal.SIGINT)
    second.stop(signal.SIGINT)
    second.take_data_of(first)
    return first.start(), second.start()


def write(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("INSERT INTO written DEFAULT VALUES"))


def write_until(database: Database) -> None:
    """Try again as the service does; raises the last error after the deadline."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            write(database)
        except DBAPIError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def test_a_demoted_server_is_left_for_the_one_promoted_behind_the_same_address(
    primaries: tuple[Postgres, Postgres], keyring: Keyring
) -> None:
    first, second = primaries
    with Switch(first.port) as switch:
        url = f"postgresql+psycopg://gateway@127.0.0.1:{switch.port}/gateway"
        database = open_database(url, keyring, wait_seconds=1)
        write(database)
        first.stop(signal.SIGINT)
        (first.data / "standby.signal").touch()
        first.start()
        with pytest.raises(DBAPIError):  # the connection fell, and a new one finds a standby
            write(database)
        switch.port_behind = second.port
        write_until(database)
        database.close()


@pytest.mark.parametrize("prepared", [False, True], ids=["SQLAlchemy's path", "prepared statements"])
def test_an_answer_that_nothing_can_be_written_empties_the_pool(
    postgres_database: Database, keyring: Keyring, *, prepared: bool
) -> None:
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    database = open_database(url, keyring, wait_seconds=1)
    texts = DirectIntake(database=database, new_id=IdSource(node=1, now=utc_now).new)

    def backends() -> set[int]:
        with database.read() as one, database.read() as two, database.read() as three:
            return {one.scalar(pid), two.scalar(pid), three.scalar(pid)}

    pid = text("SELECT pg_backend_pid()")
    before = backends()
    with database.read() as one, database.read() as two, database.read() as three:
        for connection in (one, two, three):  # as if all of them led to a server that was demoted
            connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
    if prepared:
        assert texts.take(inbound_text("HD")) is Verdict.TRY_LATER
        assert texts.take(inbound_text("HD")) is Verdict.STORED
    else:
        with pytest.raises(DBAPIError) as failed, database.write() as connection:
            connection.execute(text("CREATE TABLE t (id INT)"))
        assert failed.value.connection_invalidated
        with database.write() as connection:
            connection.execute(text("CREATE TABLE t (id INT)"))
    assert not before & backends()
    database.close()


def test_several_hosts_are_tried_until_the_primary_is_found(
    primaries: tuple[Postgres, Postgres], keyring: Keyring
) -> None:
    first, second = primaries
    first.stop(signal.SIGINT)
    (first.data / "standby.signal").touch()
    first.start()
    hosts = f"host=127.0.0.1:{first.port}&host=127.0.0.1:{second.port}"
    database = open_database(f"postgresql+psycopg://gateway@/gateway?{hosts}", keyring)
    write(database)
    heard = listen(database.writer, 0.5)
    first.stop()
    with database.write() as connection:
        wake_others(connection)
    assert next(heard) == 0  # it listens, and nobody is woken by what they did themselves
    database.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://gateway@db/x", {"host": "db", "user": "gateway", "dbname": "x"}),
        ("postgresql+psycopg://gw@/x?host=/run/pg&port=5433", {"host": "/run/pg", "port": "5433"}),
        ("postgresql+psycopg://gw@/x?host=a:5432&host=b:5433", {"host": "a,b", "port": "5432,5433"}),
        ("postgresql+psycopg://gw@[::1]:6432/x?sslmode=require", {"host": "::1", "port": "6432", "sslmode": "require"}),
    ],
)
def test_an_address_is_taken_apart_as_the_driver_takes_it(url: str, words: dict[str, str]) -> None:
    assert connection_words(make_url(url)).items() >= words.items()
