"""The server answers to its own names, however they are written, and to programs of its machine that watch it."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from flask.testing import FlaskClient

from db.store.engine import Database
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app

HOSTS = ["SMS.Example.", "10.0.0.5", "[::1]", "sms.việt.vn"]
REFUSAL = "This is not the server that was asked for (web.hosts).\n"
PAGES = ["/admin/log-in", "/static/style.css", "/", "/nowhere", "//admin", "/healthz", "/metrics"]
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.7"}

Named = Callable[..., FlaskClient]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about headers."""
    return sqlite_database


@pytest.fixture
def named(parts: WebDependencies) -> Named:
    """Makes the application with these settings of the web."""

    def make(**web: object) -> FlaskClient:
        settings = WebSettings.model_validate({"second_factor": [], "hosts": HOSTS} | web)
        made = replace(
            parts,
            settings=parts.settings.model_copy(update={"web": settings}),
            metrics=lambda: b"sms_round_seconds 1\n",
        )
        return create_app(made).test_client()

    return make


@pytest.mark.parametrize(
    "host",
    [
        "sms.example",
        "SMS.EXAMPLE",
        "Sms.Example:8188",
        "sms.example.",
        "sms.example.:443",
        "10.0.0.5:8188",
        "[::1]:8397",
        "[0:0:0:0:0:0:0:1]",
        "sms.xn--vit-5kz.vn",
    ],
)
def test_its_own_names_are_taken_however_they_are_written(named: Named, host: str) -> None:
    assert named().get("/admin/log-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "sms.example.evil.example",
        "a.sms.example",
        "sms.example@evil",
        "[::1",
        "[::2]",
        "a b",
        "10.0.0.6",
    ],
)
def test_any_other_is_refused_in_plain_words(named: Named, host: str) -> None:
    client = named()
    for path in (*PAGES, "/mo/gapit"):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.text) == (400, REFUSAL), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "Location" not in answer.headers, path


def test_this_machine_may_always_ask_how_the_service_is(named: Named) -> None:
    client = named(hosts=["sms.example"])
    for host in ("127.0.0.1:8188", "localhost", "LOCALHOST:8188", "127.1.2.3", "[::1]:8188", ""):
        for path, peer in product(("/healthz", "/metrics"), ("127.0.0.1", "::1", "::ffff:127.0.0.1")):
            answer = client.get(path, headers={"Host": host}, environ_base={"REMOTE_ADDR": peer})
            assert answer.status_code == 200, (path, host, peer)


def test_below_a_prefix_too(named: Named) -> None:
    client = named(hosts=["sms.example"], prefix="/sms")
    assert client.get("/sms/healthz", headers={"Host": "127.0.0.1:8188"}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_may_call_it_so(named: Named, path: str) -> None:
    client = named(hosts=["sms.example"], trusted_proxies=["127.0.0.1"])
    assert client.get(path, headers={"Host": "127.0.0.1"}, environ_base=ELSEWHERE).status_code == 400
    headers = {"Host": "127.0.0.1", "X-Forwarded-For": "203.0.113.7"}
    assert client.get(path, headers=headers).status_code == 400
    if path not in {"/healthz", "/metrics"}:
        assert client.get(path, headers={"Host": "127.0.0.1"}).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8188", "[::1]"])
def test_without_the_setting_every_name_is_taken(named: Named, host: str) -> None:
    assert named(hosts=[]).get("/admin/log-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/admin/log-in", "/nowhere", "//admin", "/mo/gapit"])
def test_what_is_no_name_at_all_is_no_fault_of_ours(named: Named, path: str) -> None:
    answer = named(hosts=[]).get(path, headers={"Host": "a b@c"})
    assert answer.status_code < 500


def test_a_request_without_a_name_is_refused_but_for_this_machines_watchers(parts: WebDependencies) -> None:
    web = WebSettings(port=0, hosts=["sms.example"])
    app = create_app(replace(parts, settings=parts.settings.model_copy(update={"web": web})))
    server = WebServer(app, web)
    server.start()
    try:
        for path, status in (("/healthz", 200), ("/admin/log-in", 400)):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            connection.putrequest("GET", path, skip_host=True)
            connection.endheaders()
            assert connection.getresponse().status == status
            connection.close()
    finally:
        server.stop(5)
