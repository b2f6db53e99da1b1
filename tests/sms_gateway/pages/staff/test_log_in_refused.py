"""Log-ins that fail: every one of a name that exists is in the audit log under the stored name, or its lock is."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.audit import Action, Entry, read_page
from db.staff.log_in_attempts import FREE_TRIES, LONGEST_LOCK
from db.staff.operators import add_operator, change_password, normal_name, set_disabled
from db.store.engine import Database
from sms_gateway.log import JsonFormatter
from tests.sms_gateway.conftest import HASHED, NOON, PASSWORD, Clock, form_token, log_in

OUTSIDE = "203.0.113.7"
HAU = "hậu"


@pytest.fixture
def hau(database: Database, new_id: Callable[[], int]) -> int:
    """An operator whose name can be written with and without composed letters."""
    made = new_id()
    with database.write() as connection:
        add_operator(connection, operator_id=made, name=HAU, password_hash=HASHED, role=OperatorRole.OPERATOR, now=NOON)
        change_password(connection, made, HASHED)
    return made


def refused(database: Database, name: str = HAU) -> list[Entry]:
    """Return what a search by name shows of refused log-ins, oldest first."""
    with database.read() as connection:
        found = read_page(connection, action=Action.LOG_IN_REFUSED, operator=normal_name(name))
    return list(reversed(found))


def reasons(database: Database) -> list[str]:
    return [entry.detail for entry in refused(database)]


@pytest.mark.usefixtures("hau")
def test_each_wrong_password_has_a_line_also_the_one_that_locks_and_those_after_the_lock(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    for count in range(1, FREE_TRIES + 1):
        assert log_in(client, name=HAU, password="wrong").status_code == 401
        assert reasons(database) == ["wrong_password"] * count
    for count in range(FREE_TRIES + 1, FREE_TRIES + 5):
        clock.advance(LONGEST_LOCK)
        assert log_in(client, name=HAU, password="wrong").status_code == 401
        assert reasons(database) == ["wrong_password"] * count


@pytest.mark.usefixtures("hau")
def test_a_lock_has_a_line_and_its_tries_do_not_fill_the_log(
    client: FlaskClient, database: Database, clock: Clock
) -> None:
    for _ in range(FREE_TRIES + 30):
        log_in(client, name=HAU, password="wrong")
    assert log_in(client, name=HAU).status_code == 401  # the right one is refused too
    assert len(refused(database)) == FREE_TRIES
    assert clock.now == NOON


def test_an_operator_who_is_disabled_has_a_line_each_quarter_of_an_hour(
    client: FlaskClient, database: Database, clock: Clock, hau: int
) -> None:
    with database.write() as connection:
        set_disabled(connection, hau, disabled=True)
    for _ in range(3):
        for _ in range(3):
            assert log_in(client, name=HAU).status_code == 401
            clock.advance(timedelta(minutes=5, seconds=1))
    assert reasons(database) == ["locked"] * 3


@pytest.mark.usefixtures("hau")
def test_from_an_address_that_waits_too(app: Flask, database: Database) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = OUTSIDE
    for _ in range(20):
        log_in(client, name="nobody", password="wrong")
    assert refused(database) == []
    assert log_in(client, name=HAU).status_code == 401
    assert reasons(database) == ["address_locked"]


@pytest.mark.usefixtures("hau")
@pytest.mark.parametrize("typed", [HAU, unicodedata.normalize("NFD", HAU), " HẬU ", "Ha\u0323\u0302u"])
def test_the_line_is_under_the_stored_name_however_it_is_typed(
    client: FlaskClient, database: Database, typed: str
) -> None:
    log_in(client, name=typed, password="wrong")
    assert [(entry.operator, entry.subject) for entry in refused(database)] == [(HAU, f"operator:{HAU}")]


def test_guessing_the_present_password_at_an_open_desk_has_lines_too(
    logged_in: FlaskClient, database: Database
) -> None:
    token = form_token(logged_in.get("/admin/password"))
    fields = {"csrf": token, "current": "wrong", "new": "four green boats", "again": "four green boats"}
    assert logged_in.post("/admin/password", data=fields).status_code == 400
    assert [entry.detail for entry in refused(database, "lan")] == ["wrong_password"]


def test_a_name_that_is_nobodys_is_written_nowhere(
    client: FlaskClient, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        log_in(client, name="canary-secret-in-the-wrong-field", password=PASSWORD)
    with database.read() as connection:
        assert read_page(connection) == []
    assert "canary" not in caplog.text
    assert "canary" not in "".join(map(JsonFormatter().format, caplog.records))


def test_the_log_names_address_and_operator_by_number(app: Flask, hau: int, caplog: pytest.LogCaptureFixture) -> None:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = OUTSIDE
    with caplog.at_level(logging.INFO):
        log_in(client, name=HAU, password="wrong")
        log_in(client, name="nobody", password="wrong")
    lines = [JsonFormatter().format(record) for record in caplog.records if record.message == "log_in_refused"]
    assert len(lines) == 2
    for line, operator in zip(lines, (str(hau), "null"), strict=True):
        assert f'"address":"{OUTSIDE}"' in line
        assert f'"operator":{operator}' in line
        assert HAU not in line
