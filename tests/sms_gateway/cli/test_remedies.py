"""Disks, memory and database versions that do not fit: what is wrong, where, and how to fix it; never a traceback."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from db.processes import duties
from db.store.engine import open_database
from db.store.sealing import Keyring
from db.upkeep.revision import HEAD, current, upgrade
from sms_gateway.process.startup import opened
from sms_gateway.settings.load import load_settings
from tests.db.upkeep.next_revision import add_revision
from tests.postgres import Postgres
from tests.sms_gateway.cli.service.test_service import PROGRAM
from tests.sms_gateway.cli.surroundings import begin, run


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A directory with a database and its keys on a disk that is mounted read-only, as after a fault of the disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "none", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a disk is not allowed here")
    try:
        os.chdir(disk)
        begin()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        yield disk
    finally:
        os.chdir(tmp_path)
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize(
    "words",
    [
        ("serve",),
        ("db", "upgrade"),
        *(
            pytest.param(words, marks=pytest.mark.long)
            for words in (("check", "--no-bind"), ("operators", "list"), ("keys", "rotate"), ("demo",))
        ),
    ],
    ids=" ".join,
)
def test_a_disk_that_is_mounted_read_only_is_told(read_only: Path, words: tuple[str, ...]) -> None:
    del read_only
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, check=False, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "not mounted read-only" in said
    assert "uncaught" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("kibibytes", [pytest.param(150_000, marks=pytest.mark.long), 300_000])
def test_too_little_address_space_is_told(monkeypatch: pytest.MonkeyPatch, kibibytes: int) -> None:
    monkeypatch.setenv("SMS_GATEWAY_WEB__PORT", "0")
    begin()
    command = f"ulimit -v {kibibytes}; exec {PROGRAM} serve"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr
    assert "; fix: allow more: 2 GB of address space (ulimit -v" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a disk is not allowed here")
    try:
        (tmp_path / "gateway.toml").write_text('[database]\nurl = "sqlite:///disk/gateway.db"\n')
        result = run("db", "upgrade")
        assert result.exit_code == 1
        assert "sqlite:///disk/gateway.db cannot be used" in result.stderr
        assert "; fix: " in result.stderr
        assert "room" in result.stderr
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("unknown", ["0016", "9999"])
def test_an_upgrade_of_what_another_version_wrote_is_refused(tmp_path: Path, unknown: str) -> None:
    begin()
    with sqlite3.connect(tmp_path / "var/gateway.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [unknown])
    connection.close()
    result = run("db", "upgrade")
    assert result.exit_code == 1
    assert (
        f"revision {unknown}, which this version does not know: it was written by a later version, or by one from "
        "before the first release; fix: install that version again" in result.stderr
    )


@pytest.mark.parametrize("words", [("serve",), ("check",), ("db", "upgrade"), ("operators", "list")], ids=" ".join)
def test_an_sqlite_that_is_too_old_is_told(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    begin()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    monkeypatch.setattr(sqlite3, "sqlite_version", "3.34.1")
    result = run(*words)
    assert result.exit_code == 1
    assert "Python uses SQLite 3.34.1, and 3.35 or later is needed; fix: " in result.output


def test_what_is_made_belongs_to_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (tmp_path / "var").mkdir(mode=0o755)
        run("db", "upgrade")
        run("db", "copy", "--to", "sqlite:///other.db")
        run("db", "backup", "copy.db")
    finally:
        os.umask(before)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in made} >= {"gateway.db", "keys", "other.db", "copy.db"}
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in made} == {path.name: "0o600" for path in made}
    checked = run("check", "--no-bind").stdout
    assert checked.count("CAUTION") == 1  # that nobody can text it; so none about these files
    assert "so nobody can text you" in checked


def test_an_upgrade_beside_a_running_service_is_refused_unless_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gateway.toml").write_text("")
    begin()
    with opened(load_settings(tmp_path / "gateway.toml", {})) as database:  # as the service does
        assert run("db", "upgrade").stdout == f"{HEAD}, nothing to do\n"
        newer = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
        refused = run("db", "upgrade")
        assert (refused.exit_code, current(database)) == (1, HEAD)
        assert "a service, or another upgrade, uses var/gateway.db; fix: stop the service" in refused.stderr
        assert "or say --while-running" in refused.stderr
        assert run("db", "upgrade", "--while-running").stdout.endswith(f"\n{HEAD} -> {newer}\n")  # after its backup


def test_on_postgresql_too(
    postgres: Postgres, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()  # makes the key file
    url = postgres.create_database("upgraded")
    database = open_database(url, keyring, connect_seconds=60)
    upgrade(database)
    newer = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
    with database.write() as connection:
        duties.take(connection, ["node:1"], owner="somebody", lease=timedelta(minutes=1))
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", url)
    refused = run("db", "upgrade")
    assert (refused.exit_code, current(database)) == (1, HEAD)
    assert "a process of the service uses this database; fix: stop every process" in refused.stderr
    with database.write() as connection:
        duties.give_back(connection, ["node:1"], owner="somebody")
    assert run("db", "upgrade").stdout.endswith(f"\n{HEAD} -> {newer}\n")  # after its backup
    database.close()
    postgres.drop_database("upgraded")
    assert (tmp_path / "var/keys").exists()


def damage(path: Path, index: str) -> None:
    """Overwrite the root page of an index with zeros."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")
    root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [index]).fetchone()[0]
    connection.close()
    octets = bytearray(path.read_bytes())
    octets[(root - 1) * 4096 : root * 4096] = bytes(4096)
    path.write_bytes(octets)


def test_a_damaged_page_is_found_by_a_deep_check(tmp_path: Path) -> None:
    begin()
    assert "OK        integrity: every page, index and reference is sound" in run("check", "--deep").stdout
    damage(tmp_path / "var/gateway.db", "ix_inbound_sender")
    assert run("check").exit_code == 0  # a start must not wait for minutes
    result = run("check", "--deep")
    assert result.exit_code == 1
    assert "FAULT     integrity: var/gateway.db " in result.stdout
    assert "; fix: stop the service and put the last good copy in its place" in result.stdout


def test_a_deep_check_says_what_looks_at_postgresql(
    postgres: Postgres, postgres_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", f"{postgres.url}/{postgres_template}")
    assert "LEFT OUT  integrity: PostgreSQL looks itself; run: pg_amcheck" in run("check", "--deep").stdout
