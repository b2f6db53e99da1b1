"""The work of a refused log-in, in statements and commits: the same whether the name exists, is locked, or is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event, func, select

from db.schema import OperatorRole, address_try
from db.staff.address_lockout import FREE_TRIES as ADDRESS_TRIES
from db.staff.log_in_attempts import FREE_TRIES
from db.staff.operators import add_operator, change_password, set_disabled
from db.store.engine import Database
from tests.sms_gateway.conftest import HASHED, NOON, form_token, log_in

OUTSIDE = "203.0.113.7"
NOBODYS = "canary-nobody"


@pytest.fixture
def hau(database: Database, new_id: Callable[[], int]) -> int:
    made = new_id()
    with database.write() as connection:
        add_operator(connection, operator_id=made, name="hau", password_hash=HASHED, role=OperatorRole.VIEWER, now=NOON)
        change_password(connection, made, HASHED)
    return made


@pytest.fixture
def outside(app: Flask) -> FlaskClient:
    """A stranger's browser; tries from this machine itself are not counted by address."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = OUTSIDE
    return client


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Note each statement by its first word, each commit, and how many rows each change wrote."""
    seen: list[str] = []

    def ran(_connection: object, cursor: object, statement: str, *_rest: object) -> None:
        word = statement.split(maxsplit=1)[0]
        rows = f" {getattr(cursor, 'rowcount', '')}" if word == "INSERT" else ""
        seen.append(f"{word}{rows}")

    def committed(_connection: Connection) -> None:
        seen.append("commit")

    with ExitStack() as stack:
        for engine in {database.writer, database.reader}:
            for name, listener in (("after_cursor_execute", ran), ("commit", committed)):
                event.listen(engine, name, listener)
                stack.callback(event.remove, engine, name, listener)
        yield seen


def work_of(client: FlaskClient, database: Database, name: str) -> list[str]:
    """Return the work of one wrong log-in."""
    token = form_token(client.get("/admin/log-in"))
    with counted(database) as seen:
        refused = client.post("/admin/log-in", data={"csrf": token, "name": name, "password": "wrong"})
    assert refused.status_code == 401
    return seen


@pytest.mark.usefixtures("hau")
def test_a_wrong_password_and_a_name_that_is_nobodys_cost_the_same(outside: FlaskClient, database: Database) -> None:
    known, nobodys = (work_of(outside, database, name) for name in ("hau", NOBODYS))
    assert known == nobodys
    assert [one for one in known if one.startswith("INSERT")] == ["INSERT 1"] * 3  # place or stand-in, line, address
    assert known.count("commit") > 3


@pytest.mark.usefixtures("hau")
def test_so_do_the_tries_that_lock_the_name_and_those_after(outside: FlaskClient, database: Database) -> None:
    works = [work_of(outside, database, "hau") for _ in range(FREE_TRIES)]
    assert all(work == works[0] for work in works)
    assert work_of(outside, database, NOBODYS) == works[0]
    locked, again = (work_of(outside, database, "hau") for _ in range(2))
    assert locked == again == work_of(outside, database, NOBODYS)


def test_so_does_a_disabled_operator(outside: FlaskClient, database: Database, hau: int) -> None:
    with database.write() as connection:
        set_disabled(connection, hau, disabled=True)
    first, again = (work_of(outside, database, "hau") for _ in range(2))
    assert first == again == work_of(outside, database, NOBODYS)


@pytest.mark.usefixtures("hau")
def test_and_an_address_that_waits(outside: FlaskClient, database: Database) -> None:
    for _ in range(ADDRESS_TRIES):
        log_in(outside, name=NOBODYS, password="wrong")
    first, again = (work_of(outside, database, "hau") for _ in range(2))
    assert first == again == work_of(outside, database, NOBODYS)
    assert [one for one in first if one.startswith("INSERT")] == ["INSERT 1"]


def test_stand_ins_are_one_row_however_many_names_are_tried(client: FlaskClient, database: Database) -> None:
    for number in range(3):
        log_in(client, name=f"{NOBODYS}{number}", password="wrong")
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(address_try)) == 1
