"""A running service whose database or key file is taken away, replaced, locked or out of room."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import create_engine, text
from werkzeug.test import Client

from db.upkeep.presence import saved_copies
from sms_gateway.process import keyfile, storage_watch
from sms_gateway.process.startup import AlreadyRunningError, NoDatabaseError, opened
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.web_tier import web_application, web_database
from tests.postgres import Postgres
from tests.sms_gateway.process.running_service import SECRET, prepare, running, settings_for, stored


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_for(f"sqlite:///{tmp_path / 'var' / 'gateway.db'}", tmp_path / "keys")
    (tmp_path / "var").mkdir()
    prepare(made)
    return made


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "gateway.db"


@pytest.fixture(autouse=True)
def _short_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_watch, "NOTICE_SECONDS", 1.5)
    monkeypatch.setattr(storage_watch, "LOOK_SECONDS", 0.1)
    monkeypatch.setattr(storage_watch, "INSIDE_SECONDS", 0.2)
    monkeypatch.setattr(storage_watch, "NOTICE_SECONDS", 1.0)


def delete_file(path: Path) -> None:
    path.unlink()


def delete_directory(path: Path) -> None:
    shutil.rmtree(path.parent)


def move_directory(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


def delete_log(path: Path) -> None:
    path.with_name(f"{path.name}-wal").unlink()


def replace_file(path: Path) -> None:
    """Put the copy of last night in its place, as `mv` does."""
    shutil.copy(path.with_name("old.db"), path.with_name("new.db"))
    path.with_name("new.db").replace(path)


def overwrite_file(path: Path) -> None:
    """The same as `cp` does it: the inode stays."""
    shutil.copy(path.with_name("old.db"), path)


@pytest.mark.parametrize(
    ("harm", "trouble", "is_saved"),
    [
        (delete_file, "database_gone", True),
        (delete_directory, "database_gone", True),
        (move_directory, "database_gone", True),
        (delete_log, "database_gone", False),
        (replace_file, "database_replaced", True),
        (overwrite_file, "database_replaced", False),
    ],
)
def test_a_database_that_is_taken_away_ends_the_service_loudly_and_nothing_more_is_taken(
    settings: Settings,
    path: Path,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[Path], None],
    trouble: str,
    *,
    is_saved: bool,
) -> None:
    shutil.copy(path, path.with_name("old.db"))
    with running(settings) as service:
        assert service.send("0905000001") == 200
        assert service.health() == (200, [])
        with closing(sqlite3.connect(path)) as other:  # else SQLite reads its log, which is not harmed, for a while
            other.execute("PRAGMA wal_checkpoint(FULL)").fetchall()
        harm(path)
        service.eventually(lambda: service.gateway.foundation.is_lost)
        assert service.health() == (503, [trouble])
        assert f'sms_trouble{{what="{trouble}"}} 1.0' in service.get("/metrics")[1]
        assert service.send("0905000002") == 503
        assert service.ended() == 1
    assert [record.getMessage() for record in caplog.records].count("database_lost") == 1
    assert path.exists() == (trouble == "database_replaced" or not is_saved)  # SQLite has made no empty one
    assert not any(
        path.with_name(f"{path.name}{end}").exists() for end in ("-wal", "-shm")
    )  # no old log for a new file
    saved = saved_copies(path)
    assert len(saved) == is_saved
    if is_saved:  # with what was acknowledged before it was noticed
        assert stored(f"sqlite:///{saved[0]}", settings.database.key_file) == 1


def test_a_deleted_database_is_told_at_the_next_start_and_what_was_saved_goes_on(
    settings: Settings, path: Path
) -> None:
    with running(settings) as service:
        assert service.send("0905000001") == 200
        delete_file(path)
        assert service.ended() == 1
    (saved,) = saved_copies(path)
    with pytest.raises(NoDatabaseError, match=f"it was deleted or moved; fix: move {saved} back"), opened(settings):
        pass
    assert not path.exists()
    saved.rename(path)
    with running(settings) as service:
        assert service.send("0905000002") == 200
    assert stored(settings.database.url, settings.database.key_file) == 2


def test_a_database_in_the_place_of_another_is_not_served_before_somebody_looked(
    settings: Settings, path: Path
) -> None:
    shutil.copy(path, path.with_name("old.db"))
    with running(settings) as service:
        assert service.send("0905000001") == 200
        replace_file(path)
        assert service.ended() == 1
    (saved,) = saved_copies(path)
    with pytest.raises(NoDatabaseError, match=f"then move the saved one back to {path}"), opened(settings):
        pass
    saved.rename(path)
    with running(settings) as service:
        assert service.send("0905000001") == 200


def test_a_service_runs_on_a_symbolic_link_and_sees_it_lead_elsewhere(
    settings: Settings, path: Path, tmp_path: Path
) -> None:
    link, other = tmp_path / "link.db", path.with_name("other.db")
    link.symlink_to(path)
    shutil.copy(path, other)
    with running(settings_for(f"sqlite:///{link}", settings.database.key_file)) as service:
        assert service.health() == (200, [])
        link.unlink()
        link.symlink_to(other)
        service.eventually(lambda: service.health() == (503, ["database_replaced"]))
        assert service.ended() == 1


def test_health_knows_at_once_that_the_file_is_gone(settings: Settings, path: Path) -> None:
    with running(settings) as service:
        delete_file(path)
        assert service.health() == (503, ["database_gone"])


def test_without_its_key_file_the_service_goes_on_and_says_so(settings: Settings) -> None:
    with running(settings) as service:
        settings.database.key_file.unlink()
        service.eventually(lambda: service.health() == (200, ["keys_unusable"]))
        assert service.send("0905000001") == 200


def test_a_key_file_of_another_database_raises_an_alarm_and_a_rotation_does_not(
    settings: Settings, tmp_path: Path
) -> None:
    keys = settings.database.key_file
    own = keys.read_bytes()
    with running(settings) as service:
        keyfile.add_key(keys)
        rotated = keys.read_bytes()
        service.eventually(lambda: service.gateway.foundation.troubles() == [])
        sleep(1.0)
        assert service.health() == (200, [])
        keyfile.load_or_make(tmp_path / "other")
        (tmp_path / "other").replace(keys)
        service.eventually(lambda: service.health() == (200, ["keys_replaced"]))
        assert json.loads(service.get("/healthz")[1])["status"] == "degraded"
        keys.write_bytes(own)  # as it was before the rotation: an old copy
        sleep(1.0)
        assert service.health() == (200, ["keys_replaced"])
        keys.write_bytes(rotated)
        service.eventually(lambda: service.health() == (200, []))


def test_a_locked_database_is_told_while_it_is_locked(
    settings: Settings, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running(settings) as service:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            service.eventually(lambda: service.health() == (503, ["nothing_taken"]))
            caplog.clear()
            assert service.send("0905000001") == 503
            sleep(3.0)  # a round that is refused is told after its wait for the lock
            assert service.health() == (503, ["nothing_taken"])
            other.execute("ROLLBACK")
        service.eventually(lambda: service.send("0905000001") == 200)
        service.eventually(lambda: service.health() == (200, []))
    events = {record.getMessage() for record in caplog.records}
    assert "intake_refused" in events
    assert "round_failed" not in events


def test_a_web_tier_alone_takes_nothing_for_a_database_that_is_gone(settings: Settings, path: Path) -> None:
    database = web_database(settings)
    client = Client(web_application(settings, database))
    fields = {"from": "0905000001", "to": "8188", "text": "HD"}
    headers = {"X-Gateway-Secret": SECRET}
    assert client.get("/healthz").status_code == 200
    path.unlink()
    sleep(keyfile.LOOK_SECONDS)
    assert client.post("/mo/portal", json=fields, headers=headers).status_code == 503
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (
        503,
        {"status": "down", "database": False, "links": 0, "bound": 0, "troubles": ["database_gone"]},
    )
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(words, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root may mount a disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=False)


def fill(path: Path) -> None:
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)


def test_a_full_disk_is_told_before_the_first_text_comes(small_disk: Path, tmp_path: Path) -> None:
    settings = settings_for(f"sqlite:///{small_disk / 'gateway.db'}", tmp_path / "keys")
    prepare(settings)
    with running(settings) as service:
        assert service.send("0905000001") == 200
        filler = small_disk / "filler"
        fill(filler)
        service.eventually(lambda: service.health() == (503, ["nothing_taken"]))
        filler.unlink()
        service.eventually(lambda: service.health() == (200, []))
        assert service.send("0905000002") == 200


@pytest.mark.parametrize("kind", ["symbolic link", "hard link", "another path"])
def test_a_second_service_is_refused_by_whatever_name_it_opens_the_file(
    settings: Settings, path: Path, tmp_path: Path, kind: str
) -> None:
    other = tmp_path / "other.db"
    if kind == "symbolic link":
        other.symlink_to(path)
    elif kind == "hard link":
        other.hardlink_to(path)
    else:
        other = path.parent / ".." / "var" / path.name
    second = settings_for(f"sqlite:///{other}", settings.database.key_file)
    with opened(settings), pytest.raises(AlreadyRunningError, match="another sms-gateway runs on"), opened(second):
        pass
    with opened(second):  # and may, once the first has ended
        pass


@pytest.fixture
def on_postgresql(postgres: Postgres, tmp_path: Path) -> Iterator[Settings]:
    settings = settings_for(postgres.create_database("lost"), tmp_path / "keys")
    prepare(settings)
    yield settings
    postgres.drop_database("lost")


def test_a_postgresql_database_that_is_made_anew_ends_the_service(on_postgresql: Settings, postgres: Postgres) -> None:
    with running(on_postgresql) as service:
        assert service.send("0905000001") == 200
        postgres.drop_database("lost")
        postgres.create_database("lost")
        service.eventually(lambda: service.gateway.foundation.is_lost)
        assert service.health() == (503, ["database_replaced"])
        assert service.send("0905000002") == 503
        assert service.ended() == 1


def test_a_locked_table_of_postgresql_is_told_while_it_is_locked(on_postgresql: Settings) -> None:
    other = create_engine(on_postgresql.database.url)
    with running(on_postgresql) as service:
        with other.begin() as connection:
            connection.execute(text("LOCK TABLE inbound IN EXCLUSIVE MODE"))
            assert service.send("0905000001") == 503
            service.eventually(lambda: service.health() == (503, ["nothing_taken"]))
        service.eventually(lambda: service.send("0905000001") == 200)
        service.eventually(lambda: service.health() == (200, []))
    other.dispose()
