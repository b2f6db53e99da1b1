"""What holds for every route: log-in, form tokens, headers, and errors that say nothing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from db.processes.channel_states import ChannelState
from db.store.engine import Database
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.pages.routes import path_of


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what asks it nothing of its own."""
    return sqlite_database


OPEN = {
    "admin.log_in",
    "admin.second_step",
    "start",
    "health",
    "metrics",
    "language",
    "static",
    "phone.phone",
    "phone.send",
}
DOORS = {"endpoints.mo", "endpoints.mo_by_path", "endpoints.dlr", "endpoints.dlr_by_path"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        yield rule, path_of(app, rule)


def test_nothing_is_seen_without_a_log_in(app: Flask, client: FlaskClient) -> None:
    tried = 0
    for rule, path in routes(app):
        if rule.endpoint in OPEN | DOORS or "GET" not in (rule.methods or ()):
            continue
        tried += 1
        response = client.get(path)
        assert (response.status_code, response.location) == (302, "/admin/log-in"), rule
        assert client.get(path, headers={"X-Live": "1"}).status_code == 401
    sys.stdout.write(f"\nread without a log-in: {tried} routes refused, each also to our script\n")
    assert tried >= 20


def test_nothing_is_changed_without_a_log_in(app: Flask, client: FlaskClient) -> None:
    token = form_token(client.get("/admin/log-in"))
    tried = 0
    for rule, path in routes(app):
        if rule.endpoint in OPEN | DOORS or "POST" not in (rule.methods or ()):
            continue
        tried += 1
        assert client.post(path, data={"csrf": token}).status_code == 401, rule
    sys.stdout.write(f"\nchanged without a log-in: {tried} routes refused\n")
    assert tried >= 30


@pytest.mark.parametrize("token", [None, "", "wrong", "ü"])
def test_no_form_is_taken_without_its_token(app: Flask, logged_in: FlaskClient, token: str | None) -> None:
    stranger, tried = app.test_client(), 0
    for rule, path in routes(app):
        if "POST" in (rule.methods or ()) and rule.endpoint not in DOORS:
            for client in (logged_in, stranger):
                response = client.post(path, data={} if token is None else {"csrf": token})
                assert response.status_code == 400, rule
                tried += 1
    sys.stdout.write(f"\nform token {token!r}: {tried} tries refused\n")
    assert logged_in.get("/admin").status_code == 200


def test_a_visitors_token_does_not_serve_an_operators_form(logged_in: FlaskClient, app: Flask) -> None:
    foreign = form_token(app.test_client().get("/phone"))
    assert logged_in.post("/admin/log-out", data={"csrf": foreign}).status_code == 400


def test_a_visitors_token_serves_no_other_visitor(client: FlaskClient, app: Flask) -> None:
    foreign = form_token(app.test_client().get("/phone"))
    client.get("/phone")
    assert client.post("/phone", data={"csrf": foreign, "number": "0905123456", "text": "HD"}).status_code == 400


def test_a_form_from_another_site_is_refused_even_with_the_token(logged_in: FlaskClient) -> None:
    token = form_token(logged_in.get("/admin"))
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert logged_in.post("/admin/log-out", data={"csrf": token}, headers=headers).status_code == 400


def test_every_answer_carries_the_headers(app: Flask, logged_in: FlaskClient) -> None:
    paths = [path for rule, path in routes(app) if "GET" in (rule.methods or ())]
    for path in [*paths, "/nowhere"]:
        with logged_in.get(path) as response:
            headers = response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        kept = "max-age=3600" if path.startswith("/static/") else "no-store"
        assert kept in headers["Cache-Control"], path


def test_pages_hold_nothing_that_the_policy_forbids(logged_in: FlaskClient) -> None:
    for path in ("/admin", "/phone", "/admin/password", "/nowhere"):
        page = logged_in.get(path).text
        for forbidden in ("<style", "style=", "onclick", "javascript:", "http://", "https://", "<script>"):
            assert forbidden not in page, (path, forbidden)


def test_an_unknown_page_is_a_page_of_ours(client: FlaskClient) -> None:
    response = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "There is no such page." in response.text


def test_a_slash_too_many_is_a_page_of_ours_too(client: FlaskClient) -> None:
    assert client.get("/phone/").status_code == 404
    assert client.get("//admin").status_code in {302, 308}


def test_a_get_on_a_change_changes_nothing(logged_in: FlaskClient) -> None:
    assert logged_in.get("/admin/log-out").status_code == 405
    assert logged_in.get("/admin").status_code == 200


def test_a_fault_of_ours_is_told_without_its_cause(parts: WebDependencies, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Sequence[ChannelState]:
        raise RuntimeError("canary cause")

    app = create_app(replace(parts, links=broken))
    with caplog.at_level(logging.CRITICAL):
        response = app.test_client().get("/healthz")
    assert response.status_code == 500
    assert "canary" not in response.text


def test_a_long_field_is_refused(client: FlaskClient) -> None:
    token = form_token(client.get("/admin/log-in"))
    assert client.post("/admin/log-in", data={"csrf": token, "name": "x" * 2001}).status_code == 400
