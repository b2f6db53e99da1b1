"""Keys: a rotation while the service runs, and keys that are not those of the database."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from werkzeug.test import Client
from werkzeug.wrappers import Response

from db.schema import account, inbound
from db.store.engine import Database, open_database
from db.store.sealing import Keyring, SealBrokenError
from db.upkeep import rekey
from sms_gateway.process import keyfile
from sms_gateway.process.startup import WrongKeysError, opened
from sms_gateway.settings.model import DatabaseSettings, Settings
from tests.sms_gateway.pipeline.dispatch.desk import NOON, Counterdesk

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PERSON = "84905123456"


def filled(database: Database, texts: int = 5) -> Counterdesk:
    desk = Counterdesk(database=database)
    for number in range(texts):
        desk.pass_(minutes=5)
        desk.text(PERSON, f"TK, Nguyen Van A, {201499000 + number}, 20/12/1990")
    return desk


def reseal_all(database: Database) -> int:
    total = 0
    for sealed in rekey.sealed_tables():
        after: object | None = None
        while True:
            with database.write() as connection:
                step = rekey.reseal(connection, sealed, after=after, limit=2)
            total, after = total + step.resealed, step.after
            if after is None:
                break
    return total


def test_everything_is_sealed_anew_and_opens_with_the_new_key_alone(database: Database) -> None:
    filled(database)
    old = database.keyring
    with database.read() as connection:
        before = rekey.count_by_key(connection)
    assert set(before) == {1}
    new = Keyring(keys={1: b"k" * 32, 2: b"n" * 32}, mark_key=b"m" * 32)
    was = Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)
    assert database.keyring.adopt(new)
    try:
        assert reseal_all(database) == before[1]
        assert reseal_all(database) == 0
        with database.read() as connection:
            assert rekey.count_by_key(connection) == {2: before[1]}
            assert database.keyring.adopt(Keyring(keys={2: b"n" * 32}, mark_key=b"m" * 32))
            rekey.demand_fit(connection)
            people = set(connection.scalars(select(account.c.id_number)))
            assert len(people) == 3
            found = connection.execute(select(inbound.c.body).where(inbound.c.sender_mark == PERSON)).all()
            assert len(found) == 5
    finally:
        old.adopt(was)


def test_another_key_is_told_before_anything_is_written(database: Database) -> None:
    filled(database, texts=1)
    was = Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)
    try:
        database.keyring.adopt(Keyring(keys={1: b"x" * 32}, mark_key=b"m" * 32))
        with database.read() as connection, pytest.raises(rekey.KeysDoNotFitError, match="put back the key file"):
            rekey.demand_fit(connection)
    finally:
        database.keyring.adopt(was)


def test_another_mark_key_is_told_too(sqlite_url: str, sqlite_database: Database) -> None:
    filled(sqlite_database, texts=1)
    other = open_database(sqlite_url, Keyring(keys={1: b"k" * 32}, mark_key=b"x" * 32))
    with other.read() as connection, pytest.raises(rekey.KeysDoNotFitError, match="mark key"):
        rekey.demand_fit(connection)
    other.close()


@pytest.mark.parametrize("wrong", ["another", "missing"])
def test_the_service_does_not_start_with_a_wrong_or_missing_key_file(
    tmp_path: Path, sqlite_url: str, sqlite_database: Database, wrong: str
) -> None:
    filled(sqlite_database, texts=1)
    path = tmp_path / "keys"
    if wrong == "another":
        keyfile.load_or_make(path)
    before = (tmp_path / "gateway.db").read_bytes()
    settings = Settings(database=DatabaseSettings(url=sqlite_url, key_file=path))
    expected = WrongKeysError if wrong == "another" else keyfile.KeyFileError
    with pytest.raises(expected, match="put"), opened(settings):
        pass
    assert (tmp_path / "gateway.db").read_bytes() == before
    assert path.exists() == (wrong == "another")


def test_a_running_service_learns_a_new_key_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyring = keyfile.load_or_make(path)
    watch = keyfile.KeyWatch(path, keyring)
    assert not watch.look()
    assert keyfile.add_key(path) == 2
    assert watch.look()
    assert keyring.current == 2
    assert not watch.look()


def test_a_value_of_a_key_that_was_made_meanwhile_opens(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyring = keyfile.load_or_make(path)
    keyfile.add_key(path)
    sealed = keyfile.load(path).seal(b"clear", b"t.c")
    assert keyring.open(sealed, b"t.c") == b"clear"
    assert keyring.current == 2


def test_two_machines_change_the_key_and_none_meets_a_value_that_it_cannot_open(
    postgres_database: Database, tmp_path: Path
) -> None:
    url = postgres_database.writer.url.render_as_string(hide_password=False)
    here, there = tmp_path / "here", tmp_path / "there"
    keyfile.load_or_make(here)
    shutil.copy(here, there)
    machines = [open_database(url, keyfile.load(path)) for path in (here, there)]
    ids = count()
    desks = [
        Counterdesk(database=one, now=NOON + timedelta(minutes=10 * place), _provider_ids=ids)
        for place, one in enumerate(machines)
    ]
    watches = [keyfile.KeyWatch(path, one.keyring) for path, one in zip((here, there), machines, strict=True)]

    def both_work(sealed_with: list[int]) -> None:
        for desk, other in zip(desks, machines[::-1], strict=True):
            desk.pass_(minutes=20)
            assert desk.text(PERSON, "HD").outcome == "helped"
            with other.read() as connection:
                assert set(connection.scalars(select(inbound.c.body))) == {"HD"}
        for watch in watches:
            watch.look()
        assert [one.keyring.current for one in machines] == sealed_with

    try:
        both_work([1, 1])
        assert keyfile.add_key(here, seals=False) == keyfile.waiting_key(here) == 2
        both_work([1, 1])
        shutil.copy(here, there)
        both_work([1, 1])
        keyfile.use_key(here, 2)
        assert keyfile.waiting_key(here) is None
        both_work([2, 1])
        both_work([2, 1])  # each opens what the other sealed
        shutil.copy(here, there)
        both_work([2, 2])
        reseal_all(machines[0])
        with machines[1].read() as connection:
            assert set(rekey.count_by_key(connection)) == {2}
        assert keyfile.drop_key(here, 1)
    finally:
        for one in machines:
            one.close()


def test_a_key_that_waits_and_is_not_used_can_be_dropped(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.load_or_make(path)
    assert keyfile.add_key(path, seals=False) == 2
    assert keyfile.load(path).current == 1
    assert keyfile.drop_key(path, 2)
    assert keyfile.waiting_key(path) is None


def test_a_web_tier_of_its_own_seals_with_a_new_key_from_its_next_request(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyring = keyfile.load_or_make(path)
    seen: list[int] = []

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(keyring.current)
        return Response()(environ, start_response)

    watched = keyfile.WatchedRequests(application, keyfile.KeyWatch(path, keyring))
    Client(watched).get("/")
    keyfile.add_key(path)
    assert Event().wait(keyfile.LOOK_SECONDS) is False
    Client(watched).get("/")
    assert seen == [1, 2]


def test_a_broken_key_file_leaves_the_running_service_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyring = keyfile.load_or_make(path)
    watch = keyfile.KeyWatch(path, keyring)
    sealed = keyring.seal(b"clear", b"t.c")
    path.write_text("nonsense")
    assert not watch.look()
    path.unlink()
    assert not watch.look()
    assert keyring.open(sealed, b"t.c") == b"clear"
    with pytest.raises(SealBrokenError, match="no key number 9"):
        keyring.open(b"\x00\x09" + sealed[2:], b"t.c")


def test_another_databases_key_file_is_not_taken_over(tmp_path: Path) -> None:
    keyring = keyfile.load_or_make(tmp_path / "keys")
    other = keyfile.load_or_make(tmp_path / "other")
    keyfile.add_key(tmp_path / "other")
    assert not keyring.adopt(other)
    watch = keyfile.KeyWatch(tmp_path / "keys", keyring)
    shutil.copy(tmp_path / "other", tmp_path / "keys")
    assert not watch.look()
    assert keyring.current == 1


def test_a_key_is_dropped_only_when_it_does_not_seal(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    keyfile.load_or_make(path)
    assert not keyfile.drop_key(path, 1)
    keyfile.add_key(path)
    assert not keyfile.drop_key(path, 3)
    assert keyfile.drop_key(path, 1)
    assert keyfile.load(path).current == 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_texts_are_answered_while_everything_is_sealed_anew(database: Database) -> None:
    desk = filled(database)
    was = Keyring(keys={1: b"k" * 32}, mark_key=b"m" * 32)
    new = Keyring(keys={1: b"k" * 32, 2: b"n" * 32}, mark_key=b"m" * 32)
    other = open_database(database.writer.url.render_as_string(hide_password=False), new)  # as another process has it
    stop, resealed = threading.Event(), []

    def rotate() -> None:
        while not stop.wait(0.02):
            resealed.append(reseal_all(other))

    thread = threading.Thread(target=rotate)
    thread.start()
    try:
        desk.limits = replace(desk.limits, per_hour=1000, per_day=1000)
        for number in range(20):
            if number == 10:
                database.keyring.adopt(new)  # as KeyWatch does
            desk.pass_(minutes=2)
            assert desk.text(PERSON, "HD").outcome == "helped"
        stop.set()
        thread.join(20)
        reseal_all(other)  # what was sealed with the old key before the service knew the new one
        with database.read() as connection:
            assert set(rekey.count_by_key(connection)) == {2}
    finally:
        stop.set()
        thread.join(20)
        other.close()
        database.keyring.adopt(was)
    assert sum(resealed) > 10
