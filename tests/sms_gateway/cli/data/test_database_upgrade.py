"""db upgrade: the backup first, the way back, and what happens when it is interrupted."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from db.store.engine import open_database
from db.upkeep import revision
from db.upkeep.revision import HEAD, Progress
from sms_gateway.process import keyfile
from sms_gateway.process.startup import alone
from tests.db.upkeep.next_revision import add_revision
from tests.postgres import Postgres, binaries
from tests.sms_gateway.cli.surroundings import run

MADE_UP = "ALTER TABLE operator ADD COLUMN made_up BIGINT"


@pytest.fixture
def made() -> Path:
    """A database of the first revision, with operators in it."""
    assert run("db", "upgrade").exit_code == 0
    for name in ("lan", "hoa", "minh"):
        assert run("operators", "add", name).exit_code == 0
    return Path("var/gateway.db")


def names_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM operator ORDER BY name")]


def test_an_upgrade_takes_a_backup_first_and_says_how_long_it_takes(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, MADE_UP)
    (tmp_path / "copies").mkdir()
    done = run("db", "upgrade", "--backup-to", "copies")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(f"{HEAD} -> {newer}\n")
    (copy,) = (tmp_path / "copies").iterdir()
    assert copy.name.startswith(f"gateway.db.{HEAD}-before-{newer}-")
    assert f"{copy.relative_to(tmp_path)}: " in done.stdout
    assert copy.stat().st_mode & 0o777 == 0o600
    assert names_in(copy) == ["hoa", "lan", "minh"]
    assert " rows: about 1 s at most." in done.stderr
    assert run("db", "upgrade").output == f"{newer}, nothing to do\n"
    assert len(list(tmp_path.glob("**/*-before-*"))) == 1


def test_a_backup_that_cannot_be_made_ends_the_upgrade(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, MADE_UP)
    refused = run("db", "upgrade", "--backup-to", "nowhere")
    assert refused.exit_code == 1
    assert f"no backup, so nothing was changed: nowhere/.gateway.db.{HEAD}-before-" in refused.stderr
    assert "or say --without-backup" in refused.stderr
    assert run("db", "current").output == f"{HEAD} (needed: {newer})\n"
    assert run("db", "upgrade", "--without-backup").exit_code == 0
    assert list(tmp_path.glob("**/*-before-*")) == []


def test_the_way_back_from_an_upgrade_is_its_backup_with_the_version_before(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        add_revision(tmp_path, later, MADE_UP, "DELETE FROM operator WHERE name = 'lan'")
        assert run("db", "upgrade").exit_code == 0
        assert names_in(made) == ["hoa", "minh"]
    refused = run("operators", "list")  # the version before does not start on what the upgrade left
    assert "which this version does not know" in refused.output
    kept = sorted(made.parent.iterdir())
    unknown = run("db", "upgrade")  # refused before it backs everything up
    assert (unknown.exit_code, "which this version does not know" in unknown.stderr) == (1, True)
    assert sorted(made.parent.iterdir()) == kept
    (copy,) = made.parent.glob("gateway.db.*-before-*")
    for left in (made, Path("var/gateway.db-wal"), Path("var/gateway.db-shm")):  # as docs/operating.md has it
        left.unlink(missing_ok=True)
    shutil.copy(copy, made)
    assert run("check", "--no-bind").exit_code == 0
    assert run("operators", "list").output.count("\n") == 3


def test_an_upgrade_that_was_stopped_goes_on_without_another_backup(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, MADE_UP, moves="operator", batch=1)
    stopped = revision.upgrade

    def press_ctrl_c(*given: object) -> str:
        steps = iter(range(2))

        def told(progress: Progress) -> None:
            if next(steps, None) is None:
                raise KeyboardInterrupt

        return stopped(given[0], told)  # type: ignore[arg-type]  # the database

    with monkeypatch.context() as once:
        once.setattr(revision, "upgrade", press_ctrl_c)
        done = run("db", "upgrade")
    assert (done.exit_code, "interrupted; what is done is kept; fix: run" in done.stderr) == (1, True)
    current = run("db", "current")
    assert (current.exit_code, current.output) == (1, f"{newer}, its upgrade was interrupted (needed: {newer})\n")
    assert "was interrupted; fix: run `sms-gateway db upgrade` again" in run("operators", "list").output
    again = run("db", "upgrade")
    assert again.exit_code == 0, again.output
    assert "it goes on where it was" in again.stderr
    assert len(list(made.parent.glob("*-before-*"))) == 1
    with closing(sqlite3.connect(made)) as database:
        assert database.execute("SELECT count(*) FROM operator WHERE made_up = id * 2").fetchone() == (3,)
    assert run("operators", "list").exit_code == 0


def test_a_second_upgrade_and_a_service_are_refused_meanwhile(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, MADE_UP)
    with alone("sqlite:///var/gateway.db"):
        refused = run("db", "upgrade")
        assert refused.exit_code == 1
        assert "a service, or another upgrade, uses var/gateway.db; fix: stop the service, or wait" in refused.stderr
        assert run("db", "upgrade", "--while-running").stdout.endswith(f"{HEAD} -> {newer}\n")


@pytest.fixture
def of_postgres(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> str:
    """The settings name an empty database of PostgreSQL, which is dropped at the end."""
    name = f"upgraded_{os.getpid()}"
    url = postgres.create_database(name)
    monkeypatch.setenv("SMS_GATEWAY_DATABASE__URL", url)
    assert run("db", "upgrade").exit_code == 0
    return url


def test_postgresql_is_backed_up_by_pg_dump_or_the_upgrade_says_what_it_needs(
    of_postgres: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = add_revision(tmp_path, monkeypatch, "ALTER TABLE operator ADD COLUMN made_up BIGINT")
    monkeypatch.setenv("PATH", "/nowhere")
    refused = run("db", "upgrade")
    assert refused.exit_code == 1
    assert "needs pg_dump, which is not installed here; fix: " in refused.stderr
    assert "or say --without-backup" in refused.stderr
    monkeypatch.setenv("PATH", f"{binaries() / 'bin'}:/usr/bin:/bin")
    done = run("db", "upgrade")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(f"{HEAD} -> {newer}\n")
    (dump,) = tmp_path.glob("*.dump")
    assert dump.read_bytes().startswith(b"PGDMP")
    assert dump.stat().st_mode & 0o777 == 0o600
    database = open_database(of_postgres, keyfile.load(Path("var/keys")))
    with database.read() as connection:
        assert connection.execute(text("SELECT made_up FROM operator")).all() == []
    database.close()
    postgres.drop_database(of_postgres.rpartition("/")[2])


@pytest.mark.long  # a thousand commits, and three processes
def test_an_upgrade_that_was_killed_goes_on_and_every_row_is_moved_once(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 50_000
    with closing(sqlite3.connect(made)) as database, database:
        database.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO event (id, inbound_id, kind, at) SELECT i, i, 'made_up', 0 FROM n",
            [rows],
        )
    newer = add_revision(tmp_path, monkeypatch, "ALTER TABLE event ADD COLUMN made_up BIGINT", moves="event", batch=50)
    code = (
        "import sys; from pathlib import Path; from db.upkeep import revision; from sms_gateway.cli import main; "
        "revision.MIGRATIONS, revision.HEAD = Path(sys.argv[1]), sys.argv[2]; main(['db', 'upgrade'])"
    )
    words = [sys.executable, "-c", code, str(revision.MIGRATIONS), newer]
    surroundings = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}
    for enough in (rows // 5, rows // 2):
        upgrading = subprocess.Popen(words, env=surroundings, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = monotonic() + 60
        while moved(made) < enough:
            assert upgrading.poll() is None
            assert monotonic() < deadline
            sleep(0.02)
        upgrading.kill()
        upgrading.wait()
        assert enough <= moved(made) < rows
    assert run("db", "upgrade").exit_code == 0
    assert moved(made) == rows
    assert len(list(made.parent.glob("*-before-*"))) == 1


def moved(path: Path) -> int:
    with closing(sqlite3.connect(path, timeout=10)) as database:
        if not database.execute("SELECT 1 FROM pragma_table_info('event') WHERE name = 'made_up'").fetchone():
            return 0
        return int(database.execute("SELECT count(*) FROM event WHERE made_up = id * 2").fetchone()[0])
