"""NUL in whatever a stranger sends: PostgreSQL stores none, so nothing of ours may hand one on."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from tests.sms_gateway.conftest import SECRET, form_token
from tests.sms_gateway.pages.routes import path_of

NUL = "a\0b"
FIELDS = ("from", "to", "text", "id")
TEXT = {"from": "84905123456", "to": "8188", "text": "HD", "id": "m1"}
HEADERS = {"X-Gateway-Secret": SECRET}


@pytest.fixture
def administrator(logged_in: FlaskClient, make: object) -> FlaskClient:
    assert callable(make)
    make(OperatorRole.ADMINISTRATOR)
    return logged_in


def test_no_route_takes_one_from_an_administrator(app: Flask, administrator: FlaskClient) -> None:
    token = form_token(administrator.get("/admin/sessions"))
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("endpoints."):
            continue
        path = path_of(app, rule)
        if "GET" in (rule.methods or ()):
            for query in ("q=a%00b", "a%00b=q", "page=%00"):
                assert administrator.get(f"{path}?{query}").status_code == 400, rule
        if "POST" in (rule.methods or ()):
            for form in ({"name": NUL}, {NUL: "x"}):
                assert administrator.post(path, data={"csrf": token, **form}).status_code == 400, rule
        assert administrator.get(f"{path}%00").status_code == 400, rule
        tried += 1
    assert tried > 30


@pytest.mark.parametrize("field", ["name", "password"])
def test_the_log_in_refuses_one_before_it_looks_anybody_up(client: FlaskClient, field: str) -> None:
    form = {"name": "lan", "password": "whatever", "csrf": form_token(client.get("/admin/log-in")), field: NUL}
    assert client.post("/admin/log-in", data=form).status_code == 400


@pytest.mark.parametrize("name", ["visitor", "session", "language"])
def test_a_cookie_with_one_opens_nothing(client: FlaskClient, name: str) -> None:
    response = client.get("/admin", headers={"Cookie": f'{name}="a\\000b"'})
    assert (response.status_code, response.location) == (302, "/admin/log-in")


@pytest.mark.database_matters
@pytest.mark.parametrize("field", FIELDS)
def test_a_door_stores_or_refuses_it(client: FlaskClient, field: str) -> None:
    wanted = 200 if field in {"text", "id"} else 400
    given = TEXT | {field: NUL}
    assert client.post("/mo/gapit", json=given, headers=HEADERS).status_code == wanted
    assert client.post("/mo/gapit", data=given | {"id": "m2" + given["id"]}, headers=HEADERS).status_code == wanted
    assert client.get("/mo/a%00b").status_code == 401
