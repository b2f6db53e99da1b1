"""The HTTP endpoints for aggregators, on the real database."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text, update
from werkzeug.test import TestResponse

from db.schema import InboundState, OutboundState, inbound, outbound
from db.store.engine import Database
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.ports import Content
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.pipeline.ports import Verdict
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET, Clock, Counts

FORM = "application/x-www-form-urlencoded"
HEADERS = {"X-Gateway-Secret": SECRET}
FIELDS = {"from": "0905123456", "to": "8188", "text": "HD"}
BASIC = {"Authorization": "Basic " + base64.b64encode(f"any:{SECRET}".encode()).decode()}


def stored(database: Database) -> list[tuple[object, ...]]:
    columns = (inbound.c.link, inbound.c.sender, inbound.c.recipient, inbound.c.body, inbound.c.octets)
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(inbound.c.id))]


def post(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post("/mo/gapit", json={**FIELDS, **fields}, headers=HEADERS)


def test_json_is_stored_and_acknowledged(client: FlaskClient, database: Database, counts: Counts) -> None:
    response = post(client, id="abc-1")
    assert (response.status_code, response.json) == (200, {"status": "stored"})
    assert stored(database) == [("gapit", "84905123456", "8188", "HD", b"HD")]
    assert counts.seen == [("gapit", "stored")]


def kept_fields(database: Database) -> list[list[tuple[str, bytes | None]]]:
    with database.read() as connection:
        found = [read_kept_request(wire or b"") for wire in connection.scalars(select(inbound.c.wire))]
    return [[(field.name, field.value) for field in each.fields] if each is not None else [] for each in found]


def test_the_request_is_kept_without_what_proves_who_sent_it(client: FlaskClient, database: Database) -> None:
    post(client, id="abc-1", password="canary", other=SECRET)
    client.get("/mo/gapit?from=0905123457&to=8188&text=T%FF&apikey=canary", headers=HEADERS)
    wanted = [("from", b"0905123456"), ("id", b"abc-1"), ("other", None), ("password", None), ("text", b"HD")]
    assert kept_fields(database) == [
        [*wanted, ("to", b"8188")],  # as the client sorts them
        [("from", b"0905123457"), ("to", b"8188"), ("text", b"T\xff"), ("apikey", None)],
    ]


def test_a_form_is_stored_and_acknowledged(client: FlaskClient, database: Database) -> None:
    response = client.post("/mo/gapit", data=FIELDS, headers=HEADERS)
    assert response.json == {"status": "stored"}
    assert stored(database) == [("gapit", "84905123456", "8188", "HD", b"HD")]


def test_the_same_providers_id_is_a_duplicate(
    client: FlaskClient, database: Database, counts: Counts, clock: Clock
) -> None:
    post(client, id="abc-1")
    clock.advance(timedelta(days=2))
    assert post(client, id="abc-1").json == {"status": "duplicate"}
    assert counts.seen == [("gapit", "stored"), ("gapit", "duplicate")]
    with database.read() as connection:
        states = connection.execute(select(inbound.c.state).where(inbound.c.state == InboundState.RECEIVED)).all()
    assert len(states) == 1


@pytest.mark.parametrize("other", [{"from": "0905123457"}, {"text": "DVC 1"}, {"to": "8288"}], ids=str)
@pytest.mark.parametrize("given", ["abc-1", "0", "null", "undefined", ""])
def test_an_id_that_another_text_has_makes_no_duplicate(
    client: FlaskClient, database: Database, given: str, other: dict[str, str]
) -> None:
    assert post(client, id=given).json == {"status": "stored"}
    assert post(client, id=given, **other).json == {"status": "stored"}
    query = urlencode({**FIELDS, "from": "0905123458", "id": given})
    assert client.get(f"/mo/gapit?{query}", headers=HEADERS).status_code == 200
    with database.read() as connection:
        states = list(connection.scalars(select(inbound.c.state)))
    assert states == [InboundState.RECEIVED] * 3


@pytest.mark.parametrize("given", [0, "0", "null", "undefined", "", None, "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_was_never_filled_in_is_none(
    client: FlaskClient, database: Database, clock: Clock, given: object
) -> None:
    """A citizen who asks the same tomorrow is not taken for a repetition for ever."""
    fields = {**FIELDS, "id": given}
    for status in ("stored", "duplicate"):  # the second within ten seconds: two taps
        assert client.post("/mo/gapit", json=fields, headers=HEADERS).json == {"status": status}
    clock.advance(timedelta(days=1))
    assert client.post("/mo/gapit", json=fields, headers=HEADERS).json == {"status": "stored"}


def test_texts_without_an_id_are_told_apart(client: FlaskClient) -> None:
    assert post(client).json == {"status": "stored"}
    assert post(client, text="DVC 1").json == {"status": "stored"}


def test_field_names_are_the_channels_own(client: FlaskClient, database: Database) -> None:
    fields = {"msisdn": 84905123456, "shortcode": 8188, "content": "HD", "requestId": 17}
    response = client.post("/mo/named", json=fields, headers={"Authorization": SECRET})
    assert response.json == {"status": "stored"}
    assert stored(database) == [("named", "84905123456", "8188", "HD", b"HD")]


@pytest.mark.parametrize(
    ("content_type", "raw", "body", "octets"),
    [
        pytest.param(
            "application/x-www-form-urlencoded", b"T%C3%B4i", "Tôi", "Tôi".encode(), id="UTF-8 without a word"
        ),
        pytest.param(
            "application/x-www-form-urlencoded; charset=ISO-8859-1", b"T%F4i", "Tôi", b"T\xf4i", id="declared Latin-1"
        ),
        pytest.param("application/x-www-form-urlencoded", b"T%F4i", "T\ufffdi", b"T\xf4i", id="broken UTF-8"),
        pytest.param(
            "application/x-www-form-urlencoded; charset=klingon", b"T%C3%B4i", "Tôi", "Tôi".encode(), id="unknown"
        ),
        pytest.param(
            "application/x-www-form-urlencoded", b"%00T%1E%A1&charset=UTF-16BE", "Tạ", b"\0T\x1e\xa1", id="Kannel's %C"
        ),
    ],
)
def test_a_text_is_kept_as_it_came(  # noqa: PLR0917 - a table's columns
    client: FlaskClient, database: Database, content_type: str, raw: bytes, body: str, octets: bytes
) -> None:
    data = b"from=0905123456&to=8188&text=" + raw
    response = client.post("/mo/gapit", data=data, headers=HEADERS, content_type=content_type)
    assert response.status_code == 200
    assert stored(database)[0][3:] == (body, octets)


def test_broken_octets_in_json_are_kept(client: FlaskClient, database: Database) -> None:
    data = b'{"from": "0905123456", "to": "8188", "text": "T\xf4i"}'
    assert client.post("/mo/gapit", data=data, headers=HEADERS, content_type="application/json").status_code == 200
    assert stored(database)[0][3:] == ("T\ufffdi", b"T\xf4i")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        pytest.param("/mo/gapit", {}, id="no secret"),
        pytest.param("/mo/gapit", {"X-Gateway-Secret": "wrong"}, id="wrong secret"),
        pytest.param("/mo/gapit", {"X-Gateway-Secret": SECRET + "x"}, id="longer"),
        pytest.param("/mo/gapit", {"X-Gateway-Secret": "\xff\xfe"}, id="odd octets"),
        pytest.param("/mo/gapit", BASIC, id="Basic where a header is wanted"),
        pytest.param("/mo/kannel", HEADERS, id="a header where Basic is wanted"),
        pytest.param("/mo/kannel", {"Authorization": "Basic !!!"}, id="no Basic at all"),
        pytest.param("/mo/unset", {"X-Gateway-Secret": ""}, id="an empty secret opens nothing"),
        pytest.param("/mo/nobody", HEADERS, id="unknown channel"),
    ],
)
def test_a_stranger_learns_nothing(client: FlaskClient, database: Database, path: str, headers: dict[str, str]) -> None:
    wrong = client.post("/mo/gapit", json=FIELDS, headers={"X-Gateway-Secret": "also wrong"})
    for response in (client.post(path, json=FIELDS, headers=headers), client.get(path, headers=headers)):
        assert response.status_code == 401
        assert (response.data, dict(response.headers)) == (wrong.data, dict(wrong.headers))
    assert stored(database) == []


def test_wrong_secrets_are_counted_without_names_made_up_by_strangers(client: FlaskClient, counts: Counts) -> None:
    client.post("/mo/gapit", json=FIELDS)
    client.post("/mo/made-up-by-a-stranger", json=FIELDS)
    assert counts.seen == [("gapit", "wrong_secret"), ("unknown", "wrong_secret")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        pytest.param({"to": "8188", "text": "HD"}, "from", id="no sender"),
        pytest.param({"from": "0905123456", "to": "8188"}, "text", id="no text"),
        pytest.param({**FIELDS, "from": "0905123456\x00"}, "from", id="a control character"),
        pytest.param({**FIELDS, "from": "9" * 25}, "from", id="a sender too long"),
        pytest.param({**FIELDS, "to": "9" * 25}, "to", id="a recipient too long"),
        pytest.param({**FIELDS, "text": "x" * 16385}, "text", id="a text too long"),
        pytest.param({**FIELDS, "id": "x" * 129}, "id", id="an id too long"),
        pytest.param({**FIELDS, "text": {"canary": 1}}, "text", id="no string"),
    ],
)
def test_bad_input_names_the_field_and_the_mend(
    client: FlaskClient, database: Database, counts: Counts, fields: dict[str, object], field: str
) -> None:
    response = client.post("/mo/gapit", json=fields, headers=HEADERS)
    assert response.status_code == 400
    assert response.json is not None
    assert response.json["field"] == field
    assert f'"{field}"' in response.json["error"]
    assert "send" in response.json["error"]
    assert "0905123456" not in response.text
    assert stored(database) == []
    assert counts.seen == [("gapit", "bad_request")]


@pytest.mark.parametrize("to", [{"to": ""}, {"to": " "}, {}], ids=["empty", "blank", "none"])
def test_a_text_without_a_recipient_went_to_the_main_short_code(
    client: FlaskClient, database: Database, to: dict[str, str]
) -> None:
    response = client.post("/mo/gapit", json={"from": "0905123456", "text": "HD", **to}, headers=HEADERS)
    assert (response.status_code, response.json) == (200, {"status": "stored"})
    assert stored(database) == [("gapit", "84905123456", "8188", "HD", b"HD")]


def test_an_empty_text_is_a_text(client: FlaskClient, database: Database) -> None:
    assert post(client, text="").status_code == 200
    assert stored(database)[0][3] == ""


def test_a_body_beyond_every_text_is_too_large(client: FlaskClient, database: Database, counts: Counts) -> None:
    response = client.post("/mo/gapit", data=b"x" * 65537, headers=HEADERS, content_type="application/json")
    assert response.status_code == 413
    assert response.is_json
    assert stored(database) == []
    assert counts.seen == [("gapit", "too_large")]


def test_a_database_that_takes_nothing_asks_to_come_again(parts: WebDependencies, counts: Counts) -> None:
    with parts.database.write() as connection:
        connection.execute(text("ALTER TABLE inbound RENAME TO elsewhere"))
    # The pipeline tells trouble of the database from mistakes of ours; a missing table is ours, so the far edge is
    # faked.

    class FullDisk:
        def take(self, *_: Content) -> Verdict:
            return Verdict.TRY_LATER

    client = create_app(replace(parts, text_intake=FullDisk())).test_client()
    response = client.post("/mo/gapit", json=FIELDS, headers=HEADERS)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert counts.seen == [("gapit", "try_later")]


def test_a_monitors_head_becomes_no_text(client: FlaskClient, database: Database) -> None:
    assert client.head("/mo/kannel", query_string=FIELDS, headers=BASIC).status_code == 405
    assert stored(database) == []


# Kannel's way


def answer_everything(database: Database, new_id: Callable[[], int], body: str, masked: str | None = None) -> None:
    """Do what dispatch does, for texts that wait."""
    with database.write() as connection:
        for row in connection.execute(select(inbound).where(inbound.c.state == InboundState.RECEIVED)).all():
            connection.execute(
                insert(outbound).values(
                    id=new_id(),
                    inbound_id=row.id,
                    link=row.reply_link,
                    sender="8188",
                    recipient=row.sender,
                    recipient_mark=row.sender,
                    body=body,
                    masked=masked,
                    reference=1,
                    state=OutboundState.QUEUED,
                    created_at=NOON,
                    not_before=NOON,
                    expires_at=NOON + timedelta(minutes=15),
                )
            )
            connection.execute(update(inbound).where(inbound.c.id == row.id).values(state=InboundState.HANDLED))


@pytest.fixture
def hasty(parts: WebDependencies) -> FlaskClient:
    """HTTP endpoints that wait for an answer for a moment only."""
    networks = table_of([replace(plain.NETWORK, patience_seconds=0.05)])
    return create_app(replace(parts, networks=networks)).test_client()


@pytest.fixture
def answering(parts: WebDependencies, new_id: Callable[[], int]) -> FlaskClient:
    """HTTP endpoints whose texts are answered between storing and waiting, as dispatch would."""

    class Answered:
        def take(self, *contents: Content) -> Verdict:
            verdict = parts.text_intake.take(*contents)
            answer_everything(parts.database, new_id, "Trả lời: 8188")
            return verdict

    return create_app(replace(parts, text_intake=Answered())).test_client()


def test_the_answer_stands_in_the_body(answering: FlaskClient, database: Database) -> None:
    response = answering.get("/mo/kannel", query_string=FIELDS, headers=BASIC)
    assert (response.status_code, response.text) == (200, "Trả lời: 8188")
    assert response.content_type == "text/plain; charset=utf-8"
    with database.read() as connection:
        assert connection.execute(select(outbound.c.state)).scalars().all() == [OutboundState.SENT]


def test_a_post_gets_the_answer_in_json(answering: FlaskClient) -> None:
    response = answering.post("/mo/kannel", json=FIELDS, headers=BASIC)
    assert response.json == {"status": "stored", "answer": "Trả lời: 8188"}


def test_no_answer_in_time_is_an_empty_body(hasty: FlaskClient) -> None:
    response = hasty.get("/mo/kannel", query_string=FIELDS, headers=BASIC)
    assert (response.status_code, response.data) == (200, b"")


def test_a_channel_that_answers_by_sms_gives_an_empty_body(client: FlaskClient, database: Database) -> None:
    response = client.get("/mo/gapit", query_string=FIELDS, headers=HEADERS)
    assert (response.status_code, response.data) == (200, b"")
    with database.read() as connection:
        assert connection.execute(select(inbound.c.reply_link)).scalar_one() == "viettel"


def test_kannels_raw_octets_are_kept(client: FlaskClient, database: Database) -> None:
    query = "from=%2B84905123456&to=8188&text=T%F4i&charset=ISO-8859-1"
    assert client.get("/mo/gapit", query_string=query, headers=HEADERS).status_code == 200
    assert stored(database) == [("gapit", "84905123456", "8188", "Tôi", b"T\xf4i")]


def test_nothing_personal_is_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        post(client, text="TK, Canary Name, 201499999, 20/12/1990")
        client.get("/mo/gapit", query_string={**FIELDS, "text": "201499999"}, headers=HEADERS)
        client.post("/mo/gapit", json={**FIELDS, "text": ["201499999"]}, headers=HEADERS)
        client.post("/mo/gapit", json=FIELDS, headers={"X-Gateway-Secret": SECRET + "x"})
    for canary in ("201499999", "0905123456", "84905123456", "Canary", SECRET):
        assert canary not in caplog.text
