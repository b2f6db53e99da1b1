"""db copy and db backup: every row of every table, both ways, all or nothing."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Column, Date, Integer, LargeBinary, Numeric, Table, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.types import Boolean

from db.processes import duties
from db.processes.statistics import StatisticName, read_figures
from db.schema import event, figure, inbound, metadata
from db.store.column_types import Choice, SealedOctets, Utc
from db.store.engine import Database, open_database
from db.upkeep.copying import LEFT_OUT, raw_form
from sms_gateway.clock import utc_now
from sms_gateway.process import keyfile
from tests.postgres import binaries
from tests.sms_gateway.cli.surroundings import begin, run

NOW = datetime(2026, 11, 22, 5, 0, 0, 123456, tzinfo=UTC)
TABLES = [raw_form(table) for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def value_of(column: Column[object], number: int) -> object:
    kind = column.type
    if isinstance(kind, Choice):
        return list(kind.choices)[number % len(kind.choices)]
    if isinstance(kind, Utc):
        return NOW + timedelta(microseconds=number)
    if isinstance(kind, SealedOctets):
        return bytes([number, 0, 255])
    if isinstance(kind, Boolean):
        return number % 2 == 1
    if isinstance(kind, (Integer, Numeric)):
        return number
    if isinstance(kind, LargeBinary):
        return f"{number}".encode()
    return date(2026, 11, number) if isinstance(kind, Date) else f"{number}"


def row_of(table: Table, number: int) -> dict[str, object]:
    return {column.name: value_of(column, number) for column in table.columns}


def fill(database: Database, rows: int = 2) -> None:
    with database.write() as connection:
        for table in metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                for number in range(1, rows + 1):
                    connection.execute(insert(table), row_of(table, number))


def content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return every row but those that tell of the copying itself, which each side has of its own."""
    with database.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
                if "database_copied" not in tuple(row)
            ]
            for table in TABLES
        }


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Database]:
    begin()
    database = open_database("sqlite:///var/gateway.db", keyfile.load(Path("var/keys")))
    fill(database)
    yield database
    database.close()


@pytest.fixture
def empty_postgres(postgres_database: Database) -> str:
    """The address of a PostgreSQL that has nothing, not even tables."""
    with postgres_database.write() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return postgres_database.writer.url.render_as_string(hide_password=False)


def settings(name: str, url: str) -> str:
    Path(name).write_text(f'[database]\nurl = "{url}"\n')
    return name


def test_every_row_goes_to_postgresql_and_back(source: Database, empty_postgres: str) -> None:
    there = run("db", "copy", "--to", empty_postgres)
    assert there.exit_code == 0, there.output
    assert f"{2 * len(TABLES)} rows copied and counted" in there.stdout
    postgres = open_database(empty_postgres, source.keyring)
    assert content(postgres) == content(source)
    postgres.close()
    back = run("db", "copy", "--config", settings("pg.toml", empty_postgres), "--to", "sqlite:///back/gateway.db")
    assert back.exit_code == 0, back.output
    returned = open_database("sqlite:///back/gateway.db", source.keyring)
    assert content(returned) == content(source)
    returned.close()
    source.close()


def test_a_target_with_rows_is_refused_and_left_as_it_is(source: Database) -> None:
    assert run("db", "copy", "--to", "sqlite:///other.db").exit_code == 0
    again = run("db", "copy", "--to", "sqlite:///other.db")
    assert again.exit_code == 1
    assert "of the other database holds rows; fix: give an empty one" in again.stderr
    source.close()


def test_a_running_service_is_stopped_first(source: Database, empty_postgres: str) -> None:
    run("db", "copy", "--to", empty_postgres)
    postgres = open_database(empty_postgres, source.keyring)
    with postgres.write() as connection:
        duties.take(connection, ["node:1"], owner="somebody", lease=timedelta(minutes=1))
    result = run("db", "copy", "--config", settings("pg.toml", empty_postgres), "--to", "sqlite:///back.db")
    assert result.exit_code == 1
    assert "a process of the service uses this database; fix: " in result.stderr
    with postgres.write() as connection:
        duties.give_back(connection, ["node:1"], owner="somebody")
    postgres.close()
    assert run("db", "copy", "--config", "pg.toml", "--to", "sqlite:///back.db").exit_code == 0
    source.close()


@pytest.mark.parametrize(
    ("address", "word"),
    [
        pytest.param("nonsense", "no URL", id="no url"),
        pytest.param("mysql://h/n", "neither", id="another kind"),
        pytest.param("postgresql+psycopg://u:secret@h/n", "password", id="password"),
        pytest.param("sqlite:///var/gateway.db", "itself", id="the same"),
    ],
)
def test_an_address_that_cannot_be_is_refused(address: str, word: str) -> None:
    result = run("db", "copy", "--to", address)
    assert result.exit_code == 2
    assert word in result.stderr
    assert "secret" not in result.output


def test_a_backup_taken_while_somebody_writes_is_one_moment_and_can_be_restored(source: Database) -> None:
    enough, stop = Event(), Event()

    def write_on() -> None:
        for number in range(1000, 100_000):
            if stop.is_set():
                return
            with source.write() as connection:  # two rows together: a copy has both or none
                connection.execute(
                    insert(inbound), row_of(inbound, 1) | {"id": number, "once_key": None, "signature_mark": None}
                )
                connection.execute(insert(event), row_of(event, 1) | {"id": number})
            if number > 1020:
                enough.set()

    writer = Thread(target=write_on)
    writer.start()
    try:
        assert enough.wait(30)
        done = run("db", "backup", "copy.db")
        assert done.exit_code == 0, done.output
    finally:
        stop.set()
        writer.join()
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert not list(Path().glob(".copy*")) + list(Path().glob("copy.db-*"))
    source.close()

    for left in Path("var").glob("gateway.db*"):  # restored as the manual has it
        left.unlink()
    shutil.copy("copy.db", "var/gateway.db")
    restored = open_database("sqlite:///var/gateway.db", source.keyring)
    rows = content(restored)
    restored.close()
    first, second = (rows[table.name] for table in (inbound, event))
    assert len(first) == len(second) > 20
    assert run("check", "--no-bind").exit_code == 0


