"""Who may call: keys, signatures, scopes, rates; and what exists while the back office is off."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from db.back_office.api_clients import disable_client, list_clients, rotate_key
from db.schema import dossier
from db.store.engine import Database
from tests.sms_gateway.back_office_api.conftest import BEARER, KEY, SIGNING_SECRET, WITHOUT_SCOPE, Api
from tests.sms_gateway.conftest import NOON, Clock

ITEM = {"code": "H17-261129-0001", "status": "4"}
BODY = json.dumps([ITEM])
WHERE = "/back-office/dossiers"


def signed(body: str = BODY, *, at: datetime = NOON, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Sign as the published library does."""
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": f"v1,{'x' * 44} {Webhook(secret).sign('msg_1', at, body)}",
    }


def test_the_key_is_taken_as_a_token_or_as_a_password(api: Api, database: Database) -> None:
    basic = base64.b64encode(f"any:{KEY}".encode()).decode()
    cases = [
        ("bearer", dict(BEARER), 200),
        ("basic", {"Authorization": f"Basic {basic}"}, 200),
        ("none", {}, 401),
        ("wrong", {"Authorization": "Bearer sgk_wrong"}, 401),
        ("empty", {"Authorization": "Bearer "}, 401),
        ("long", {"Authorization": f"Bearer {'k' * 5000}"}, 401),
        ("another scheme", {"Authorization": f"Digest {KEY}"}, 401),
        ("another scope", {"Authorization": f"Bearer {WITHOUT_SCOPE}"}, 403),
    ]
    for label, headers, status in cases:
        response = api.client.get(WHERE, headers=headers)
        assert (response.status_code, response.mimetype) == (status, "application/json"), label
        assert ("WWW-Authenticate" in response.headers) == (status == 401), label
        assert KEY not in response.text
    with database.read() as connection:
        assert {one.name: one.used_at for one in list_clients(connection)} == {
            "lgsp": NOON,
            "signer": None,
            "other": None,
        }


def test_a_signed_push_needs_no_key(api: Api, database: Database) -> None:
    def post(headers: dict[str, str], body: str = BODY) -> int:
        return api.client.post(WHERE, data=body, headers=headers).status_code

    cases = [
        ("signed", signed(), BODY, 200),
        ("another secret", signed(secret="whsec_" + "A" * 32), BODY, 401),
        ("another body", signed(), BODY + " ", 401),
        ("old", signed(at=NOON - timedelta(seconds=301)), BODY, 401),
        ("of the future", signed(at=NOON + timedelta(seconds=301)), BODY, 401),
        ("without an id", {**signed(), "webhook-id": ""}, BODY, 401),
        ("too long for a signature alone", signed(" " * 70_000), " " * 70_000, 413),
    ]
    for label, headers, body, status in cases:
        assert post(headers, body) == status, label
    assert api.client.get(WHERE, headers=signed("")).status_code == 401  # a signature covers no path
    with_parameter = f"{WHERE}?isUpdating=True"
    assert api.client.post(with_parameter, data=BODY, headers=signed()).status_code == 400  # and no query
    assert api.client.post(with_parameter, data=BODY, headers=BEARER).status_code == 200
    in_body = '{"data":[],"isUpdating":true}'
    assert api.client.post(WHERE, data=in_body, headers=signed(in_body)).status_code == 200


def test_a_copy_of_a_signed_push_is_as_old_as_its_signature(api: Api, database: Database, clock: Clock) -> None:
    first = signed()
    api.client.post(WHERE, data=BODY, headers=first)
    clock.advance(timedelta(minutes=1))
    api.push([{**ITEM, "status": "5"}])
    copy = api.client.post(WHERE, data=BODY, headers=first)
    assert copy.json is not None
    assert copy.json["result"][0]["taken"] is False
    with database.read() as connection:
        assert connection.execute(select(dossier.c.status)).scalar_one() == "5"


def test_a_rotated_key_and_a_disabled_client(api: Api, database: Database, clock: Clock) -> None:
    with database.write() as connection:
        until = NOON + timedelta(hours=1)
        rotate_key(connection, "lgsp", key="sgk_next", secret=None, previous_until=until, now=NOON)
    following = {"Authorization": "Bearer sgk_next"}
    assert [api.client.get(WHERE, headers=one).status_code for one in (dict(BEARER), following)] == [200, 200]
    clock.advance(timedelta(hours=1))
    assert [api.client.get(WHERE, headers=one).status_code for one in (dict(BEARER), following)] == [401, 200]
    with database.write() as connection:
        disable_client(connection, "lgsp", clock.now)
    assert api.client.get(WHERE, headers=following).status_code == 401


