"""A database that somebody holds: every request is told to come again, and none ends in an error of ours."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from db.schema import OperatorRole, metadata
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import SECRET, Clock, form_token
from tests.sms_gateway.pages.routes import path_of

WAIT = 0.01
DEADLINE = 20.0
HEADERS = {"X-Gateway-Secret": SECRET}
TEXT = {"from": "84905123456", "to": "8188", "text": "HD", "id": "m1"}


@pytest.fixture
def database(request: pytest.FixtureRequest, keyring: Keyring) -> Iterator[Database]:
    """Waits as shortly as the service does, or shorter."""
    if request.param == "sqlite":
        url = request.getfixturevalue("sqlite_url")
    else:
        url = request.getfixturevalue("postgres_database").writer.url.render_as_string(hide_password=False)
    opened = open_database(url, keyring, wait_seconds=WAIT, connect_seconds=60)
    yield opened
    opened.close()


both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


@contextmanager
def held(database: Database) -> Iterator[None]:
    """Hold the database as `keys reseal` does on SQLite, or as a migration does on PostgreSQL."""
    holds, enough = Event(), Event()

    def hold() -> None:
        with database.write() as connection:
            if not database.is_sqlite:
                names = ", ".join(metadata.tables)
                connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
                connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
            holds.set()
            enough.wait(DEADLINE)

    holder = Thread(target=hold)
    holder.start()
    try:
        assert holds.wait(DEADLINE)
        yield
    finally:
        enough.set()
        holder.join()


def assert_comes_again(response: TestResponse, *, rule: object = None) -> None:
    assert (response.status_code, response.headers.get("Retry-After")) == (503, "5"), rule


@pytest.mark.database_matters
@both
def test_a_door_says_so(client: FlaskClient, database: Database) -> None:
    with held(database):
        refused = client.post("/mo/gapit", json=TEXT, headers=HEADERS)
        assert_comes_again(refused)
        assert "send" in refused.get_json()["error"]
    assert client.post("/mo/gapit", json=TEXT, headers=HEADERS).status_code == 200


@pytest.mark.database_matters
@both
def test_a_door_says_so_also_when_only_the_answer_cannot_be_fetched(parts: WebDependencies, database: Database) -> None:
    networks = table_of([replace(plain.NETWORK, patience_seconds=0.1)])
    client = create_app(replace(parts, networks=networks)).test_client()
    basic = {"Authorization": f"Basic {b64encode(f'x:{SECRET}'.encode()).decode()}"}
    assert client.post("/mo/kannel", json=TEXT, headers=basic).status_code == 200
    with held(database):
        assert_comes_again(client.post("/mo/kannel", json=TEXT, headers=basic))
    assert client.post("/mo/kannel", json=TEXT, headers=basic).get_json()["status"] == "duplicate"


@both
def test_every_page_and_every_form_says_so_or_works(
    app: Flask, logged_in: FlaskClient, make: object, database: Database, clock: Clock
) -> None:
    assert callable(make)
    make(OperatorRole.ADMINISTRATOR)
    token = form_token(logged_in.get("/admin/sessions"))
    clock.advance(timedelta(minutes=2))  # so that the session's last use would be written too
    tried = 0
    with held(database):
        for rule in app.url_map.iter_rules():
            if rule.endpoint == "static":
                continue
            path = path_of(app, rule)
            for method in {"GET", "POST"} & set(rule.methods or ()):
                response = logged_in.open(path, method=method, data={"csrf": token} if method == "POST" else None)
                assert response.status_code != 500, rule
                if response.status_code == 503 and rule.endpoint != "health":
                    assert_comes_again(response, rule=rule)
                    tried += 1
    assert tried >= (8 if database.is_sqlite else 30)