def test_a_backup_to_any_place_is_written_down_for_the_page_system(source: Database, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    for name in ("first.db", "second.db"):
        assert run("db", "backup", str(tmp_path / "elsewhere" / name)).exit_code == 0
    with source.read() as connection:
        noted = read_figures(connection)[StatisticName.BACKUP]
    assert noted.value == (tmp_path / "elsewhere/second.db").stat().st_size
    assert abs(utc_now() - noted.taken_at) < timedelta(minutes=1)


def test_a_backup_is_made_also_where_it_cannot_be_written_down(source: Database) -> None:
    with source.write() as connection:
        figure.drop(connection)
    done = run("db", "backup", "copy.db")
    assert (done.exit_code, "took no note" in done.stderr) == (0, True)
    assert Path("copy.db").exists()


def test_a_backup_never_replaces_a_file(source: Database) -> None:
    Path("copy.db").write_text("dear")
    result = run("db", "backup", "copy.db")
    assert result.exit_code == 1
    assert "copy.db is there already; fix: " in result.stderr
    assert Path("copy.db").read_text() == "dear"
    assert run("db", "backup", "nowhere/copy.db").exit_code == 1
    source.close()


def refuse_links(*_: object, **__: object) -> None:
    """What Linux says of a hard link on FAT, exFAT and many network file systems."""
    raise PermissionError(errno.EPERM, "Operation not permitted")


def test_a_backup_is_made_also_where_files_have_no_second_name(
    source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.close()
    monkeypatch.setattr(os, "link", refuse_links)
    done = run("db", "backup", "copy.db")
    assert done.exit_code == 0, done.output
    assert Path("copy.db").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]
    again = run("db", "backup", "copy.db")
    assert (again.exit_code, "copy.db is there already" in again.stderr) == (1, True)


def test_a_good_copy_is_kept_when_its_name_was_taken_meanwhile(
    source: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.close()

    def take_the_name(*_: object, **__: object) -> None:
        Path("copy.db").write_text("dear")
        refuse_links()

    monkeypatch.setattr(os, "link", take_the_name)
    result = run("db", "backup", "copy.db")
    assert result.exit_code == 1
    (kept,) = tmp_path.glob(".copy.db.*")
    assert f"the copy is whole, but could not be named copy.db: it is {kept.name}; fix: " in result.stderr
    assert Path("copy.db").read_text() == "dear"
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_leaves_no_half_copy(source: Database, tmp_path: Path) -> None:
    source.close()
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], check=False).returncode:
        pytest.skip("mounting a disk is not allowed here")
    try:
        result = run("db", "backup", "disk/copy.db")
        assert result.exit_code == 1
        assert "; fix: make room" in result.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    begin()
    Path("var/gateway.db").write_bytes(b"no database" * 1000)
    result = run("db", "backup", "copy.db")
    assert result.exit_code == 1
    assert "cannot be copied to copy.db (SQLITE_NOTADB)" in result.stderr
    assert list(tmp_path.glob("*copy*")) == []


def test_a_damaged_database_makes_no_backup(source: Database, tmp_path: Path) -> None:
    source.close()
    path = Path("var/gateway.db")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_inbound_sender'").fetchone()[0]
    connection.close()
    octets = bytearray(path.read_bytes())
    octets[(root - 1) * 4096 : root * 4096] = bytes(4096)
    path.write_bytes(octets)
    result = run("db", "backup", "copy.db")
    assert result.exit_code == 1
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("gateway@db.example/gateway", "--host=db.example --username=gateway gateway"),
        ("gateway@/gateway?host=/run/pg&port=5433", "--host=/run/pg --port=5433 --username=gateway gateway"),
        (
            "gateway@/gateway?host=a:5432&host=b:5433&target_session_attrs=read-write",
            "--host=a,b --port=5432,5433 --username=gateway 'dbname=gateway target_session_attrs=read-write'",
        ),
        (
            "gateway@db/gateway?sslmode=verify-full&sslrootcert=/etc/our%20ca.pem",
            "--host=db --username=gateway "
            + shlex.quote("dbname=gateway sslmode=verify-full sslrootcert='/etc/our ca.pem'"),
        ),
    ],
)
def test_postgresql_has_a_program_of_its_own(url: str, words: str) -> None:
    result = run("db", "backup", "gateway.dump", "--config", settings("pg.toml", f"postgresql+psycopg://{url}"))
    assert result.exit_code == 1
    assert f"run: pg_dump --format=custom --file=gateway.dump {words}\n" in result.stderr


def test_the_command_that_is_printed_makes_the_backup(source: Database, empty_postgres: str, tmp_path: Path) -> None:
    run("db", "copy", "--to", empty_postgres)
    source.close()
    host = make_url(empty_postgres)
    url = f"postgresql+psycopg://gateway@/{host.database}?host=127.0.0.1:{host.port}&application_name=a%20b"
    printed = run("db", "backup", "it's whole.dump", "--config", settings("pg.toml", url)).stderr
    program, *words = shlex.split(printed.partition("run: ")[2])
    subprocess.run([binaries() / "bin" / program, *words], check=True, cwd=tmp_path)
    assert (tmp_path / "it's whole.dump").read_bytes().startswith(b"PGDMP")
