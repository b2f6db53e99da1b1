"""The service below a path of somebody else's host: every address keeps to it, behind a real nginx too."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.store.engine import Database
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app
from tests.postgres import free_port
from tests.sms_gateway.conftest import NAME, PASSWORD, SECRET, form_token
from tests.sms_gateway.pages.routes import path_of

PREFIX = "/city/sms"
ADDRESS = re.compile(r'\b(?:href|src|action)="([^"]*)"')
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
TEXT = {"from": "84905123456", "to": "8188", "text": "HD", "id": "m1"}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def web_settings() -> WebSettings:
    return WebSettings(prefix=PREFIX, second_factor=[])


def sign_in(client: FlaskClient) -> None:
    token = form_token(client.get(f"{PREFIX}/admin/log-in"))
    form = {"csrf": token, "name": NAME, "password": PASSWORD}
    response = client.post(f"{PREFIX}/admin/log-in", data=form)
    assert (response.status_code, response.location) == (303, f"{PREFIX}/admin")


@pytest.mark.usefixtures("operator_id")
def test_every_address_on_every_page_begins_with_the_prefix(app: Flask, client: FlaskClient, make: object) -> None:
    assert callable(make)
    make(OperatorRole.ADMINISTRATOR)
    assert client.get("/").location == f"{PREFIX}/admin"
    sign_in(client)
    tried = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(("static", "endpoints.")):
            continue
        response = client.get(f"{PREFIX}{path_of(app, rule)}")
        if response.status_code in {302, 303}:
            assert str(response.location).startswith(f"{PREFIX}/"), rule
        found = [found for found in ADDRESS.findall(response.text) if not found.startswith(("#", "?"))]
        wrong = [one for one in found if one and not one.startswith(f"{PREFIX}/")]
        assert wrong == [], rule
        tried += len(found)
    assert tried > 200


def test_a_page_that_asks_posts_to_its_own_address(client: FlaskClient, logged_in: FlaskClient) -> None:
    page = logged_in.get(f"{PREFIX}/admin/blocks")
    form = {"csrf": form_token(page), "number": "0935111222", "days": 1, "reason": "insults"}
    page = logged_in.post(f"{PREFIX}/admin/blocks/add", data=form, follow_redirects=True)
    found = re.search(r'href="([^"]+/remove[^"]+)"', page.text)
    assert found is not None
    asked = client.get(found[1]).text
    assert f'action="{found[1]}"' in asked


def test_a_proxy_may_hand_the_prefix_on_or_take_it_away(client: FlaskClient) -> None:
    for path in (f"{PREFIX}/healthz", "/healthz"):
        assert client.get(path).status_code == 200
    for path in (f"{PREFIX}/mo/gapit", "/mo/gapit"):
        assert client.post(path, json=TEXT, headers={"X-Gateway-Secret": SECRET}).status_code == 200
    assert client.get(f"{PREFIX}x/healthz").status_code == 404


def test_a_choice_of_language_leads_back_to_the_page(client: FlaskClient) -> None:
    page = client.get(f"{PREFIX}/admin/log-in?a=b")
    back = re.search(r'name="back" value="([^"]+)"', page.text)
    assert back is not None
    for given, wanted in ((back[1], f"{PREFIX}/admin/log-in?a=b"), ("//evil.example", f"{PREFIX}/")):
        form = {"csrf": form_token(page), "language": "en", "back": given}
        assert client.post(f"{PREFIX}/language", data=form).location == wanted


@pytest.fixture
def served(parts: WebDependencies) -> Iterator[int]:
    server = WebServer(create_app(parts), WebSettings(port=0))
    server.start()
    yield server.port
    server.stop(5)


@pytest.mark.interop
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed; Debian has it")
@pytest.mark.parametrize("end", ["", "/"], ids=["the prefix is handed on", "the prefix is taken away"])
@pytest.mark.usefixtures("operator_id")
def test_an_operator_logs_in_through_nginx(served: int, tmp_path: Path, end: str) -> None:
    port = free_port()
    conf = tmp_path / "nginx.conf"
    temporary = "".join(
        f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf.write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error; events {{}}\n"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port};\n"
        f"  location {PREFIX}/ {{ proxy_pass http://127.0.0.1:{served}{end};\n"
        "    proxy_set_header Host $http_host; } } }\n"
    )
    assert NGINX is not None
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    process = subprocess.Popen([NGINX, "-c", conf, "-p", tmp_path, *user], stderr=subprocess.DEVNULL)
    try:
        _await_port(port)
        browser = build_opener(HTTPCookieProcessor())
        page = browser.open(f"http://127.0.0.1:{port}{PREFIX}/", timeout=10)
        assert page.url == f"http://127.0.0.1:{port}{PREFIX}/admin/log-in"
        token = re.search(r'name="csrf" value="([^"]+)"', page.read().decode())
        assert token is not None
        form = f"csrf={token[1]}&name={NAME}&password={PASSWORD.replace(' ', '+')}"
        page = browser.open(page.url, data=form.encode(), timeout=10)
        assert (page.status, page.url) == (200, f"http://127.0.0.1:{port}{PREFIX}/admin")
    finally:
        process.terminate()
        process.wait(10)


def _await_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        else:
            return
