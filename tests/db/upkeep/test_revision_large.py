"""Revisions that move rows: interrupted, continued, and beside others who read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import text

from bench.fill import fill
from db.citizens.dossiers import import_dossiers
from db.store.engine import Database, open_database
from db.store.ids import IdSource
from db.upkeep.revision import (
    ADVISORY_LOCK,
    HEAD,
    Progress,
    UpgradeRunsError,
    WrongRevisionError,
    current,
    is_unfinished,
    require_head,
    upgrade,
)
from db.upkeep.row_counts import count_rows
from sms_gateway.cli.data.database.upgrading import ROWS_A_SECOND
from sms_gateway.clock import utc_now
from sms_gateway.demo.sample_dossiers import sample_dossiers
from sms_gateway.process import keyfile
from tests.db.upkeep.next_revision import add_revision

COLUMN = "ALTER TABLE {} ADD COLUMN made_up BIGINT"


class Killed(BaseException):
    """As SIGKILL: no code of ours expects it."""


def killing_after(steps: int) -> Callable[[Progress], None]:
    left = iter(range(steps))

    def told(progress: Progress) -> None:
        del progress
        if next(left, None) is None:
            raise Killed

    return told


def import_samples(database: Database) -> int:
    new_id = IdSource(node=1, now=utc_now).new
    samples = sample_dossiers(utc_now().date())
    with database.write() as connection:
        import_dossiers(connection, samples, now=utc_now(), new_id=new_id)
    return len(samples)


def test_an_upgrade_goes_on_where_it_was_interrupted(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = import_samples(database)
    assert rows > 8
    moving = add_revision(tmp_path, monkeypatch, COLUMN.format("dossier"), moves="dossier", batch=2)
    newest = add_revision(tmp_path, monkeypatch, "CREATE TABLE later (id INTEGER)")
    for steps, moved in ((0, 0), (0, 2), (1, 6)):  # killed after the column, after one step, and after two more
        with pytest.raises(Killed):
            upgrade(database, killing_after(steps))
        assert (current(database), is_unfinished(database)) == (moving, True)
        with database.read() as connection:
            done = connection.scalar(text("SELECT count(*) FROM dossier WHERE made_up = id * 2"))
        assert done == moved
    told: list[Progress] = []
    assert upgrade(database, told.append) == newest
    assert told[0] == Progress(revision=moving, moved=8, rows=rows)
    assert not is_unfinished(database)
    require_head(database)
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM dossier WHERE made_up = id * 2")) == rows


def test_no_service_starts_on_a_database_whose_rows_are_not_moved_yet(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_samples(database)
    newest = add_revision(tmp_path, monkeypatch, COLUMN.format("dossier"), moves="dossier", batch=2)
    with pytest.raises(Killed):
        upgrade(database, killing_after(1))
    assert current(database) == newest
    with pytest.raises(WrongRevisionError, match="was interrupted; fix: run `sms-gateway db upgrade` again"):
        require_head(database)


def test_a_second_upgrade_of_postgresql_is_refused(
    postgres_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = add_revision(tmp_path, monkeypatch, "CREATE TABLE made_up (id INTEGER)")
    with postgres_database.write() as other:
        other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        with pytest.raises(UpgradeRunsError, match="fix: wait until it ends"):
            upgrade(postgres_database)
        assert current(postgres_database) == HEAD
    assert upgrade(postgres_database) == newest


@pytest.mark.parametrize("messages", [1000, pytest.param(1_000_000, marks=pytest.mark.long)])
@pytest.mark.timeout(900)
def test_a_database_of_the_first_revision_is_upgraded_while_others_read(
    messages: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key_file = tmp_path / "gateway.db", tmp_path / "keys"
    database = open_database(f"sqlite:///{path}", keyfile.load_or_make(key_file))
    upgrade(database)
    database.close()
    fill(path, key_file, messages=messages, dossiers=10)
    newest = add_revision(tmp_path, monkeypatch, COLUMN.format("inbound"), moves="inbound", batch=messages // 100)
    database = open_database(f"sqlite:///{path}", keyfile.load(key_file))
    stop, waits = Event(), list[float]()

    def read_on() -> None:
        while not stop.is_set():
            began = monotonic()
            with database.read() as connection:
                newest_first = text("SELECT id FROM inbound ORDER BY id DESC LIMIT 50")
                assert len(connection.execute(newest_first).all()) == 50
            waits.append(monotonic() - began)

    reader = Thread(target=read_on)
    reader.start()
    started = monotonic()
    try:
        assert upgrade(database) == newest
    finally:
        seconds = monotonic() - started
        stop.set()
        reader.join()
    with database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM inbound WHERE made_up = id * 2")) == messages
        rows = sum(count_rows(connection).values())
    database.close()
    told = f"{messages} rows in {seconds:.1f} s; {len(waits)} reads, the longest {max(waits):.2f} s"
    assert len(waits) > 3, told
    assert max(waits) < 2, told
    assert seconds < max(5, rows / ROWS_A_SECOND), told  # what `db upgrade` says beforehand
