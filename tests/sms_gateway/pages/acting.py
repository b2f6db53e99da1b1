"""Acting on pages as an operator does: forms with their token, and what the audit log holds afterwards."""

from __future__ import annotations

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.staff.audit import Entry, read_page, verify
from db.store.engine import Database
from tests.sms_gateway.conftest import form_token

ENGLISH = {"Accept-Language": "en"}


def get(client: FlaskClient, path: str) -> TestResponse:
    """Open a page in English."""
    return client.get(path, headers=ENGLISH)


def post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form of the site."""
    token = form_token(client.get("/admin/sessions"))
    return client.post(path, data={"csrf": token, **fields}, headers=ENGLISH)


def confirm(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Open the page that asks, and send its own form: to the address and with the values that it holds."""
    asked = get(client, path).text.split('<form class="card stack"', 1)[1]
    address = html.unescape(asked.split('action="', 1)[1].split('"', 1)[0])
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', asked))
    response = client.post(address, data={**hidden, **fields}, headers=ENGLISH)
    return get(client, response.location) if response.status_code == 303 else response


def act(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send a form of the site and return the page that it leads to."""
    response = post(client, path, **fields)
    return get(client, response.location) if response.status_code == 303 else response


def save_wording(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Save a sentence as an operator does who has seen its preview."""
    seen = re.search(r'name="seen" value="(\w+)"', post(client, path, preview="1", **fields).text)
    return post(client, path, **fields, **({"seen": seen[1]} if seen else {}))


def noted(database: Database) -> list[Entry]:
    """Return what operators did besides logging in, oldest first; the chain must be whole."""
    with database.read() as connection:
        assert verify(connection).broken is None
        entries = list(reversed(read_page(connection)))
    return [entry for entry in entries if entry.action != "logged_in"]


def did(database: Database) -> list[tuple[str, str]]:
    """Return actions with their subjects."""
    return [(entry.action, entry.subject) for entry in noted(database)]