def test_a_client_that_asks_too_often_waits_for_the_next_minute_and_no_other_does(api: Api, clock: Clock) -> None:
    clock.advance(timedelta(seconds=20))
    codes = [api.client.get(WHERE, headers=dict(BEARER)).status_code for _ in range(121)]
    refused = api.client.get(WHERE, headers=dict(BEARER))
    assert (codes, refused.status_code, refused.headers["Retry-After"]) == ([200] * 120 + [429], 429, "40")
    assert api.client.post(WHERE, data=BODY, headers=signed()).status_code == 200
    clock.advance(timedelta(seconds=40))
    assert api.client.get(WHERE, headers=dict(BEARER)).status_code == 200


def test_a_wrong_path_or_method_is_answered_in_json(api: Api) -> None:
    assert (api.client.post("/back-office/nothing").status_code, api.client.get("/back-office").status_code) == (
        404,
        404,
    )
    refused = api.client.delete(WHERE)
    assert (refused.status_code, refused.mimetype) == (405, "application/json")
    assert set(refused.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_nothing_exists_while_the_back_office_is_off(client: FlaskClient, app: Flask) -> None:
    assert [rule for rule in app.url_map.iter_rules() if "back-office" in rule.rule] == []
    assert client.post(WHERE, data=BODY, headers=dict(BEARER)).status_code == 404


@pytest.mark.database_matters
def test_a_nul_in_any_field_is_no_fault_of_ours(api: Api) -> None:
    """PostgreSQL stores no NUL; SQLite does."""
    nul = "a\0b"
    own = {"code": "H17-261129-0001", "status": "5"}
    national = {"MaHoSo": "H17-261129-0002", "TrangThaiHoSo": "5"}
    table = {
        "title": "x",
        "keywords": ["BUS"],
        "shape": "code",
        "key_column": "k",
        "answer": "{k}",
        "rows": [{"k": "1"}],
    }
    names = {"user_name": "lan", "password": "x"}
    texts = ["code", "status", "received_on", "due_on", "wanted", "fix", "pick_up", "procedure", "identity_last4"]
    items: list[dict[str, object]] = [{**own, name: nul} for name in (*texts, "password", "updated_at")]
    texts = ["MaHoSo", "TrangThaiHoSo", "TrangThai", "TenTTHC", "NgayTiepNhan", "NgayHenTra", "ThoiDiemXuLy"]
    items += [{**national, name: nul} for name in texts]
    wanted = {"NoiDungBoSung": "x"}
    texts = ["NoiDungBoSung", "NgayBoSung", "NgayHenTraMoi"]
    items += [{**national, "DanhSachHoSoBoSung": [{**wanted, name: nul}]} for name in texts]
    sent: list[tuple[str, str, object]] = [("POST", "dossiers", [one]) for one in items]
    sent += [("POST", "dossiers", {"data": [own], name: nul}) for name in ("service", "session", "isUpdating")]
    sent += [("POST", "accounts/verify", {**names, name: nul}) for name in (*names, "client_address")]
    texts = ["title", "answer", "key_label", "key_column", "secret_column", "shape"]
    sent += [("PUT", "tables/bus", {**table, name: nul}) for name in texts]
    sent += [
        ("POST", "dossiers?isUpdating=%00", [own]),
        ("PUT", "tables/bus", {**table, "keywords": [nul]}),
        ("PUT", "tables/bus", {**table, "rows": [{"k": nul}]}),
        ("PUT", "tables/bus", {**table, "rows": [{"k": "1", nul: nul}]}),
        ("PUT", "tables/bus", {**table, "answer": "{k} {a b}", "rows": [{"k": "1", "a b": nul}]}),
        ("PUT", "tables/a%00b", table),
        ("PUT", "tables/a%00b/rows", {"rows": [{"k": nul}]}),
        ("PUT", "tables/bus?preview=%00", table),
        ("GET", "accounts/%00", None),
        ("POST", "accounts/1%00/activated", None),
    ]
    for method, path, body in sent:
        answer = api.client.open(f"/back-office/{path}", method=method, json=body, headers=dict(BEARER))
        assert answer.status_code < 500, (method, path, body)
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        headers = {**signed(), name: nul}
        assert api.client.post(WHERE, data=BODY, headers=headers).status_code == 401, name
    assert api.client.get(WHERE, headers={"Authorization": f"Bearer {nul}"}).status_code == 401
    assert api.client.get(WHERE, auth=(nul, nul)).status_code == 401
