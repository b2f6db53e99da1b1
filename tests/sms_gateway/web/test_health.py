"""What the service tells anyone who watches it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from db.processes.channel_states import ChannelState, write_states
from db.store.engine import open_database
from sms_gateway.channels.http.ports import Uncounted
from sms_gateway.metrics import STOPS_INTAKE, Trouble
from sms_gateway.settings.link_model import LinkSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.translations import find_words
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET, VIETTEL, log_in


def test_all_is_well(client: FlaskClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "database": True, "links": 1, "bound": 1}


def test_one_link_down_of_two_is_degraded(client: FlaskClient, links: list[ChannelState]) -> None:
    links.append(replace(VIETTEL, name="mobifone", up=False))
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "degraded", "database": True, "links": 2, "bound": 1}


def test_one_bind_down_of_two_is_degraded(client: FlaskClient, links: list[ChannelState]) -> None:
    links[:] = [replace(VIETTEL, wanted=2)]
    assert client.get("/healthz").json == {"status": "degraded", "database": True, "links": 1, "bound": 1}


@pytest.mark.parametrize(
    ("age", "bound", "code", "told"),
    [
        pytest.param(3, True, 200, "ok", id="bound"),
        pytest.param(3, False, 503, "down", id="not bound"),
        pytest.param(60, True, 503, "down", id="bound when its process was last heard of"),
    ],
)
def test_tells_of_links_that_other_processes_hold(
    parts: WebDependencies, links: list[ChannelState], age: int, code: int, told: str, *, bound: bool
) -> None:
    links.clear()
    row = ChannelState(name="main", up=bound, since=NOON - timedelta(hours=1), binds=int(bound), wanted=1, window=10)
    gone = replace(row, name="of_last_year", up=False)
    with parts.database.write() as connection:
        write_states(connection, [row, gone], holder="other:1", now=NOON - timedelta(seconds=age))
    link = LinkSettings(host="smsc.example", system_id="us")
    settings = parts.settings.model_copy(update={"links": {"main": link}})
    response = create_app(replace(parts, settings=settings)).test_client().get("/healthz")
    assert response.status_code == code
    assert response.json == {"status": told, "database": True, "links": 1, "bound": int(code == 200)}


def test_a_link_that_no_process_has_told_of_is_down(parts: WebDependencies, links: list[ChannelState]) -> None:
    links.clear()
    link = LinkSettings(host="smsc.example", system_id="us")
    settings = parts.settings.model_copy(update={"links": {"main": link}})
    response = create_app(replace(parts, settings=settings)).test_client().get("/healthz")
    assert response.status_code == 503


def test_no_link_bound_is_down(client: FlaskClient, links: list[ChannelState]) -> None:
    links[:] = [replace(VIETTEL, up=False)]
    assert client.get("/healthz").status_code == 503


def test_a_service_with_doors_only_needs_no_link(client: FlaskClient, links: list[ChannelState]) -> None:
    links.clear()
    assert client.get("/healthz").status_code == 200


def test_a_database_without_tables_is_down(parts: WebDependencies, tmp_path: Path) -> None:
    empty = open_database(f"sqlite:///{tmp_path}/empty.db", parts.database.keyring)
    response = create_app(replace(parts, database=empty)).test_client().get("/healthz")
    empty.close()
    assert response.status_code == 503
    assert response.json == {"status": "down", "database": False}


def test_metrics_are_there_when_somebody_counts(parts: WebDependencies, client: FlaskClient) -> None:
    assert client.get("/metrics").status_code == 404
    response = create_app(replace(parts, metrics=lambda: b"sms_texts 1\n")).test_client().get("/metrics")
    assert response.data == b"sms_texts 1\n"
    assert response.content_type.startswith("text/plain")


@pytest.mark.parametrize(
    ("peer", "headers", "code"),
    [
        pytest.param("127.0.0.1", {}, 200, id="this machine"),
        pytest.param("::1", {}, 200, id="this machine by IPv6"),
        pytest.param("203.0.113.9", {}, 403, id="another machine"),
        pytest.param("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 403, id="another machine by a proxy"),
        pytest.param("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403, id="somebody who says to be this machine"),
        pytest.param("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 403, id="by a proxy of RFC 7239"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {SECRET}"}, 200, id="with the token"),
        pytest.param("203.0.113.9", {"Authorization": f"Bearer {SECRET}x"}, 403, id="with another token"),
        pytest.param("203.0.113.9", {"Authorization": "Bearer"}, 403, id="with none"),
        pytest.param("203.0.113.9", {"Authorization": "Bearer \xe9"}, 403, id="with one of no alphabet"),
    ],
)
def test_metrics_are_for_this_machine_or_who_has_the_token(
    parts: WebDependencies, peer: str, headers: dict[str, str], code: int
) -> None:
    web = parts.settings.web.model_copy(update={"metrics_token": SecretStr(SECRET)})
    settings = parts.settings.model_copy(update={"web": web})
    client = create_app(replace(parts, metrics=lambda: b"sms_texts 1\n", settings=settings)).test_client()
    response = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert response.status_code == code
    assert (b"sms_texts" in response.data) == (code == 200)


def test_without_a_token_no_empty_one_opens_metrics(parts: WebDependencies) -> None:
    client = create_app(replace(parts, metrics=lambda: b"sms_texts 1\n")).test_client()
    for given in ("Bearer ", "Bearer"):
        headers, there = {"Authorization": given}, {"REMOTE_ADDR": "203.0.113.9"}
        refused = client.get("/metrics", headers=headers, environ_base=there)
        assert refused.status_code == 403
        assert "web.metrics_token_file" in refused.text


def test_the_start_page_is_the_log(client: FlaskClient) -> None:
    assert client.get("/").location == "/admin"


def test_a_web_tier_may_go_uncounted(parts: WebDependencies) -> None:
    client = create_app(replace(parts, counters=Uncounted())).test_client()
    fields = {"from": "0905123456", "to": "8188", "text": "HD"}
    assert client.post("/mo/gapit", json=fields).status_code == 401
    assert client.post("/mo/gapit", json=fields, headers={"X-Gateway-Secret": SECRET}).status_code == 200


@pytest.mark.parametrize("trouble", Trouble)
def test_what_is_wrong_with_database_and_keys_is_told_here_and_on_today(
    parts: WebDependencies, operator_id: int, trouble: Trouble
) -> None:
    client = create_app(replace(parts, troubles=lambda: [trouble])).test_client()
    response = client.get("/healthz")
    stops = trouble in STOPS_INTAKE
    code, status = (503, "down") if stops else (200, "degraded")
    assert response.status_code == code
    is_there = trouble not in {Trouble.DATABASE_GONE, Trouble.DATABASE_REPLACED}
    wanted = {"status": status, "database": is_there, "links": 1, "bound": 1, "troubles": [trouble.value]}
    assert response.json == wanted
    assert log_in(client).status_code == 303
    page = client.get("/admin").text
    words = find_words(f"alarm.{trouble.value}", "vi")
    assert words is not None
    assert words in page
    assert find_words(f"fix.{trouble.value}", "en") is not None
