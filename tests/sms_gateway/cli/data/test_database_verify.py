"""db verify: a backup restored beside, its keys, its audit log, and a text answered from it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.staff.audit import Entry
from db.upkeep.revision import HEAD
from sms_gateway.cli.command_context import sqlite_file
from sms_gateway.cli.data.database.in_use import InUse, compared_log
from sms_gateway.cli.data.database.restoring import restored
from sms_gateway.process import keyfile
from sms_gateway.settings.model import DatabaseSettings
from tests.db.upkeep.next_revision import add_revision
from tests.postgres import Postgres, binaries
from tests.sms_gateway.cli.surroundings import run


@pytest.fixture
def copy() -> Path:
    """A backup of a database with an operator, whose audit log has an entry."""
    for words in (("db", "upgrade"), ("operators", "add", "lan"), ("db", "backup", "copy.db")):
        assert run(*words).exit_code == 0
    return Path("copy.db")


def test_a_good_backup_answers_a_text_and_is_left_as_it_was(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, in_use = copy.read_bytes(), sorted(Path("var").iterdir())
    with socket.create_server(("127.0.0.1", 0)) as monitor:
        monkeypatch.setenv("SMS_GATEWAY_HEARTBEAT__URL", f"http://127.0.0.1:{monitor.getsockname()[1]}/")
        done = run("db", "verify", "copy.db")
        monitor.settimeout(0)
        with pytest.raises(BlockingIOError):  # a copy that answers is no service that lives
            monitor.accept()
    assert done.exit_code == 0, done.output
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == [
        f"OK        {subject}"
        for subject in ("revision", "integrity", "keys", "audit log", "triggers", "rows", "answer")
    ]
    assert "audit log: 1 entry, whole" in done.stdout
    assert "0 texts, 0 answers" in done.stdout
    assert "answer: HD is answered from it: Soan gui 8188: TK, ho ten" in done.stdout
    assert copy.read_bytes() == before
    assert sorted(Path("var").iterdir()) == in_use
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_keeps_a_backup_from_being_used_is_named(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("DROP TRIGGER audit_entry_stays_update")
        database.execute("UPDATE audit_entry SET operator = 'hoa'")
    changed = run("db", "verify", "copy.db")
    assert changed.exit_code == 1
    assert "FAULT     audit log: entry 1 was changed or is missing; fix: " in changed.stdout
    assert "answer" not in changed.stdout
    Path("keys.own").write_bytes(Path("var/keys").read_bytes())
    Path("var/keys").unlink()
    assert "FAULT     backup: key file var/keys: is not there" in run("db", "verify", "copy.db").stdout
    Path("notes.txt").write_text("no backup at all")
    assert "notes.txt is no backup of an SQLite file or of PostgreSQL" in run("db", "verify", "notes.txt").stderr
    assert "is the database in use; fix: make a copy" in run("db", "verify", "var/gateway.db").stderr
    os.mkfifo("pipe")
    assert "pipe is no regular file; fix: name a file" in run("db", "verify", "pipe").stderr
    assert "nowhere.db cannot be read (No such file or directory)" in run("db", "verify", "nowhere.db").stderr


def alter(file: str, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_a_backup_with_other_triggers_or_another_end_of_the_audit_log_is_named(copy: Path) -> None:
    made = [f"CREATE TRIGGER {name}" for name in ("audit_entry_stays_delete", "evil")]
    removed = "DROP TRIGGER audit_entry_stays_delete"
    planted = f"{made[1]} AFTER INSERT ON inbound BEGIN UPDATE operator SET disabled = 0; END"
    harmless = f"{made[0]} BEFORE DELETE ON audit_entry BEGIN SELECT 1; END"
    for statements, word in (
        ([removed], "trigger audit_entry_stays_delete of audit_entry is missing; fix: "),
        ([removed, harmless], "trigger audit_entry_stays_delete of audit_entry was changed; fix: "),
        ([planted], "trigger evil of inbound is not the program's; fix: "),
    ):
        shutil.copy(copy, "changed.db")
        alter("changed.db", *statements)
        done = run("db", "verify", "changed.db")
        assert (done.exit_code, f"FAULT     triggers: {word}" in done.stdout) == (1, True), done.output
    assert run("operators", "add", "hoa").exit_code == 0
    older = run("db", "verify", "copy.db")
    assert older.exit_code == 0
    assert "CAUTION   audit log: 1 newer entry is in the database in use, since " in older.stdout
    assert run("db", "backup", "newer.db").exit_code == 0
    alter("var/gateway.db", removed, "DELETE FROM audit_entry WHERE number = 2")
    used = run("check", "--no-bind")
    assert (used.exit_code, "FAULT     triggers: trigger audit_entry_stays_delete" in used.stdout) == (1, True)
    assert run("operators", "add", "mai").exit_code == 0
    forked = run("db", "verify", "newer.db")
    assert (forked.exit_code, "audit log: entry 2 is another one in the database in use" in forked.stdout) == (1, True)


def test_an_audit_log_in_use_that_ends_before_that_of_the_backup_is_named() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    entry = Entry(number=2, at=at, operator="lan", action="revealed", subject="", detail="", chain=b"x")
    for last, same, told in (
        (2, entry, "None"),
        (1, None, "CAUTION   audit log: it has 2 entries, the one in use 1; "),
    ):
        found = compared_log(entry, InUse(counts={}, last=last, same=same, following=None))
        assert str(found).startswith(told), last


def test_a_backup_under_another_key_is_refused(copy: Path) -> None:
    assert run("api-clients", "add", "one-stop", "--scope", "dossiers", "--signs").exit_code == 0
    assert run("db", "backup", "sealed.db").exit_code == 0
    Path("var/keys").unlink()
    keyfile.load_or_make(Path("var/keys"))
    other = run("db", "verify", "sealed.db")
    assert other.exit_code == 1
    assert "fix: put back the key file of this database" in other.stdout


def test_a_backup_of_an_earlier_revision_is_upgraded_in_the_copy(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
    before = copy.read_bytes()
    done = run("db", "verify", "copy.db")
    assert done.exit_code == 0, done.output
    assert f"revision: {HEAD}, upgraded to {newer} in the copy" in done.stdout
    assert copy.read_bytes() == before


def test_a_backup_of_any_name_is_restored_under_that_name(copy: Path) -> None:
    for name in ("b?mode=memory.db", "b%41.db", "b#c d.db"):
        shutil.copy(copy, name)
        with restored(DatabaseSettings(), Path(name), None) as beside:
            file = sqlite_file(beside)
            assert file is not None, name
            assert file.read_bytes() == copy.read_bytes(), name


def test_what_was_restored_is_removed_also_when_the_command_is_stopped(copy: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def restore_and_be_stopped() -> None:
        with restored(DatabaseSettings(), copy, None) as beside:
            assert Path(beside.url.removeprefix("sqlite:///")).exists()
            os.kill(os.getpid(), signal.SIGTERM)
            signal.sigtimedwait([], 5)  # the handler runs in here, at the latest

    with pytest.raises(KeyboardInterrupt):
        restore_and_be_stopped()
    assert [path for path in Path().iterdir() if path.name.startswith(".copy.db")] == []
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.long
def test_a_dump_of_postgresql_is_restored_beside_and_dropped_again(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = f"{binaries() / 'bin'}:/usr/bin:/bin"
    monkeypatch.setenv("PATH", programs)
    name = f"verified_{os.getpid()}"
    url = postgres.create_database(name)
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", url)
    assert run("db", "upgrade").exit_code == 0
    assert run("operators", "add", "lan").exit_code == 0
    dump = ["pg_dump", "--format=custom", "--file=copy.dump", url.replace("+psycopg", "")]
    subprocess.run(dump, check=True, cwd=tmp_path)
    refused = run("db", "verify", "copy.dump")
    assert refused.exit_code == 1
    assert "fix: let the role create databases" in refused.stderr
    postgres.administer("ALTER ROLE gateway CREATEDB")
    try:
        done = run("db", "verify", "copy.dump")
    finally:
        postgres.administer("ALTER ROLE gateway NOCREATEDB")
    assert done.exit_code == 0, done.output
    assert "answer: HD is answered from it: Soan gui 8188" in done.stdout
    assert not postgres.administer(f"SELECT FROM pg_database WHERE datname LIKE '{name}_verify%'")
    postgres.drop_database(name)
    monkeypatch.delenv("SMS_GATEWAY_DATABASE__URL")
    shutil.rmtree("var")
    assert "copy.dump is a dump of PostgreSQL; fix: " in run("db", "verify", "copy.dump").stderr
