"""Long pushes at the real server: nothing of a stranger's body is read, and a client's comes in whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection

import pytest
from flask import Flask
from sqlalchemy import func, select

from db.citizens.lookups import list_tables
from db.schema import dossier
from db.store.engine import Database
from sms_gateway.back_office_api.dossiers import MOST_OCTETS
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.server import WebServer
from tests.sms_gateway.back_office_api.conftest import BEARER, WITHOUT_SCOPE
from tests.sms_gateway.back_office_api.one_stop import call
from tests.sms_gateway.back_office_api.one_stop import dossier as item
from tests.sms_gateway.conftest import NOON

WHERE = "/back-office/dossiers"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about connections."""
    return sqlite_database


@pytest.fixture
def port(back_office_app: Flask) -> Iterator[int]:
    server = WebServer(back_office_app, WebSettings(port=0))
    server.start()
    yield server.port
    server.stop(5)


def answer(port: int, headers: dict[str, str], body: bytes | None = None, *, length: int = 0) -> tuple[int, str]:
    """Send a request; without a body only its head, with a length that is promised."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        if body is None:
            connection.putrequest("POST", WHERE)
            for name, value in {**headers, "Content-Length": str(length)}.items():
                connection.putheader(name, value)
            connection.endheaders()
        else:
            connection.request("POST", WHERE, body, headers)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_a_long_push_with_a_key_comes_in_whole(port: int, database: Database) -> None:
    body = json.dumps(
        call("DongBoHoSoMC", [item(f"H17-261129-{n:04}", "4", received=NOON) for n in range(400)])
    ).encode()
    assert len(body) > 300_000
    status, words = answer(port, dict(BEARER), body)
    assert (status, words.count('"taken":true')) == (200, 400)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(dossier)).scalar_one() == 400


def test_the_rows_of_a_long_table_come_in_whole_with_a_key_alone(port: int, database: Database) -> None:
    rows = [{"tuyen": f"R{number}", "lo_trinh": "Cho Con - Hoi An"} for number in range(4_000)]
    bus = {"title": "xe buyt", "keywords": ["BUS"], "shape": "code", "key_label": "so tuyen", "key_column": "tuyen"}
    body = json.dumps({**bus, "answer": "Tuyen {tuyen}: {lo_trinh}.", "rows": rows}).encode()
    assert len(body) > 150_000
    place = "/back-office/tables/bus"
    for label, headers, expected in (
        ("nobody", {}, 403),
        ("another scope", {"Authorization": f"Bearer {WITHOUT_SCOPE}"}, 403),
        ("a client", dict(BEARER), 200),
    ):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest("PUT", place)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body if expected == 200 else None)
        assert connection.getresponse().status == expected, label
        connection.close()
    with database.read() as reading:
        assert [one.row_count for one in list_tables(reading)] == [4_000]


def test_nothing_of_a_strangers_long_body_is_read(port: int) -> None:
    signed = {"webhook-id": "m", "webhook-timestamp": str(int(NOON.timestamp())), "webhook-signature": "v1,x"}
    for label, headers in [
        ("nobody", {}),
        ("a wrong key", {"Authorization": "Bearer sgk_wrong"}),
        ("another scope", {"Authorization": f"Bearer {WITHOUT_SCOPE}"}),
        ("a signature alone", signed),
    ]:
        status, words = answer(port, headers, length=1_000_000)  # and not an octet of the body
        assert (status, "send the key" in words) == (403, True), label


def test_a_body_beyond_the_bound_is_refused_to_a_client_too(port: int) -> None:
    status, _ = answer(port, dict(BEARER), length=MOST_OCTETS + 100)
    assert status == 413
